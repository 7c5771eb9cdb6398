"""From held places to registrations, and back when the time to pay or to answer is over."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from domain.classes import HELD, STANDING, Attending, Bought, DateState
from domain.messages import Kind
from services import classes_seats, classes_waiting
from services.classes import Held, enrolments, redraw, step, tell, tell_staff
from services.classes_closing import close
from store.classes import ClassDate
from store.classes_sold import Credit, Enrolment, Purchase, Registration

ASKING = (Kind.CLASSES_ASKED, Kind.CLASSES_REQUEST, Kind.CLASSES_PAY)  # they show where a purchase stands


def activate(held: Held, one: Purchase) -> bool:
    """A purchase becomes active: its held places are registrations now, C4 is owed. False if it was before.

    Dates that began meanwhile are not registered. Does not look for places: whoever activates an expired
    purchase takes them first by ``take_again``.
    """
    if not step(one, Bought.ACTIVE):
        return False
    one.active_at, one.hold_until = held.now, None
    one.over_at, one.over_by, one.over_why = None, "", ""
    mine = select(Enrolment.id).where(Enrolment.purchase_id == one.id)
    begun = select(ClassDate.id).where(ClassDate.term_id == held.term.id, ClassDate.starts_at < held.now)
    holds = Registration.enrolment_id.in_(mine)
    gone = and_(holds, Registration.date_id.in_(begun))
    classes_seats.turn(held, gone, Attending.REMOVED, only=(Attending.HELD,))
    classes_seats.turn(held, holds, Attending.REGISTERED, only=(Attending.HELD,))
    next_at(held, one)
    tell(held, Kind.CLASSES_IN, one.id, one.user_id, f"in-{one.id}-{one.version}", **_counts(held, one))
    redraw(held, ASKING, [one.id])
    held.note("purchase.active", subject=f"purchase {one.id}")
    return True


def _counts(held: Held, one: Purchase) -> dict[str, int]:
    """How many dates somebody is registered to, and how many of the window are cancelled."""
    held.tx.flush()
    classes = select(Enrolment.class_id).where(Enrolment.purchase_id == one.id, Enrolment.ended_at.is_(None))
    mine = (
        select(func.count())
        .select_from(Registration)
        .join(Enrolment, Registration.enrolment_id == Enrolment.id)
    )
    cancelled = select(func.count()).select_from(ClassDate).where(
        ClassDate.class_id.in_(classes), ClassDate.state == DateState.CANCELLED,
        ClassDate.starts_at >= max(one.from_at, held.now), ClassDate.starts_at < one.until_at,
    )  # fmt: skip
    registered = mine.where(Enrolment.purchase_id == one.id, Registration.state == Attending.REGISTERED)
    return {"dates": held.tx.scalar(registered) or 0, "left_out": held.tx.scalar(cancelled) or 0}


def take_again(held: Held, one: Purchase) -> bool:
    """Hold all places of an expired purchase anew; False, and nothing is changed, if one of them is gone."""
    classes = enrolments(held, one.id)
    if held.now >= one.until_at or _has_it_again(held, one):
        return False
    if not one.counted and not classes_seats.count(held, one):
        return False
    # one that was cancelled meanwhile is not there to be taken
    if len(classes) < one.lessons or not classes_seats.hold_again(held, classes, Attending.HELD):
        classes_seats.discount(held, one)
        return False
    return True


def _has_it_again(held: Held, one: Purchase) -> bool:
    """Whether the member has bought the same membership since: they cannot have it twice."""
    live = [state.value for state in (*HELD, Bought.ACTIVE, Bought.SUSPENDED, Bought.PAID_UNALLOCATED)]
    other = select(Purchase.id).where(
        Purchase.membership_id == one.membership_id, Purchase.user_id == one.user_id,
        Purchase.id != one.id, Purchase.state.in_(live),
    )  # fmt: skip
    return held.tx.scalar(other.limit(1)) is not None


def expire(held: Held, one: Purchase) -> bool:
    """A hold ended: its places are free, the member reads C6, and staff too if they did not answer."""
    unanswered = one.state == Bought.PENDING_APPROVAL
    if not drop(held, one, Bought.EXPIRED):
        return False
    key = f"over-{one.id}-expired-{one.version}"
    tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what="expired", asked=unanswered)
    if unanswered:
        tell_staff(held, Kind.CLASSES_NEWS, one.id, f"news-expired-{one.id}-{one.version}", what="expired")
    return True


def drop(held: Held, one: Purchase, to: Bought) -> bool:
    """End a purchase that was only held: nothing can be paid, and its places go to whoever waits for them."""
    if one.state not in HELD or not step(one, to):
        return False
    one.over_at, one.hold_until, one.next_at, one.intro_of = held.now, None, None, None
    close(held, one)
    freed = classes_seats.free_purchase(held, one.id, ahead_only=False)
    classes_seats.discount(held, one)
    held.tx.flush()
    classes_waiting.freed(held, freed)
    redraw(held, ASKING, [one.id])
    held.note(f"purchase.{to.value}", subject=f"purchase {one.id}")
    return True


def next_at(held: Held, one: Purchase) -> None:
    """Set when time next changes a purchase: its hold, a payment, the end of kept places, its last date.

    Who has had all dates may have payments before them still.
    """
    if one.state in HELD:
        one.next_at = one.hold_until
    elif one.state in STANDING:
        kept = one.kept_until if one.state == Bought.SUSPENDED else None
        one.next_at = min(at for at in (one.pay_at, kept, last_ends(held, one)) if at is not None)
    else:
        one.next_at = one.pay_at if one.state == Bought.ENDED else None


def last_ends(held: Held, one: Purchase) -> datetime:
    """When the last date of a purchase is over.

    Its window, where something may come of it still: the places of a suspended one may be restored, and a
    make-up lesson used.
    """
    held.tx.flush()
    to_make_up = select(Credit.id).where(Credit.purchase_id == one.id, Credit.state == "open").limit(1)
    last = (
        select(ClassDate.starts_at, ClassDate.minutes)
        .join(Registration, Registration.date_id == ClassDate.id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Enrolment.purchase_id == one.id, Registration.state != Attending.REMOVED)
        .order_by(ClassDate.starts_at.desc())
        .limit(1)
    )
    found = held.tx.execute(last).one_or_none()
    ends = found.starts_at + timedelta(minutes=found.minutes) if found else one.until_at
    waits = one.state == Bought.SUSPENDED or held.tx.scalar(to_make_up) is not None
    return max(ends, one.until_at) if waits else ends
