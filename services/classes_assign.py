"""[Assign to Session]: classes get their dates, and whoever is enrolled is registered to each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.classes import STANDING, ClassState, Done, NoSuchTerm, TermState
from domain.classes_clock import term_next, term_state
from domain.classes_dates import Weekly, dates, none_lies
from domain.classes_terms import NothingSelected, TermOver
from domain.errors import Refusal
from domain.text import say, say_n
from services import classes_clashes, classes_days
from services.classes import Held, changing
from services.classes_days import NewDate
from services.classes_forms import OVER, days_of, not_over, titles
from store import queries
from store.classes import ClassDate, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase
from store.database import Database


@dataclass(frozen=True)
class PreviewClass:
    """One class of a preview: its title, the dates it would get (UTC), and how many it has already."""

    class_id: int
    title: str
    dates: tuple[datetime, ...]
    known: int = 0


@dataclass(frozen=True)
class Preview:
    """What assigning would do. *refused* and *clashes* are sentences; so many members are *told*."""

    zone: str
    classes: tuple[PreviewClass, ...] = ()
    refused: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    told: int = 0

    @property
    def dates(self) -> int:
        """How many dates would be created."""
        return sum(len(one.dates) for one in self.classes)


@dataclass(frozen=True)
class _Plan:
    """The classes that may be assigned, what they are called, the dates they lack, and why others may not."""

    classes: tuple[WeeklyClass, ...]
    titles: dict[int, str]
    new: tuple[NewDate, ...]
    refused: tuple[str, ...]


def preview(
    db: Database, team_id: str, term_id: int, class_ids: Collection[int], *, now: datetime
) -> Preview:
    """What ``assign`` would do; nothing is written. Raises what ``assign`` raises."""
    with db.reading() as tx:
        term = tx.scalars(select(Term).where(Term.team_id == team_id, Term.id == term_id)).one_or_none()
        if term is None:
            raise NoSuchTerm
        if term.state in OVER:
            raise TermOver
        plan = _plan(tx, term, class_ids)
        ids = [one.id for one in plan.classes]
        counted = select(ClassDate.class_id, func.count().label("dates")).where(ClassDate.class_id.in_(ids))
        known = {row.class_id: row.dates for row in tx.execute(counted.group_by(ClassDate.class_id))}
        shown = [
            PreviewClass(
                one.id, plan.titles[one.id],
                tuple(new.at for new in plan.new if new.cls is one), known.get(one.id, 0),
            )
            for one in plan.classes
        ]  # fmt: skip
        clashes = classes_clashes.among(tx, team_id, plan.classes, days_of(term))
        return Preview(term.zone, tuple(shown), plan.refused, tuple(clashes), _told(tx, plan.new, now))


def _told(tx: Session, new: Sequence[NewDate], now: datetime) -> int:
    """How many enrolments the new dates reach."""
    found = set[int]()
    ahead = {one.cls.id: [new.at for new in new if new.cls is one.cls and new.at > now] for one in new}
    wanted = (
        select(Enrolment)
        .join(Purchase, Purchase.id == Enrolment.purchase_id)
        .where(Enrolment.class_id.in_(list(ahead)), Enrolment.ended_at.is_(None))
        .where(Purchase.state.in_(list(STANDING)))
    )
    for one in tx.scalars(wanted):
        if any(one.from_at <= at < one.until_at for at in ahead[one.class_id]):
            found.add(one.purchase_id)
    return len(found)


def assign(
    db: Database, team_id: str, term_id: int, class_ids: Collection[int], *, by: str, now: datetime
) -> Done:
    """Assign classes to a term and make their dates: "4 classes assigned, 58 dates created."

    Done again it adds only what is missing. Classes of another term, or without a date in this one, are left
    out and named. Raises NothingSelected, NoSuchTerm, TermOver, and Refusal where nothing can be assigned.
    """
    with changing(db, team_id, term_id, now=now, by=by) as held:
        not_over(held)
        locked = select(WeeklyClass).where(WeeklyClass.id.in_(class_ids), WeeklyClass.team_id == team_id)
        held.tx.scalars(queries.locked(locked.order_by(WeeklyClass.id))).all()
        plan = _plan(held.tx, held.term, class_ids)
        new = [one.id for one in plan.classes if one.state == ClassState.NEW]
        made = carry_out(held, plan.classes, plan.new)
        said = say(
            "{classes} assigned, {dates} created.",
            classes=say_n("{count} class", "{count} classes", len(plan.classes)),
            dates=say_n("{count} date", "{count} dates", made),
        )
        for reason in plan.refused:
            said = say("{said} {reason}", said=said, reason=reason)
        if new or made:
            held.note("classes_assigned", classes=len(new), dates=made)
        return Done(changed=bool(new or made), said=said, id=term_id)


def carry_out(held: Held, classes: Sequence[WeeklyClass], new: Sequence[NewDate]) -> int:
    """Classes belong to the term, which is open from now on, and have these dates; how many were made."""
    held.tx.execute(
        update(WeeklyClass)
        .where(WeeklyClass.id.in_([one.id for one in classes]), WeeklyClass.state == ClassState.NEW)
        .values(term_id=held.term.id, state=ClassState.ASSIGNED.value, version=WeeklyClass.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    made = classes_days.make(held, new)
    classes_days.fill(held, made)
    if held.term.state == TermState.DRAFT:
        held.term.state = term_state(TermState.OPEN, days_of(held.term), held.now).value
        held.term.next_at = term_next(held.term.state, days_of(held.term))
    return len(made)


def _plan(tx: Session, term: Term, class_ids: Collection[int]) -> _Plan:
    if not class_ids:
        raise NothingSelected
    wanted = (
        select(WeeklyClass)
        .where(WeeklyClass.team_id == term.team_id, WeeklyClass.id.in_(class_ids))
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
        .execution_options(populate_existing=True)
    )
    found = tx.scalars(wanted).all()
    called = titles(tx, found)
    others = {one.term_id for one in found} - {None, term.id}
    names = {row.id: row.name for row in tx.execute(select(Term.id, Term.name).where(Term.id.in_(others)))}
    may, refused = list[WeeklyClass](), list[str]()
    for one in found:
        if one.term_id in names:
            about = {"class_": called[one.id], "session": names[one.term_id]}
            refused.append(say("{class_} already belongs to {session}.", **about))
        elif not dates(Weekly(one.weekday, one.minute), days_of(term)):
            refused.append(none_lies(one.weekday))
        elif one.state == ClassState.CANCELLED:
            refused.append(say("{class_} is cancelled.", class_=called[one.id]))
        else:
            may.append(one)
    if not may:
        raise Refusal(_all_of(refused) or NothingSelected.__doc__)
    return _Plan(tuple(may), dict(called), missing(tx, term, may), tuple(dict.fromkeys(refused)))


def _all_of(sentences: Sequence[str]) -> str:
    said = ""
    for one in dict.fromkeys(sentences):
        said = say("{said} {reason}", said=said, reason=one) if said else one
    return said


def missing(tx: Session, term: Term, classes: Sequence[WeeklyClass]) -> tuple[NewDate, ...]:
    """The dates that classes of a term should have and do not: each of their days, whatever became of one."""
    ids = [one.id for one in classes]
    made = select(ClassDate.class_id, ClassDate.day).where(ClassDate.class_id.in_(ids))
    known = {(row.class_id, row.day) for row in tx.execute(made)}
    return tuple(
        NewDate(one, day, at)
        for one in classes
        for day, at in dates(Weekly(one.weekday, one.minute), days_of(term))
        if (one.id, day) not in known
    )
