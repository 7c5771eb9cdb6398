"""A match as its modals show it: who the two are, and whether one of them asks to end it."""

from sqlalchemy import select

from domain.mentoring import NoSuchMatch, Pairing
from domain.mentoring_meetings import MeetingForm, Pair
from domain.schedule import zone_names
from services.mentoring import setup_of
from services.mentoring_meetings import match_of
from services.mentoring_readers import names
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Meeting, Participant


def pair(db: Database, team_id: str, match_id: int) -> Pair:
    """A match of this workspace. Raises NoSuchMatch."""
    with db.reading() as tx:
        match = tx.scalars(select(Match).where(Match.team_id == team_id, Match.id == match_id)).one_or_none()
        if match is None:
            raise NoSuchMatch
        mentee, mentor = tx.get_one(Participant, match.mentee_id), tx.get_one(Participant, match.mentor_id)
        called = names(tx, team_id, [mentee, mentor])
        by = {mentee.user_id: called[mentee.id], mentor.user_id: called[mentor.id]}.get(
            str(match.wish.get("by") or "")
        )
        return Pair(
            match_id=match.id,
            program_id=match.program_id,
            wording=setup_of(tx, team_id, match.program_id).wording,
            users=(mentee.user_id, mentor.user_id),
            names=(called[mentee.id], called[mentor.id]),
            active=match.state == Pairing.ACTIVE,
            wish=(by, match.wish.get("reason", ""), match.wish.get("note", "")) if by else None,
        )


def planned(db: Database, team_id: str, meeting_id: int) -> tuple[int, MeetingForm, str]:
    """The match of a meeting, the form that would move it, and its state. Raises NoSuchMeeting."""
    match_id = match_of(db, team_id, meeting_id)
    with db.reading() as tx:
        row = tx.get_one(Meeting, meeting_id)
        return match_id, MeetingForm(zone=row.zone, minutes=row.minutes), row.state


def zone_of(db: Database, team_id: str, user_id: str) -> str:
    """The zone in which somebody fills in a form; "" if we do not know it."""
    with db.reading() as tx:
        person = tx.get(PersonRow, (team_id, user_id))
        return person.tz if person and person.tz in zone_names() else ""
