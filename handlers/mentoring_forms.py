"""The forms behind the buttons of mentoring messages: opened, and submitted."""

from typing import Any

from slack_bolt import App

from blocks import mentoring_forms as blocks
from blocks.mentoring_ids import MentoringIds
from blocks.words import _, n_
from domain.errors import Refusal
from domain.mentoring import Press
from handlers import guard
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from handlers.statistics import present
from services import mentoring_people, mentoring_pressed, mentoring_requests
from services.ports import Deps

Body = dict[str, Any]


class AlreadySettled(Refusal):
    """This request was settled already, so your response was not sent."""


def register(app: App, deps: Deps) -> None:
    """Listen to what is submitted."""

    @app.view(MentoringIds.DECLINE_SAVE)
    def declined(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_decline(deps, found), at="response")(ack=ack, body=body)

    @app.view(MentoringIds.RAISE_SAVE)
    def raised(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_places(deps, found), at="places")(ack=ack, body=body)

    @app.view(MentoringIds.ASK_SEND)
    def asked(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: send(deps, found), at="text")(ack=ack, body=body)


def _subject(body: Body) -> int:
    return number(value_of(body).partition(".")[0])


def _held(body: Body, name: str) -> int:
    """What an open form is about: a hint, which is looked up under the rights of whoever submits it."""
    return number(str(metadata_of(body["view"]).get(name) or ""))


def save_decline(deps: Deps, body: Body) -> dict[str, Any]:
    """Decline the request, with what the mentor wrote; what was settled meanwhile stays so."""
    done = mentoring_requests.decline(
        deps.db,
        deps.team_id,
        _held(body, "request"),
        Press(actor_of(body).user_id),
        response=blocks.typed(body["view"]["state"]["values"], "response"),
        now=deps.clock(),
    )
    deps.hint()
    if not done.changed:
        raise AlreadySettled
    return {"response_action": "clear"}


def show_mentee(deps: Deps, client: Any, body: Body) -> None:
    """[View Profile] of the mentee, for the mentor who is asked."""
    user_id = actor_of(body).user_id
    card = mentoring_pressed.mentee_of(deps.db, deps.team_id, _subject(body), by=user_id)
    present(client, body, blocks.profile(card))


def open_places(deps: Deps, client: Any, body: Body) -> None:
    """[Raise My Capacity]: how many mentees at a time."""
    found = mentoring_pressed.places_of(deps.db, deps.team_id, _subject(body), actor_of(body).user_id)
    view = blocks.places(found.program_id, found.program, cap=found.cap, most=found.most)
    present(client, body, view, in_place=True)


def save_places(deps: Deps, body: Body) -> dict[str, Any]:
    """Take so many mentees at a time."""
    places = blocks.number_in(body["view"]["state"]["values"], "places")
    program_id, user_id = _held(body, "program"), actor_of(body).user_id
    mentoring_people.set_places(deps.db, deps.team_id, program_id, user_id, places, now=deps.clock())
    deps.hint()
    text = n_(
        "You take {count} mentee at a time now.", "You take {count} mentees at a time now.", places or 0
    )
    return {"response_action": "update", "view": guard.notice(text)}


def open_ask(deps: Deps, client: Any, body: Body) -> None:
    """[Ask the Organizer]."""
    program_id = _subject(body)
    name = mentoring_pressed.takes_part(deps.db, deps.team_id, program_id, actor_of(body).user_id)
    present(client, body, blocks.ask(program_id, name))


def send(deps: Deps, body: Body) -> dict[str, Any]:
    """Send what somebody wrote to all organizers of the program."""
    view = body["view"]
    mentoring_pressed.ask_organizers(
        deps.db,
        deps.team_id,
        _held(body, "program"),
        blocks.typed(view["state"]["values"], "text"),
        by=actor_of(body).user_id,
        key=submission_key(view),
        now=deps.clock(),
    )
    deps.hint()
    return {"response_action": "update", "view": guard.notice(_("Sent. The organizers answer you directly."))}
