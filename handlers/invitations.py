"""Join, Decline, Change my answer; and an organizer's word on a message nobody can look up."""

from typing import Any

from slack_bolt import App

from blocks.ids import Ids
from blocks.words import _
from domain.invitations import Answer
from handlers import access, guard
from handlers.context import actor_of, number, place_of, pressed_at, value_of
from services import doubts
from services.invitations import Answers, Press
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the buttons of questions."""
    answers = Answers(deps.db, deps.team_id)
    _on_answer(app, deps, answers, Ids.COFFEE_JOIN, Answer.JOIN)
    _on_answer(app, deps, answers, Ids.COFFEE_DECLINE, Answer.DECLINE)
    _on_answer(app, deps, answers, Ids.COFFEE_CHANGE, Answer.CHANGE)
    _on_word(app, deps, Ids.DOUBT_ARRIVED, arrived=True)
    _on_word(app, deps, Ids.DOUBT_SEND, arrived=False)


def _on_answer(app: App, deps: Deps, answers: Answers, action_id: str, answer: Answer) -> None:
    def press(body: Body) -> None:
        invitation, _, message = value_of(body).partition(".")
        place = place_of(body)
        pressed = Press(
            invitation_id=number(invitation),
            outbox_id=number(message),
            user_id=actor_of(body).user_id,
            answer=answer,
            channel=place.channel,
            ts=place.ts,
            pressed=pressed_at(body),
            response_url=place.response_url,
        )
        try:
            deps.probe("before_answer")
            answers.record(pressed, now=deps.clock())
            deps.probe("after_answer")
        finally:
            deps.hint()  # an answer that came too late redraws its message too

    app.action(action_id)(guard.action(deps, press))


def _on_word(app: App, deps: Deps, action_id: str, *, arrived: bool) -> None:
    @app.action(action_id)
    def listener(ack: Any, body: Body, client: Any) -> None:
        def word(found: Body) -> None:
            message = number(value_of(found))
            access.organizer_of_group_message(deps, found, message)
            told = doubts.answer(deps.db, deps.team_id, message, arrived=arrived)
            deps.hint()
            thanks = _("Thank you, noted.") if arrived else _("It is being sent again.")
            guard.whisper(client, found, thanks if told else _("This was settled already."))

        guard.action(deps, word)(ack=ack, body=body, client=client)
