"""[Why?]: why a membership is full, why a price, why a date is missing, and what became of a purchase."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain import money
from domain.classes import LISTED, Attending, Bought, DateState, NoSuchPlace, NoSuchPurchase, Queue, SaleState
from domain.text import N_, say, say_n
from services import classes_memberships
from services.classes_staff_people import names
from services.classes_staff_terms import titles
from store.classes import ClassDate, Term, WeeklyClass
from store.classes_sold import Enrolment, Membership, Purchase, Registration, Waiting
from store.database import Database

MOST = 30  # dates that are told of one purchase


def of_purchase(db: Database, team_id: str, purchase_id: int, *, now: datetime) -> Sequence[str]:
    """Sentences with time and cause: how its price came about, how it stands, which dates are missing.

    The same for staff and for whoever bought it; the door says who may ask. Raises NoSuchPurchase.
    """
    with db.reading() as tx:
        one = tx.scalars(
            select(Purchase).where(Purchase.team_id == team_id, Purchase.id == purchase_id)
        ).one_or_none()
        if one is None:
            raise NoSuchPurchase
        term = tx.get_one(Term, one.term_id)
        people = names(tx, team_id, [one.decided_by, one.over_by, one.sold_by])
        zone = ZoneInfo(term.zone)
        return [*_price(one, zone), *_state(one, people, zone), *_sold(one, people), *_dates(tx, one, term)]


# --- The price, and how it stands ----------------------------------------------------------------------


def _price(one: Purchase, zone: ZoneInfo) -> list[str]:
    shown = money.shown(one.amount, one.currency)
    left, every = one.why_price.get("left"), one.why_price.get("all")
    if one.why_price.get("rule") == "prorated" and left is not None and left != every:
        return [
            say(
                "The price is {price}: on {day}, {left} of {every} dates were left.",
                price=shown, day=one.bought_at.astimezone(zone).date(), left=left, every=every,
            )
        ]  # fmt: skip
    return [say("The price is {price}, as it was set when it was bought.", price=shown)]


# how a purchase came to stand as it does: the sentence, and the columns of {when} and {until}
STATES = {
    Bought.PENDING_APPROVAL: (
        N_("It waits for approval since {when}. The places are kept until {until}."),
        "asked_at", "hold_until",
    ),
    Bought.AWAITING_PAYMENT: (
        N_("It waits for payment since {when}. The places are kept until {until}."),
        "bought_at", "hold_until",
    ),
    Bought.ACTIVE: (N_("It is active since {when}."), "active_at", ""),
    Bought.SUSPENDED: (
        N_("It is on hold since {when}: a payment failed. The places are kept until {until}."),
        "suspended_at", "kept_until",
    ),
    Bought.REJECTED: (N_("{person} declined it on {when}."), "decided_at", ""),
    Bought.EXPIRED: (N_("It expired on {when}: the time to pay or to answer was over."), "over_at", ""),
    Bought.PAID_UNALLOCATED: (
        N_("It expired on {when}, and the payment came after the places were given away."), "over_at", "",
    ),
    Bought.ENDED: (N_("It ended on {when} with its last date."), "over_at", ""),
    Bought.CANCELLED: (N_("It was cancelled on {when}."), "over_at", ""),
}  # fmt: skip


def _state(one: Purchase, people: dict[str, str], zone: ZoneInfo) -> list[str]:
    """How a purchase came to stand as it does, and what was written about it."""
    state = Bought(one.state)
    pattern, when, until = STATES[state]
    by = one.over_by if state is Bought.CANCELLED else one.decided_by
    if state is Bought.CANCELLED and by:
        pattern = N_("{person} cancelled it on {when}.")
    values = {
        "when": (getattr(one, when) or one.bought_at).astimezone(zone),
        "until": ((getattr(one, until) if until else None) or one.bought_at).astimezone(zone),
        "person": people.get(by, by),
    }
    written = {Bought.REJECTED: one.reason, Bought.CANCELLED: one.over_why}.get(state, "")
    return [say(pattern, **values), *([written] if written else [])]


def _sold(one: Purchase, people: dict[str, str]) -> list[str]:
    if not one.sold_by:
        return []
    said = say("{person} registered the member.", person=people.get(one.sold_by, one.sold_by))
    return [said, *([one.sold_why] if one.sold_why else [])]


# --- Dates that are missing ----------------------------------------------------------------------------


def _dates(tx: Session, one: Purchase, term: Term) -> list[str]:
    """Why a date of the window has no registration: cancelled, skipped, no place, or no class on that day."""
    zone = ZoneInfo(term.zone)
    classes = list(tx.scalars(select(Enrolment.class_id).where(Enrolment.purchase_id == one.id)))
    called = titles(tx, one.team_id, classes)
    rows = tx.execute(
        select(ClassDate, Registration.state, Registration.changed_at)
        .join(Enrolment, (Enrolment.class_id == ClassDate.class_id) & (Enrolment.purchase_id == one.id))
        .outerjoin(
            Registration,
            (Registration.date_id == ClassDate.id) & (Registration.enrolment_id == Enrolment.id),
        )
        .where(ClassDate.starts_at >= one.from_at, ClassDate.starts_at < one.until_at)
        .order_by(ClassDate.starts_at)
    )
    found = []
    for row, state, changed_at in rows:
        said = _missing(row, state, changed_at, called.get(row.class_id, ""), one, zone)
        found += [said] if said else []
    return [*found, *_closed(tx, one, term, classes, zone)][:MOST]


def _missing(
    row: ClassDate, state: str | None, changed_at: datetime | None, called: str, one: Purchase, zone: ZoneInfo
) -> str:
    when = row.starts_at.astimezone(zone)
    changed = changed_at.astimezone(zone) if changed_at else when
    if row.state == DateState.CANCELLED:
        over = (row.over_at or row.starts_at).astimezone(zone)
        if row.why:
            pattern = N_("{class_} on {when} was cancelled on {over}: {why}")
            return say(pattern, class_=called, when=when, over=over, why=row.why)
        return say("{class_} on {when} was cancelled on {over}.", class_=called, when=when, over=over)
    if state == Attending.SKIPPED:
        return say("{class_} on {when} was skipped on {then}.", class_=called, when=when, then=changed)
    if state == Attending.LATE_CANCELLED:
        return say("{class_} on {when} was cancelled late on {then}, and counts as used.",
                   class_=called, when=when, then=changed)  # fmt: skip
    if one.state in (Bought.ACTIVE, Bought.ENDED) and state in (None, Attending.REMOVED):
        return say("{class_} on {when} had no place left.", class_=called, when=when)
    return ""


def _closed(tx: Session, one: Purchase, term: Term, classes: Sequence[int], zone: ZoneInfo) -> list[str]:
    """Days without classes on which one of its classes would have been."""
    weekdays = set(tx.scalars(select(WeeklyClass.weekday).where(WeeklyClass.id.in_(classes))))
    first, last = one.from_at.astimezone(zone).date(), one.until_at.astimezone(zone).date()
    days = sorted(date.fromisoformat(str(day)) for day in term.closed_days)
    return [
        say("There is no class on {day}: it is a day without classes.", day=day)
        for day in days
        if day.weekday() in weekdays and first <= day <= last
    ]


# --- A membership, and a waitlist ----------------------------------------------------------------------


def of_membership(db: Database, team_id: str, membership_id: int, *, now: datetime) -> Sequence[str]:
    """Why so many can still be bought, or none: places, purchases, its state. Raises NoSuchMembership."""
    with db.reading() as tx:
        offer = classes_memberships.offer(tx, team_id, membership_id, "", now=now)
        row = tx.get_one(Membership, membership_id)
        found: list[str] = []
        if row.state == SaleState.STOPPED:
            found.append(say("The sale is stopped."))
        elif offer.closed:
            found.append(offer.closed)
        if row.custom is not None:
            found.append(say("{sold} of {most} are sold or held.", sold=row.sold, most=row.custom))
        for one in offer.classes:
            left = say_n("{count} place left", "{count} places left", one.left)
            found.append(say("{class_}: {left}", class_=one.title, left=left))
        free = sum(one.left > 0 for one in offer.classes)
        if offer.left:
            found.append(say_n("{count} more can be sold.", "{count} more can be sold.", offer.left))
        elif not free:
            found.append(say("It is full: no class has a place."))
        elif free < row.lessons:
            full = say_n("{count} class", "{count} classes", row.lessons)
            found.append(say("It is full: fewer than {classes} have a place.", classes=full))
        else:
            found.append(say("It is full: all that may be sold are."))
        return found


def of_waiting(db: Database, team_id: str, waiting_id: int, *, now: datetime) -> Sequence[str]:
    """Why somebody on a waitlist has no offer yet. Raises NoSuchPlace."""
    with db.reading() as tx:
        one = tx.scalars(
            select(Waiting).where(Waiting.team_id == team_id, Waiting.id == waiting_id)
        ).one_or_none()
        if one is None:
            raise NoSuchPlace
        zone = ZoneInfo(tx.get_one(Term, one.term_id).zone)
        if one.state == Queue.OFFERED and one.offer_until is not None:
            return [say("A place is offered until {when}.", when=one.offer_until.astimezone(zone))]
        if one.state != Queue.WAITING:
            return [say("This entry of the waitlist is over.")]
        before = _before(tx, one)
        found: list[str] = [
            say_n("{count} person waits before.", "{count} people wait before.", before)
            if before
            else say("Nobody waits before: the next free place is offered first here.")
        ]
        if one.with_id:
            found.append(say("Two places are needed at once."))
        if one.passed_over:
            found.append(say("One free place was given to the next, because two are needed."))
        return found


def _before(tx: Session, one: Waiting) -> int:
    """How many people wait for the same and stand before."""
    first = or_(Waiting.rank < one.rank, and_(Waiting.rank == one.rank, Waiting.id < one.id))
    listed = Waiting.state.in_([each.value for each in LISTED])
    same = [Waiting.term_id == one.term_id, listed, first]
    columns = [Waiting.class_id, Waiting.date_id]
    if not (one.class_id or one.date_id):
        columns.append(Waiting.membership_id)
    for column in columns:
        value = getattr(one, column.key)
        same.append(column.is_(None) if value is None else column == value)
    return tx.scalar(select(func.count()).select_from(Waiting).where(*same)) or 0
