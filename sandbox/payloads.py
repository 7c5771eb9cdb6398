"""Commands, shortcuts and interactions as the app receives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import modals
from sandbox.answers import Json
from sandbox.clock import ticks
from sandbox.elements import Field, fields, state_values, value_in
from sandbox.shapes import message_object
from sandbox.state import Conversation, Message, Person, ResponseTicket, Team, View

if TYPE_CHECKING:
    from sandbox.hub import Hub


TICKETS_KEPT = 20_000


def _user(team: Team, person: Person, *, short: bool = False) -> Json:
    user = {"id": person.id, "username": person.handle, "team_id": team.id}
    return user if short else {**user, "name": person.handle}


def _frame(hub: Hub, team: Team, kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": _user(team, person),
        "api_app_id": hub.app.id,
        "token": hub.app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def response_url(
    hub: Hub, team: Team, person: Person, conv: Conversation, message: Message | None = None
) -> str:
    """A fresh address that accepts five answers to this action."""
    ticket = ResponseTicket(
        id=team.secret(),
        user=person.id,
        channel=conv.id,
        born=ticks(),
        ts=message.ts if message else None,
        thread_ts=message.thread_ts if message else None,
    )
    team.tickets[ticket.id] = ticket
    if len(team.tickets) > TICKETS_KEPT:
        del team.tickets[next(iter(team.tickets))]
    return f"{hub.origin}/response/{ticket.id}"


def channel_name(conv: Conversation) -> str:
    """How a conversation is named to the app; direct messages have one name for all."""
    return {"im": "directmessage", "group": "privategroup"}.get(conv.kind, conv.name)


def slash_command(hub: Hub, team: Team, person: Person, conv: Conversation, command: str, text: str) -> Json:
    """A slash command; all values are texts, as they travel in a form."""
    return {
        "token": hub.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": conv.id,
        "channel_name": channel_name(conv),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": hub.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(hub, team, person, conv),
        "trigger_id": modals.new_trigger(hub, team, person.id, conv.id),
    }


def shortcut(hub: Hub, team: Team, person: Person, callback_id: str) -> Json:
    """A global shortcut."""
    return {
        **_frame(hub, team, "shortcut", person),
        "user": _user(team, person, short=True),
        "action_ts": _action_ts(hub, team),
        "callback_id": callback_id,
        "trigger_id": modals.new_trigger(hub, team, person.id),
    }


def message_shortcut(
    hub: Hub, team: Team, person: Person, conv: Conversation, message: Message, callback_id: str
) -> Json:
    """A shortcut used on a message."""
    return {
        **_frame(hub, team, "message_action", person),
        "action_ts": _action_ts(hub, team),
        "callback_id": callback_id,
        "trigger_id": modals.new_trigger(hub, team, person.id, conv.id),
        "message_ts": message.ts,
        "message": message_object(team, message, hub.app.id),
        "channel": {"id": conv.id, "name": channel_name(conv)},
        "response_url": response_url(hub, team, person, conv, message),
    }


def message_action(
    hub: Hub, team: Team, person: Person, conv: Conversation, message: Message, action: Json
) -> Json:
    """A button or menu used in a message. Ephemeral messages do not carry their content."""
    payload = {
        **_frame(hub, team, "block_actions", person),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": conv.id,
            "is_ephemeral": message.reader is not None,
        },
        "trigger_id": modals.new_trigger(hub, team, person.id, conv.id),
        "channel": {"id": conv.id, "name": channel_name(conv)},
        "state": {"values": state_values(message.blocks, message.values.get(person.id, {}))},
        "response_url": response_url(hub, team, person, conv, message),
        "actions": [action],
    }
    if message.reader is None:
        payload["message"] = message_object(team, message, hub.app.id)
    return payload


def view_action(hub: Hub, team: Team, person: Person, view: View, action: Json) -> Json:
    """A button or menu used in a modal or App Home."""
    return {
        **_frame(hub, team, "block_actions", person),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": modals.new_trigger(hub, team, person.id),
        "view": modals.wire(hub, team, view),
        "actions": [action],
    }


def view_submission(hub: Hub, team: Team, person: Person, view: View, *, sparse: bool) -> Json:
    """A submitted modal."""
    return {
        **_frame(hub, team, "view_submission", person),
        "trigger_id": modals.new_trigger(hub, team, person.id),
        "view": modals.wire(hub, team, view, sparse=sparse),
        "response_urls": _response_urls(hub, team, person, view),
    }


def _response_urls(hub: Hub, team: Team, person: Person, view: View) -> list[Json]:
    """One address for each conversation chosen in an input that asked for one."""
    urls = []
    for found in fields(view.payload["blocks"]):
        state = view.values.get(found.key)
        if not found.element.get("response_url_enabled") or not state or not value_in(state):
            continue
        conv = team.conversations[value_in(state)]
        block_id, action_id = found.key
        urls.append(
            {
                "block_id": block_id,
                "action_id": action_id,
                "channel_id": conv.id,
                "response_url": response_url(hub, team, person, conv),
            }
        )
    return urls


def view_closed(hub: Hub, team: Team, person: Person, view: View, *, cleared: bool) -> Json:
    """A modal somebody closed, for apps that asked to be told."""
    return {
        **_frame(hub, team, "view_closed", person),
        "view": modals.wire(hub, team, view),
        "is_cleared": cleared,
        "response_urls": [],
    }


def block_suggestion(hub: Hub, team: Team, person: Person, found: Field, typed: str, where: Json) -> Json:
    """Letters typed into an external select. *where* says in which view or message it stands."""
    block_id, action_id = found.key
    return {
        **_frame(hub, team, "block_suggestion", person),
        "action_id": action_id,
        "block_id": block_id,
        "value": typed,
        **where,
    }


def action_of(hub: Hub, team: Team, found: Field, state: Json | None) -> Json:
    """What was done to an element: the entry of ``actions``."""
    block_id, action_id = found.key
    action: Json = {
        "type": found.type,
        "action_id": action_id,
        "block_id": block_id,
        "action_ts": _action_ts(hub, team),
    }
    kept = ("text", "value", "style", "url", "confirm", "placeholder")
    if found.type in {"button", "workflow_button"}:
        return action | {key: found.element[key] for key in kept if key in found.element}
    initial = {k: v for k, v in found.element.items() if k.startswith("initial_")}
    if "placeholder" in found.element:
        initial["placeholder"] = found.element["placeholder"]
    return action | initial | (state or {})


def _action_ts(hub: Hub, team: Team) -> str:
    return team.next_ts(hub.clock.now())
