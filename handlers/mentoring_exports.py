"""[Export] of every tab of the Matching page."""

from typing import Any

from blocks.exports import under_way
from domain.exports import What
from domain.mentoring_board import Tab
from handlers.context import number, pressed_at, value_of
from handlers.mentoring_access import organizer_of
from handlers.mentoring_pages import show
from services import access, exports
from services.ports import Deps

Body = dict[str, Any]
FILES = {
    Tab.UNMATCHED: What.UNMATCHED,
    Tab.MENTEES: What.MENTEES,
    Tab.MENTORS: What.MENTORS,
    Tab.REQUESTS: What.REQUESTS,
    Tab.STAGED: What.STAGED,
    Tab.ACTIVE: What.ACTIVE,
    Tab.ENDED: What.ENDED,
}


def pressed(deps: Deps, client: Any, body: Body) -> None:
    """Owe the whole tab, all pages of it, to whoever pressed; in direct messages."""
    program, _dot, tab = value_of(body).partition(".")
    program_id = number(program)
    actor = organizer_of(deps, body, program_id)
    what = FILES[Tab(tab)] if tab in set(Tab) else What.MATCHES
    may = access.rights(deps, actor)
    key = f"{actor}-{program_id}-{what.value}-{pressed_at(body)}"
    exports.ask(deps.db, deps.team_id, may, what, program_id=program_id, key=key, now=deps.clock())
    deps.hint()
    show(deps, client, body, said=under_way(what))
