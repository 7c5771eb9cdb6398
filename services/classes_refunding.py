"""Money of memberships that goes back, and money that came to the desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from domain.billing import RECEIVED, Amount, Turn
from domain.billing import Money as BillState
from domain.classes import HELD, LIVE, STANDING, Attending, Bought, Done, Plan, StaffOnly
from domain.classes_price import prorated
from domain.errors import Refusal
from domain.messages import Kind
from domain.money import shown
from domain.text import on_one_line, say
from services import bills, classes_activating, classes_seats, people
from services.classes import (
    Held,
    changing,
    is_staff,
    purchase,
    redraw,
    step,
    tell,
    tell_staff,
    term_of_purchase,
)
from services.classes_closing import close
from services.classes_money import Money, Share, comes_back, money_of, paid_until, shares
from services.classes_payable import ClassesPayable, accounts
from services.classes_settling import due_bill, settled
from services.outside import NoPayments
from services.payables import Account
from services.ports import Deps
from services.refunds import InDispute
from services.takings import take
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from store.payments import Refund

TRIES = 4  # others may pay while Stripe is asked
PAYABLE = (Bought.AWAITING_PAYMENT, *STANDING, Bought.ENDED)


class StandsStill(Refusal):
    """Cancel the membership first: what is to go back is said there."""


# --- Going back ----------------------------------------------------------------------------------------


def refund_left(held: Held, one: Purchase) -> int:
    """Give back what the rule says when it ends now; how much. The caller frees the places afterwards."""
    amount = comes_back(held, one, money_of(held.tx, [one.id])[one.id])
    give(held, one, amount, "cancelled")
    return amount


def give(held: Held, one: Purchase, amount: int, why: str) -> int:
    """Give *amount* back, the newest payment first; staff are told what to give back at the desk.

    How much of it that is, beside what Stripe is asked for.
    """
    rest = amount
    for account in accounts(held, one):
        part = min(rest, account.left)
        if part > 0 and account.bill.state in RECEIVED and account.bill.state != BillState.DISPUTED:
            bills.give_back(account, account.bill.intent, Amount(part, one.currency), why)
            rest -= part
    if rest > 0:
        _at_the_desk(held, one, rest, why)
        tell_staff(held, Kind.CLASSES_NEWS, one.id, f"news-give_back-{one.id}-{one.version}-{rest}",
                   what="give_back", back=[rest, one.currency])  # fmt: skip
    return rest


def _at_the_desk(held: Held, one: Purchase, amount: int, why: str) -> None:
    """Note what staff are asked to give back by hand: it is not there to be given back again."""
    for account in accounts(held, one):
        bill, before = account.bill, [row for row in bills.refunds(account) if not row.intent]
        part = min(amount, bill.amount - sum(row.amount for row in before)) if bill.waived_by else 0
        if part > 0:
            held.tx.add(
                Refund(team_id=held.team_id, bill_id=bill.id, key=f"desk-{bill.id}-{len(before)}", intent="",
                       amount=part, currency=bill.currency, why=why, state="done", asked_by=held.by[:32],
                       asked_at=held.now, done_at=held.now)
            )  # fmt: skip
            amount -= part
    held.tx.flush()


def refund(deps: Deps, purchase_id: int, *, by: str, now: datetime) -> Done:
    """[Refund], by staff: all that is left of the money of a purchase that came too late, or that is over.

    Raises NoSuchPurchase, StaffOnly, InDispute, and StandsStill while the membership stands.
    """
    _only_staff(deps, by)
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by) as held:
        one = purchase(held, purchase_id)
        if one.state in (*HELD, *STANDING):
            raise StandsStill
        known = accounts(held, one)
        if any(account.bill.state == BillState.DISPUTED for account in known):
            raise InDispute
        left = sum(account.left for account in known)
        if step(one, Bought.CANCELLED):
            one.over_at, one.over_by, one.over_why = now, by, "refunded"
        held.note("purchase.refund", subject=f"purchase {one.id}", amount=left)
        if not left:
            return Done(False, say("All was given back already."), one.id)
        give(held, one, left, "host")
        ClassesPayable(held, one).changed()
        redraw(held, (Kind.CLASSES_NEWS,), [one.id])
        return Done(True, say("{amount} is on its way back.", amount=shown(left, one.currency)), one.id)


# --- The studio cancels a class ------------------------------------------------------------------------


def class_cancelled(held: Held, cls: WeeklyClass) -> int:
    """The studio cancels a class: its enrolments end, their dates ahead are removed, their money goes back.

    To be called before its dates are cancelled. Who has no other class left, or has not paid yet, is
    cancelled; each member reads what comes back. How many purchases had it.
    """
    held.tx.flush()
    mine = select(Enrolment.purchase_id).where(Enrolment.class_id == cls.id, Enrolment.ended_at.is_(None))
    live = [state.value for state in LIVE]
    wanted = select(Purchase).where(Purchase.id.in_(mine), Purchase.state.in_(live)).order_by(Purchase.id)
    bought = held.tx.scalars(wanted.execution_options(populate_existing=True)).all()
    ids = [one.id for one in bought]
    share, money = shares(held, ids, class_id=cls.id), money_of(held.tx, ids)
    more = _with_another(held, cls)
    over = [one for one in bought if one.id not in more or one.state not in STANDING]
    for one in bought:
        _give_back(held, one, cls, share.get(one.id, Share()), money[one.id], over=one in over)
    _free(held, cls, over)
    return len(bought)


def ended_by(cls: WeeklyClass) -> str:
    """Why a purchase ended with a class, as ``Purchase.over_why`` says it."""
    return f"class {cls.id}"


def _with_another(held: Held, cls: WeeklyClass) -> set[int]:
    """The purchases of this term that have another class as well."""
    other = select(Enrolment.purchase_id).join(Purchase, Purchase.id == Enrolment.purchase_id).where(
        Purchase.term_id == held.term.id, Enrolment.class_id != cls.id, Enrolment.ended_at.is_(None)
    )  # fmt: skip
    return set(held.tx.scalars(other))


def _give_back(
    held: Held, one: Purchase, cls: WeeklyClass, share: Share, money: Money, *, over: bool
) -> None:
    """End a purchase with its last class, or take a class's part off what is paid and to be paid."""
    if over:
        back = _all_that_is_left(held, one, money)
        step(one, Bought.CANCELLED)
        one.over_at, one.over_by, one.over_why = held.now, held.by, ended_by(cls)
        one.next_at = one.pay_at = one.hold_until = one.intro_of = None
        close(held, one)
        classes_seats.discount(held, one)
    else:
        ahead = share.left if one.plan == Plan.RENEW else share.all  # what later payments are for
        paid = _paid_share(held, one, cls, money) if one.plan == Plan.RENEW else share
        back = prorated(money.kept, paid.here, paid.all, one.currency)
        one.later_amount -= prorated(one.later_amount, share.here, ahead, one.currency)
        one.version += 1
    if back:
        give(held, one, back, "cancelled")
    held.note("purchase.class_cancelled", subject=f"purchase {one.id}", cls=cls.id, back=back)
    key = f"over-{one.id}-class_cancelled-{one.version}"
    tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what="class_cancelled", class_id=cls.id,
         back=[back, one.currency])  # fmt: skip


