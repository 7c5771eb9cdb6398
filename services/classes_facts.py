"""What messages of classes say, read at the last moment before they leave."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.billing import DUE, LETS_IN, Amount, Money
from domain.classes import LIVE, TAKES
from domain.classes import Bought as State
from domain.classes_facts import Asked, ClassesFacts, Entered, Over, Request, ToPay
from domain.messages import Kind
from domain.text import N_
from services import classes_billing, classes_facts_dates, classes_facts_news, standing_messages
from services.classes_readers import (
    GONE,
    SETTLED,
    Bought,
    amount_in,
    bought,
    class_title,
    head,
    instant_in,
    name_of,
    number_in,
    stands,
    titles,
)
from services.delivery import Skip, reach
from store.classes import ClassDate, Term
from store.classes_sold import Enrolment, Membership, Purchase, Registration
from store.outbox import Outbox
from store.payments import Bill

Loader = Callable[[Session, Outbox], ClassesFacts | Skip]
PAYABLE = (State.AWAITING_PAYMENT, State.ACTIVE, State.SUSPENDED)
STANDS = (State.ACTIVE, State.SUSPENDED, State.ENDED)
# in which state a purchase must be for its end to be true
TRUE_IN = {
    "declined": (State.REJECTED,),
    "expired": (State.EXPIRED,),
    "unallocated": (State.PAID_UNALLOCATED,),
    "suspended": (State.SUSPENDED,),
    "cancelled": (State.CANCELLED,),
    "withdrawn": (State.CANCELLED,),
    "ended": (State.ENDED,),
}


# --- Asked for ------------------------------------------------------------------------------------------


def asked(tx: Session, row: Outbox) -> Asked | Skip:
    """C1."""
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    if found.one.state != State.PENDING_APPROVAL and not stands(row):
        return Skip(SETTLED)
    return Asked(membership=found.one.name, answer_by=found.one.hold_until, state=found.one.state, **start)


def request(tx: Session, row: Outbox) -> Request | Skip:
    """C2: for each of the staff; who answered first is named."""
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    one = found.one
    if one.state != State.PENDING_APPROVAL and not stands(row):
        return Skip(SETTLED)
    return Request(
        member=name_of(tx, row.team_id, one.user_id),
        membership=one.name,
        classes=titles(tx, one.id),
        state=one.state,
        decided_by=name_of(tx, row.team_id, one.decided_by),
        decided_at=one.decided_at,
        **start,
    )


# --- To pay ---------------------------------------------------------------------------------------------


def to_pay(tx: Session, row: Outbox) -> ToPay | Skip:
    """C3, and each later payment, with the link while it is due."""
    found = bought(tx, row, row.subject_id)
    bill = _bill(tx, row)
    if found is None or bill is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    one, part = found.one, number_in(row, "part")
    state = _money_state(one, bill)
    if state != "open" and not stands(row):
        return Skip(SETTLED)
    first = "approved" if one.decided_at is not None else "first"
    return ToPay(
        what="due" if part else first,
        membership=one.name,
        amount=Amount(bill.amount, bill.currency),
        until=one.hold_until if not part else None,
        link=classes_billing.pay_link(tx, reach(tx), one) if state == "open" else "",
        state=state,
        failed=number_in(row, "tries") > 0,
        reason=str(row.params.get("why") or ""),
        **start,
    )


def _bill(tx: Session, row: Outbox) -> Bill | None:
    wanted = select(Bill).where(
        Bill.team_id == row.team_id,
        Bill.purchase_id == row.subject_id,
        Bill.part == number_in(row, "part"),
    )
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _money_state(one: Purchase, bill: Bill) -> str:
    if bill.state in LETS_IN:
        return "paid"
    return "open" if bill.state in DUE and one.state in PAYABLE else "over"


# --- In -------------------------------------------------------------------------------------------------


def entered(tx: Session, row: Outbox) -> Entered | Skip:
    """C4: what somebody is registered to now."""
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    one = found.one
    if one.state not in STANDS and not stands(row):
        return Skip(N_("it is not active any more"))
    count, first_at, last_at = _registered(tx, one.id)
    return Entered(
        membership=one.name,
        classes=titles(tx, one.id),
        dates=count,
        first_at=first_at,
        last_at=last_at,
        left_out=number_in(row, "left_out"),
        state=one.state,
        **start,
    )


def _registered(tx: Session, purchase_id: int) -> tuple[int, datetime | None, datetime | None]:
    """How many dates a purchase is registered to, the first and the last."""
    count, first_at, last_at = tx.execute(
        select(func.count(), func.min(ClassDate.starts_at), func.max(ClassDate.starts_at))
        .select_from(Registration)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Enrolment.purchase_id == purchase_id, Registration.make_up.is_(False))
        .where(Registration.state.in_([one.value for one in TAKES]))
    ).one()
    return count, first_at, last_at


# --- Over -----------------------------------------------------------------------------------------------


def over(tx: Session, row: Outbox) -> Over | Skip:
    """C5 to C8, and the other ends."""
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    one, what = found.one, str(row.params.get("what", ""))
    if not stands(row) and one.state not in TRUE_IN.get(what, (one.state,)):
        return Skip(SETTLED)
    suspended = what == "suspended" and one.state == State.SUSPENDED
    paying = what == "expired" and _is_paying(tx, one)
    return Over(
        what=what,
        membership=one.name,
        reason=_reason(one, what),
        amount=_amount(tx, row, one, what),
        until=instant_in(row, "until") or one.kept_until,
        link=classes_billing.pay_link(tx, reach(tx), one) if suspended else "",
        asked=bool(row.params.get("asked")),
        class_=class_title(tx, row.team_id, number_in(row, "class_id")) or "",
        next_term=_next_term(tx, found) if what == "ended" else "",
        state=one.state,
        rating=str(row.params.get("rating", "")),
        open=suspended if what == "suspended" else what == "expired" and not paying and _may_buy(tx, one),
        paying=paying,
        **start,
    )


def _is_paying(tx: Session, one: Purchase) -> bool:
    """Whether its payer is through with Stripe, and the money has not arrived."""
    on_its_way = select(Bill.id).where(Bill.purchase_id == one.id, Bill.state == Money.PROCESSING)
    return tx.scalar(on_its_way.limit(1)) is not None


def _reason(one: Purchase, what: str) -> str:
    """What staff wrote; what a member wrote when leaving is theirs."""
    if what == "declined":
        return one.reason
    return one.over_why if what == "cancelled" and one.over_by != one.user_id else ""


def _amount(tx: Session, row: Outbox, one: Purchase, what: str) -> Amount | None:
    """The money that is spoken of: as the message was told, else what was paid."""
    if (told := amount_in(row, "back")) or what != "unallocated":
        return told
    paid = tx.scalar(
        select(func.sum(Bill.paid)).where(Bill.team_id == row.team_id, Bill.purchase_id == one.id)
    )
    return Amount(int(paid or one.amount), one.currency)


def _next_term(tx: Session, found: Bought) -> str:
    """The session that follows, once its memberships are on sale."""
    sold = exists().where(
        Membership.term_id == Term.id, Membership.state == "on_sale", Membership.online.is_(True)
    )
    follows = select(Term.name).where(
        Term.team_id == found.term.team_id, Term.follows_id == found.term.id,
        Term.state.in_(["open", "running"]), sold,
    )  # fmt: skip
    return tx.scalar(follows.order_by(Term.starts_on).limit(1)) or ""


def _may_buy(tx: Session, one: Purchase) -> bool:
    """Whether the same membership may be bought once more."""
    live = exists().where(
        Purchase.membership_id == one.membership_id, Purchase.user_id == one.user_id,
        Purchase.state.in_([state.value for state in LIVE]),
    )  # fmt: skip
    on_sale = select(Membership.id).where(
        Membership.id == one.membership_id, Membership.state == "on_sale", ~live
    )
    return tx.scalar(on_sale) is not None


DRAWN: dict[Kind, Loader] = {
    Kind.CLASSES_ASKED: asked,
    Kind.CLASSES_REQUEST: request,
    Kind.CLASSES_PAY: to_pay,
    Kind.CLASSES_IN: entered,
    Kind.CLASSES_OVER: over,
    **classes_facts_dates.LOADERS,
    **classes_facts_news.LOADERS,
}


def redraw(tx: Session, row: Outbox) -> ClassesFacts | Skip:
    """A message of ours, as it is true now; the row is about that message's row."""
    return standing_messages.again(tx, row, DRAWN)


LOADERS: dict[Kind, Loader] = {
    **DRAWN,
    Kind.CLASSES_REDRAW: redraw,
    Kind.CLASSES_CALENDAR: classes_facts_dates.calendar,
}
