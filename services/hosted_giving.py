"""[Change Host]: a session is given to a colleague, who may give it back for 24 hours."""

from datetime import datetime

from domain.hosted import AHEAD, GIVE_BACK, Done, MayNotHost, Stage, TooLate
from domain.messages import Kind
from services import homes, hosted_rights
from services.hosted import Held, changing, is_over, tell
from services.hosted_inviting import changed, mine, show_anew
from store.database import Database


def give(db: Database, team_id: str, session_id: int, to: str, *, by: str, now: datetime) -> Done:
    """Let a colleague host it; participants are not told. Raises MayNotHost, TooLate and NotYourSession."""
    with changing(db, team_id, session_id, now=now, by=by) as held:
        one = held.session
        if one.host_id == to:
            return Done(changed=False, session_id=one.id)
        mine(held)
        if one.state != Stage.SCHEDULED:
            raise TooLate
        if not hosted_rights.may_host(held.tx, team_id, to):
            raise MayNotHost
        one.given_by, one.given_at = one.host_id, now
        _hand_over(held, to, "given")
        return Done(changed=True, session_id=one.id)


def give_back(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Give a session back to whoever gave it, for 24 hours. Raises MayNotHost, TooLate and NotYourSession."""
    with changing(db, team_id, session_id, now=now, by=by) as held:
        one = held.session
        mine(held)
        if not one.given_by or one.given_at is None or now >= one.given_at + GIVE_BACK:
            raise TooLate
        if Stage(one.state) not in AHEAD or is_over(one, now):
            raise TooLate
        if not hosted_rights.may_host(held.tx, team_id, one.given_by):
            raise MayNotHost
        to, one.given_by, one.given_at = one.given_by, "", None
        _hand_over(held, to, "given_back")
        return Done(changed=True, session_id=one.id)


def _hand_over(held: Held, to: str, what: str) -> None:
    one, before = held.session, held.session.host_id
    one.host_id = to
    changed(held)
    # the sequence stays, because the time does, and it may be given more than once
    key = f"notice-{what}-{one.id}-{one.sequence}.{one.version}"
    tell(held, Kind.HOSTED_NOTICE, one.id, to, key, what=what, who=before)
    show_anew(held)
    homes.follow_in(held.tx, held.db, held.team_id, to)
    held.note(f"session_{what}")
