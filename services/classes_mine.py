"""A member's own memberships, dates and waitlists, in a fixed number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.billing import Amount
from domain.classes import LISTED, LIVE, Attending, Bought, DateState, Plan, Queue
from domain.classes_board import PER_PAGE
from domain.classes_dates import title
from domain.classes_mine import (
    MOST_MINE,
    MOST_WAITING,
    Mine,
    MyClass,
    MyDate,
    MyWait,
    Opened,
)
from services import classes_billing
from services.cards import zone_of
from services.delivery import reach
from services.outside import Reach
from store import queries
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Credit, Enrolment, Membership, Purchase, Registration, Waiting
from store.database import Database

AHEAD = (Attending.HELD.value, Attending.REGISTERED.value, Attending.ON_HOLD.value)
UNSEEN = (Attending.REMOVED.value, Attending.OFFERED.value)


def all_of(tx: Session, team_id: str, user_id: str, *, now: datetime) -> tuple[list[Mine], int]:
    """What somebody has or asked for, and how many more of it there are than can be shown."""
    live = [one.value for one in LIVE]
    where = (Purchase.team_id == team_id, Purchase.user_id == user_id, Purchase.state.in_(live))
    count = tx.scalar(select(func.count()).select_from(Purchase).where(*where)) or 0
    rows = tx.execute(
        select(Purchase, Term)
        .join(Term, Term.id == Purchase.term_id)
        .where(*where)
        .order_by(Purchase.from_at, Purchase.id)
        .limit(MOST_MINE)
        .execution_options(populate_existing=True)
    ).all()
    return mine(tx, team_id, [(row[0], row[1]) for row in rows], now=now), max(0, count - MOST_MINE)


def one_of(tx: Session, team_id: str, user_id: str, purchase_id: int, *, now: datetime) -> Mine | None:
    """One of them, whatever its state; None where it is not there, or is not theirs."""
    wanted = select(Purchase, Term).join(Term, Term.id == Purchase.term_id)
    row = tx.execute(
        wanted.where(
            Purchase.team_id == team_id, Purchase.id == purchase_id, Purchase.user_id == user_id
        ).execution_options(populate_existing=True)
    ).one_or_none()
    return mine(tx, team_id, [(row[0], row[1])], now=now)[0] if row else None


def theirs(
    db: Database, team_id: str, user_id: str, purchase_id: int, *, now: datetime, found: Reach
) -> Mine | None:
    """The same for a door; *found* is the reach of this installation."""
    with db.reading() as tx:
        tx.info["reach"] = found
        return one_of(tx, team_id, user_id, purchase_id, now=now)


def mine(tx: Session, team_id: str, found: Sequence[tuple[Purchase, Term]], *, now: datetime) -> list[Mine]:
    """These purchases, as their members see them."""
    ids = [one.id for one, _ in found]
    classes, ahead = _classes(tx, team_id, ids), _ahead(tx, ids, now)
    money, open_credits = classes_billing.money_of(tx, ids), _credits(tx, ids)
    zones = {one.user_id: zone_of(tx, team_id, one.user_id) for one, _ in found}
    return [
        Mine(
            one.id, one.membership_id, one.name, term.name, term.zone, Bought(one.state), Plan(one.plan),
            tuple(classes.get(one.id, ())), *ahead.get(one.id, (0, None)),
            hold_until=one.hold_until,
            kept_until=one.kept_until,
            due=Amount(money[one.id].due, one.currency) if one.id in money and money[one.id].due else None,
            pay_link=classes_billing.pay_link(tx, reach(tx), one) if _to_pay(one) else "",
            stopped=one.stopped_at is not None,
            credits=tuple(open_credits.get(one.id, ())),
            reader_zone=zones[one.user_id],
        )
        for one, term in found
    ]  # fmt: skip


def _to_pay(one: Purchase) -> bool:
    return one.state in (Bought.AWAITING_PAYMENT, Bought.ACTIVE, Bought.SUSPENDED)


def _classes(tx: Session, team_id: str, ids: Collection[int]) -> Mapping[int, list[MyClass]]:
    rows = tx.execute(
        select(Enrolment.purchase_id, ClassType.name, WeeklyClass)
        .join(WeeklyClass, WeeklyClass.id == Enrolment.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(Enrolment.purchase_id.in_(ids), Enrolment.ended_at.is_(None))
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    ).all()
    people = queries.people_by_id(tx, team_id, {row[2].teacher_id for row in rows if row[2].teacher_id})
    found: dict[int, list[MyClass]] = {}
    for purchase_id, name, one in rows:
        teacher = people[one.teacher_id].name if one.teacher_id in people else ""
        called = title(name, one.weekday, one.minute)
        found.setdefault(purchase_id, []).append(MyClass(called, teacher, one.place))
    return found


def _ahead(tx: Session, ids: Collection[int], now: datetime) -> Mapping[int, tuple[int, datetime | None]]:
    """How many dates each has ahead, and when the next one is."""
    rows = tx.execute(
        select(Enrolment.purchase_id, func.count(), func.min(ClassDate.starts_at))
        .join(Registration, Registration.enrolment_id == Enrolment.id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .where(
            Enrolment.purchase_id.in_(ids), Registration.state.in_(AHEAD), ClassDate.starts_at > now,
            ClassDate.state == DateState.PLANNED.value,
        )
        .group_by(Enrolment.purchase_id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def _credits(tx: Session, ids: Collection[int]) -> Mapping[int, list[int]]:
    rows = tx.execute(
        select(Credit.purchase_id, Credit.registration_id)
        .where(Credit.purchase_id.in_(ids), Credit.state == "open")
        .order_by(Credit.id)
    )
    return _grouped((row[0], row[1]) for row in rows)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


# --- The dates of one of them --------------------------------------------------------------------------


def opened(
    tx: Session, team_id: str, user_id: str, purchase_id: int, page: int, *, now: datetime
) -> tuple[Opened, int, int] | None:
    """A membership with a page of its dates, which page it is, and how many there are; None if not theirs.

    Those ahead first, the next one on top; then those that are past, the newest first.
    """
    found = one_of(tx, team_id, user_id, purchase_id, now=now)
    if found is None:
        return None
    wanted = _dates(Enrolment.purchase_id == purchase_id)
    count = tx.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-count // PER_PAGE))
    at = min(max(page, 0), pages - 1)
    past = ClassDate.starts_at <= now
    ahead = case((ClassDate.starts_at > now, ClassDate.starts_at))
    order = (past, ahead, ClassDate.starts_at.desc(), Registration.id)
    rows = tx.execute(wanted.order_by(*order).limit(PER_PAGE).offset(at * PER_PAGE)).all()
    return Opened(found, tuple(_date(*row, now=now) for row in rows)), at, pages


def _dates(which: ColumnElement[bool]) -> Any:
    return (
        select(Registration, ClassDate, WeeklyClass, ClassType.name, Credit.state)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .outerjoin(Credit, Credit.registration_id == Registration.id)
        .where(which, Registration.state.not_in(UNSEEN))
        .execution_options(populate_existing=True)
    )


def _date(
    one: Registration, date: ClassDate, weekly: WeeklyClass, name: str, credit: str | None, *, now: datetime
) -> MyDate:
    return MyDate(
        one.id, title(name, weekly.weekday, weekly.minute), date.starts_at, date.minutes, weekly.place,
        Attending(one.state), DateState(date.state), one.make_up, credit or "", date.was_at,
        over=date.starts_at <= now, full=date.taken >= date.places,
    )  # fmt: skip


# --- What they wait for --------------------------------------------------------------------------------


def waits(tx: Session, team_id: str, user_id: str) -> list[MyWait]:
    """What somebody waits for, or was offered, with their place in each list."""
    listed = [one.value for one in LISTED]
    other, reader_zone = aliased(Waiting), zone_of(tx, team_id, user_id)
    same = or_(
        and_(Waiting.date_id.is_not(None), other.date_id == Waiting.date_id),
        and_(Waiting.date_id.is_(None), other.date_id.is_(None), other.class_id == Waiting.class_id),
        and_(Waiting.date_id.is_(None), Waiting.class_id.is_(None), other.date_id.is_(None),
             other.class_id.is_(None), other.membership_id == Waiting.membership_id),
    )  # fmt: skip
    before = (
        select(func.count())
        .select_from(other)
        .where(other.state.in_(listed), same)
        .where(or_(other.rank < Waiting.rank, and_(other.rank == Waiting.rank, other.id < Waiting.id)))
        .correlate(Waiting)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(Waiting, before, Term.zone, ClassDate.starts_at, WeeklyClass, ClassType.name, Membership.name)
        .join(Term, Term.id == Waiting.term_id)
        .outerjoin(ClassDate, ClassDate.id == Waiting.date_id)
        .outerjoin(WeeklyClass, WeeklyClass.id == func.coalesce(Waiting.class_id, ClassDate.class_id))
        .outerjoin(ClassType, ClassType.id == WeeklyClass.type_id)
        .outerjoin(Membership, Membership.id == Waiting.membership_id)
        .where(Waiting.team_id == team_id, Waiting.user_id == user_id)
        .where(Waiting.state.in_(listed))
        .order_by(Waiting.state == Queue.WAITING.value, Waiting.joined_at, Waiting.id)
        .limit(MOST_WAITING)
        .execution_options(populate_existing=True)
    ).all()
    return [
        MyWait(
            one.id, title(name, weekly.weekday, weekly.minute) if weekly else membership or "", zone,
            Queue(one.state), nth + 1, starts_at, one.offer_until, reader_zone,
        )
        for one, nth, zone, starts_at, weekly, name, membership in rows
    ]  # fmt: skip


def waits_for(db: Database, team_id: str, user_id: str, waiting_id: int) -> bool:
    """Whether it is theirs."""
    theirs = (Waiting.team_id == team_id, Waiting.id == waiting_id, Waiting.user_id == user_id)
    with db.reading() as tx:
        return tx.scalar(select(Waiting.id).where(*theirs)) is not None
