"""What class staff see of one session: its classes, and the dates of one of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.classes import LISTED, UNDO, ClassState, DateState, NoSuchClass, NoSuchTerm, TermState
from domain.classes_board import PER_PAGE
from domain.classes_dates import title
from domain.classes_staff import ClassRow, DateRow, Dates, StaffBoard, TermPage, TermRow
from domain.classes_terms import NoSuchType
from store import queries
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Waiting
from store.database import Database

DATES_PER_PAGE = 40


def titles(tx: Session, team_id: str, class_ids: Collection[int]) -> dict[int, str]:
    """What these classes are called: "Yoga · Tue 18:00"."""
    wanted = (
        select(WeeklyClass.id, ClassType.name, WeeklyClass.weekday, WeeklyClass.minute)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.id.in_(list(class_ids)))
    )
    return {one: title(name, weekday, minute) for one, name, weekday, minute in tx.execute(wanted)}


# --- The page of a session -----------------------------------------------------------------------------


def page(tx: Session, team_id: str, empty: StaffBoard, now: datetime) -> StaffBoard | None:
    """The open session; None if there is none of this number."""
    wanted = select(Term).where(Term.team_id == team_id, Term.id == empty.look.open_id)
    term = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if term is None:
        return None
    found = tx.scalars(_classes(team_id, term)).all()
    pages = max(1, -(-len(found) // PER_PAGE))
    at = min(max(empty.look.page, 0), pages - 1)
    shown = found[at * PER_PAGE : (at + 1) * PER_PAGE]
    told = TermPage(
        row=TermRow(term.id, term.name, term.starts_on, term.ends_on, TermState(term.state)),
        zone=term.zone,
        closed_days=tuple(sorted(date.fromisoformat(str(one)) for one in term.closed_days)),
        version=term.version,
        classes=tuple(class_rows(tx, team_id, shown, picked=empty.look.picked, now=now)),
        ids=tuple(one.id for one in found if one.state != ClassState.CANCELLED),
        has_types=_has_types(tx, team_id),
    )
    return replace(empty, term=told, page=at, pages=pages)


def _classes(team_id: str, term: Term) -> Select[WeeklyClass]:
    """The classes of a session and, while it stands, those of none: by type, day and time."""
    here = WeeklyClass.term_id == term.id
    if term.state in ("draft", "open", "running"):
        here = or_(here, and_(WeeklyClass.term_id.is_(None), WeeklyClass.state == ClassState.NEW))
    return (
        select(WeeklyClass)
        .where(WeeklyClass.team_id == team_id, here)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
        .execution_options(populate_existing=True)
    )


def _has_types(tx: Session, team_id: str) -> bool:
    wanted = select(ClassType.id).where(ClassType.team_id == team_id, ClassType.archived_at.is_(None))
    return tx.scalar(wanted.limit(1)) is not None


def class_rows(
    tx: Session, team_id: str, found: Sequence[WeeklyClass], *, picked: Collection[int], now: datetime
) -> list[ClassRow]:
    """These classes, with how many dates and free places each has."""
    ids = [one.id for one in found]
    called = titles(tx, team_id, ids)
    dates, left = _dates(tx, ids), _left(tx, ids, now)
    waiting = _waiting(tx, team_id, ids)
    types = select(ClassType.id, ClassType.name).where(ClassType.id.in_([one.type_id for one in found]))
    kinds = {row[0]: row[1] for row in tx.execute(types)}
    people = queries.people_by_id(tx, team_id, {one.teacher_id for one in found if one.teacher_id})
    return [
        ClassRow(
            id=one.id,
            title=called.get(one.id, ""),
            minutes=one.minutes,
            teacher=people[one.teacher_id].name if one.teacher_id in people else one.teacher_id,
            place=one.place,
            places=one.places,
            state=ClassState(one.state),
            dates=dates.get(one.id, 0),
            left=left.get(one.id),
            waiting=waiting.get(one.id, 0),
            picked=one.id in picked,
            undo=bool(one.undo) and one.over_at is not None and now < one.over_at + UNDO,
            kind=kinds.get(one.type_id, ""),
        )
        for one in found
    ]


def _dates(tx: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many dates of each class stand."""
    counted = (
        select(ClassDate.class_id, func.count())
        .where(ClassDate.class_id.in_(ids), ClassDate.state != DateState.CANCELLED)
        .group_by(ClassDate.class_id)
    )
    return {row[0]: row[1] for row in tx.execute(counted)}


def _left(tx: Session, ids: Collection[int], now: datetime) -> Mapping[int, int]:
    """How many places each date ahead has at least."""
    counted = (
        select(ClassDate.class_id, func.min(ClassDate.places - ClassDate.taken))
        .where(ClassDate.class_id.in_(ids), ClassDate.state == DateState.PLANNED, ClassDate.starts_at > now)
        .group_by(ClassDate.class_id)
    )
    return {row[0]: row[1] for row in tx.execute(counted)}


