"""Who acts, and where: read from the signed envelope and from nothing else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.scheduling import Place

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Actor:
    """The person who typed, pressed or submitted, in the workspace that signed for it."""

    team_id: str
    user_id: str
    tz: str = ""


def actor_of(body: Body) -> Actor:
    """The actor of a command, an action, a view, a shortcut or an event."""
    user = body.get("user") or (body.get("event") or {}).get("user") or {}
    user = user if isinstance(user, dict) else {"id": user}
    team = (body.get("team") or {}).get("id") or body.get("team_id") or user.get("team_id")
    enterprise = (body.get("enterprise") or {}).get("id") or body.get("enterprise_id")
    user_id = user.get("id") or body.get("user_id") or ""
    return Actor(team_id=str(team or enterprise or ""), user_id=str(user_id))


def place_of(body: Body) -> Place:
    """The message whose button was pressed; empty in a view."""
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    ts = (body.get("message") or {}).get("ts") or container.get("message_ts") or ""
    return Place(channel=str(channel), ts=str(ts), response_url=body.get("response_url"))


def value_of(body: Body) -> str:
    """The value of the pressed button."""
    return str((body.get("actions") or [{}])[0].get("value") or "")


def pressed_at(body: Body) -> str:
    """Slack's time of the press: ten digits, a point, six digits; "" if it says none."""
    found = str((body.get("actions") or [{}])[0].get("action_ts") or "")
    return found if re.fullmatch(r"\d{10}\.\d{6}", found) else ""


def number(text: str) -> int:
    """An id that came back from Slack; 0, which no row has, for anything that is none."""
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return found if found < 2**31 else 0  # more than an id column holds


def metadata_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a view carries; hints only, never a proof of who or where."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def submission_key(view: Mapping[str, Any]) -> str:
    """What tells a submission that is delivered twice from a second one."""
    return f"view-{view.get('id')}-{view.get('hash')}"
