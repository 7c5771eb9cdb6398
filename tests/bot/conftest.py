"""What the tests of processes and doors share."""

import contextlib
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.redis_server import free_port

SECRET = "the-signing-secret"
TOKEN = "xoxb-1-for-tests"
SMALL_WEB = Path(__file__).with_name("small_web.py")
Headers = list[tuple[str, bytes]]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The smallest environment that is right."""
    return {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SESSIONS_DATA": str(tmp_path / "data"),
    }


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Wait for a condition; *seconds* is when to give up, not how long it takes."""

    def wait(condition: Callable[[], object], seconds: float = 15) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, "it did not happen"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def alive() -> Callable[[int], bool]:
    """Whether a process runs; one that ended but that nobody has fetched yet does not."""

    def check(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            return False

    return check


@pytest.fixture(scope="session")
def sign() -> Callable[..., dict[str, str]]:
    """Sign a body as Slack does."""

    def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    return signed


@pytest.fixture(scope="session")
def spawn() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python process whose output goes to a file; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(
        arguments: list[str], *, environ: Mapping[str, str], output: Path, **options: object
    ) -> subprocess.Popen[str]:
        with output.open("a") as file:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env={"PATH": os.environ["PATH"], **environ},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                text=True,
                **options,  # type: ignore[call-overload]
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


class FakeSlack:
    """Answers Web API calls: what a test put into *answers*, with *headers*; counts calls by method."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.calls: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                method = self.path.rsplit("/", 1)[1]
                outer.calls.append(method)
                body = outer.answers.get(method, '{"ok": false, "error": "unknown_method"}').encode()
                self.send_response_only(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Date", outer.headers.get("Date", self.date_time_string()))
                for name, value in outer.headers.items():
                    if name != "Date":
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """A Slack of a few lines, for what the local workspace is not asked about."""
    fake = FakeSlack()
    yield fake
    fake.close()


@dataclass
class Door:
    """A web process, its log and what its app noted."""

    port: int
    log: Path
    notes: Path
    process: subprocess.Popen[str] | None = None
    answer: bytes = b""

    def send(
        self, body: bytes, headers: Headers, *, path: str = "/slack/events", method: str = "POST"
    ) -> int:
        """Send exactly these bytes, return the status."""
        lines = [f"{method} {path} HTTP/1.1".encode(), b"Host: sessions.test", b"Connection: close"]
        lines += [name.encode() + b": " + value for name, value in headers]
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
                wire.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            with wire.makefile("rb") as answer:
                self.answer = answer.read()
        return int(self.answer.split()[1])

    def text(self) -> str:
        """The body of the last answer."""
        return self.answer.partition(b"\r\n\r\n")[2].decode()

    def lines(self) -> list[dict[str, object]]:
        """Its log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def noted(self) -> list[dict[str, object]]:
        """What reached its app."""
        return (
            [json.loads(line) for line in self.notes.read_text().splitlines()] if self.notes.exists() else []
        )


@pytest.fixture(scope="module")
def door(
    tmp_path_factory: pytest.TempPathFactory,
    spawn: Callable[..., subprocess.Popen[str]],
    eventually: Callable[..., None],
) -> Door:
    """One server for all attacks: none may break it for the next."""
    folder = tmp_path_factory.mktemp("door")
    door = Door(free_port(), folder / "log", folder / "notes")
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "the-signing-secret",
        "SLACK_API_URL": "http://127.0.0.1:9/",
        "SESSIONS_DATA": str(folder / "data"),
        "PORT": str(door.port),
    }
    door.process = spawn([str(SMALL_WEB), str(door.notes)], environ=environ, output=door.log)

    def listens() -> bool:
        try:
            return door.send(b"", [("Content-Length", b"0")], path="/nothing") == 404
        except OSError:
            return False

    eventually(listens)
    return door
