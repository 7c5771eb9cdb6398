"""How memberships end: by their member, by staff, or because the last date has passed."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from domain.billing import Money, Turn
from domain.classes import HELD, STANDING, Attending, Bought, Done, NotYours, Plan
from domain.errors import Refusal
from domain.messages import Kind
from domain.text import on_one_line, say
from services import bills, classes_activating, classes_seats, classes_waiting, people
from services.classes import Held, changing, is_staff, purchase, redraw, step, tell, term_of_purchase
from services.classes_closing import close
from services.classes_money import comes_back as comes_back_of
from services.classes_money import money_of, renewed_until
from services.classes_payable import accounts
from services.classes_refunding import give
from services.classes_settling import due_bill
from services.homes import follow_in
from services.ports import Deps
from store.classes import ClassDate
from store.classes_sold import Credit, Enrolment, Purchase, Registration
from store.database import Database

SHOWN = (Kind.CLASSES_PAY, Kind.CLASSES_IN, Kind.CLASSES_OVER, Kind.CLASSES_NEWS)
INSTANT = timedelta(seconds=1)


class DoesNotRenew(Refusal):
    """This membership does not renew by itself."""


# --- Leaving -------------------------------------------------------------------------------------------


def leave(deps: Deps, purchase_id: int, *, by: str, now: datetime, why: str = "") -> Done:
    """[Leave] by the member, or [Cancel] by staff: places ahead are freed, money goes back by the rule.

    A second press changes nothing. Raises NoSuchPurchase and NotYours.
    """
    return _leave(deps.db, deps.team_id, purchase_id, by, _is_staff(deps, by), now, why)


def leave_own(db: Database, team_id: str, purchase_id: int, *, by: str, now: datetime) -> Done:
    """The same by the member alone: for whoever erases themselves. Raises as ``leave``."""
    return _leave(db, team_id, purchase_id, by, False, now, "")


def _leave(
    db: Database, team_id: str, purchase_id: int, by: str, staff: bool, now: datetime, why: str
) -> Done:
    term_id = term_of_purchase(db, team_id, purchase_id)
    with changing(db, team_id, term_id, now=now, by=by) as held:
        one = purchase(held, purchase_id)
        _allow(one, by, staff)
        if one.state in HELD:
            classes_activating.drop(held, one, Bought.CANCELLED)
            what, back = "withdrawn" if by == one.user_id else "cancelled", 0
        elif one.state in (*STANDING, Bought.PAID_UNALLOCATED):
            what, back = "cancelled", _cancelled(held, one)
        else:
            return Done(False, say("This membership is over."), one.id)
        one.over_by, one.over_why = by, on_one_line(why)[:255]
        key = f"over-{one.id}-{what}-{one.version}"
        params = {"back": [back, one.currency]} if back else {}
        tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what=what, **params)
        held.note("purchase.left", subject=f"purchase {one.id}", back=back)
        return Done(True, say("The membership is cancelled."), one.id)


def _cancelled(held: Held, one: Purchase) -> int:
    """Cancel what stands: how much goes back."""
    money = money_of(held.tx, [one.id])[one.id]
    back = money.kept if one.state == Bought.PAID_UNALLOCATED else comes_back_of(held, one, money)
    step(one, Bought.CANCELLED)
    one.over_at = held.now
    if back == money.kept:
        one.intro_of = None  # as if it had never been bought
    give(held, one, back, "cancelled")
    _over(held, one)
    freed = classes_seats.free_purchase(held, one.id)
    _end_enrolments(held, one)
    redraw(held, SHOWN, [one.id])
    follow_in(held.tx, held.db, held.team_id, one.user_id)
    classes_waiting.freed(held, freed)
    return back


def _over(held: Held, one: Purchase) -> None:
    """Nothing more is asked for, and no make-up lesson is open."""
    one.next_at = one.pay_at = one.kept_until = None
    close(held, one)
    classes_seats.discount(held, one)
    _void_credits(held, one)


def _void_credits(held: Held, one: Purchase) -> None:
    held.tx.execute(
        update(Credit)
        .where(Credit.purchase_id == one.id, Credit.state == "open")
        .values(state="void")
        .execution_options(synchronize_session=False)
    )


def _end_enrolments(held: Held, one: Purchase) -> None:
    held.tx.execute(
        update(Enrolment)
        .where(Enrolment.purchase_id == one.id, Enrolment.ended_at.is_(None))
        .values(ended_at=held.now)
        .execution_options(synchronize_session=False)
    )


def comes_back(deps: Deps, purchase_id: int, *, now: datetime) -> tuple[int, str]:
    """What would come back if it were left now: (smallest unit, currency). For the question before."""
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now) as held:
        one = purchase(held, purchase_id)
        money = money_of(held.tx, [one.id])[one.id]
        if one.state == Bought.PAID_UNALLOCATED:
            return money.kept, one.currency
        return comes_back_of(held, one, money) if one.state in STANDING else 0, one.currency


# --- [Stop Renewal] ------------------------------------------------------------------------------------


def stop_renewal(deps: Deps, purchase_id: int, *, by: str, now: datetime) -> Done:
    """[Stop Renewal]: no payment follows; it ends with the time that is paid for, and later places are freed.

    Raises NoSuchPurchase, NotYours, and DoesNotRenew.
    """
    staff = _is_staff(deps, by)
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by) as held:
        one = purchase(held, purchase_id)
        _allow(one, by, staff)
        if one.plan != Plan.RENEW:
            raise DoesNotRenew
        if one.state not in STANDING or one.stopped_at is not None:
            return Done(False, say("It does not renew any more."), one.id)
        unpaid = due_bill(held, one)
        if one.parts:
            # money that is on its way is as good as paid
            missing = unpaid is not None and unpaid.state != Money.PROCESSING
            _shorten(held, one, renewed_until(held, one, unpaid=missing))
        _forget_due(held, one)
        one.stopped_at, one.pay_at = now, None
        one.version += 1
        classes_activating.next_at(held, one)
        held.note("purchase.stopped", subject=f"purchase {one.id}")
        redraw(held, SHOWN, [one.id])
        return Done(True, say("It does not renew any more."), one.id)


def _shorten(held: Held, one: Purchase, until: datetime) -> None:
    """What lies after *until* is not the member's any more."""
    one.until_at = min(one.until_at, max(until, one.from_at + INSTANT))
    mine = select(Enrolment.id).where(Enrolment.purchase_id == one.id)
    later = select(ClassDate.id).where(
        ClassDate.term_id == held.term.id, ClassDate.starts_at >= one.until_at, ClassDate.starts_at > held.now
    )
    which = Registration.enrolment_id.in_(mine) & Registration.date_id.in_(later)
    freed = classes_seats.turn(held, which, Attending.REMOVED)
    held.tx.execute(
        update(Enrolment)
        .where(Enrolment.purchase_id == one.id, Enrolment.until_at > one.until_at)
        .values(until_at=one.until_at)
        .execution_options(synchronize_session=False)
    )
    classes_waiting.freed(held, freed)


