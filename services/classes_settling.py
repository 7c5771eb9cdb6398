"""What follows when a payment of a membership is made, or is not: the next one, on hold, and back.

All of it runs in the caller's transaction, under the term's lock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select

from domain.classes import KEPT, TRIES, Attending, Bought, Plan
from domain.messages import Kind
from services import classes_activating, classes_credits, classes_days, classes_seats, classes_waiting
from services.classes import Held, step, tell, tell_many, tell_staff
from services.classes_money import UNPAID, part_due_at
from services.owing import Owed
from store.classes import ClassDate
from store.classes_sold import Credit, Enrolment, Purchase, Registration
from store.payments import Bill

ENTERS = (Bought.AWAITING_PAYMENT, Bought.EXPIRED, Bought.PAID_UNALLOCATED)  # by its first payment


# --- Payments ------------------------------------------------------------------------------------------


def next_part_at(held: Held, one: Purchase) -> datetime | None:
    """When the next payment is due, after those that were asked for; None if none follows."""
    if one.plan == Plan.CARD or one.stopped_at is not None or not one.later_amount:
        return None
    if one.plan == Plan.RECURRING and one.parts >= one.times:
        return None
    at = part_due_at(held, one, one.parts)
    return None if one.plan == Plan.RENEW and at >= one.until_at else at


def due_bill(held: Held, one: Purchase) -> Bill | None:
    """The bill that is asked for and not paid; there is one at most."""
    held.tx.flush()
    wanted = select(Bill).where(
        Bill.team_id == held.team_id, Bill.purchase_id == one.id, Bill.state.in_(UNPAID)
    )  # fmt: skip
    latest = wanted.order_by(Bill.part.desc()).limit(1)
    return held.tx.scalars(latest.execution_options(populate_existing=True)).one_or_none()


def settled(held: Held, one: Purchase, part: int) -> None:
    """A part was paid, at Stripe or at the desk: its member is in, or back, and the next part has its day."""
    if part == one.parts - 1:
        one.tries, one.pay_at = 0, next_part_at(held, one)
    if Bought(one.state) in ENTERS:
        classes_activating.activate(held, one)
    elif one.state == Bought.SUSPENDED:
        _restore(held, one)
    classes_activating.next_at(held, one)


def failed(held: Held, one: Purchase, bill: Bill, why: str = "") -> None:
    """A payment that is due was not made, whether a card was charged in vain (*why*) or nobody paid by hand.

    The member is asked to pay; after the last try in seven days the membership is on hold.
    """
    one.tries += 1
    held.note("purchase.payment_failed", subject=f"purchase {one.id}", part=bill.part, tries=one.tries)
    if one.tries < len(TRIES):
        one.pay_at = bill.created_at + TRIES[one.tries]
        tell_to_pay(held, one, bill.part, why)
    else:
        one.pay_at = None
        _suspend(held, one)
    classes_activating.next_at(held, one)


def tell_to_pay(held: Held, one: Purchase, part: int, why: str = "") -> None:
    """Owe the member the link to a payment, once for each part and try."""
    key = f"pay-{one.id}-{part}-{one.tries}"
    tell(held, Kind.CLASSES_PAY, one.id, one.user_id, key, part=part, tries=one.tries, why=why)


# --- On hold, and back ---------------------------------------------------------------------------------


def ahead(held: Held, one: Purchase) -> ColumnElement[bool]:
    """The registrations of a purchase at planned dates that have not begun."""
    mine = select(Enrolment.id).where(Enrolment.purchase_id == one.id, Enrolment.ended_at.is_(None))
    dates = select(ClassDate.id).where(
        ClassDate.term_id == held.term.id, ClassDate.state == "planned", ClassDate.starts_at > held.now
    )
    return and_(Registration.enrolment_id.in_(mine), Registration.date_id.in_(dates))


def _suspend(held: Held, one: Purchase) -> None:
    """C8. What is over already stays over: then staff hear of the payment that is missing."""
    if not step(one, Bought.SUSPENDED):
        tell_staff(held, Kind.CLASSES_NEWS, one.id, f"news-unpaid-{one.id}-{one.parts}", what="unpaid")
        return
    one.suspended_at, one.kept_until = held.now, held.now + KEPT
    classes_seats.turn(held, ahead(held, one), Attending.ON_HOLD, only=(Attending.REGISTERED,))
    key = f"over-{one.id}-suspended-{one.version}"
    tell(held, Kind.CLASSES_OVER, one.id, one.user_id, key, what="suspended")
    held.note("purchase.suspended", subject=f"purchase {one.id}")


def kept_over(held: Held, one: Purchase) -> bool:
    """``kept_until`` has come: free the places of a suspended purchase; whether any were."""
    if one.state != Bought.SUSPENDED or one.kept_until is None or held.now < one.kept_until:
        return False
    one.kept_until = None
    dates = classes_seats.turn(held, ahead(held, one), Attending.REMOVED, only=(Attending.ON_HOLD,))
    classes_seats.discount(held, one)
    classes_activating.next_at(held, one)
    held.note("purchase.places_freed", subject=f"purchase {one.id}", dates=len(dates))
    held.tx.flush()
    classes_waiting.freed(held, dates)
    return bool(dates)


def _restore(held: Held, one: Purchase) -> None:
    """It was paid: registered again where places are kept or free, one make-up lesson where they are not."""
    if not step(one, Bought.ACTIVE):
        return
    freed = one.kept_until is None
    one.suspended_at = one.kept_until = None
    classes_seats.turn(held, ahead(held, one), Attending.REGISTERED, only=(Attending.ON_HOLD,))
    if freed:
        classes_seats.count(held, one)
        made_up = exists().where(
            Credit.registration_id == Registration.id, Credit.state.in_(["open", "used"])
        )
        mine = and_(ahead(held, one), ~made_up)
        lost = classes_seats.restore(held, mine, only=(Attending.REMOVED,))[1]
        classes_credits.give(held, lost, "no_place")
        owed = [
            Owed(Kind.CLASSES_DATE, each, f"classes-date-{each}-no_place-{one.version}",
                 recipient=one.user_id, params={"what": "no_place"})
            for each in lost
        ]  # fmt: skip
        tell_many(held, owed)
        classes_days.fill(held, _new_dates(held, one))
    tell(held, Kind.CLASSES_IN, one.id, one.user_id, f"in-{one.id}-{one.version}")
    held.note("purchase.restored", subject=f"purchase {one.id}")


def _new_dates(held: Held, one: Purchase) -> Sequence[int]:
    """The dates of its classes ahead, for those that were added while nothing was kept for it."""
    wanted = (
        select(ClassDate.id)
        .join(Enrolment, Enrolment.class_id == ClassDate.class_id)
        .where(Enrolment.purchase_id == one.id, Enrolment.ended_at.is_(None))
        .where(ClassDate.state == "planned", ClassDate.starts_at > held.now)
    )
    return held.tx.scalars(wanted).all()
