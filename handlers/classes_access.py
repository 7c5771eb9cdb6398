"""Who presses a button of classes: found from the signed envelope and the rows at each press."""

from typing import Any

from domain.classes import MembersOnly
from handlers.context import actor_of
from services import classes, people
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]


def staff_of(deps: Deps, body: Body) -> str:
    """The actor, who is class staff. Raises StaffOnly."""
    user = actor_of(body).user_id
    classes.only_staff(deps.db, deps.team_id, user, admin=rights(deps, user).admin)
    return user


def member_of(deps: Deps, body: Body) -> str:
    """The actor, who may buy: a person of this workspace, guests too. Raises MembersOnly.

    Slack is asked only about a person we have never seen.
    """
    user = actor_of(body).user_id
    found = people.find(deps.db, deps.team_id, user)
    if found is None and (seen := deps.directory.person(user)) is not None:
        people.save(deps.db, deps.team_id, [seen])
        found = people.find(deps.db, deps.team_id, user)
    if found is None or found.deleted or found.is_bot or found.is_stranger:
        raise MembersOnly
    return user
