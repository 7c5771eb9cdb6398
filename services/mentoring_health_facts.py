"""What the messages about meetings, health and the end of a program say."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.mentoring import Pairing, Stage
from domain.mentoring_health_facts import (
    CalendarEntry,
    CheckIn,
    Digest,
    Ending,
    HealthFacts,
    MeetingTold,
    Nudge,
)
from domain.mentoring_meetings import Entry
from domain.messages import Kind
from domain.schedule import zone_names
from domain.text import N_, say
from services import mentoring_health
from services.delivery import Skip, product_time
from services.mentoring import program_of, setup_of
from services.mentoring_readers import all_names, reader_of, stands, told, value
from store.core import PersonRow
from store.mentoring import Match, Meeting, MeetingWord, Mentoring, Participant
from store.outbox import Outbox

MATCH_OVER = N_("this match has ended")
MEETING_GONE = N_("this meeting does not exist any more")
ENDED = N_("this program has ended")


def _pair(tx: Session, row: Outbox, match_id: int) -> tuple[Match, Mentoring, dict[str, Any]] | Skip:
    """A match, its program's settings, and what all messages to one of its two say."""
    reader = reader_of(tx, row)
    match = tx.get(Match, match_id, populate_existing=True)
    if isinstance(reader, Skip):
        return reader
    if match is None or match.team_id != row.team_id:
        return Skip(MATCH_OVER)
    setup = setup_of(tx, row.team_id, match.program_id)
    mentee = tx.get_one(Participant, match.mentee_id)
    called = all_names(tx, row.team_id, [match.mentee_id, match.mentor_id])
    other = match.mentor_id if mentee.user_id == row.recipient else match.mentee_id
    return match, setup, {**told(tx, setup, row, [reader]), "other": called[other]}


