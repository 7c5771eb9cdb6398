"""Socket Mode against a real websocket server: nothing that Slack sends is lost, and it always comes back."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.socket_mode import SocketMode

BURST = 2000


class Sockets:
    """Slack's side: greets every connection, collects what is acknowledged on which one."""

    def __init__(self, slack: Any) -> None:
        self.lines: list[ServerConnection] = []
        self.acknowledged: dict[str, tuple[int, Any]] = {}
        self.server: Server = serve(self._line, "127.0.0.1", 0)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        port = self.server.socket.getsockname()[1]
        self.answer = json.dumps({"ok": True, "url": f"ws://127.0.0.1:{port}/link?ticket=1"})
        slack.answers["apps.connections.open"] = self.answer

    def _line(self, line: ServerConnection) -> None:
        number = len(self.lines)
        line.send(json.dumps({"type": "hello"}))
        self.lines.append(line)
        try:
            for text in line:
                told = json.loads(text)
                self.acknowledged[told["envelope_id"]] = (number, told.get("payload"))
        except ConnectionClosed:
            pass

    def send(self, line: int, number: int, **payload: Any) -> None:
        """Send a press in an envelope."""
        action = {"type": "button", "block_id": "b", "action_id": "press", "value": "v" * 500}
        body = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action]}
        envelope = {"type": "interactive", "envelope_id": str(number), "payload": body | payload}
        self.lines[line].send(json.dumps(envelope))

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()


@pytest.fixture
def sockets(slack: Any) -> Iterator[Sockets]:
    """Socket Mode as Slack offers it."""
    found = Sockets(slack)
    yield found
    found.close()


@pytest.fixture
def app() -> App:
    """An app with one button, whose listener costs what a small transaction costs."""
    app = App(
        signing_secret="none",
        client=WebClient(base_url="http://127.0.0.1:9/"),
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
        process_before_response=True,
    )

    @app.action("press")
    def _press(ack: Any) -> None:
        until = time.thread_time() + 0.0005
        while time.thread_time() < until:
            pass
        ack()

    @app.command("/sessions")
    def _command(ack: Any, body: dict[str, Any]) -> None:
        ack({"text": body["text"] * 1000})

    @app.action("fail")
    def _fail() -> None:
        raise RuntimeError("not now")

    return app


@pytest.fixture
def connect(slack: Any, app: App) -> Iterator[Callable[[], SocketMode]]:
    """Open Socket Mode as the web process does."""
    opened: list[SocketMode] = []

    def start(answered: Any = lambda *_: None) -> SocketMode:
        mode = SocketMode(app, "xapp-1", slack.url, answered=answered)
        opened.append(mode)
        mode.start()
        return mode

    yield start
    for mode in opened:
        mode.close()


def test_a_burst_is_acknowledged_to_the_last(sockets: Sockets, connect: Any, eventually: Any) -> None:
    """slack_sdk's own client loses most of it: it reads frames recursively."""
    counted: list[tuple[str, int, float]] = []
    mode = connect(lambda *told: counted.append(told))
    eventually(lambda: mode.connected)
    for number in range(BURST):
        sockets.send(0, number)

    eventually(lambda: len(sockets.acknowledged) == BURST, seconds=30)
    eventually(lambda: len(counted) == BURST)
    assert {(kind, status) for kind, status, _ in counted} == {("block_actions", 200)}


def test_a_long_answer_arrives(sockets: Sockets, connect: Any, eventually: Any) -> None:
    """An acknowledgement may carry a whole view; slack_sdk's own client cannot send more than 64 KB."""
    mode = connect()
    eventually(lambda: mode.connected)
    body = {"command": "/sessions", "text": "x" * 100, "team_id": "T1", "user_id": "U1"}
    envelope = {"type": "slash_commands", "envelope_id": "1", "payload": body}
    sockets.lines[0].send(json.dumps(envelope))

    eventually(lambda: sockets.acknowledged)
    assert sockets.acknowledged["1"] == (0, {"text": "x" * 100_000})


