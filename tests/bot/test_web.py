"""The web process: what Slack sends arrives, and the outside can see how it is."""

import json
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError

from bot import supervise
from bot.config import Settings
from bot.web import Built, Web

FORM = "application/x-www-form-urlencoded"
Sign = Callable[..., dict[str, str]]


def post(door: Any, sign: Sign, body: bytes, content_type: str = FORM) -> int:
    """Send a body as Slack would."""
    headers = [(name, value.encode()) for name, value in sign(body).items()]
    headers += [("Content-Type", content_type.encode()), ("Content-Length", str(len(body)).encode())]
    return int(door.send(body, headers))


def get(door: Any, path: str, **headers: str) -> int:
    """Ask as a browser would."""
    found = [(name.replace("_", "-"), value.encode()) for name, value in headers.items()]
    return int(door.send(b"", found, path=path, method="GET"))


def event(kind: str) -> bytes:
    """Make an event."""
    inner = {"type": kind, "user": {"id": "U1"}}
    return json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": inner}).encode()


@pytest.mark.parametrize("channel", ["general", "payload-people"])
def test_a_command_arrives_from_every_channel(door: Any, sign: Sign, channel: str) -> None:
    """Bolt alone takes a form with the word "payload" in it for an interaction, and loses the command."""
    fields = {
        "command": "/sessions",
        "text": f"schedule {channel}",
        "channel_name": channel,
        "team_id": "T1",
        "user_id": "U1",
    }
    assert post(door, sign, urlencode(fields).encode()) == 200
    assert door.text() == "noted"
    assert door.noted()[-1] == {"what": "command", "channel": channel, "text": f"schedule {channel}"}


def test_a_press_arrives(door: Any, sign: Sign) -> None:
    """An interaction is a form with JSON in it."""
    action = {"type": "button", "block_id": "b", "action_id": "press", "value": "für Ana"}
    payload = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action]}

    assert post(door, sign, urlencode({"payload": json.dumps(payload)}).encode()) == 200
    assert door.noted()[-1] == {"what": "press", "value": "für Ana"}


def test_an_event_arrives_and_a_failing_one_is_asked_for_again(door: Any, sign: Sign) -> None:
    """200 means stored; 500 makes Slack deliver an event again."""
    assert post(door, sign, event("team_join"), "application/json; charset=utf-8") == 200
    assert door.noted()[-1] == {"what": "event", "user": "U1"}
    assert post(door, sign, event("user_change"), "application/json") == 500


def test_slacks_own_checks_pass_when_signed(door: Any, sign: Sign) -> None:
    """They go through the same guard as everything else."""
    assert post(door, sign, b"ssl_check=1&token=x") == 200
    challenge = json.dumps({"type": "url_verification", "challenge": "say-this"}).encode()
    assert post(door, sign, challenge, "application/json") == 200
    assert "say-this" in door.text()


def test_health_readiness_and_unknown_pages(door: Any) -> None:
    """Each for its own question, and nothing else is served."""
    assert (get(door, "/healthz"), door.text()) == (200, "ok\n")
    assert (get(door, "/readyz"), door.text()) == (200, "ready\n")
    assert get(door, "/slack/events") == 405
    assert get(door, "/") == 404


def test_metrics_are_for_this_computer_only(door: Any, sign: Sign) -> None:
    """C14: whoever comes through a proxy comes from outside."""
    post(door, sign, event("team_join"), "application/json")
    post(door, sign, b"{", "application/json")

    assert get(door, "/metrics", X_Forwarded_For="203.0.113.9") == 404
    assert get(door, "/metrics") == 200
    assert re.search(r'slack_requests_total\{kind="event",outcome="ok"\} [1-9]', door.text())
    assert re.search(r'slack_requests_total\{kind="unknown",outcome="malformed"\} [1-9]', door.text())
    assert re.search(r"slack_ack_seconds_count [1-9]", door.text())
    assert 'sessions_outbox_rows{state="pending"} 3.0' in door.text()


