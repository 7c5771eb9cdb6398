"""What time does to purchases: holds end, payments fall due, kept places are freed, windows end."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.classes import HELD, STANDING, Bought
from services import classes_billing, classes_leaving
from services.classes import Held
from services.classes_activating import expire, next_at
from services.ports import Deps
from store.classes_sold import Purchase

BATCH = 50  # purchases to a transaction: so long others wait for the lock of their term


def step_due(deps: Deps, held: Held) -> bool:
    """Take the purchases of a term that are due one step further, some at a time; whether any moved."""
    moved = [_step(deps, held, one) for one in _due(held)]
    held.tx.flush()
    return any(moved)


def _due(held: Held) -> Sequence[Purchase]:
    held.tx.flush()
    wanted = (
        select(Purchase)
        .where(Purchase.term_id == held.term.id, Purchase.next_at <= held.now)
        .order_by(Purchase.next_at, Purchase.id)
        .limit(BATCH)
    )
    return held.tx.scalars(wanted.execution_options(populate_existing=True)).all()


def _step(deps: Deps, held: Held, one: Purchase) -> bool:
    """One that is held expires. Of one that stands, or stood, payments may be due; and it ends."""
    was = one.next_at
    if one.state in HELD:
        return expire(held, one)
    if one.state in STANDING:
        classes_leaving.ended(held, one)
    if one.pay_at is not None and one.pay_at <= held.now:
        classes_billing.due_part(held, one, deps.reach.vault, deps.chance)
    if one.state == Bought.SUSPENDED:
        classes_billing.kept_over(held, one)
    next_at(held, one)
    return one.next_at != was
