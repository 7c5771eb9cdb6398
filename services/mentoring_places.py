"""Where something of mentoring belongs: read from what was pressed, before anybody's rights are looked at."""

from sqlalchemy import select

from domain.mentoring import NoSuchParticipant
from domain.programs import NoSuchProgram
from store.core import Program
from store.database import Database
from store.mentoring import Participant


def name_of_program(db: Database, team_id: str, program_id: int) -> str:
    """The name of a mentoring program of this workspace. Raises NoSuchProgram."""
    with db.reading() as tx:
        wanted = select(Program.name).where(
            Program.team_id == team_id, Program.id == program_id, Program.kind == "mentoring"
        )
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchProgram
    return found


def program_of_participant(db: Database, team_id: str, participant_id: int) -> int:
    """The program in which a participant of this workspace takes part. Raises NoSuchParticipant."""
    with db.reading() as tx:
        wanted = select(Participant.program_id).where(
            Participant.team_id == team_id, Participant.id == participant_id
        )
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchParticipant
    return found