def _all_that_is_left(held: Held, one: Purchase, money: Money) -> int:
    """What comes back with the last class; of what came too late, of which nothing was had, all."""
    if one.state == Bought.PAID_UNALLOCATED or not money.kept:
        return money.kept
    return comes_back(held, one, money, by_studio=True)


def _paid_share(held: Held, one: Purchase, cls: WeeklyClass, money: Money) -> Share:
    """The dates that are paid for of what renews."""
    until = paid_until(held, one, money)
    return shares(held, [one.id], class_id=cls.id, until=until).get(one.id, Share())


def _free(held: Held, cls: WeeklyClass, over: Sequence[Purchase]) -> None:
    """End the enrolments and free their places, which the caller gives to who waits for them."""
    gone = (Enrolment.class_id == cls.id) | Enrolment.purchase_id.in_([one.id for one in over])
    mine = select(Enrolment.id).where(Enrolment.team_id == held.team_id, gone, Enrolment.ended_at.is_(None))
    ahead = select(ClassDate.id).where(ClassDate.starts_at > held.now, ClassDate.term_id == held.term.id)
    ends = select(Enrolment.id).where(Enrolment.purchase_id.in_([one.id for one in over]))
    # a make-up lesson in another class stays with whoever stays
    gone_there = Registration.enrolment_id.in_(ends) | Registration.date_id.in_(
        ahead.where(ClassDate.class_id == cls.id)
    )
    which = Registration.enrolment_id.in_(mine) & Registration.date_id.in_(ahead) & gone_there
    classes_seats.turn(held, which, Attending.REMOVED)
    held.tx.execute(
        update(Enrolment)
        .where(Enrolment.id.in_(mine))
        .values(ended_at=held.now)
        .execution_options(synchronize_session=False)
    )


# --- At the desk ---------------------------------------------------------------------------------------


def mark_paid(deps: Deps, purchase_id: int, reason: str, *, by: str, now: datetime) -> Done:
    """[Mark as Paid]: what is due was paid at the desk. Money that came through Stripe before wins.

    Raises NoSuchPurchase, StaffOnly, NoPayments, and Refusal without a reason.
    """
    why = on_one_line(reason)[:255]
    if not why:
        raise Refusal(say("Write why."))
    _only_staff(deps, by)
    for _ in range(TRIES):
        done = _marked(deps, purchase_id, why, by, now)
        if isinstance(done, Done):
            return done
        if deps.payments is None:
            break
        take(deps.db, deps.team_id, deps.payments.expire(done), now=now)
    raise NoPayments(NoPayments.__doc__)


def _marked(deps: Deps, purchase_id: int, why: str, by: str, now: datetime) -> Done | str:
    """Mark what is due as paid, or say which Checkout has to be closed for that."""
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by) as held:
        one = purchase(held, purchase_id)
        bill = due_bill(held, one) if one.state in PAYABLE else None
        if bill is None:
            return Done(False, say("Nothing is to be paid now."), one.id)
        if bill.state == BillState.PROCESSING:
            said = say("A payment is on its way. Wait until it has arrived, or failed.")
            return Done(False, said, one.id)
        if bill.checkout and deps.payments is not None:
            return bill.checkout
        account = Account(ClassesPayable(held, one), bill)
        bills.turn(account, Turn.WAIVED)
        bill.waived_why, bill.waived_by, bill.trouble = why, by, ""
        bill.checkout_url, bill.checkout_until = "", None
        settled(held, one, bill.part)
        classes_activating.next_at(held, one)
        account.payable.changed()
        return Done(True, say("Marked as paid."), one.id)


def _only_staff(deps: Deps, by: str) -> None:
    admin = people.is_admin(deps, by)
    with deps.db.reading() as tx:
        if not is_staff(tx, deps.team_id, by, admin=admin):
            raise StaffOnly
