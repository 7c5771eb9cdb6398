"""Make-up lessons: one for each lesson that was skipped in time, or that the studio cancelled."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, Select, exists, literal, select, update
from sqlalchemy.orm import Session

from domain.classes import Attending, Bought, DateState, Done, NotYours
from domain.classes_dates import title
from domain.classes_weeks import no_room, week_of
from domain.errors import Refusal
from domain.messages import Kind
from domain.text import say
from services import classes_seats_kept
from services.classes import Held, changing, date_of, redraw
from store import queries
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Credit, Enrolment, Purchase, Registration
from store.database import Database

HERE_ALREADY = say("You are registered for this date already.")


class NoSuchCredit(Refusal):
    """This make-up lesson is not there any more."""


class CannotMakeUp(Refusal):
    """This make-up lesson cannot be used for this date."""


@dataclass(frozen=True)
class Choice:
    """A date that a make-up lesson can be used for now."""

    date_id: int
    class_id: int
    starts_at: datetime
    left: int  # places


@dataclass(frozen=True)
class Lesson:
    """A make-up lesson with what decides about its use. *weeks*: what a week already has, by ISO week."""

    credit: Credit
    enrolment_id: int
    purchase: Purchase
    type_id: int
    zone: str
    weeks: Mapping[tuple[int, int], Sequence[Attending]]


# --- Given and taken back ------------------------------------------------------------------------------


def give(held: Held, registration_ids: Collection[int], why: str) -> int:
    """Give one make-up lesson for each of these registrations, once; how many were new.

    *why* is "skipped", "cancelled" or "no_place". A make-up lesson's own registration gives its lesson back.
    """
    held.tx.flush()
    new, ids = 0, sorted(registration_ids)
    for at in range(0, len(ids), queries.CHUNK):
        rows = (
            select(literal(held.team_id), Enrolment.purchase_id, Registration.id, literal("open"),
                   literal(why), literal(held.now, Credit.created_at.type))
            .join(Enrolment, Enrolment.id == Registration.enrolment_id)
            .where(Registration.team_id == held.team_id, Registration.id.in_(ids[at : at + queries.CHUNK]))
        )  # fmt: skip
        columns = ["team_id", "purchase_id", "registration_id", "state", "why", "created_at"]
        insert = queries.insert_into(held.tx, Credit).from_select(columns, rows)
        again = insert.on_conflict_do_update(
            index_elements=["registration_id"],
            set_={name: getattr(insert.excluded, name) for name in ("state", "why", "created_at")},
            where=Credit.state == "void",
        )
        new += len(held.tx.execute(again.returning(Credit.id)).all())
    return new


def take_back(held: Held, registration_ids: Collection[int]) -> Collection[int]:
    """The registrations stand again: their make-up lessons are void. Those whose lesson was used already."""
    held.tx.flush()
    used, ids = list[int](), sorted(registration_ids)
    for at in range(0, len(ids), queries.CHUNK):
        mine = Credit.registration_id.in_(ids[at : at + queries.CHUNK])
        held.tx.execute(
            update(Credit).where(mine, Credit.state == "open").values(state="void"),
            execution_options={"synchronize_session": False},
        )
        used += held.tx.scalars(select(Credit.registration_id).where(mine, Credit.state == "used"))
    return used


# --- Used ----------------------------------------------------------------------------------------------


def use(db: Database, team_id: str, credit_id: int, date_id: int, *, user_id: str, now: datetime) -> Done:
    """[Use Make-up]: register somebody to one date; Done.id is the registration.

    Raises NotYours, NoSuchDate, and Refusals by 4.4: another type, outside the window, no place, a full week.
    """
    with db.reading() as tx:
        term_id = _lesson(tx, team_id, credit_id).purchase.term_id
    with changing(db, team_id, term_id, now=now, by=user_id) as held:
        one = _lesson(held.tx, team_id, credit_id)
        if one.purchase.user_id != user_id:
            raise NotYours
        if one.credit.state == "used":
            return Done(False, say("This make-up lesson was used already."), one.credit.used_id or 0)
        return Done(True, id=use_in(held, one, date_of(held, date_id)))


def use_in(held: Held, one: Lesson, date: ClassDate) -> int:
    """Use an open make-up lesson for a date of this term; the registration. Raises as ``use``."""
    why = why_not(held, one, date)
    if why:
        raise CannotMakeUp(why)
    found = classes_seats_kept.make_up(held, one.enrolment_id, date.id, one.purchase.user_id)
    if not found:
        raise CannotMakeUp(HERE_ALREADY)
    one.credit.state, one.credit.used_id = "used", found
    held.note("make-up used", subject=f"registration {found}", credit=one.credit.id)
    redraw(held, [Kind.CLASSES_DATE, Kind.CLASSES_REMINDER], [one.credit.registration_id])
    held.tx.flush()
    return found


def why_not(held: Held, one: Lesson, date: ClassDate) -> str:
    """Why a make-up lesson cannot be used for a date; "" if it can."""
    if one.credit.state != "open" or one.purchase.state != Bought.ACTIVE:
        return say("This make-up lesson cannot be used any more.")
    weekly = held.tx.get_one(WeeklyClass, date.class_id)
    why = _not_for_it(held, one, date, weekly)
    full_week = no_room(one.purchase.lessons, one.weeks.get(week_of(date.starts_at, one.zone), ()))
    if why or full_week:
        return why or full_week or ""
    if date.taken >= date.places:
        called = title(held.tx.get_one(ClassType, weekly.type_id).name, weekly.weekday, weekly.minute)
        return say("{class_} is full. Choose another class or join its waitlist.", class_=called)
    return ""


def _not_for_it(held: Held, one: Lesson, date: ClassDate, weekly: WeeklyClass) -> str:
    if date.state == DateState.CANCELLED:
        return say("This date is cancelled.")
    if date.starts_at <= held.now:
        return say("This class has begun.")
    if weekly.type_id != one.type_id:
        return say("A make-up lesson is for a class of the same type.")
    if not one.purchase.from_at <= date.starts_at < one.purchase.until_at:
        return say("This date lies outside the time of your membership.")
    there = held.tx.scalar(select(_is_there(one.purchase.user_id, date.id)))
    return HERE_ALREADY if there else ""


def choices(
    tx: Session, team_id: str, credit_id: int, *, now: datetime, limit: int = 100
) -> Sequence[Choice]:
    """The dates that a make-up lesson can be used for, the next first: same type, window, place and week."""
    one = _lesson(tx, team_id, credit_id)
    if one.credit.state != "open" or one.purchase.state != Bought.ACTIVE:
        return []
    rows = tx.execute(
        select(ClassDate.id, ClassDate.class_id, ClassDate.starts_at, ClassDate.places - ClassDate.taken)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .where(
            ClassDate.term_id == one.purchase.term_id, ClassDate.state == DateState.PLANNED.value,
            ClassDate.starts_at > now, ClassDate.starts_at >= one.purchase.from_at,
            ClassDate.starts_at < one.purchase.until_at, ClassDate.taken < ClassDate.places,
            WeeklyClass.type_id == one.type_id, ~_is_there(one.purchase.user_id, ClassDate.id),
        )
        .order_by(ClassDate.starts_at, ClassDate.id)
    )  # fmt: skip
    lessons = one.purchase.lessons
    found = [Choice(*row) for row in rows]
    fits = [each for each in found
            if no_room(lessons, one.weeks.get(week_of(each.starts_at, one.zone), ())) is None]  # fmt: skip
    return fits[:limit]


def _is_there(user_id: object, date_id: object) -> Exists:
    """Whether somebody has a part in a date, or had one that they may have back by [Undo Skip]."""
    return exists().where(
        Registration.date_id == date_id,
        Registration.user_id == user_id,
        Registration.state.not_in([Attending.REMOVED.value, Attending.OFFERED.value]),
    )


# --- Looked up -----------------------------------------------------------------------------------------


def open_for(held: Held, user_id: str, date: ClassDate) -> Lesson | None:
    """A make-up lesson that somebody can use for a date, the oldest; else one that says why not."""
    wanted = eligible(held.team_id, user_id).where(ClassDate.id == date.id).order_by(Credit.id)
    found = [_lesson(held.tx, held.team_id, one) for one in held.tx.scalars(wanted)]
    good = (one for one in found if not why_not(held, one, date))
    return next(good, found[0] if found else None)


def eligible(team_id: str, user_id: object) -> Select[int]:
    """Open make-up lessons of somebody for a ``ClassDate``: of its type, and in their window."""
    missed = ClassDate.__table__.alias("missed")
    mine, theirs = WeeklyClass.__table__.alias("mine"), WeeklyClass.__table__.alias("theirs")
    return (
        select(Credit.id)
        .join(Purchase, Purchase.id == Credit.purchase_id)
        .join(Registration, Registration.id == Credit.registration_id)
        .join(missed, missed.c.id == Registration.date_id)
        .join(mine, mine.c.id == missed.c.class_id)
        .join(theirs, theirs.c.type_id == mine.c.type_id)
        .where(
            Credit.team_id == team_id, Credit.state == "open", Purchase.user_id == user_id,
            Purchase.state == Bought.ACTIVE.value, theirs.c.id == ClassDate.class_id,
            Purchase.from_at <= ClassDate.starts_at, ClassDate.starts_at < Purchase.until_at,
        )
    )  # fmt: skip


def _lesson(tx: Session, team_id: str, credit_id: int) -> Lesson:
    tx.flush()
    row = tx.execute(
        select(Credit, Registration.enrolment_id, Purchase, WeeklyClass.type_id, Term.zone)
        .join(Registration, Registration.id == Credit.registration_id)
        .join(Purchase, Purchase.id == Credit.purchase_id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(Term, Term.id == Purchase.term_id)
        .where(Credit.team_id == team_id, Credit.id == credit_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchCredit
    return Lesson(row[0], row[1] or 0, row[2], row[3], row[4], weeks_of(tx, row[2].id, row[4]))


def weeks_of(tx: Session, purchase_id: int, zone: str) -> Mapping[tuple[int, int], Sequence[Attending]]:
    """What stands in each week of a purchase."""
    found: dict[tuple[int, int], list[Attending]] = defaultdict(list)
    for at, state in tx.execute(
        select(ClassDate.starts_at, Registration.state)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .where(Enrolment.purchase_id == purchase_id)
    ):
        found[week_of(at, zone)].append(Attending(state))
    return found
