"""Who may use the organizers' buttons of mentoring; the program is found from what was pressed."""

from typing import Any

from domain.errors import Refusal
from domain.text import say
from handlers.context import actor_of
from services import access
from services.mentoring_matches import program_of_match
from services.mentoring_places import name_of_program, program_of_participant
from services.ports import Deps

Body = dict[str, Any]


class OrganizersOnly(Refusal):
    """Only organizers of this program can do this."""


def organizer_of(deps: Deps, body: Body, program_id: int) -> str:
    """The actor, who organizes this mentoring program. Raises OrganizersOnly and NoSuchProgram."""
    name = name_of_program(deps.db, deps.team_id, program_id)
    found = access.rights(deps, actor_of(body).user_id)
    if not found.manages(program_id):
        raise OrganizersOnly(say("Only organizers of {program} can do this.", program=name))
    return found.user_id


def organizer_of_match(deps: Deps, body: Body, match_id: int) -> tuple[str, int]:
    """The actor, and the program of this match, which they organize."""
    program_id = program_of_match(deps.db, deps.team_id, match_id)
    return organizer_of(deps, body, program_id), program_id


def organizer_of_participant(deps: Deps, body: Body, participant_id: int) -> tuple[str, int]:
    """The actor, and the program of this participant, which they organize."""
    program_id = program_of_participant(deps.db, deps.team_id, participant_id)
    return organizer_of(deps, body, program_id), program_id
