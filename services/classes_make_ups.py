"""What members choose from when they use a make-up lesson, and what a waitlist is of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from domain.classes import Attending, DateState, Done, NoSuchClass, NotYours
from domain.classes_dates import title
from domain.classes_mine import CreditUsed, Day
from domain.classes_weeks import no_room, week_of
from services import classes_credits
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Credit, Purchase, Registration
from store.database import Database


@dataclass(frozen=True)
class MyCredit:
    """An open make-up lesson: of which class type, and until when it can be used."""

    id: int
    purchase_id: int
    lessons: int  # a week
    user_id: str
    zone: str
    term_id: int
    type_id: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class MakeUps:
    """The dates that a make-up lesson can be used for, those that are full, and the zone of both."""

    free: tuple[Day, ...]
    full: tuple[Day, ...]
    zone: str


def make_ups(db: Database, team_id: str, user_id: str, registration_id: int, *, now: datetime) -> MakeUps:
    """What the lesson that a registration gave can be used for. Raises NotYours, and CreditUsed."""
    with db.reading() as tx:
        credit = credit_of(tx, team_id, user_id, registration_id)
        fits = [one.date_id for one in classes_credits.choices(tx, team_id, credit.id, now=now)]
        free = _days(tx, and_(ClassDate.team_id == team_id, ClassDate.id.in_(fits)))
        return MakeUps(tuple(free), tuple(_full_days(tx, team_id, credit, now)), credit.zone)


def use(
    db: Database, team_id: str, registration_id: int, date_id: int, *, user_id: str, now: datetime
) -> Done:
    """Use the lesson that a registration gave. Raises as ``classes_credits.use``, and CreditUsed."""
    with db.reading() as tx:
        credit = credit_of(tx, team_id, user_id, registration_id)
    return classes_credits.use(db, team_id, credit.id, date_id, user_id=user_id, now=now)


def credit_of(tx: Session, team_id: str, user_id: str, registration_id: int) -> MyCredit:
    """The make-up lesson that a registration gave. Raises NotYours, and CreditUsed."""
    row = tx.execute(
        select(Credit, Purchase, Term.zone, WeeklyClass.type_id)
        .join(Purchase, Purchase.id == Credit.purchase_id)
        .join(Term, Term.id == Purchase.term_id)
        .join(Registration, Registration.id == Credit.registration_id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .where(Credit.team_id == team_id, Credit.registration_id == registration_id)
        .where(Purchase.user_id == user_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotYours
    credit, one, zone, type_id = row
    if credit.state != "open":
        raise CreditUsed
    return MyCredit(
        credit.id, one.id, one.lessons, user_id, zone, one.term_id, type_id, one.from_at, one.until_at
    )


def _full_days(tx: Session, team_id: str, credit: MyCredit, now: datetime) -> list[Day]:
    """Dates that a make-up lesson could be used for if they had a place: their waitlists can be joined."""
    there = exists().where(
        Registration.date_id == ClassDate.id,
        Registration.user_id == credit.user_id,
        Registration.state.not_in([Attending.REMOVED.value, Attending.OFFERED.value]),
    )
    which = and_(
        ~there,
        ClassDate.team_id == team_id, ClassDate.term_id == credit.term_id,
        ClassDate.state == DateState.PLANNED.value, ClassDate.taken >= ClassDate.places,
        ClassDate.starts_at > now, ClassDate.starts_at >= credit.from_at,
        ClassDate.starts_at < credit.until_at, WeeklyClass.type_id == credit.type_id,
    )  # fmt: skip
    weeks = classes_credits.weeks_of(tx, credit.purchase_id, credit.zone)
    return [
        day for day in _days(tx, which)
        if no_room(credit.lessons, weeks.get(week_of(day.starts_at, credit.zone), ())) is None
    ]  # fmt: skip


def _days(tx: Session, which: ColumnElement[bool]) -> list[Day]:
    rows = tx.execute(
        select(ClassDate, WeeklyClass, ClassType.name)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(which)
        .order_by(ClassDate.starts_at, ClassDate.id)
        .limit(100)
    )
    return [
        Day(date.id, title(name, one.weekday, one.minute), date.starts_at, max(0, date.places - date.taken))
        for date, one, name in rows
    ]


def titled(db: Database, team_id: str, *, class_id: int = 0, date_id: int = 0) -> str:
    """What a class, or the class of a date, is called. Raises NoSuchClass."""
    wanted = select(WeeklyClass, ClassType.name).join(ClassType, ClassType.id == WeeklyClass.type_id)
    if date_id:
        wanted = wanted.join(ClassDate, ClassDate.class_id == WeeklyClass.id).where(ClassDate.id == date_id)
    else:
        wanted = wanted.where(WeeklyClass.id == class_id)
    with db.reading() as tx:
        row = tx.execute(wanted.where(WeeklyClass.team_id == team_id)).one_or_none()
    if row is None:
        raise NoSuchClass
    return title(row[1], row[0].weekday, row[0].minute)
