"""The whole app behind Bolt's door, with a tiny Slack that notes what it is asked."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App, BoltRequest, BoltResponse

from blocks.ids import Ids
from bot.config import Settings
from bot.wiring import create_app
from sandbox.limits import check_view
from store.database import Database
from tests.builders import World
from tests.conftest import Copies
from tests.payloads import SECRET

Json = dict[str, Any]


class TinySlack:
    """Answers every method, remembers every call, and refuses when told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.errors: dict[str, str] = {}
        slack = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                method = self.path.rsplit("/", 1)[-1]
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                slack.calls.append((method, slack._read(self.headers.get("content-type", ""), body)))
                error = slack.errors.get(method)
                answer = {"ok": False, "error": error} if error else {"ok": True, "view": {"id": "V2"}}
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/api/"

    @staticmethod
    def _read(content_type: str, body: str) -> Json:
        if "json" in content_type:
            return dict(json.loads(body))
        found = {name: values[0] for name, values in parse_qs(body).items()}
        return {**found, **({"view": json.loads(found["view"])} if "view" in found else {})}

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def views(self, method: str) -> list[Json]:
        """The views it was given by *method*; each within Slack's limits."""
        found = [call["view"] for name, call in self.calls if name == method]
        for view in found:
            assert check_view(view) == []
        return found

    def shown(self) -> list[dict[str, Any]]:
        """The modals that were opened or pushed."""
        return [*self.views("views.open"), *self.views("views.push")]

    def whispers(self) -> list[str]:
        """What was said to one person alone, beside a message or in a modal that says only that."""
        beside = [call["text"] for name, call in self.calls if name == "chat.postEphemeral"]
        return beside + [view["blocks"][0]["text"]["text"] for view in self.shown() if is_notice(view)]


def is_notice(view: dict[str, Any]) -> bool:
    """Whether a modal only says something."""
    return bool(view["callback_id"] == Ids.NOTICE)


class Door:
    """The app, as Slack reaches it."""

    def __init__(self, world: World, slack: TinySlack) -> None:
        self.world = world
        self.slack = slack
        settings = Settings.load(
            {
                "SLACK_BOT_TOKEN": "xoxb-of-tests",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": slack.url,
            }
        )
        self.app: App = create_app(world.deps, settings)

    def send(self, request: BoltRequest) -> BoltResponse:
        """Deliver a request."""
        return self.app.dispatch(request)

    def answer(self, request: BoltRequest) -> Json:
        """The JSON of a 200."""
        response = self.send(request)
        assert response.status == 200, response.body
        return dict(json.loads(response.body)) if response.body else {}

    def says(self, request: BoltRequest) -> str:
        """The text of a 200, however it is written."""
        response = self.send(request)
        assert response.status == 200, response.body
        try:
            return str(json.loads(response.body)["text"])
        except (ValueError, TypeError):
            return str(response.body)


@pytest.fixture(scope="module")
def tiny_slack() -> Iterator[TinySlack]:
    """A tiny Slack for the tests of one module."""
    slack = TinySlack()
    yield slack
    slack.close()


@pytest.fixture
def world(sqlite_copies: Copies) -> World:
    """Six people in #coffee; what the database does is tested elsewhere."""
    world = World(Database(sqlite_copies.fresh()), plays=sqlite_copies.plays)
    world.deps = replace(world.deps, admins=frozenset({"UNAMED"}))
    world.recall(World.run)
    return world


@pytest.fixture
def door(world: World, tiny_slack: TinySlack) -> Door:
    """The app of this test."""
    tiny_slack.calls.clear()
    tiny_slack.errors.clear()
    return Door(world, tiny_slack)
