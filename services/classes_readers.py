"""What messages of classes need to know: what they are about as it is now, and who reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.billing import Amount
from domain.classes import Attending
from domain.classes_dates import title
from domain.text import N_, Said
from services.delivery import Skip, product_time
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from store.core import PersonRow
from store.outbox import Outbox

GONE = N_("it does not exist any more")
DEACTIVATED = N_("deactivated")
CHANGED = N_("changed meanwhile")
BEGUN = N_("the class has begun")
SETTLED = N_("settled meanwhile")


@dataclass(frozen=True)
class Bought:
    """A purchase and its term."""

    one: Purchase
    term: Term


@dataclass(frozen=True)
class Day:
    """A date of a class, with what the class is called."""

    date: ClassDate
    weekly: WeeklyClass
    type_name: str
    term: Term

    @property
    def title(self) -> Said:
        """ "Yoga · Tue 18:00"."""
        return title(self.type_name, self.weekly.weekday, self.weekly.minute)


def stands(row: Outbox) -> bool:
    """Whether a message is drawn anew where it stands; otherwise it is about to be sent."""
    return row.ts is not None


def number_of(row: Outbox) -> int:
    """The number at the end of a message's key: the sequence or the round that it tells of."""
    last = row.key.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def instant_in(row: Outbox, name: str) -> datetime | None:
    """An instant of a message's params."""
    found = row.params.get(name)
    told = datetime.fromisoformat(str(found)) if found else None
    return told.replace(tzinfo=UTC) if told and told.tzinfo is None else told


def number_in(row: Outbox, name: str) -> int:
    """A whole number of a message's params, 0 where there is none."""
    found = row.params.get(name)
    return int(found) if isinstance(found, int | str) and str(found).lstrip("-").isdecimal() else 0


def amount_in(row: Outbox, name: str) -> Amount | None:
    """An amount of a message's params: its minor units and its currency."""
    found = row.params.get(name)
    if not isinstance(found, list) or not found or not found[0]:
        return None
    return Amount(int(found[0]), str(found[1]))


def head(tx: Session, row: Outbox, term: Term | None, subject: object = 0) -> dict[str, Any] | Skip:
    """What every message begins with, for ``ToPerson``; *subject* is what its buttons are about."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is None or person.deleted:
        return Skip(DEACTIVATED)
    zone = term.zone if term is not None else person.tz or "Etc/UTC"
    return {
        "zone": zone,
        "reader_zone": person.tz or zone,
        "locale": person.locale,
        "value": f"{subject or row.subject_id}.{row.id}",
        "again": row.repeated and not stands(row),
    }


def name_of(tx: Session, team_id: str, user_id: str) -> str:
    """What somebody is called; whoever had their data erased has no name any more."""
    person = tx.get(PersonRow, (team_id, user_id)) if user_id else None
    return person.name if person else ""


# --- Rows, as they are now ------------------------------------------------------------------------------


def bought(tx: Session, row: Outbox, purchase_id: int) -> Bought | None:
    """A purchase of the message's workspace."""
    wanted = (
        select(Purchase, Term)
        .join(Term, Term.id == Purchase.term_id)
        .where(Purchase.team_id == row.team_id, Purchase.id == purchase_id)
    )
    found = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    return Bought(found[0], found[1]) if found else None


def day(tx: Session, row: Outbox, date_id: int) -> Day | None:
    """A date of the message's workspace."""
    wanted = _days().where(ClassDate.team_id == row.team_id, ClassDate.id == date_id)
    found = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    return Day(found[0], found[1], found[2], found[3]) if found else None


def registered(tx: Session, row: Outbox, registration_id: int) -> tuple[Registration, Day] | None:
    """A registration of the message's workspace, and its date."""
    wanted = select(Registration).where(
        Registration.team_id == row.team_id, Registration.id == registration_id
    )
    found = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    on = day(tx, row, found.date_id) if found else None
    return (found, on) if found and on else None


def _days() -> Select[ClassDate, WeeklyClass, str, Term]:
    return (
        select(ClassDate, WeeklyClass, ClassType.name, Term)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .join(Term, Term.id == ClassDate.term_id)
    )


def class_title(tx: Session, team_id: str, class_id: int) -> Said | None:
    """What a class is called."""
    found = tx.execute(
        select(ClassType.name, WeeklyClass.weekday, WeeklyClass.minute)
        .join(WeeklyClass, WeeklyClass.type_id == ClassType.id)
        .where(WeeklyClass.team_id == team_id, WeeklyClass.id == class_id)
    ).one_or_none()
    return title(found[0], found[1], found[2]) if found else None


def kept_titles(tx: Session, waiting_id: int) -> tuple[Said, ...]:
    """What the classes are called that somebody on a waitlist is offered, in the order of the week."""
    rows = tx.execute(
        select(ClassType.name, WeeklyClass.weekday, WeeklyClass.minute)
        .join(WeeklyClass, WeeklyClass.type_id == ClassType.id)
        .join(ClassDate, ClassDate.class_id == WeeklyClass.id)
        .join(Registration, Registration.date_id == ClassDate.id)
        .where(Registration.waiting_id == waiting_id, Registration.state == Attending.OFFERED.value)
        .group_by(WeeklyClass.id, ClassType.name, WeeklyClass.weekday, WeeklyClass.minute)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    )
    return tuple(title(name, weekday, minute) for name, weekday, minute in rows)


def titles(tx: Session, purchase_id: int) -> tuple[Said, ...]:
    """What the classes of a purchase are called, in the order of the week; all of one that has none left."""
    rows = tx.execute(
        select(ClassType.name, WeeklyClass.weekday, WeeklyClass.minute, Enrolment.ended_at)
        .join(WeeklyClass, WeeklyClass.type_id == ClassType.id)
        .join(Enrolment, Enrolment.class_id == WeeklyClass.id)
        .where(Enrolment.purchase_id == purchase_id)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, WeeklyClass.id)
    ).all()
    left = [one for one in rows if one[3] is None]
    return tuple(title(one[0], one[1], one[2]) for one in left or rows)


def begun(tx: Session, at: datetime) -> bool:
    """Whether an instant has come."""
    return product_time(tx) >= at
