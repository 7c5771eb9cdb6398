"""Buttons in messages of hosted sessions. A press proves that its message stands where it was pressed."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import hosted_colleagues as blocks
from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from domain.presses import Press
from domain.text import say
from handlers import guard, hosted_access, hosted_board_people, hosted_board_sessions
from handlers.context import actor_of, number, place_of, value_of
from services import homes, hosted_colleagues, hosted_join, hosted_presses, hosted_sessions
from services.ports import Deps

Body = dict[str, Any]
Pressed = Callable[[Deps, Any, Body], None]
Subject = Callable[[Deps, Any, Body, int], None]  # a press, and about which session or participant


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.ACCEPT, _answers(accepted=True))
    on(Ids.DECLINE, _answers(accepted=False))
    on(Ids.JOIN, join)
    on(Ids.ADMIT, admit)
    on(Ids.GIVE_BACK, _of_session(give_back))
    on(Ids.TOOK_PLACE, _of_session(_menu(hosted_board_sessions.do, "took_place")))
    on(Ids.MOVE, _of_session(_menu(hosted_board_sessions.do, "move")))
    on(Ids.AGAIN, _of_session(_menu(hosted_board_sessions.do, "again")))
    on(Ids.EDIT, _of_participant(_menu(hosted_board_people.do, "edit")))
    on(Ids.SHOW_CODE, _of_participant(_menu(hosted_board_people.do, "code")))
    for link in (Ids.ROOM, Ids.PAY, Ids.CALENDAR):
        on(link, lambda deps, client, body: None)  # the browser has opened it already


def press_of(body: Body) -> tuple[int, Press]:
    """What was pressed about, and where: the value is "<subject>.<message>"."""
    subject, _dot, message = value_of(body).partition(".")
    place = place_of(body)
    return number(subject), Press(number(message), place.channel, place.ts, place.response_url or "")


# --- Of a colleague who takes part ---------------------------------------------------------------------


def _answers(*, accepted: bool) -> Pressed:
    """[Accept] and [Decline]."""

    def answer(deps: Deps, client: Any, body: Body) -> None:
        participant_id, press = press_of(body)
        by, now = actor_of(body).user_id, deps.clock()
        hosted_colleagues.answer(deps.db, deps.team_id, participant_id, accepted, by=by, now=now, press=press)
        deps.hint()

    return answer


def join(deps: Deps, client: Any, body: Body) -> None:
    """[Join]: the page, where there is one; else the room."""
    participant_id, press = press_of(body)
    by = actor_of(body).user_id
    found = hosted_colleagues.join(
        deps.db, deps.team_id, deps.reach, participant_id, by=by, now=deps.clock(), press=press
    )
    deps.hint()
    if found is not None:
        client.views_open(trigger_id=body["trigger_id"], view=blocks.door(found.view, found.room))


# --- Of a host -----------------------------------------------------------------------------------------


def admit(deps: Deps, client: Any, body: Body) -> None:
    """[Admit]: let somebody in who waits at the door."""
    participant_id, press = press_of(body)
    by, _session = hosted_access.host_of_participant(deps, body, participant_id)
    done = hosted_join.admit(deps.db, deps.team_id, participant_id, by=by, now=deps.clock(), press=press)
    homes.follow(deps.db, deps.team_id, by)
    deps.hint()
    if not done.changed:
        guard.whisper(client, body, kit.escape(done.said))


def give_back(deps: Deps, client: Any, body: Body, session_id: int) -> None:
    """[Give Back]: a session to whoever gave it."""
    by = actor_of(body).user_id
    hosted_sessions.give_back(deps.db, deps.team_id, session_id, by=by, now=deps.clock())
    guard.whisper(client, body, kit.escape(say("The session is not yours any more.")))


def _of_session(do: Subject) -> Pressed:
    """A button about a session: for its host."""
    return _told(hosted_access.host_of, do)


def _of_participant(do: Subject) -> Pressed:
    """A button about a participant: for the host."""
    return _told(hosted_access.host_of_participant, do)


def _told(right: Callable[[Deps, Body, int], object], do: Subject) -> Pressed:
    """Note that the message stands there; whatever comes of the press, it shows what is so now."""

    def pressed(deps: Deps, client: Any, body: Body) -> None:
        subject, press = press_of(body)
        right(deps, body, subject)
        hosted_presses.arrived(deps.db, deps.team_id, press)
        try:
            do(deps, client, body, subject)
        finally:
            hosted_presses.redraw(deps.db, deps.team_id, press)
            homes.follow(deps.db, deps.team_id, actor_of(body).user_id)
            deps.hint()

    return pressed


def _menu(menu: Callable[[Deps, Any, Body, str, int], None], what: str) -> Subject:
    """What an entry of a menu does as well."""

    def do(deps: Deps, client: Any, body: Body, subject: int) -> None:
        menu(deps, client, body, what, subject)

    return do
