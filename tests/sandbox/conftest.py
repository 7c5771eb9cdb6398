"""One local Slack and one bot door per test process; every test starts from the workspace file."""

import json
import logging
import os
import threading
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import make_server

from sandbox.client import launch

WORKSPACE = """
workspaces:
- id: T0SANDBOX
  name: Acme
  people:
  - {handle: ana, name: Ana Lima, tz: America/Sao_Paulo, admin: true}
  - {handle: ben, name: Ben Okafor, tz: Europe/Paris}
  - {handle: cy, name: Cy Tanaka, tz: Asia/Tokyo}
  - {handle: dee, name: Dee Novak, tz: America/New_York}
  - {handle: eli, name: Eli Rossi, tz: Europe/Rome}
  - {handle: fay, name: Fay Chen, tz: Asia/Singapore}
  - {handle: gus, name: Gus Silva, tz: America/Bogota}
  - {handle: hal, name: Hal Khan, tz: Asia/Karachi}
  - {handle: ivy, name: Ivy Weber, tz: Europe/Berlin}
  - {handle: old, name: Old Timer, deleted: true}
  - {handle: guest, name: Gast Guest, restricted: true}
  - {handle: hid, name: Hidden Guest, restricted: true, hidden: true}
  - {handle: far, name: Far Stranger, stranger: true}
  - {handle: notz, name: No Zone, tz: null}
  channels:
  - {name: general, members: all}
  - {name: coffee, members: [ana, ben, cy]}
  - {name: secret, members: [ana], private: true, bot: false}
  - {name: inner, members: [ana, ben], private: true}
  - {name: quiet, members: [ana], bot: false}
  - {name: attic, members: [ana], archived: true}
  usergroups:
  - {handle: mentors, members: [ana, ben]}
- {id: T0FREE, name: Small, plan: free, people: [{handle: zoe}]}
app: {bot_token: xoxb-test, app_token: xapp-test, signing_secret: s3cret}
"""

# A test must not leave these behind, unless it says that it makes them on purpose.
PROBLEMS = ("crash", "unknown_method", "bad_ack", "no_options", "early")


def pytest_configure(config):
    """Name the mark of tests that speak to Slack itself."""
    config.addinivalue_line("markers", "live: asks Slack itself; only with -m live and a token")


def pytest_collection_modifyitems(config, items):
    """Leave live tests out unless they are asked for by name."""
    if "live" in (config.option.markexpr or ""):
        return
    live = [item for item in items if item.get_closest_marker("live")]
    if live:
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session", autouse=True)
def quiet_logs():
    """The bot's own chatter is not ours."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    os.environ.pop("SLACK_BOT_TOKEN", None)


@pytest.fixture(scope="session")
def process(tmp_path_factory):
    """The sandbox, started once per test process."""
    file = tmp_path_factory.mktemp("sandbox") / "workspace.yml"
    file.write_text(WORKSPACE, "utf-8")
    with launch(file) as workspace:
        yield workspace


@pytest.fixture
def tolerated():
    """Kinds of journal entries a test makes on purpose."""
    return set()


@pytest.fixture
def ws(process, tolerated):
    """The workspace as its file describes it, checked for problems afterwards."""
    process.bot(None)
    process.reset()
    yield process
    kinds = [kind for kind in PROBLEMS if kind not in tolerated]
    assert process.journal(kinds=kinds) == []


@pytest.fixture
def api(ws):
    """The real client of slack_sdk, without retries."""
    return WebClient(ws.facts["bot_token"], base_url=ws.facts["api"], retry_handlers=[])


@pytest.fixture
def app_api(ws):
    """The same with the app-level token."""
    return WebClient(ws.facts["app_token"], base_url=ws.facts["api"], retry_handlers=[])


@pytest.fixture
def ids(ws):
    """Ids by handle and channel name."""
    world = ws.get("/control/ids")
    return SimpleNamespace(**world["people"], **world["channels"], groups=world["usergroups"])


@pytest.fixture
def raw(ws):
    """A call without slack_sdk: (status, headers, body)."""

    def call(method, args=None, *, token="xoxb-test", body=None, kind="application/json"):  # noqa: S107
        content = json.dumps(args or {}).encode() if body is None else body
        headers = {"Content-Type": kind}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = method if method.startswith("http") else f"{ws.facts['api']}{method}"
        return fetch(url, headers, content)

    return call


@pytest.fixture(scope="session")
def fetched():
    """Opens an address whatever its status: (status, headers, body)."""
    return fetch


def fetch(url, headers=None, content=None):
    """Open an address whatever its status: (status, headers, body)."""
    wanted = urllib.request.Request(url, content, headers or {})  # noqa: S310 - loopback only
    try:
        with urllib.request.urlopen(wanted, timeout=10) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers), refused.read()


def plain(text):
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(text, value=None):
    """An option; its value is its text unless another is given."""
    return {"text": plain(text), "value": value or text}


class Kit:
    """Short ways to write blocks."""

    plain = staticmethod(plain)
    option = staticmethod(option)

    def options(self, *texts):
        return [option(text) for text in texts]

    def button(self, text, action_id, **more):
        return {"type": "button", "text": plain(text), "action_id": action_id, **more}

    def section(self, text, **more):
        return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}

    def actions(self, *elements, **more):
        return {"type": "actions", "elements": list(elements), **more}

    def input(self, label, kind, block_id=None, **more):
        """An input block whose action_id is "value"; what is of the block goes to the block."""
        of_block = ("optional", "dispatch_action", "hint")
        block = {key: more.pop(key) for key in of_block if key in more}
        element = {"type": kind, "action_id": "value", **more}
        block_id = block_id or label
        return {
            "type": "input",
            "block_id": block_id,
            "label": plain(label),
            "element": element,
            **block,
        }

    def modal(self, title, *blocks, submit="Save", **more):
        view = {"type": "modal", "title": plain(title), "blocks": list(blocks), **more}
        return {**view, "submit": plain(submit)} if submit else view

    def home(self, *blocks, **more):
        return {"type": "home", "blocks": list(blocks), **more}


@pytest.fixture(scope="session")
def kit():
    """Short ways to write blocks."""
    return Kit()


class Door:
    """An HTTP door whose bot can be exchanged."""

    def __init__(self):
        self.handle = None
        self.requests = []
        flask = Flask("bot")
        flask.post("/slack/events")(self._serve)
        self._server = make_server("127.0.0.1", 0, flask, threaded=True)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def _serve(self):
        self.requests.append((dict(request.headers), request.get_data()))
        return self.handle()

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="session")
def session_door():
    """The bot's address, the same for all tests of the process."""
    door = Door()
    yield door
    door.close()


@pytest.fixture
def door(ws, session_door):
    """The bot's address, known to the sandbox, for tests that answer by hand."""
    session_door.requests.clear()
    ws.bot(session_door.url, verify=False)
    yield session_door
    ws.quiet()
    ws.bot(None)


@pytest.fixture
def bot(api, door, ws):
    """A real Bolt app behind the door; tests add listeners."""
    app = App(signing_secret=ws.facts["signing_secret"], client=api, process_before_response=True)
    handler = SlackRequestHandler(app)
    door.handle = lambda: handler.handle(request)
    return app
