"""Meetings of a match: proposed, moved, logged and cancelled by its two people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain import mentoring_meetings as rules
from domain.mentoring import Done, NotOfThisMatch, Pairing, Press
from domain.mentoring_meetings import MatchOver, MeetingForm, MeetingOver, NoSuchMeeting
from domain.messages import Kind
from services.mentoring import Held, hold, pressed, redraw, tell, untouched
from services.mentoring_matches import both, one, program_of_match
from services.owing import Owed, owe
from store import queries
from store.database import Database
from store.mentoring import Match, Meeting, MeetingWord, Participant
from store.outbox import Outbox

QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Ours:
    """A match that one of its two people does something with."""

    held: Held
    match: Match
    two: tuple[Participant, Participant]

    @property
    def other(self) -> Participant:
        """Who did not do it."""
        mentee, mentor = self.two
        return mentor if mentee.user_id == self.held.by else mentee


@contextmanager
def ours(db: Database, team_id: str, match_id: int, press: Press, *, now: datetime) -> Iterator[Ours]:
    """A match in a transaction of its own, for one of its two. Raises NoSuchMatch and NotOfThisMatch."""
    program_id = program_of_match(db, team_id, match_id)
    with db.transaction() as tx:
        pressed(tx, db, team_id, press)
        held = Held(tx, db, hold(tx, team_id, program_id), now, press.user_id)
        match = one(held, match_id)
        two = both(held, match)
        if press.user_id not in {who.user_id for who in two}:
            raise NotOfThisMatch
        yield Ours(held, match, two)


def match_of(db: Database, team_id: str, meeting_id: int) -> int:
    """The match that a meeting belongs to. Raises NoSuchMeeting."""
    with db.reading() as tx:
        found = tx.scalar(
            select(Meeting.match_id).where(Meeting.team_id == team_id, Meeting.id == meeting_id)
        )
    if found is None:
        raise NoSuchMeeting
    return found


def meeting(held: Held, meeting_id: int) -> Meeting:
    """A meeting as it is now."""
    return held.tx.get_one(Meeting, meeting_id, populate_existing=True)


def propose(
    db: Database, team_id: str, match_id: int, form: MeetingForm, *, actor: str, key: str, now: datetime
) -> Done:
    """[Propose a Time]: it stands unless it is cancelled, and both are told.

    Saying it twice with one *key* proposes it once. Raises FieldRefusal, MatchOver, NotOfThisMatch and
    NoSuchMatch.
    """
    starts_at = rules.ahead(form, now)
    with ours(db, team_id, match_id, Press(actor), now=now) as found:
        held = found.held
        if found.match.state != Pairing.ACTIVE:
            raise MatchOver
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("planned")
        row = _add(found, starts_at, form)
        held.note(f"match {match_id}", "meeting.planned", meeting=row.id)
        for who in found.two:
            tell(held, Kind.MENTORING_MEETING, row.id, who.user_id, f"meeting-{row.id}-0-{who.user_id}")
        return Done(changed=True, state="planned", told=2, at=starts_at)


def _add(found: Ours, starts_at: datetime, form: MeetingForm) -> Meeting:
    held = found.held
    row = Meeting(
        team_id=held.team_id, match_id=found.match.id, starts_at=starts_at, minutes=form.minutes,
        zone=form.zone, created_by=held.by, created_at=held.now, sequence=0, state="planned",
    )  # fmt: skip
    held.tx.add(row)
    held.tx.flush()
    return row


def log(
    db: Database, team_id: str, match_id: int, form: MeetingForm, *, actor: str, key: str, now: datetime
) -> Done:
    """[Log a Session]: it counts at once, as the logger's Yes; both are asked how it was.

    Saying it twice with one *key* logs it once. Raises what ``propose`` does.
    """
    starts_at = rules.past(form, now)
    with ours(db, team_id, match_id, Press(actor), now=now) as found:
        held = found.held
        if found.match.state != Pairing.ACTIVE:
            raise MatchOver
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("done")
        row = _add(found, starts_at, form)
        row.state, row.asked_at = "done", now
        held.tx.add(MeetingWord(team_id=team_id, meeting_id=row.id, user_id=actor, took_place=True, fit=""))
        held.tx.flush()
        held.note(f"match {match_id}", "meeting.logged", meeting=row.id)
        for who in found.two:
            tell(held, Kind.MENTORING_CHECK_IN, row.id, who.user_id, f"check-in-{row.id}-{who.user_id}")
        return Done(changed=True, state="done", told=2, at=starts_at)


def move(
    db: Database, team_id: str, meeting_id: int, form: MeetingForm, *, actor: str, key: str, now: datetime
) -> Done:
    """[Propose another time] for a meeting that lies ahead: its calendar entry gets a new version.

    Raises FieldRefusal, MeetingOver, NotOfThisMatch and NoSuchMeeting.
    """
    starts_at = rules.ahead(form, now)
    with ours(db, team_id, match_of(db, team_id, meeting_id), Press(actor), now=now) as found:
        held = found.held
        if not queries.first_time(held.tx, team_id, key, now=now):
            return untouched("planned")
        values = {
            "starts_at": starts_at,
            "minutes": form.minutes,
            "zone": form.zone,
            "created_by": actor,
            "sequence": Meeting.sequence + 1,
        }
        if not _change(held, meeting_id, **values):
            raise MeetingOver
        _tell_other(found, meeting_id, "meeting.moved")
        return Done(changed=True, state="planned", told=1, at=starts_at)


def cancel(db: Database, team_id: str, meeting_id: int, press: Press, *, now: datetime) -> Done:
    """[Cancel] a meeting that lies ahead; the other one is told. Raises NotOfThisMatch and NoSuchMeeting."""
    with ours(db, team_id, match_of(db, team_id, meeting_id), press, now=now) as found:
        held = found.held
        values = {"state": "cancelled", "created_by": press.user_id, "sequence": Meeting.sequence + 1}
        if not _change(held, meeting_id, **values):
            redraw(held, [Kind.MENTORING_MEETING], [meeting_id], press)
            return untouched(meeting(held, meeting_id).state)
        _tell_other(found, meeting_id, "meeting.cancelled", press)
        return Done(changed=True, state="cancelled", told=1)


def _change(held: Held, meeting_id: int, **values: object) -> bool:
    """Change a meeting that is planned and lies ahead; False if there is none."""
    step = (
        update(Meeting)
        .where(Meeting.team_id == held.team_id, Meeting.id == meeting_id)
        .where(Meeting.state == "planned", Meeting.starts_at > held.now)
        .values(**values)
        .returning(Meeting.id)
    )
    return held.tx.execute(step, execution_options=QUIET).first() is not None


def _tell_other(found: Ours, meeting_id: int, action: str, press: Press | None = None) -> None:
    held, who = found.held, found.other
    sequence = meeting(held, meeting_id).sequence
    held.note(f"match {found.match.id}", action, meeting=meeting_id)
    redraw(held, [Kind.MENTORING_MEETING], [meeting_id], press)
    tell(
        held,
        Kind.MENTORING_MEETING,
        meeting_id,
        who.user_id,
        f"meeting-{meeting_id}-{sequence}-{who.user_id}",
    )
    _renew_entries(held, [meeting_id])


def cancel_all(held: Held, match: Match) -> int:
    """Call off the meetings of a match that lie ahead; how many. Their calendar entries get a new version."""
    ahead = (
        update(Meeting)
        .where(Meeting.team_id == match.team_id, Meeting.match_id == match.id)
        .where(Meeting.state == "planned", Meeting.starts_at > held.now)
        .values(state="cancelled", sequence=Meeting.sequence + 1)
        .returning(Meeting.id)
    )
    gone = held.tx.scalars(ahead, execution_options=QUIET).all()
    redraw_all(held, match)
    _renew_entries(held, gone)
    return len(gone)


def redraw_all(held: Held, match: Match) -> None:
    """What was told of the meetings of a match is drawn as it stands: the match has ended, or goes on."""
    mine = (Meeting.team_id == match.team_id) & (Meeting.match_id == match.id)
    redraw(held, [Kind.MENTORING_MEETING], held.tx.scalars(select(Meeting.id).where(mine)).all())


# --- Calendar entries ----------------------------------------------------------------------------------


def want_entry(db: Database, team_id: str, meeting_id: int, press: Press, *, now: datetime) -> Done:
    """[Calendar File]: owe the meeting as a file; each version once. Raises as ``cancel`` does."""
    with ours(db, team_id, match_of(db, team_id, meeting_id), press, now=now) as found:
        row = meeting(found.held, meeting_id)
        if row.state != "planned":
            redraw(found.held, [Kind.MENTORING_MEETING], [meeting_id], press)
            return untouched(row.state)
        _owe_entries(found.held, [(row, press.user_id)])
        return Done(changed=True, state=row.state, told=1)


def _renew_entries(held: Held, meeting_ids: Sequence[int]) -> None:
    """Whoever has the calendar file of a meeting gets its newest version."""
    if not meeting_ids:
        return
    rows = held.tx.execute(
        select(Meeting, Outbox.recipient)
        .join(Outbox, (Outbox.team_id == Meeting.team_id) & (Outbox.subject_id == Meeting.id))
        .where(Meeting.id.in_(meeting_ids), Outbox.kind == Kind.MENTORING_CALENDAR)
        .execution_options(populate_existing=True)
    )
    _owe_entries(held, [(row, user_id) for row, user_id in rows])  # each version of it once, by its key


def _owe_entries(held: Held, wanted: list[tuple[Meeting, str]]) -> None:
    owed = [
        Owed(
            Kind.MENTORING_CALENDAR,
            row.id,
            f"mentoring-calendar-{row.id}-{row.sequence}-{user_id}",
            recipient=user_id,
            users=(user_id,),
        )
        for row, user_id in wanted
    ]
    owe(held.tx, held.db, held.team_id, owed)
