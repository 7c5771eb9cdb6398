"""Prepares a burst: a session with a thousand people who were asked, and their signed presses."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, text

from bot.lab.chaos_people import until
from sandbox.client import Workspace

Json = dict[str, Any]


def company(people: int) -> Json:
    """A workspace of Ana, who is its admin, and *people* others."""
    return {
        "workspace": {"id": "T0BENCH", "name": "Bench"},
        "people": [{"handle": "ana", "name": "Ana Lima", "tz": "Europe/Paris", "admin": True}],
        "generate": {"people": people, "seed": 7},
        "channels": [{"name": "general", "members": "all"}],
    }


@dataclass(frozen=True)
class Asked:
    """A question as it stands in somebody's conversation."""

    person: str
    channel: str
    ts: str
    value: str


def ask_everyone(ws: Workspace, engine: Engine, people: int) -> list[Asked]:
    """Schedule a session for everyone through the modals; the questions once all have arrived."""
    ana = ws.user("ana")
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Schedule a session").press("New program")
    form = {"Name": "Coffee", "Audience": ["Everyone in the workspace"], "Time zone": "Europe/Paris"}
    ana.modal("New program").fill(form).submit()
    modal = ana.modal("Schedule a session").fill({"Or at once": ["Send opt-in messages now"]})
    matching = datetime.now(UTC).date() + timedelta(days=7)
    modal.fill({"Matching date": matching, "Matching time": "10:00", "Time zone": "Europe/Paris"}).submit()
    until(lambda: len(_questions(engine)) > people, "everybody is asked")
    return _questions(engine)


def _questions(engine: Engine) -> list[Asked]:
    query = text(
        "SELECT recipient, channel, ts, subject_id || '.' || id FROM outbox "
        "WHERE kind = 'coffee.opt_in' AND state = 'sent' ORDER BY id"
    )
    with engine.connect() as connection:
        return [Asked(*row) for row in connection.execute(query)]


def press_of(ws: Workspace, asked: Asked) -> Json:
    """Press once for real, and read what the workspace delivered."""
    mark = ws.mark()
    told = ws.user(asked.person).act("press", label="Decline", channel=asked.channel, ts=asked.ts)
    if told["status"] != "ok":
        raise RuntimeError(f"The first press was answered {told['http']}.")
    (delivery,) = ws.journal(mark, kinds=("delivery",))
    payload: Json = delivery["payload"]
    return payload


def requests(
    payload: Json, first: Asked, people: Sequence[Asked], action: str, *, secret: str
) -> Iterator[bytes]:
    """The signed requests of everybody's press on the button *action* now, as they go over the wire."""
    pattern = json.dumps(payload).replace("coffee.invitation.decline", action)
    pattern = pattern.replace(payload["actions"][0]["action_ts"], f"{time.time():.6f}")
    stamp = str(int(time.time()))
    for number, asked in enumerate(people):
        content = pattern.replace(first.value, asked.value).replace(first.person, asked.person)
        content = content.replace(first.channel, asked.channel).replace(first.ts, asked.ts)
        content = content.replace(payload["trigger_id"], f"{number}.{payload['trigger_id']}")
        body = urlencode({"payload": content}).encode()
        seal = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0\r\n"
            "Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\n"
            f"X-Slack-Signature: v0={seal}\r\n\r\n"
        )
        yield head.encode() + body