def _meeting(tx: Session, row: Outbox) -> Meeting | None:
    wanted = select(Meeting).where(Meeting.team_id == row.team_id, Meeting.id == row.subject_id)
    return tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _zone_of(tx: Session, row: Outbox, otherwise: str) -> str:
    """The zone in which the reader lives."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    return person.tz if person and person.tz in zone_names() else otherwise


def meeting(tx: Session, row: Outbox) -> MeetingTold | Skip:
    """Tells one of the two of a meeting, in their own zone, and what can be done now."""
    found = _meeting(tx, row)
    if found is None:
        return Skip(MEETING_GONE)
    pair = _pair(tx, row, found.match_id)
    if isinstance(pair, Skip):
        return pair
    match, _, known = pair
    begun = found.state == "planned" and found.starts_at <= product_time(tx)
    if begun and not stands(row):
        return Skip(N_("its time has passed"))
    return MeetingTold(
        **known,
        starts_at=found.starts_at,
        minutes=found.minutes,
        zone=_zone_of(tx, row, found.zone),
        state="over" if begun else found.state,
        value=value(found.id, row),
        mine=found.created_by == row.recipient,
        moved=found.sequence > 0,
        ended=match.state != Pairing.ACTIVE,
    )


def check_in(tx: Session, row: Outbox) -> CheckIn | Skip:
    """Asks one of the two whether a session took place, and shows what they said."""
    found = _meeting(tx, row)
    if found is None or found.state == "cancelled":
        return Skip(MEETING_GONE)
    pair = _pair(tx, row, found.match_id)
    if isinstance(pair, Skip):
        return pair
    word = tx.get(MeetingWord, (row.team_id, found.id, row.recipient), populate_existing=True)
    earlier = select(func.count()).where(
        Meeting.team_id == row.team_id,
        Meeting.match_id == found.match_id,
        Meeting.state == "done",
        or_(
            Meeting.starts_at < found.starts_at,
            (Meeting.starts_at == found.starts_at) & (Meeting.id < found.id),
        ),
    )
    return CheckIn(
        **pair[2],
        starts_at=found.starts_at,
        zone=_zone_of(tx, row, found.zone),
        value=value(found.id, row),
        took_place=word.took_place if word else None,
        rating=word.rating if word else None,
        fit=word.fit if word else "",
        first=not tx.scalar(earlier),
    )


def nudge(tx: Session, row: Outbox) -> Nudge | Skip:
    """A word of an organizer to one of the two."""
    pair = _pair(tx, row, row.subject_id)
    if isinstance(pair, Skip):
        return pair
    match, _, known = pair
    if match.state != Pairing.ACTIVE and not stands(row):
        return Skip(MATCH_OVER)
    writer = tx.get(PersonRow, (row.team_id, str(row.params.get("by") or "")))
    return Nudge(
        **known,
        value=value(match.id, row),
        text=str(row.params.get("text") or ""),
        organizer=writer.name if writer else say("An organizer"),
    )


def calendar(tx: Session, row: Outbox) -> CalendarEntry | Skip:
    """A meeting as a file; an older version of it is not wanted any more."""
    found = _meeting(tx, row)
    if found is None:
        return Skip(MEETING_GONE)
    pair = _pair(tx, row, found.match_id)
    if isinstance(pair, Skip):
        return pair
    known = pair[2]
    entry = Entry(
        uid=f"mentoring-{found.id}.{row.team_id}@sessions",
        sequence=found.sequence,
        starts_at=found.starts_at,
        minutes=found.minutes,
        stamp=product_time(tx),
        cancelled=found.state == "cancelled",
    )
    return CalendarEntry(**known, entry=entry, zone=_zone_of(tx, row, found.zone))


def digest(tx: Session, row: Outbox) -> Digest | Skip:
    """The week of a program, counted when it is read."""
    reader, setup = reader_of(tx, row), setup_of(tx, row.team_id, row.subject_id)
    if isinstance(reader, Skip):
        return reader
    if setup.stage == Stage.ENDED and not stands(row):
        return Skip(ENDED)
    since, until = (datetime.fromisoformat(row.params[name]) for name in ("since", "until"))
    counts: dict[str, Any] = mentoring_health.week(tx, setup, since=since, until=until)
    return Digest(
        **told(tx, setup, row, [reader]),
        value=str(setup.program_id),
        zone=program_of(tx, setup).zone,
        since=since,
        until=until,
        views=dict(mentoring_health.views(tx, setup, now=product_time(tx))),
        **counts,
    )


def ending(tx: Session, row: Outbox) -> Ending | Skip:
    """Tells that a program ends; not any more once its date was changed."""
    reader, setup = reader_of(tx, row), setup_of(tx, row.team_id, row.subject_id)
    if isinstance(reader, Skip):
        return reader
    said = row.params.get("ends_on")
    if not stands(row) and setup.stage == Stage.ENDED:
        return Skip(ENDED)
    if not stands(row) and str(setup.ends_on) != said:
        return Skip(N_("the date was changed"))
    organizer = bool(row.params.get("organizer"))
    mine = (Match.team_id == row.team_id) & (Match.program_id == setup.program_id) & (Match.state == "active")
    known = told(tx, setup, row, [reader])
    day, zone = date.fromisoformat(str(said)), program_of(tx, setup).zone
    if organizer:
        count = tx.scalar(select(func.count()).select_from(Match).where(mine)) or 0
        return Ending(**known, ends_on=day, zone=zone, organizer=True, matches=count)
    others = _partners(tx, row)
    return Ending(**known, ends_on=day, zone=zone, others=others) if others else Skip(MATCH_OVER)


def _partners(tx: Session, row: Outbox) -> tuple[str, ...]:
    """With whom the reader is matched in a program now, by name."""
    mine = select(Participant.id).where(
        Participant.team_id == row.team_id,
        Participant.program_id == row.subject_id,
        Participant.user_id == row.recipient,
    )
    pairs = tx.execute(
        select(Match.mentee_id, Match.mentor_id).where(
            Match.team_id == row.team_id,
            Match.program_id == row.subject_id,
            Match.state == "active",
            or_(Match.mentee_id.in_(mine), Match.mentor_id.in_(mine)),
        )
    ).all()
    own = tx.scalar(mine)
    ids = {one for pair in pairs for one in pair if one != own}
    return tuple(sorted(all_names(tx, row.team_id, ids).values()))


LOADERS: dict[Kind, Callable[[Session, Outbox], HealthFacts | Skip]] = {
    Kind.MENTORING_MEETING: meeting,
    Kind.MENTORING_CHECK_IN: check_in,
    Kind.MENTORING_NUDGE: nudge,
    Kind.MENTORING_CALENDAR: calendar,
    Kind.MENTORING_DIGEST: digest,
    Kind.MENTORING_ENDS: ending,
}