def _waiting(tx: Session, team_id: str, ids: Collection[int]) -> Mapping[int, int]:
    """How many people wait for each class, or a date of it."""
    about = func.coalesce(Waiting.class_id, ClassDate.class_id)
    counted = (
        select(about, func.count())
        .select_from(Waiting)
        .outerjoin(ClassDate, ClassDate.id == Waiting.date_id)
        .where(Waiting.team_id == team_id, Waiting.state.in_([one.value for one in LISTED]), about.in_(ids))
        .group_by(about)
    )
    return {row[0]: row[1] for row in tx.execute(counted)}


# --- What its forms begin with -------------------------------------------------------------------------


def term(db: Database, team_id: str, term_id: int) -> Term:
    """A session as it is stored. Raises NoSuchTerm."""
    with db.reading() as tx:
        found = tx.scalars(select(Term).where(Term.team_id == team_id, Term.id == term_id)).one_or_none()
        if found is None:
            raise NoSuchTerm
        return found


def weekly(db: Database, team_id: str, class_id: int) -> WeeklyClass:
    """A class as it is stored. Raises NoSuchClass."""
    wanted = select(WeeklyClass).where(WeeklyClass.team_id == team_id, WeeklyClass.id == class_id)
    with db.reading() as tx:
        found = tx.scalars(wanted).one_or_none()
        if found is None:
            raise NoSuchClass
        return found


def class_type(db: Database, team_id: str, type_id: int) -> ClassType:
    """A class type as it is stored. Raises NoSuchType."""
    with db.reading() as tx:
        wanted = select(ClassType).where(ClassType.team_id == team_id, ClassType.id == type_id)
        found = tx.scalars(wanted).one_or_none()
        if found is None:
            raise NoSuchType
        return found


def pickable(db: Database, team_id: str, term_id: int) -> list[int]:
    """The classes that [Select All] ticks on the page of a session. Raises NoSuchTerm."""
    found = term(db, team_id, term_id)
    with db.reading() as tx:
        rows = tx.scalars(_classes(team_id, found))
        return [one.id for one in rows if one.state != ClassState.CANCELLED]


def week(db: Database, team_id: str, term_id: int, *, now: datetime) -> list[tuple[ClassRow, int, int]]:
    """The classes of a session with their weekday and minute, from Monday on."""
    wanted = (
        select(WeeklyClass)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.term_id == term_id)
        .where(WeeklyClass.state == ClassState.ASSIGNED)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )
    with db.reading() as tx:
        found = tx.scalars(wanted).all()
        rows = class_rows(tx, team_id, found, picked=(), now=now)
        return [(row, one.weekday, one.minute) for row, one in zip(rows, found, strict=True)]


def dates_ahead(db: Database, team_id: str, class_id: int, *, now: datetime) -> int:
    """How many dates of a class are planned from now on."""
    ahead = (ClassDate.state == DateState.PLANNED, ClassDate.starts_at > now)
    wanted = select(func.count()).select_from(ClassDate).where(ClassDate.class_id == class_id, *ahead)
    with db.reading() as tx:
        return tx.scalar(wanted.where(ClassDate.team_id == team_id)) or 0


def called(db: Database, team_id: str, class_ids: Collection[int]) -> dict[int, str]:
    """What these classes are called."""
    with db.reading() as tx:
        return titles(tx, team_id, class_ids)


def types(db: Database, team_id: str) -> list[tuple[int, str, int]]:
    """The class types: their numbers, names and usual minutes, by name."""
    wanted = select(ClassType).where(ClassType.team_id == team_id, ClassType.archived_at.is_(None))
    with db.reading() as tx:
        rows = tx.scalars(wanted.order_by(ClassType.name_key))
        return [(one.id, one.name, one.minutes) for one in rows]


# --- The dates of a class ------------------------------------------------------------------------------


def dates(db: Database, team_id: str, class_id: int, *, at: int = 0, now: datetime) -> Dates:
    """The dates of a class, page *at*; -1 is the page of the next one. Raises NoSuchClass."""
    with db.reading() as tx:
        one = tx.scalars(
            select(WeeklyClass).where(WeeklyClass.team_id == team_id, WeeklyClass.id == class_id)
        ).one_or_none()
        if one is None:
            raise NoSuchClass
        wanted = select(ClassDate).where(ClassDate.team_id == team_id, ClassDate.class_id == class_id)
        found = tx.scalars(wanted.order_by(ClassDate.starts_at, ClassDate.id)).all()
        zone = tx.scalar(select(Term.zone).where(Term.id == one.term_id)) or "Etc/UTC"
        past = sum(row.starts_at <= now for row in found)
        pages = max(1, -(-len(found) // DATES_PER_PAGE))
        shown = min(past // DATES_PER_PAGE if at < 0 else at, pages - 1)
        rows = found[shown * DATES_PER_PAGE : (shown + 1) * DATES_PER_PAGE]
        called = titles(tx, team_id, [class_id])[class_id]
        return Dates(
            class_id, one.term_id or 0, called, zone, tuple(date_row(row, now) for row in rows), shown, pages
        )


def date_row(one: ClassDate, now: datetime) -> DateRow:
    """One date."""
    undo = bool(one.undo) and one.over_at is not None and now < one.over_at + UNDO
    return DateRow(
        one.id, one.starts_at, one.minutes, one.places, one.taken, DateState(one.state), one.was_at, one.why,
        undo=undo,
    )  # fmt: skip
