"""What is pressed in the messages of mentoring; the forms behind it are in handlers/mentoring_forms.py."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_forms as forms
from blocks.mentoring_ids import MentoringIds
from blocks.words import _
from domain.mentoring import NoPlaceLeft, Press
from handlers import guard, mentoring_access, mentoring_forms, mentoring_match, mentoring_mine
from handlers.context import actor_of, number, place_of, value_of
from handlers.statistics import present
from services import mentoring_choices, mentoring_pressed, mentoring_requests
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the buttons of messages."""
    on = guard.presses(app, deps)
    on(MentoringIds.APPROVE, approve)
    on(MentoringIds.DECLINE, decline)
    on(MentoringIds.VIEW_MENTEE, mentoring_forms.show_mentee)
    on(MentoringIds.WITHDRAW, withdraw)
    on(MentoringIds.OFFER, offer)
    on(MentoringIds.OFFER_ACCEPT, accept)
    on(MentoringIds.OFFER_DECLINE, no_thanks)
    on(MentoringIds.CHOOSE, choose)
    on(MentoringIds.NOT_NOW, not_now)
    on(MentoringIds.RAISE, mentoring_forms.open_places)
    on(MentoringIds.ASK_ORGANIZER, mentoring_forms.open_ask)
    on(MentoringIds.STUCK_MATCH, match)
    mentoring_forms.register(app, deps)


def subject_of(body: Body) -> int:
    """What the pressed button is about: the number before the dot."""
    return number(value_of(body).partition(".")[0])


def press_of(body: Body) -> Press:
    """Who pressed, in which of our messages, and where it stands."""
    place = place_of(body)
    return Press(
        user_id=actor_of(body).user_id,
        outbox_id=number(value_of(body).partition(".")[2]),
        channel=place.channel,
        ts=place.ts,
        response_url=place.response_url,
    )


def approve(deps: Deps, client: Any, body: Body) -> None:
    """[Approve] of the mentor who is asked; without a place left, what can be done about it."""
    _if_place(deps, client, body, mentoring_requests.approve, may_decline=True)


def offer(deps: Deps, client: Any, body: Body) -> None:
    """[Offer Anyway] of a mentor who let a request expire."""
    _if_place(deps, client, body, mentoring_requests.offer, may_decline=False)


def _if_place(deps: Deps, client: Any, body: Body, do: Callable[..., Any], *, may_decline: bool) -> None:
    request_id = subject_of(body)
    try:
        do(deps.db, deps.team_id, request_id, press_of(body), now=deps.clock())
    except NoPlaceLeft:
        program_id = mentoring_pressed.program_of_request_id(deps.db, deps.team_id, request_id)
        present(client, body, forms.no_place(program_id, request_id, may_decline=may_decline))
    finally:
        deps.hint()  # a press that came too late redraws its message too


def decline(deps: Deps, client: Any, body: Body) -> None:
    """[Decline]: open the form, unless the request was handled already."""
    try:
        found = mentoring_requests.begin_decline(
            deps.db, deps.team_id, subject_of(body), press_of(body), now=deps.clock()
        )
    finally:
        deps.hint()
    if found is not None:
        view = forms.decline(found.request_id, found.mentee, required=found.required)
        present(client, body, view, in_place=True)


def withdraw(deps: Deps, client: Any, body: Body) -> None:
    """[Withdraw Request] of the mentee who asked."""
    mentoring_choices.withdraw(deps.db, deps.team_id, subject_of(body), press_of(body), now=deps.clock())
    deps.hint()


def accept(deps: Deps, client: Any, body: Body) -> None:
    """[Accept] a late offer."""
    _answer_offer(deps, body, accept=True)


def no_thanks(deps: Deps, client: Any, body: Body) -> None:
    """[No Thanks] to a late offer."""
    _answer_offer(deps, body, accept=False)


def _answer_offer(deps: Deps, body: Body, *, accept: bool) -> None:
    mentoring_choices.answer_offer(
        deps.db, deps.team_id, subject_of(body), press_of(body), accept=accept, now=deps.clock()
    )
    deps.hint()


def choose(deps: Deps, client: Any, body: Body) -> None:
    """[Choose Mentors]."""
    mentoring_mine.open_preferences(deps, client, body, subject_of(body))


def not_now(deps: Deps, client: Any, body: Body) -> None:
    """[Not Now] changes nothing: the invitation stays where it is."""
    text = _("That is fine. Choose your mentors whenever you like: here, or in the Home tab.")
    guard.whisper(client, body, text)


def match(deps: Deps, client: Any, body: Body) -> None:
    """[Match with Mentor] of an organizer who was told of a mentee without a match."""
    program_id, mentee_id = mentoring_pressed.mentee_of_list(deps.db, deps.team_id, subject_of(body))
    mentoring_access.organizer_of(deps, body, program_id)
    mentoring_match.open_picker(deps, client, body, program_id, mentee_id)