def test_a_killed_server_process_is_replaced(door: Any, eventually: Any, alive: Any) -> None:
    """Gunicorn's own parent starts it again, and the port never closes."""
    (first,) = children(door.process.pid)
    os.kill(first, signal.SIGKILL)

    eventually(lambda: not alive(first))
    eventually(lambda: get(door, "/readyz") == 200)
    assert children(door.process.pid) != [first]


def test_a_killed_parent_takes_its_server_process_with_it(door: Any, eventually: Any, alive: Any) -> None:
    """No orphan keeps the port. Last in this file: it ends the door."""
    (child,) = children(door.process.pid)
    door.process.kill()
    door.process.wait()

    eventually(lambda: not alive(child))


def children(pid: int) -> list[int]:
    """Process ids below another one."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def app() -> App:
    """A Bolt app without listeners."""
    return App(
        signing_secret="the-signing-secret",
        client=WebClient(base_url="http://127.0.0.1:9/"),
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1"),
        process_before_response=True,
    )


@pytest.fixture
def opened() -> Iterator[Callable[..., Web]]:
    """Open a Web in this process, without gunicorn."""
    webs: list[Web] = []

    def open_one(settings: Settings, build: Any) -> Web:
        web = Web(settings, build)
        webs.append(web)
        web.open()
        return web

    yield open_one
    for web in webs:
        web.close()


def test_without_a_signing_secret_there_is_no_door(environ: dict[str, str], app: App) -> None:
    """With Socket Mode alone nobody may post."""
    del environ["SLACK_SIGNING_SECRET"]
    web = Web(Settings.load(environ | {"SLACK_APP_TOKEN": "xapp-1"}), lambda _: Built(app, str, dict))

    assert web.flask.test_client().post("/slack/events", data=b"x").status_code == 404


def test_a_web_process_waits_for_what_it_needs(
    environ: dict[str, str], app: App, opened: Any, eventually: Any, sign: Sign
) -> None:
    """While the database or Slack is away it lives, says which one, and serves as soon as it can."""
    settings = Settings.load(environ)
    there = threading.Event()

    def build(_: Settings) -> Built:
        if not there.is_set():
            raise RuntimeError("away")
        return Built(app, str, dict)

    web = opened(settings, build)
    browser = web.flask.test_client()
    assert browser.get("/healthz").status_code == 200
    assert (browser.get("/readyz").status_code, browser.get("/readyz").text) == (503, "revision\n")
    body = event("team_join")
    posted = browser.post("/slack/events", data=body, headers=sign(body), content_type="application/json")
    assert posted.status_code == 503  # Slack delivers it again

    supervise.upgrade(settings)
    eventually(lambda: browser.get("/readyz").text == "workspace\n")
    there.set()
    eventually(lambda: browser.get("/readyz").status_code == 200)


def test_a_database_that_goes_away_later_is_named(environ: dict[str, str], app: App, opened: Any) -> None:
    """Readiness is asked each time, not remembered."""
    words = ["", "revision", OperationalError("select", {}, OSError())]

    def ready() -> str:
        word = words.pop(0)
        if isinstance(word, Exception):
            raise word
        return str(word)

    browser = opened(Settings.load(environ), lambda _: Built(app, ready, dict)).flask.test_client()

    assert [browser.get("/readyz").text for _ in range(3)] == ["ready\n", "revision\n", "database\n"]


def test_metrics_survive_a_database_that_is_away(environ: dict[str, str], app: App, opened: Any) -> None:
    """The other numbers are needed most when something is broken."""

    def counts() -> dict[str, int]:
        raise OSError

    browser = opened(Settings.load(environ), lambda _: Built(app, str, counts)).flask.test_client()

    assert browser.get("/metrics").status_code == 200
    assert "sessions_outbox_rows{" not in browser.get("/metrics").text
