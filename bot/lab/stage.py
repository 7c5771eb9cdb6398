"""A stage to play on: the local workspace and the real processes of Sessions, on free loopback ports."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

import yaml

from bot.parent import tied
from sandbox.client import Workspace

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "manifest.yml"


class StageError(Exception):
    """A process of the stage did not come up; the message says which, and where its output is."""


@dataclass
class Stage:
    """How to set the stage. *speed* shortens our own waiting times, *rates* are the workspace's limits."""

    workspace: Mapping[str, Any]
    data: Path
    workspace_port: int = 0  # 0 takes a free one
    smtp_port: int = 0
    socket_mode: bool = False
    rates: str = "off"
    pace: str = "off"
    speed: float = 0.1
    now: str | None = None
    database_url: str | None = None
    faults: Path | None = None
    off: str = ""
    arguments: tuple[str, ...] = ()
    lab: bool = True
    children: list[subprocess.Popen[str]] = field(default_factory=list)
    ready: dict[str, Any] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)  # who ran when Sessions had become ready

    def __enter__(self) -> Self:
        """Start the workspace, then Sessions, and introduce them to each other."""
        self.data.mkdir(parents=True, exist_ok=True)
        try:
            self.start_workspace()
            self.start_sessions()
            self.connect()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process of the stage."""
        self.close()

    @property
    def url(self) -> str:
        """Where the local workspace lives."""
        return str(self.ready["url"])

    @property
    def address(self) -> str:
        """Where Sessions itself is reached."""
        return f"http://127.0.0.1:{self.port}"

    def start_workspace(self) -> None:
        """Start the local workspace; it ends when we do, however we end."""
        seed = self.data / "workspace.yml"
        seed.write_text(yaml.safe_dump(dict(self.workspace), allow_unicode=True), "utf-8")
        command = [sys.executable, "-m", "sandbox", "--workspace", str(seed), "--manifest", str(MANIFEST)]
        command += ["--port", str(self.workspace_port), "--smtp", str(self.smtp_port)]
        command += ["--rates", self.rates, "--with-parent"]
        command += ["--now", self.now] if self.now else []
        command += ["--socket"] if self.socket_mode else []
        self.slack = self._child(command, "workspace", stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        line = self.slack.stdout.readline() if self.slack.stdout else ""
        if not line:
            why = " ".join(tail(self.data / "workspace.log", lines=1)) or "it said nothing"
            raise StageError(f"The local workspace did not start: {why}")
        self.ready = json.loads(line)
        self.smtp_port = urlsplit(self.ready["smtp"]).port or 0  # the next workspace takes over its mailboxes
        self.ws = Workspace(self.url)

    def start_sessions(self) -> None:
        """Start ``sessions up`` with nothing in its environment but what an admin would set."""
        self.port = free_port()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ},
            "SLACK_BOT_TOKEN": self.ready["bot_token"],
            "SLACK_SIGNING_SECRET": self.ready["signing_secret"],
            "SLACK_API_URL": self.ready["api"],
            "SESSIONS_DATA": str(self.data / "sessions"),
            "SESSIONS_SECRET_KEY": secrets.token_hex(16),
            "PORT": str(self.port),
            **self._outside(),
            **({"SLACK_APP_TOKEN": self.ready["app_token"]} if self.socket_mode else {}),
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
        }
        if self.lab:
            lab = {"clock": f"{self.url}/control/clock", "speed": self.speed, "pace": self.pace}
            lab |= {"faults": str(self.faults), "off": self.off} if self.faults else {}
            self.environment["SESSIONS_LAB"] = json.dumps(lab)
        self.up = self._child(tied([sys.executable, "-m", "bot", "up", *self.arguments]), "sessions")

    def _outside(self) -> dict[str, str]:
        """How guests are reached, and reach us: the workspace plays mailboxes, telephones and Stripe too."""
        return {
            "PUBLIC_URL": self.address,
            "SMTP_URL": self.ready["smtp"],
            "MAIL_FROM": "Sessions <sessions@example.com>",
            "SMS_URL": self.ready["sms"],
            "SMS_TOKEN": self.ready["sms_token"],
            "STRIPE_API_URL": self.ready["stripe"],
            "STRIPE_API_KEY": self.ready["stripe_key"],
            "STRIPE_WEBHOOK_SECRET": self.ready["stripe_webhook_secret"],
        }

    def restart(self) -> None:
        """Start ``sessions up`` again after it was killed, as an admin would: same settings, same address."""
        self.up = self._child([sys.executable, "-m", "bot", "up", *self.arguments], "sessions")

    def connect(self, seconds: float = 30) -> None:
        """Wait until Sessions can serve, and tell the workspace where it listens."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self.up.poll() is not None or time.monotonic() > deadline:
                raise StageError(f"Sessions did not become ready; see {self.data / 'sessions.log'}.")
            time.sleep(0.05)
        self.known = self.pids()
        self.ws.settings(
            stripe_webhook=f"{self.address}/stripe/webhook", text_replies=f"{self.address}/texts"
        )
        if not self.socket_mode:
            self.ws.bot(f"{self.address}/slack/events")

    def stay(self, tell: Callable[[str], None]) -> NoReturn:
        """Stay until something ends, which raises StageError; *tell* of what was started again."""
        known = dict(self.known)
        while True:
            for name, child in (("The local workspace", self.slack), ("Sessions", self.up)):
                if child.poll() is not None:
                    raise StageError(f"{name} has ended, with exit code {child.returncode}.")
            running = self.pids()
            for role in running.keys() & known.keys():
                if running[role] != known[role]:
                    tell(f"The {role} process died, and was started again.")
            known |= running
            time.sleep(0.2)

    def is_ready(self) -> bool:
        """Whether the web process can serve."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def pids(self) -> dict[str, int]:
        """The process ids that the supervisor wrote down last."""
        try:
            found = json.loads((self.data / "sessions" / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return {role: pid for role, pid in found.items() if isinstance(pid, int)}

    def close(self) -> None:
        """End Sessions first, so that it has a workspace until its end."""
        for child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(timeout=35)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    stream.close()
        self.children.clear()

    def _child(self, command: list[str], name: str, **streams: Any) -> subprocess.Popen[str]:
        with (self.data / f"{name}.log").open("a") as log:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                command,
                cwd=self.data,
                env=getattr(self, "environment", None),
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C at the terminal reaches us alone, and we end them in order
                **({"stdout": log} | streams),
            )
        self.children.append(child)
        return child


def tail(log: Path, lines: int = 15) -> list[str]:
    """The last lines of a log, for when something went wrong."""
    return log.read_text("utf-8", "replace").splitlines()[-lines:] if log.exists() else []


def end_once() -> None:
    """Let the first SIGINT, SIGTERM or SIGHUP raise KeyboardInterrupt; more do not disturb the end."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(_number: int, _frame: object) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, end)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
