"""What time does to classes, a term at a time, and in it one thing after the other."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select, union

from services import classes_purchases, classes_reminders, classes_taking, classes_terms, classes_waiting
from services.classes import Held, changing
from services.ports import Deps
from store.classes import ClassDate, Term
from store.classes_sold import Purchase, Waiting
from store.database import Database

Part = Callable[[Deps, Held], bool]
# each has a transaction of its own, so that a fault in one holds up no other
PARTS: Mapping[str, Part] = {
    "purchases": classes_purchases.step_due,
    "offers": lambda _, held: classes_waiting.offers_due(held),
    "reminders": lambda _, held: classes_reminders.remind_due(held),
    "lists": lambda _, held: classes_reminders.lists_due(held),
    "terms": lambda _, held: classes_terms.step_due(held),
}


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """The terms in which something is due now."""
    offered = select(Waiting.term_id).where(
        Waiting.team_id == team_id, Waiting.state == "offered", Waiting.offer_until <= now
    )
    wanted = union(
        select(Term.id).where(Term.team_id == team_id, Term.next_at <= now),
        select(ClassDate.term_id).where(ClassDate.team_id == team_id, ClassDate.next_at <= now),
        select(Purchase.term_id).where(Purchase.team_id == team_id, Purchase.next_at <= now),
        offered,
    )
    with db.reading() as tx:
        return sorted(tx.scalars(wanted))


def take(deps: Deps, term_id: int, part: str, *, now: datetime) -> bool:
    """Take what is due of one of the PARTS of a term one step further; whether anything moved."""
    with changing(deps.db, deps.team_id, term_id, now=now) as held:
        return PARTS[part](deps, held)


def steps(deps: Deps, term_id: int, *, now: datetime) -> Iterator[tuple[str, Callable[[], bool]]]:
    """All that time does to a term, by name, each to be done in a transaction of its own."""
    for part in PARTS:
        yield part, partial(take, deps, term_id, part, now=now)
    yield "placing", partial(classes_taking.place_due, deps, term_id, now=now)


def step(deps: Deps, term_id: int, *, now: datetime) -> bool:
    """Take everything that is due in a term one step further; whether anything moved."""
    return any([do() for _, do in steps(deps, term_id, now=now)])
