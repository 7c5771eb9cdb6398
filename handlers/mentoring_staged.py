"""What is pressed in the rows of the Matching page: approve, discard, lock, undo, why."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_modals as modals
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _
from domain.errors import Refusal
from domain.mentoring import MatchingPaused
from domain.mentoring_board import Tab
from handlers import guard, mentoring_health, mentoring_match
from handlers.context import number, value_of
from handlers.mentoring_access import organizer_of, organizer_of_match, organizer_of_participant
from handlers.mentoring_pages import show
from services import mentoring_endings, mentoring_staging, mentoring_why
from services.ports import Deps

Body = dict[str, Any]
Do = Callable[[Deps, Any, Body, int], None]


class MatchingIsOff(Refusal):
    """Matching is off. Turn it on first."""


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.MATCH_APPROVE, _of_value(approve))
    on(Ids.MATCH_DISCARD, _of_value(discard))
    on(Ids.MATCH_UNDO, _of_value(undo))
    on(Ids.APPROVE_ALL, _of_value(approve_all))
    on(Ids.DISCARD_ALL, _of_value(discard_all))
    on(Ids.ROW_MENU, chosen)


def _of_value(do: Do) -> Callable[[Deps, Any, Body], None]:
    return lambda deps, client, body: do(deps, client, body, number(value_of(body)))


def chosen(deps: Deps, client: Any, body: Body) -> None:
    """An entry of a row's ⋮; its value is "<what>.<id>"."""
    value = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
    what, _dot, one = value.partition(".")
    if what in MENU:
        MENU[what](deps, client, body, number(one))


# --- One match -----------------------------------------------------------------------------------------


def approve(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """Make it active; where that cannot be, its row says why."""
    actor, _program = organizer_of_match(deps, body, match_id)
    try:
        mentoring_staging.approve(deps.db, deps.team_id, match_id, actor=actor, now=deps.clock())
    except MatchingPaused as paused:
        raise MatchingIsOff from paused
    deps.hint()
    show(deps, client, body)


def discard(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """Drop it, silently."""
    actor, _program = organizer_of_match(deps, body, match_id)
    mentoring_staging.discard(deps.db, deps.team_id, match_id, actor=actor, now=deps.clock())
    show(deps, client, body)


def undo(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """Take an end or a discard back."""
    actor, _program = organizer_of_match(deps, body, match_id)
    try:
        mentoring_endings.undo(deps.db, deps.team_id, match_id, actor=actor, now=deps.clock())
    except MatchingPaused as paused:
        raise MatchingIsOff from paused
    deps.hint()
    show(deps, client, body)


def lock(deps: Deps, client: Any, body: Body, match_id: int, *, locked: bool) -> None:
    """[Lock] and [Unlock]."""
    actor, _program = organizer_of_match(deps, body, match_id)
    mentoring_staging.lock(deps.db, deps.team_id, match_id, locked=locked, actor=actor, now=deps.clock())
    show(deps, client, body)


def ask_first(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """[Ask the Mentor First]: the match waits for the mentor's word."""
    actor, _program = organizer_of_match(deps, body, match_id)
    try:
        done = mentoring_staging.propose(deps.db, deps.team_id, match_id, actor=actor, now=deps.clock())
    except MatchingPaused as paused:
        raise MatchingIsOff from paused
    deps.hint()
    show(deps, client, body, said=_("The mentor is asked now.") if done.changed else "")


def end(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """[End Matching]."""
    organizer_of_match(deps, body, match_id)
    mentoring_health.open_end(deps, client, body, match_id)


def match(deps: Deps, client: Any, body: Body, mentee_id: int) -> None:
    """[Match with Mentor], where mentees choose for themselves."""
    _actor, program_id = organizer_of_participant(deps, body, mentee_id)
    mentoring_match.open_picker(deps, client, body, program_id, mentee_id)


# --- All of them ---------------------------------------------------------------------------------------


def approve_all(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """Have all staged matches approved; a job does it, and the page tells how far it is."""
    actor = organizer_of(deps, body, program_id)
    try:
        count = mentoring_staging.approve_all(
            deps.db, deps.team_id, program_id, actor=actor, now=deps.clock()
        )
    except MatchingPaused as paused:
        raise MatchingIsOff from paused
    deps.hint()
    said = "" if count else _("Nothing left to approve.")
    show(deps, client, body, lambda look: look.at(program_id).opened(Tab.STAGED), said=said)


def discard_all(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """Drop all that are not locked."""
    actor = organizer_of(deps, body, program_id)
    count = mentoring_staging.discard_all(deps.db, deps.team_id, program_id, actor=actor, now=deps.clock())
    said = "" if count else _("Nothing left to discard.")
    show(deps, client, body, lambda look: look.at(program_id).opened(Tab.STAGED), said=said)


# --- Why -----------------------------------------------------------------------------------------------


def why(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """[Why This Match?]."""
    organizer_of_match(deps, body, match_id)
    _tell(client, body, mentoring_why.why(deps.db, deps.team_id, match_id, now=deps.clock()))


def why_not(deps: Deps, client: Any, body: Body, participant_id: int) -> None:
    """[Why Not?] of a mentee without a match."""
    organizer_of_participant(deps, body, participant_id)
    _tell(client, body, mentoring_why.why_not(deps.db, deps.team_id, participant_id))


def why_not_again(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """[Why Not?] of a match that is over."""
    organizer_of_match(deps, body, match_id)
    _tell(client, body, mentoring_why.why_not_again(deps.db, deps.team_id, match_id))


def _tell(client: Any, body: Body, found: mentoring_why.Why) -> None:
    view = modals.why(found.names, found.reasons, found.score)
    client.views_open(trigger_id=body["trigger_id"], view=view)


MENU: dict[str, Do] = {
    "match": match,
    "why": why,
    "why_not": why_not,
    "why_not_match": why_not_again,
    "lock": lambda deps, client, body, one: lock(deps, client, body, one, locked=True),
    "unlock": lambda deps, client, body, one: lock(deps, client, body, one, locked=False),
    "ask_first": ask_first,
    "end": end,
}
