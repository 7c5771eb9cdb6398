"""Socket Mode: Slack's payloads over a websocket that we open, so that no public address is needed.

slack_sdk's own client parses frames recursively: under a burst of 3,000 envelopes it lost more than two
thousand of them to RecursionError. This one leaves the frames to the library websockets.
"""

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.checks import is_loopback
from bot.slack import client

log = structlog.get_logger()

THREADS = 16
LARGEST = 4 * 1024 * 1024  # bytes of one envelope
STABLE = 1.0  # seconds after which a connection counts as a good one
LONGEST_PAUSE = 10.0  # seconds between two attempts
RETIRING = 30.0  # seconds that a replaced connection may still be read

Answered = Callable[[str, int, float], None]


@dataclass
class _Turn:
    """One connection's time as the present one."""

    over: threading.Event = field(default_factory=threading.Event)
    retry_after: float = 0.0


def _nobody(_kind: str, _status: int, _seconds: float) -> None:
    pass


class SocketMode:
    """Keeps a connection to Slack until it is closed, and hands every envelope to Bolt.

    *answered* is told kind, status and seconds of each envelope. A listener that fails sends no
    acknowledgement: Slack delivers events again, and tells people that a click did not work.
    """

    def __init__(self, app: App, app_token: str, base_url: str, *, answered: Answered = _nobody) -> None:
        self.app = app
        self.app_token = app_token
        self.web = client(app_token, base_url, timeout=10)
        self.answered = answered
        self.stop = threading.Event()
        self.lines: set[ClientConnection] = set()
        self.greeted: ClientConnection | None = None
        self.workers = ThreadPoolExecutor(THREADS, thread_name_prefix="socket-mode")
        self.thread = threading.Thread(target=self._run, name="socket-mode", daemon=True)

    def start(self) -> None:
        """Connect in the background, and again whenever the connection is lost, for ever."""
        self.thread.start()

    @property
    def connected(self) -> bool:
        """Whether Slack has said hello on the present connection."""
        return self.greeted is not None

    def close(self) -> None:
        """Let listeners that run finish and answer, then hang up. What has not begun is not acknowledged."""
        self.stop.set()
        self.workers.shutdown(wait=True, cancel_futures=True)
        for line in list(self.lines):
            line.close()
        if self.thread.is_alive():
            self.thread.join(timeout=5)

    def _run(self) -> None:
        """Have one connection after the other; each has a thread of its own, because two may overlap."""
        pause = 0.0
        while not self.stop.wait(pause):
            began = time.monotonic()
            turn = _Turn()
            threading.Thread(target=self._connection, args=(turn,), daemon=True).start()
            turn.over.wait()
            lived = time.monotonic() - began
            pause = 0.0 if lived > STABLE else min(LONGEST_PAUSE, max(0.5, pause * 2))
            pause = max(turn.retry_after, pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load

    def _connection(self, turn: "_Turn") -> None:
        try:
            url = str(self.web.apps_connections_open(app_token=self.app_token)["url"])
            with _connect(url) as line:
                self.lines.add(line)
                try:
                    self._converse(line, turn)
                finally:
                    self.lines.discard(line)
                    self._ended(line)
        except Exception as error:  # whatever it was: the next connection is the remedy
            turn.retry_after = _retry_after(error)
            if not self.stop.is_set() and not turn.over.is_set():
                log.warning("socket_mode_lost", error=type(error).__name__)
        finally:
            turn.over.set()

    def _converse(self, line: ClientConnection, turn: "_Turn") -> None:
        """Take envelopes until the connection ends."""
        if self.stop.is_set():  # while it was being opened
            return
        for text in line:
            message = _message(text)
            if message.get("type") == "hello":
                self.greeted = line
                log.info("socket_mode_connected")
            elif message.get("type") == "disconnect":
                # Slack closes it soon, and may still use it until then: read on, beside a new one
                self._ended(line)
                turn.over.set()
                closing = threading.Timer(RETIRING, line.close)
                closing.daemon = True
                closing.start()
            else:
                self._take(line, message)

    def _ended(self, line: ClientConnection) -> None:
        if self.greeted is line:
            self.greeted = None

    def _take(self, line: ClientConnection, message: dict[str, Any]) -> None:
        request = SocketModeRequest.from_dict(message)
        if request is None or self.stop.is_set():
            return
        try:
            self.workers.submit(self._answer, line, request)
        except RuntimeError:  # closed in this very moment: not acknowledged, so Slack delivers it again
            return

    def _answer(self, line: ClientConnection, request: SocketModeRequest) -> None:
        began = time.monotonic()
        kind = _kind(request)
        try:
            response: BoltResponse = run_bolt_app(self.app, request)
            if response.status == 200:
                line.send(json.dumps(_acknowledgement(request, response)))
            else:
                log.error("socket_mode_unanswered", kind=kind, status=response.status)
            self.answered(kind, response.status, time.monotonic() - began)
        except (ConnectionClosed, OSError) as error:
            log.warning("socket_mode_answer_lost", kind=kind, error=type(error).__name__)
        except Exception:
            log.exception("socket_mode_failed", kind=kind)
            self.answered(kind, 500, time.monotonic() - began)


def _connect(url: str) -> AbstractContextManager[ClientConnection]:
    return connect(
        url,
        compression=None,
        open_timeout=10,
        ping_interval=10,
        ping_timeout=10,
        close_timeout=2,
        max_size=LARGEST,
        proxy=None if is_loopback(urlsplit(url).hostname) else True,
    )


def _message(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        log.warning("socket_mode_unreadable", length=len(text))
        return {}
    return found


def _acknowledgement(request: SocketModeRequest, response: BoltResponse) -> dict[str, Any]:
    found: dict[str, Any] = {"envelope_id": request.envelope_id}
    if response.body:
        kind = response.headers.get("content-type", [""])[0]
        as_json = kind.startswith("application/json")
        found["payload"] = json.loads(response.body) if as_json else {"text": response.body}
    return found


def _kind(request: SocketModeRequest) -> str:
    names = {"slash_commands": "command", "events_api": "event"}
    return names.get(request.type, str(request.payload.get("type", "other")))


def _retry_after(error: Exception) -> float:
    """How many seconds Slack asks us to wait before the next attempt, 0 if it does not."""
    if not isinstance(error, SlackApiError):
        return 0.0
    asked = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return float(asked) if asked.isdigit() else 0.0
