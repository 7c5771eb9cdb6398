"""Slack's payloads, as its documents show them, signed."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from slack_bolt import BoltRequest

from tests.builders import ADMIN, TEAM

Json = dict[str, Any]
SECRET = "a-signing-secret-of-tests"
FORM = "application/x-www-form-urlencoded"


def signed(body: str, *, content_type: str = FORM, secret: str = SECRET) -> BoltRequest:
    """The request that carries *body*, signed for this moment."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "content-type": [content_type],
        "x-slack-request-timestamp": [stamp],
        "x-slack-signature": [f"v0={digest}"],
    }
    return BoltRequest(body=body, headers=headers)


def command(text: str, *, user: str = ADMIN, team: str = TEAM) -> BoltRequest:
    """``/sessions <text>``, typed."""
    return signed(
        urlencode(
            {
                "command": "/sessions", "text": text, "team_id": team, "team_domain": "acme", "user_id": user,
                "user_name": "someone", "channel_id": "C1", "channel_name": "coffee",
                "trigger_id": "13.37.abc",
                "response_url": "https://hooks.slack.com/commands/1", "api_app_id": "A1", "token": "x",
                "is_enterprise_install": "false",
            }
        )
    )  # fmt: skip


def interactive(payload: Json) -> BoltRequest:
    """An interaction."""
    return signed(urlencode({"payload": json.dumps(payload)}))


def _head(kind: str, user: str, team: str) -> Json:
    return {
        "type": kind,
        "team": {"id": team, "domain": "acme"},
        "user": {"id": user, "username": "someone", "name": "someone", "team_id": team},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": "13.37.abc",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def press(
    action_id: str,
    value: str = "",
    *,
    user: str = ADMIN,
    team: str = TEAM,
    channel: str = "DUADMIN",
    ts: str = "1800000000.000100",
    at: str = "1803888002.123456",
) -> BoltRequest:
    """A button of a message, pressed."""
    return interactive(
        {
            **_head("block_actions", user, team),
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
            "channel": {"id": channel, "name": "directmessage"},
            "message": {
                "type": "message",
                "user": "UBOT",
                "bot_id": "B1",
                "ts": ts,
                "text": "x",
                "blocks": [],
            },
            "response_url": f"https://hooks.slack.com/{channel}/{ts}",
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b",
                    "value": value,
                    "text": {"type": "plain_text", "text": "x"},
                    "action_ts": at,
                }
            ],
        }
    )


def a_view(view: Json, *, values: Json | None = None, **more: Any) -> Json:
    """An open view as Slack shows it to us."""
    return {
        "id": "V1",
        "hash": "1800000000.abc",
        "root_view_id": "V1",
        "previous_view_id": None,
        "team_id": TEAM,
        "app_id": "A1",
        "bot_id": "B1",
        "private_metadata": "",
        **view,
        "state": {"values": values or {}},
        **more,
    }


def submission(view: Json, *, user: str = ADMIN, team: str = TEAM) -> BoltRequest:
    """A modal, submitted."""
    return interactive({**_head("view_submission", user, team), "view": view, "response_urls": []})


def press_in_view(
    action_id: str, view: Json, *, user: str = ADMIN, team: str = TEAM, kind: str = "button", **more: Any
) -> BoltRequest:
    """A button or select of a modal, used."""
    action = {"type": kind, "action_id": action_id, "block_id": "b", "action_ts": "1803888002.123456", **more}
    container = {"type": "view", "view_id": view["id"]}
    return interactive(
        {**_head("block_actions", user, team), "container": container, "view": view, "actions": [action]}
    )


def shortcut(callback_id: str, *, user: str = ADMIN, team: str = TEAM) -> BoltRequest:
    """A global shortcut, chosen."""
    return interactive(
        {**_head("shortcut", user, team), "callback_id": callback_id, "action_ts": "1803888002.123456"}
    )


def typed(action_id: str, value: str, *, user: str = ADMIN, team: str = TEAM) -> BoltRequest:
    """Something typed into a select that asks us for its options."""
    return interactive(
        {
            **_head("block_suggestion", user, team),
            "action_id": action_id,
            "block_id": "zone",
            "value": value,
            "container": {"type": "view", "view_id": "V1"},
        }
    )


def event(event: Mapping[str, Any], *, event_id: str = "Ev1", team: str = TEAM) -> BoltRequest:
    """An event of the Events API."""
    body = {
        "token": "x",
        "team_id": team,
        "api_app_id": "A1",
        "event": {"event_ts": "1803888002.000100", **event},
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1803888002,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": "UBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
    return signed(json.dumps(body), content_type="application/json")


def a_slack_user(user_id: str, **more: Any) -> Json:
    """A user as Slack shows one."""
    return {
        "id": user_id, "team_id": TEAM, "name": user_id.lower(), "deleted": False, "tz": "Europe/Paris",
        "real_name": f"Person {user_id}", "is_admin": False, "is_owner": False, "is_bot": False,
        "is_restricted": False, "is_ultra_restricted": False, "updated": 5,
        "profile": {"display_name": "", "real_name": f"Person {user_id}", "title": ""}, **more,
    }  # fmt: skip
