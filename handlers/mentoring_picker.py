"""Match with Mentor: whom to choose, a mentor's profile, and what is done with the two."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_picker as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _
from domain.mentoring import MatchingPaused
from domain.mentoring_picker import MentorSheet, Way
from handlers import guard, schedule
from handlers.context import metadata_of, number, value_of
from handlers.mentoring_access import organizer_of, organizer_of_participant
from handlers.mentoring_setup import present
from handlers.programs import go_back
from services import mentoring_by_hand, mentoring_picker
from services.mentoring_matches import CannotMatch, MustNotMatch
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]
Pair = tuple[int, int]  # mentee and mentor, as participants
WAYS = {Ids.PICK_STAGE: Way.STAGE, Ids.PICK_ASSIGN: Way.ASSIGN, Ids.PICK_ASK: Way.ASK}


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.MATCH_OPEN, open_of_mentee)
    on(Ids.PICKER_FIND, find)
    on(Ids.PICKER_PROFILE, open_profile)
    for action_id in WAYS:
        on(action_id, match)
    on(Ids.PICK_ANYWAY, match)
    on(Ids.APART_OPEN, open_apart)
    on(Ids.APART_LIFT, lift)

    def submits(callback_id: str, do: Callable[..., Json], at: str) -> None:
        @app.view(callback_id)
        def listener(ack: Any, body: Body, client: Any) -> None:
            guard.view(deps, lambda found: do(deps, client, found), at=at)(ack=ack, body=body)

    submits(Ids.PICKER, search, "find")
    submits(Ids.APART_SAVE, keep_apart, "reason")


# --- Whom to choose ------------------------------------------------------------------------------------


def open_of_mentee(deps: Deps, client: Any, body: Body) -> None:
    """[Match with Mentor] of a row, or of a message to organizers."""
    mentee_id = number(value_of(body))
    _user, program_id = organizer_of_participant(deps, body, mentee_id)
    present(client, body, _picker(deps, program_id, mentee_id))


def open_picker(deps: Deps, client: Any, body: Body, program_id: int, mentee_id: int) -> None:
    """The same where the program is known already."""
    organizer_of(deps, body, program_id)
    present(client, body, _picker(deps, program_id, mentee_id))


def _picker(deps: Deps, program_id: int, mentee_id: int, typed: str = "") -> Json:
    found = mentoring_picker.picker(
        deps.db, deps.team_id, program_id, mentee_id, typed=typed, now=deps.clock()
    )
    return blocks.picker(found)


def find(deps: Deps, client: Any, body: Body) -> None:
    """A name was typed, and Enter pressed."""
    schedule.update(client, body["view"], _searched(deps, body))


def search(deps: Deps, client: Any, body: Body) -> Json:
    """[Search]."""
    return {"response_action": "update", "view": _searched(deps, body)}


def _searched(deps: Deps, body: Body) -> Json:
    view = body["view"]
    mentee_id = number(str(metadata_of(view).get("mentee") or ""))
    _user, program_id = organizer_of_participant(deps, body, mentee_id)
    return _picker(deps, program_id, mentee_id, blocks.typed(view["state"]["values"]))


# --- One mentor ----------------------------------------------------------------------------------------


def _pair(body: Body) -> Pair:
    """The mentee and the mentor that the pressed button names."""
    mentee, _dot, mentor = value_of(body).partition(".")
    return number(mentee), number(mentor.partition(".")[0])


def _way(body: Body) -> Way:
    """What is to be done with them; [Match Anyway] says what was refused before."""
    named = value_of(body).rpartition(".")[2]
    return WAYS.get(body["actions"][0]["action_id"]) or next((one for one in Way if one == named), Way.STAGE)


def _organizer(deps: Deps, body: Body, pair: Pair) -> tuple[str, int]:
    """The actor, and the program in which both take part, which they organize."""
    program_id = mentoring_picker.program_of(deps.db, deps.team_id, pair)
    return organizer_of(deps, body, program_id), program_id


def _sheet(deps: Deps, program_id: int, pair: Pair) -> MentorSheet:
    return mentoring_picker.sheet(deps.db, deps.team_id, program_id, *pair, now=deps.clock())


def open_profile(deps: Deps, client: Any, body: Body) -> None:
    """[View Profile]."""
    pair = _pair(body)
    _user, program_id = _organizer(deps, body, pair)
    present(client, body, blocks.sheet(_sheet(deps, program_id, pair)))


def match(deps: Deps, client: Any, body: Body) -> None:
    """[Assign to Staged Matches], [Assign to Active Matches], [Ask the Mentor First], [Match Anyway].

    The view shows what happened, or why it did not.
    """
    pair, way = _pair(body), _way(body)
    user_id, program_id = _organizer(deps, body, pair)
    anyway = body["actions"][0]["action_id"] == Ids.PICK_ANYWAY
    told: dict[str, Any] = {}
    try:
        came = mentoring_by_hand.match(
            deps.db, deps.team_id, program_id, pair, way, actor=user_id, now=deps.clock(), anyway=anyway
        )
        deps.hint()
        name = _sheet(deps, program_id, pair).candidate.name
        told = {"note": blocks.done(way, came, name)}
    except MatchingPaused:
        told = {"refused": _("Turn on matching first. You can stage this match meanwhile.")}
    except MustNotMatch as refusal:
        told = {"refused": refusal.sentence, "anyway": way}
    except CannotMatch as refusal:
        told = {"refused": refusal.sentence}
    _redraw(client, body, blocks.sheet(_sheet(deps, program_id, pair), **told))


def _redraw(client: Any, body: Body, view: Json) -> None:
    schedule.update(client, body["view"], view)


# --- Two who must not be matched -----------------------------------------------------------------------


def open_apart(deps: Deps, client: Any, body: Body) -> None:
    """[Keep Apart]: asks for a reason."""
    pair = _pair(body)
    _user, program_id = _organizer(deps, body, pair)
    present(client, body, blocks.keep_apart(_sheet(deps, program_id, pair)))


def keep_apart(deps: Deps, client: Any, body: Body) -> Json:
    """Store it, and show the profile below so."""
    view = body["view"]
    held = metadata_of(view)
    pair = number(str(held.get("mentee") or "")), number(str(held.get("mentor") or ""))
    user_id, program_id = _organizer(deps, body, pair)
    reason = blocks.reason(view["state"]["values"])
    mentoring_by_hand.keep_apart(
        deps.db, deps.team_id, program_id, pair, reason, actor=user_id, now=deps.clock()
    )
    deps.hint()
    note = _("These two are kept apart from now on.")
    return go_back(client, view, blocks.sheet(_sheet(deps, program_id, pair), note=note))


def lift(deps: Deps, client: Any, body: Body) -> None:
    """[Allow Again]."""
    pair = _pair(body)
    user_id, program_id = _organizer(deps, body, pair)
    mentoring_by_hand.allow_again(deps.db, deps.team_id, program_id, pair, actor=user_id, now=deps.clock())
    note = _("These two may be matched again.")
    _redraw(client, body, blocks.sheet(_sheet(deps, program_id, pair), note=note))
