"""[Show Access Code]: a host reads the code of a participant. Who did is noted, without the code."""

from datetime import datetime

from sqlalchemy import select

from domain.errors import Refusal
from domain.hosted import NoKey, NoSuchGuest, NotYourSession
from domain.hosted_board import Shown
from services import audit, hosted_codes
from services.outside import Reach
from store.database import Database
from store.hosted import HostedParticipant, HostedSession


class NoCode(Refusal):
    """There is no access code any more: the session is over."""


def code(db: Database, team_id: str, reach: Reach, participant_id: int, *, by: str, now: datetime) -> Shown:
    """The code of a participant, for the host alone.

    Raises NotYourSession, NoSuchGuest, NoKey, CannotUnseal, and NoCode where it is dead.
    """
    with db.transaction() as tx:
        found = tx.execute(
            select(HostedParticipant, HostedSession.host_id)
            .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
            .where(HostedParticipant.team_id == team_id, HostedParticipant.id == participant_id)
            .where(HostedParticipant.removed_at.is_(None))
        ).one_or_none()
        if found is None:
            raise NoSuchGuest
        one, host = found
        if host != by:
            raise NotYourSession
        if reach.vault is None:
            raise NoKey
        digits = hosted_codes.code(reach.vault, one)
        if not digits or one.code_until is None or one.code_until <= now:
            raise NoCode
        about = f"hosted session {one.session_id}"
        audit.of_hosted(tx, team_id, about, "code_shown", now, actor=by, participant=one.id)
        page = reach.url.partition("://")[2]  # as it is said on the telephone
        return Shown(one.name, digits, f"{page}/join" if page else "")
