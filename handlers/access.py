"""Refuses whoever may not: the one place where handlers ask for rights."""

from typing import Any

from domain.errors import Refusal
from handlers.context import actor_of
from services import access
from services.access import Rights
from services.ports import Deps

Body = dict[str, Any]


class AdminsOnly(Refusal):
    """Only admins do this. Ask one of them, or a workspace owner."""


class OrganizersOnly(Refusal):
    """Only admins and owners of a program can do this. Ask one of them."""


class NotYourProgram(Refusal):
    """This belongs to a program of somebody else. Ask its owners, or an admin."""


def admin(deps: Deps, body: Body) -> str:
    """The actor, who is an admin. Raises AdminsOnly."""
    found = access.rights(deps, actor_of(body).user_id)
    if not found.admin:
        raise AdminsOnly(AdminsOnly.__doc__)
    return found.user_id


def organizer(deps: Deps, body: Body) -> Rights:
    """What the actor manages, which is something. Raises OrganizersOnly."""
    found = access.rights(deps, actor_of(body).user_id)
    if not found.organizes:
        raise OrganizersOnly(OrganizersOnly.__doc__)
    return found


def organizer_of(deps: Deps, body: Body, program_id: int) -> str:
    """The actor, who manages this program. Raises OrganizersOnly or NotYourProgram."""
    found = organizer(deps, body)
    if not found.manages(program_id):
        raise NotYourProgram(NotYourProgram.__doc__)
    return found.user_id


def organizer_of_series(deps: Deps, body: Body, series_id: int) -> str:
    """The actor, who manages the program of this series."""
    return organizer_of(deps, body, access.program_of_series(deps, series_id))


def organizer_of_session(deps: Deps, body: Body, occurrence_id: int) -> str:
    """The actor, who manages the program of this session."""
    return organizer_of(deps, body, access.program_of_occurrence(deps, occurrence_id))


def organizer_of_group_message(deps: Deps, body: Body, outbox_id: int) -> str:
    """The actor, who manages the program of the group that this message introduces."""
    return organizer_of(deps, body, access.program_of_group_message(deps, outbox_id))
