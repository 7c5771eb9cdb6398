"""What the forms of class staff share: the same form twice, days of a term, titles of its classes."""

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.classes import NewTerm, TermState
from domain.classes_dates import Days, title
from domain.classes_terms import TermOver
from domain.text import Said
from services.classes import Held
from store.classes import ClassType, Term, WeeklyClass

T = TypeVar("T")
OVER = (TermState.ENDED, TermState.CANCELLED)


def once_more(work: Callable[[], T]) -> T:
    """Run *work* again where somebody saved the same form, or the same name, in the same moment."""
    try:
        return work()
    except IntegrityError:
        return work()


def days_of(term: Term) -> Days:
    """The days of a term."""
    closed = frozenset(date.fromisoformat(day) for day in term.closed_days)
    return Days(term.starts_on, term.ends_on, term.zone, closed)


def days_of_new(new: NewTerm) -> Days:
    """The days of a term as it is filled in."""
    return Days(new.starts_on, new.ends_on, new.zone, new.closed_days)


def not_over(held: Held) -> None:
    """Raises TermOver for a term in which nothing is planned any more."""
    if held.term.state in OVER:
        raise TermOver


def titles(tx: Session, classes: Collection[WeeklyClass]) -> dict[int, Said]:
    """What classes are called, by id: "Yoga · Tue 18:00"."""
    kinds = {one.type_id for one in classes}
    rows = tx.execute(select(ClassType.id, ClassType.name).where(ClassType.id.in_(kinds)))
    names = {row.id: row.name for row in rows}
    return {one.id: title(names[one.type_id], one.weekday, one.minute) for one in classes}
