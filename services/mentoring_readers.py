"""What every message of mentoring needs to know: its program, and who reads it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.mentoring import Taking
from domain.people import common_locale
from domain.text import N_, say
from services.delivery import Skip
from services.mentoring import program_of
from store import queries
from store.core import PersonRow
from store.mentoring import Mentoring, Participant, Request
from store.outbox import Outbox

GONE = N_("this request does not exist any more")
LEFT = N_("does not take part any more")


def stands(row: Outbox) -> bool:
    """Whether a message is drawn anew where it stands; otherwise it is about to be sent."""
    return row.ts is not None


def reader_of(tx: Session, row: Outbox) -> PersonRow | Skip:
    """Whoever gets the message, if they are still here."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is None or person.deleted:
        return Skip(N_("deactivated"))
    return person


def told(tx: Session, setup: Mentoring, row: Outbox, readers: Iterable[PersonRow]) -> dict[str, Any]:
    """The fields that all facts have: ``domain.mentoring_facts.Told``."""
    program = program_of(tx, setup)
    return {
        "program": program.name,
        "locale": common_locale([one.locale for one in readers]),
        "again": row.repeated and not stands(row),
        "texts": program.texts,
    }


def value(subject: object, row: Outbox) -> str:
    """What a button carries: what it is about, and the message that it is part of."""
    return f"{subject}.{row.id}"


def names(tx: Session, team_id: str, people: Iterable[Participant]) -> dict[int, str]:
    """What participants are called, by their ids, in one statement."""
    wanted = {one.id: one.user_id for one in people}
    found = queries.people_by_id(tx, team_id, set(wanted.values()))
    return {
        one: found[user_id].name if user_id in found else say("Somebody") for one, user_id in wanted.items()
    }


def all_names(tx: Session, team_id: str, ids: Iterable[int]) -> dict[int, str]:
    """The same, of ids alone."""
    rows = tx.scalars(
        select(Participant).where(Participant.team_id == team_id, Participant.id.in_(sorted(set(ids))))
    )
    return names(tx, team_id, rows)


def request_of(tx: Session, row: Outbox, request_id: int) -> Request | None:
    """A request of this workspace as it is now."""
    wanted = select(Request).where(Request.team_id == row.team_id, Request.id == request_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def here(who: Participant) -> bool:
    """Whether somebody still takes part."""
    return who.state != Taking.LEFT


def day_of(instant: datetime | None, zone: str) -> date | None:
    """The local day of an instant."""
    return instant.astimezone(ZoneInfo(zone)).date() if instant else None


def last_day(until: datetime | None, zone: str) -> date | None:
    """The last local day before an instant that is itself too late."""
    return day_of(until - timedelta(microseconds=1) if until else None, zone)
