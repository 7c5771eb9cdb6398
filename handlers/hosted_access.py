"""Who may use a host's buttons: found from the session's row at each press.

Administrators see all sessions, without codes and addresses; they press nothing in them.
"""

from typing import Any

from domain.hosted import MayNotHost, MembersOnly, NoKey, NotYourSession
from handlers.context import actor_of
from services import hosted_rights, people
from services.outside import Vault
from services.ports import Deps

Body = dict[str, Any]


def host_of(deps: Deps, body: Body, session_id: int) -> str:
    """The actor, who hosts this session. Raises NotYourSession and NoSuchSession."""
    actor = actor_of(body).user_id
    if not actor or hosted_rights.host_of(deps.db, deps.team_id, session_id) != actor:
        raise NotYourSession
    return actor


def host_of_participant(deps: Deps, body: Body, participant_id: int) -> tuple[str, int]:
    """The actor, and the session of this participant, which they host. Raises NotYourSession, NoSuchGuest."""
    actor = actor_of(body).user_id
    session_id, host = hosted_rights.session_and_host(deps.db, deps.team_id, participant_id)
    if not actor or host != actor:
        raise NotYourSession
    return actor, session_id


def may_host(deps: Deps, user_id: str) -> bool:
    """Whether somebody may host; Slack is asked only about a person we have never seen."""
    if people.find(deps.db, deps.team_id, user_id) is None:
        found = deps.directory.person(user_id)
        if found is not None:
            people.save(deps.db, deps.team_id, [found])
    return hosted_rights.may_host_now(deps.db, deps.team_id, user_id)


def a_host(deps: Deps, body: Body) -> str:
    """The actor, who may host. Raises MayNotHost."""
    actor = actor_of(body).user_id
    if not may_host(deps, actor):
        raise MayNotHost
    return actor


def full_member(deps: Deps, body: Body) -> str:
    """The actor, who is a full member: no guest, no bot, no stranger. Raises MembersOnly."""
    actor = actor_of(body).user_id
    found = people.find(deps.db, deps.team_id, actor)
    if found is None or found.deleted or found.is_bot or found.is_guest or found.is_stranger:
        raise MembersOnly
    return actor


def vault(deps: Deps) -> Vault:
    """What seals codes and links. Raises NoKey."""
    if deps.reach.vault is None:
        raise NoKey
    return deps.reach.vault
