"""Who may host sessions, and whose session one is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.hosted import NoSuchGuest, NoSuchSession
from services.hosted import setup_of
from store.core import PersonRow
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.people import UsergroupMember


def is_member(tx: Session, team_id: str, user_id: str) -> bool:
    """Whether somebody is a full member: no guest, no bot, nobody from another workspace, and still here."""
    person = tx.get(PersonRow, (team_id, user_id))
    return person is not None and not (
        person.deleted or person.is_bot or person.is_guest or person.is_stranger
    )


def may_host(tx: Session, team_id: str, user_id: str) -> bool:
    """Whether somebody may host: every full member, or those of the user group that administrators chose."""
    if not is_member(tx, team_id, user_id):
        return False
    group = setup_of(tx, team_id).hosts
    return not group or tx.get(UsergroupMember, (team_id, group, user_id)) is not None


def may_host_now(db: Database, team_id: str, user_id: str) -> bool:
    """``may_host``, for a door."""
    with db.reading() as tx:
        return may_host(tx, team_id, user_id)


def host_of(db: Database, team_id: str, session_id: int) -> str:
    """Who hosts a session; "" for an orientation that nobody took yet. Raises NoSuchSession."""
    wanted = select(HostedSession.host_id).where(
        HostedSession.team_id == team_id, HostedSession.id == session_id
    )
    with db.reading() as tx:
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchSession
    return found


def session_and_host(db: Database, team_id: str, participant_id: int) -> tuple[int, str]:
    """The session of a participant, and who hosts it. Raises NoSuchGuest."""
    wanted = (
        select(HostedSession.id, HostedSession.host_id)
        .join(HostedParticipant, HostedParticipant.session_id == HostedSession.id)
        .where(HostedParticipant.team_id == team_id, HostedParticipant.id == participant_id)
    )
    with db.reading() as tx:
        found = tx.execute(wanted).one_or_none()
    if found is None:
        raise NoSuchGuest
    return found.id, found.host_id
