"""What the modals of mentees and mentors show when they open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.mentoring import (
    Ended,
    MembersOnly,
    NoSuchMatch,
    NotOfThisMatch,
    NotTakingPart,
    Pairing,
    ProfileForm,
    Stage,
    Taking,
)
from domain.mentoring_mine import MatchSheet, ProfileSheet
from domain.programs import NoSuchProgram
from domain.schedule import zone_names
from services.mentoring import name_of, participant, participant_of, program_of, setup_of
from services.mentoring_people import is_member
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Mentoring, Participant, Preferences

NEW = {"mentee": ProfileForm(mentee=True), "mentor": ProfileForm(mentor=True)}


def profile(db: Database, team_id: str, program_id: int, user_id: str, *, role: str = "") -> ProfileSheet:
    """The form "Your profile" as somebody left it; *role*, "mentee" or "mentor", is what they join as.

    Raises MembersOnly, Ended and NoSuchProgram.
    """
    with db.reading() as tx:
        setup, program = _open(tx, team_id, program_id)
        if not is_member(tx.get(PersonRow, (team_id, user_id))):
            raise MembersOnly
        row = participant_of(tx, setup, user_id)
        joined = row is not None and row.state not in (Taking.LEFT, Taking.REGISTERED)
        return ProfileSheet(
            program_id,
            program,
            _form(row, role if not joined else ""),
            peers=setup.roles == "peers",
            joined=joined,
            default_places=setup.default_places,
            most_places=setup.most_places,
        )


def _open(tx: Session, team_id: str, program_id: int) -> tuple[Mentoring, str]:
    setup = setup_of(tx, team_id, program_id)
    program = program_of(tx, setup)
    if program.state == "archived":
        raise NoSuchProgram
    if setup.stage == Stage.ENDED:
        raise Ended
    return setup, program.name


def _form(row: Participant | None, role: str) -> ProfileForm:
    if row is None:
        return NEW.get(role, ProfileForm())
    return ProfileForm(
        mentee=role == "mentee" or (row.mentee and not role),
        mentor=role == "mentor" or (row.mentor and not role),
        goals=row.goals,
        offers=tuple(row.offers),
        wants=tuple(row.wants),
        languages=tuple(row.languages),
        department=row.department,
        seniority=row.seniority,
        places=row.places,
    )


def own_program(db: Database, team_id: str, program_id: int, user_id: str) -> tuple[str, str]:
    """The name of a program in which somebody takes part, and their zone.

    Raises NotTakingPart and NoSuchProgram.
    """
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        row = participant_of(tx, setup, user_id)
        if row is None or row.state not in (Taking.ACTIVE, Taking.PAUSED):
            raise NotTakingPart
        program = program_of(tx, setup)
        person = tx.get(PersonRow, (team_id, user_id))
        zone = person.tz if person is not None and person.tz in zone_names() else program.zone
        return program.name, zone


def own_match(db: Database, team_id: str, match_id: int, user_id: str) -> MatchSheet:
    """A match of somebody that is active, or just was. Raises NotOfThisMatch and NoSuchMatch."""
    with db.reading() as tx:
        match = tx.scalars(select(Match).where(Match.team_id == team_id, Match.id == match_id)).one_or_none()
        if match is None:
            raise NoSuchMatch
        setup = setup_of(tx, team_id, match.program_id)
        two = [participant(tx, setup, one) for one in (match.mentee_id, match.mentor_id)]
        others = [one for one in two if one.user_id != user_id]
        if len(others) != 1 or match.state not in (Pairing.ACTIVE, Pairing.ENDED):
            raise NotOfThisMatch
        other = name_of(tx, others[0])
        return MatchSheet(match_id, program_of(tx, setup).name, other, ending_asks=setup.ending_asks)


def program_of_list(db: Database, team_id: str, list_id: int) -> int:
    """The program of a mentee's list of this workspace; 0 if there is no such list."""
    with db.reading() as tx:
        wanted = select(Preferences.program_id).where(
            Preferences.team_id == team_id, Preferences.id == list_id
        )
        return tx.scalar(wanted) or 0
