"""[We met], [Not yet], [We did not meet], and [Ask me again]."""

from typing import Any

from slack_bolt import App

from blocks.ids import Ids
from domain.meetings import Met
from handlers import guard
from handlers.context import actor_of, number, place_of, value_of
from services import followups, silence
from services.ports import Deps

Body = dict[str, Any]
WORDS = {
    Ids.GROUP_MET: Met.YES,
    Ids.GROUP_NOT_YET: Met.NOT_YET,
    Ids.FOLLOW_UP_MET: Met.YES,
    Ids.FOLLOW_UP_NO: Met.NO,
}


def register(app: App, deps: Deps) -> None:
    """Listen to what people say of their meetings."""
    for action_id, met in WORDS.items():
        _on_word(app, deps, action_id, met)

    @app.action(Ids.ASK_AGAIN)
    def back(ack: Any, body: Body, client: Any) -> None:
        guard.action(deps, lambda found: ask_again(deps, found))(ack=ack, body=body, client=client)

    @app.action(Ids.GROUP_CALENDAR)
    def link(ack: Any) -> None:
        ack()  # the browser has opened it already


def _on_word(app: App, deps: Deps, action_id: str, met: Met) -> None:
    @app.action(action_id)
    def listener(ack: Any, body: Body, client: Any) -> None:
        guard.action(deps, lambda found: say(deps, found, met))(ack=ack, body=body, client=client)


def say(deps: Deps, body: Body, met: Met) -> None:
    """Note what the presser says of the meeting of their group."""
    group, _, message = value_of(body).partition(".")
    place = place_of(body)
    press = followups.Press(
        group_id=number(group),
        outbox_id=number(message),
        user_id=actor_of(body).user_id,
        met=met,
        channel=place.channel,
        ts=place.ts,
        response_url=place.response_url,
    )
    followups.record(deps.db, deps.team_id, press, now=deps.clock())
    deps.hint()


def ask_again(deps: Deps, body: Body) -> None:
    """End the pause that began after three sessions of silence."""
    program, _, message = value_of(body).partition(".")
    silence.ask_again(
        deps.db,
        deps.team_id,
        number(program),
        number(message),
        actor=actor_of(body).user_id,
        now=deps.clock(),
        response_url=place_of(body).response_url,
    )
    deps.hint()
