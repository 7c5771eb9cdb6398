"""Terms, which people read as sessions: saved, edited, cancelled, and what time does to them."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from domain.classes import LISTED, ClassState, DateState, Done, NewTerm, Queue, TermState
from domain.classes_clock import term_next, term_state
from domain.text import say_n
from services import classes_class_ends, classes_memberships, classes_offering
from services.classes import Held, changing
from services.classes_editing import EditPlan, edit, plan_edit
from services.classes_forms import OVER, days_of, once_more
from services.classes_next import next_term
from services.classes_term_rows import begin
from services.ports import Deps
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Waiting
from store.database import Database

__all__ = ["EditPlan", "cancel", "edit", "next_term", "plan_edit", "save", "step_due"]


def save(db: Database, team_id: str, new: NewTerm, *, key: str, by: str, now: datetime) -> Done:
    """Save a term, a draft until classes are assigned; the same form again gives the same one.

    Raises FieldRefusal at "name", "ends_on" and "zone".
    """

    def work() -> Done:
        with db.transaction() as tx:
            one, made = begin(tx, team_id, new, key=key, by=by, now=now)
            return Done(made, id=one.id)

    return once_more(work)


def cancel(deps: Deps, term_id: int, *, by: str, now: datetime) -> Done:
    """Cancel a term with its classes: members are told and get back what is left. Raises NoSuchTerm."""
    with changing(deps.db, deps.team_id, term_id, now=now, by=by) as held:
        term = held.term
        if term.state in OVER:
            return Done(changed=False, id=term.id)
        told = 0
        _nobody_waits(held)  # or they would be offered what is freed
        wanted = select(WeeklyClass).where(
            WeeklyClass.term_id == term.id, WeeklyClass.state == ClassState.ASSIGNED
        )
        for one in held.tx.scalars(wanted.order_by(WeeklyClass.id)).all():
            told += classes_class_ends.end(held, one)
            one.undo = {}
        _end(held, TermState.CANCELLED)
        held.note("term_cancelled", told=told)
        return Done(True, say_n("{count} member was told.", "{count} members were told.", told), term.id)


# --- What time does -------------------------------------------------------------------------------------


def step_due(held: Held) -> bool:
    """What time brings to a term: dates that are over are done, the term runs, and ends; whether it did."""
    moved = _dates_are_over(held)
    term, days = held.term, days_of(held.term)
    to = term_state(term.state, days, held.now)
    if to == term.state:
        return moved
    if to == TermState.ENDED:
        _end(held, to)
        held.note("term_ended")
    else:
        term.state, term.next_at = to.value, term_next(to, days)
    return True


def _dates_are_over(held: Held) -> bool:
    wanted = select(ClassDate.id, ClassDate.starts_at, ClassDate.minutes).where(
        ClassDate.term_id == held.term.id,
        ClassDate.state == DateState.PLANNED,
        ClassDate.starts_at <= held.now,
    )
    over = [
        {"id": row.id, "state": DateState.DONE.value, "over_at": held.now, "next_at": None}
        for row in held.tx.execute(wanted)
        if row.starts_at + timedelta(minutes=row.minutes) <= held.now
    ]
    if over:
        held.tx.execute(update(ClassDate), over)
    return bool(over)


def _end(held: Held, to: TermState) -> None:
    """Nothing of a term is sold any more, and nobody waits for it."""
    held.term.state, held.term.over_at, held.term.next_at = to.value, held.now, None
    held.term.version += 1
    held.tx.flush()
    classes_memberships.close_all(held)
    _nobody_waits(held)


def _nobody_waits(held: Held) -> None:
    wanted = select(Waiting).where(Waiting.term_id == held.term.id, Waiting.state.in_(LISTED))
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).all()
    classes_offering.close(held, found, Queue.EXPIRED)