def test_a_failing_listener_does_not_acknowledge(sockets: Sockets, connect: Any, eventually: Any) -> None:
    """Slack tells the person that it did not work; our log says so once, without the body."""
    mode = connect()
    eventually(lambda: mode.connected)
    with capture_logs() as logs:
        sockets.send(
            0, 1, actions=[{"type": "button", "block_id": "b", "action_id": "fail", "value": "hush"}]
        )
        eventually(lambda: [line for line in logs if line["event"] == "socket_mode_unanswered"])
        sockets.send(0, 2)
        eventually(lambda: "2" in sockets.acknowledged)

    assert "1" not in sockets.acknowledged
    assert "hush" not in str(logs)


def test_a_lost_connection_is_replaced(sockets: Sockets, connect: Any, eventually: Any) -> None:
    """Cut in the middle, several times in a row."""
    mode = connect()
    for turn in range(3):
        eventually(lambda turn=turn: len(sockets.lines) == turn + 1 and mode.connected)
        sockets.send(turn, turn)
        eventually(lambda turn=turn: str(turn) in sockets.acknowledged)
        sockets.lines[turn].socket.shutdown(2)
        eventually(lambda: not mode.connected)


def test_while_a_connection_is_replaced_both_are_heard(
    sockets: Sockets, connect: Any, eventually: Any
) -> None:
    """Slack announces that it will close one, and may still use it until then."""
    mode = connect()
    eventually(lambda: mode.connected)
    sockets.lines[0].send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
    eventually(lambda: len(sockets.lines) == 2 and mode.connected)
    sockets.send(0, 1)
    sockets.send(1, 2)

    eventually(lambda: len(sockets.acknowledged) == 2)
    assert sockets.acknowledged["1"][0] == 0
    assert sockets.acknowledged["2"][0] == 1


@pytest.mark.parametrize(
    "answer",
    [
        '{"ok": false, "error": "invalid_auth"}',
        '{"ok": true, "url": "ws://127.0.0.1:9/closed"}',
        '{"ok": true, "url": "http://127.0.0.1/not-a-socket"}',
        '{"ok": true}',
        "<html>down</html>",
    ],
)
def test_it_connects_as_soon_as_slack_lets_it(
    slack: Any, sockets: Sockets, connect: Any, eventually: Any, answer: str
) -> None:
    """Whatever Slack says at first."""
    slack.answers["apps.connections.open"] = answer
    with capture_logs() as logs:
        mode = connect()
        eventually(lambda: [line for line in logs if line["event"] == "socket_mode_lost"])
        slack.answers["apps.connections.open"] = sockets.answer
        eventually(lambda: mode.connected)


def test_what_is_no_envelope_is_passed_over(sockets: Sockets, connect: Any, eventually: Any) -> None:
    """Slack may add kinds of messages at any time."""
    mode = connect()
    eventually(lambda: mode.connected)
    for text in (
        "not json",
        "[]",
        "{}",
        '{"type": "new"}',
        '{"type": "new", "envelope_id": "9", "payload": {}}',
    ):
        sockets.lines[0].send(text)
    sockets.send(0, 1)

    eventually(lambda: "1" in sockets.acknowledged)
    assert len(sockets.lines) == 1


def test_closing_lets_a_listener_finish_and_answer(
    sockets: Sockets, app: App, connect: Any, eventually: Any
) -> None:
    """A press that is being stored is acknowledged before the process ends."""
    began, go_on = threading.Event(), threading.Event()

    @app.action("slow")
    def _slow(ack: Any) -> None:
        began.set()
        go_on.wait(5)
        ack()

    mode = connect()
    eventually(lambda: mode.connected)
    sockets.send(0, 1, actions=[{"type": "button", "block_id": "b", "action_id": "slow", "value": "v"}])
    assert began.wait(5)
    closing = threading.Thread(target=mode.close)
    closing.start()
    go_on.set()
    closing.join(10)

    assert not closing.is_alive()
    eventually(lambda: "1" in sockets.acknowledged)
