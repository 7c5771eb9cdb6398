"""How many places the classes of a membership have, for somebody who buys now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import Attending, ClassState, DateState
from domain.classes_choice import Lesson
from domain.classes_dates import title
from store.classes import ClassDate, ClassType, WeeklyClass
from store.classes_sold import Enrolment, OfferedClass, Registration

JUST = timedelta(minutes=5)  # whoever reads that a place was just taken saw it free a moment ago
OCCUPIES = (Attending.HELD, Attending.REGISTERED, Attending.ON_HOLD)  # somebody's time


@dataclass(frozen=True)
class Weekly:
    """A class with the name of its type, and what lies in a window of it."""

    row: WeeklyClass
    type_name: str

    @property
    def title(self) -> str:
        """ "Yoga · Tue 18:00"."""
        return title(self.type_name, self.row.weekday, self.row.minute)


@dataclass(frozen=True)
class Day:
    """One date of a class that is not cancelled; *free* places, those that are kept for the reader too."""

    id: int
    class_id: int
    starts_at: datetime
    minutes: int
    free: int
    planned: bool
    regular: bool  # neither moved nor added by hand


@dataclass(frozen=True)
class Window:
    """What somebody buys of one class: *ahead* is theirs; *all* counts those before, too, for the price."""

    ahead: tuple[Day, ...]
    all: int

    @property
    def left(self) -> int:
        """The fewest places at one of its dates; none where there is no date."""
        return max(0, min((day.free for day in self.ahead), default=0))


def offered(tx: Session, team_id: str, membership_ids: Collection[int]) -> dict[int, list[Weekly]]:
    """The classes that may be chosen of each membership, in the order of the week."""
    wanted = (
        select(OfferedClass.membership_id, WeeklyClass, ClassType.name)
        .join(WeeklyClass, WeeklyClass.id == OfferedClass.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(OfferedClass.team_id == team_id, OfferedClass.membership_id.in_(membership_ids))
        .where(WeeklyClass.state == ClassState.ASSIGNED)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )
    found: dict[int, list[Weekly]] = {one: [] for one in membership_ids}
    for membership_id, row, name in tx.execute(wanted.execution_options(populate_existing=True)):
        found[membership_id].append(Weekly(row, name))
    return found


def days(tx: Session, team_id: str, class_ids: Collection[int], user_id: str = "") -> dict[int, list[Day]]:
    """All dates of classes that are not cancelled, the first one first."""
    kept = select(Registration.date_id).where(
        Registration.team_id == team_id,
        Registration.user_id == user_id,
        Registration.state == Attending.OFFERED,
    )
    wanted = (
        select(
            ClassDate.id, ClassDate.class_id, ClassDate.starts_at, ClassDate.minutes, ClassDate.state,
            ClassDate.places - ClassDate.taken, ClassDate.was_at, ClassDate.extra,
        )
        .where(ClassDate.class_id.in_(class_ids), ClassDate.state != DateState.CANCELLED)
        .order_by(ClassDate.starts_at)
    )  # fmt: skip
    mine = set(tx.scalars(kept)) if user_id else set()
    found: dict[int, list[Day]] = {one: [] for one in class_ids}
    for row_id, class_id, starts_at, minutes, state, free, was_at, extra in tx.execute(wanted):
        found[class_id].append(
            Day(row_id, class_id, starts_at, minutes, free + (row_id in mine),
                state == DateState.PLANNED, was_at is None and not extra)
        )  # fmt: skip
    return found


def within(some: Iterable[Day], from_at: datetime, until_at: datetime) -> Window:
    """Those of a class that lie in somebody's window."""
    inside = [day for day in some if day.starts_at < until_at]
    return Window(tuple(day for day in inside if day.planned and day.starts_at >= from_at), len(inside))


def just_taken(tx: Session, window: Window, *, now: datetime) -> bool:
    """Whether a date of a class that is full was not so a moment ago."""
    full = [day.id for day in window.ahead if day.free < 1]
    last = select(Registration.id).where(Registration.date_id.in_(full), Registration.changed_at > now - JUST)
    return tx.scalar(last.where(Registration.state.in_([one.value for one in OCCUPIES])).limit(1)) is not None


def lessons(windows: Mapping[str, Window]) -> list[Lesson]:
    """The regular dates of classes, by the title of the class."""
    return [
        _lesson(name, day.starts_at, day.minutes)
        for name, window in windows.items()
        for day in window.ahead
        if day.regular
    ]


def lessons_of(tx: Session, team_id: str, user_id: str, *, now: datetime) -> list[Lesson]:
    """What somebody is registered to by the week in any term. A date that was moved is in nobody's way."""
    wanted = (
        select(
            ClassType.name, WeeklyClass.weekday, WeeklyClass.minute, ClassDate.starts_at, ClassDate.minutes
        )
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .join(Registration, Registration.date_id == ClassDate.id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Registration.team_id == team_id, Registration.user_id == user_id, ClassDate.starts_at >= now)
        .where(Registration.state.in_([one.value for one in OCCUPIES]), Registration.make_up.is_(False))
        .where(ClassDate.state == DateState.PLANNED, ClassDate.was_at.is_(None), ClassDate.extra.is_(False))
        .order_by(ClassDate.starts_at)
    )
    return [
        _lesson(title(name, weekday, minute), starts_at, minutes)
        for name, weekday, minute, starts_at, minutes in tx.execute(wanted)
    ]


def _lesson(name: str, starts_at: datetime, minutes: int) -> Lesson:
    return Lesson(name, starts_at, starts_at + timedelta(minutes=minutes))