def _forget_due(held: Held, one: Purchase) -> None:
    """What was asked for and not paid is not asked for any more; money that comes all the same goes back."""
    close(held, one)
    for account in accounts(held, one):
        if bills.turn(account, Turn.WAIVED) is not None:
            account.bill.waived_why = "stopped"


# --- The last date has passed --------------------------------------------------------------------------


def ended(held: Held, one: Purchase) -> bool:
    """End a purchase whose last date has passed: a survey, and the offer of the next term; whether it did.

    What is to be paid later stays to be paid.
    """
    if held.now < classes_activating.last_ends(held, one) or not step(one, Bought.ENDED):
        return False
    one.over_at, one.kept_until = held.now, None
    classes_seats.discount(held, one)
    _void_credits(held, one)
    classes_activating.next_at(held, one)
    key = f"over-{one.id}-ended-{one.version}"
    tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what="ended")
    redraw(held, SHOWN, [one.id])
    held.note("purchase.ended", subject=f"purchase {one.id}")
    return True


# --- Who may -------------------------------------------------------------------------------------------


def _is_staff(deps: Deps, by: str) -> bool:
    admin = people.is_admin(deps, by)
    with deps.db.reading() as tx:
        return is_staff(tx, deps.team_id, by, admin=admin)


def _allow(one: Purchase, by: str, staff: bool) -> None:
    if not staff and by != one.user_id:
        raise NotYours
