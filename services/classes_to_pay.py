"""A purchase is to be paid: until when, and who is told."""

from datetime import datetime

from sqlalchemy import func, select

from domain.classes import APPROVED, CHECKOUT, TAKES, Bought
from services import classes_billing
from services.classes import Held
from services.classes_activating import next_at
from services.ports import Deps
from store.classes import ClassDate
from store.classes_sold import Enrolment, Purchase, Registration

TAKING = tuple(one.value for one in TAKES)


def wait_for_payment(held: Held, deps: Deps, one: Purchase, *, until: datetime | None = None) -> None:
    """A purchase is to be paid until then, or within 48 hours, at most until its first date.

    There are always some minutes left: so long a page of Stripe's stays open.
    """
    one.state = Bought.AWAITING_PAYMENT.value
    soonest = held.now + CHECKOUT
    first = first_ahead(held, one)
    one.hold_until = until or max(soonest, min(held.now + APPROVED, first or soonest))
    next_at(held, one)
    held.tx.flush()
    classes_billing.ask(held, one, deps.reach.vault, deps.chance)
    classes_billing.tell_to_pay(held, one)


def first_ahead(held: Held, one: Purchase) -> datetime | None:
    """When the first date of a purchase begins that has not begun."""
    held.tx.flush()
    mine = (
        select(func.min(ClassDate.starts_at))
        .join(Registration, Registration.date_id == ClassDate.id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Enrolment.purchase_id == one.id, Registration.state.in_(TAKING))
        .where(ClassDate.starts_at >= held.now)
    )
    return held.tx.scalar(mine)
