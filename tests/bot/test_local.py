"""``sessions up --local`` and the demo, for somebody who has nothing: real processes, from start to end."""

import io
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from rich.console import Console

from bot import demo, local
from sandbox.client import Workspace
from sandbox.guests_browser import browse

PATIENCE = 60.0  # real seconds; only what goes wrong ever takes so long
SOON = 20.0  # real seconds for an end that a person waits for, on a busy machine
NOT_OURS = {
    "SLACK_BOT_TOKEN": "not ours",
    "SLACK_API_URL": "https://slack.com/api/",
    "DATABASE_URL": "oracle://not-ours",
    "SESSIONS_DATA": "/nowhere",
    "PORT": "x",
}


class Started:
    """A command as a child process, and the lines it prints."""

    def __init__(self, temp: Path, *arguments: str) -> None:
        self.temp = temp
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            env={**NOT_OURS, "PATH": os.environ["PATH"], "TMPDIR": str(temp)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self.lines.put(line.rstrip())

    def wait_for(self, text: str) -> str:
        """The next line that holds *text*."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if text in line:
                return line

    def open(self) -> str:
        """Wait until it invites somebody; the address."""
        found = re.search(r"http://127\.0\.0\.1:\d+", self.wait_for("Open "))
        assert found
        self.wait_for("Ctrl-C")
        return found.group()

    def pids(self) -> dict[str, int]:
        """Who of Sessions runs, by role."""
        (noted,) = self.temp.glob("sessions-local-*/sessions/run.json")
        return json.loads(noted.read_text())

    def end(self, number: int | None = None) -> tuple[int, str]:
        """Wait for the end, after a signal if one is given; the exit code, and what stands on stderr."""
        if number is not None:
            self.child.send_signal(number)
        code = self.child.wait(timeout=SOON)
        self.reader.join()
        assert self.child.stderr is not None
        return code, self.child.stderr.read()

    def close(self) -> None:
        """End it whatever happened."""
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(timeout=PATIENCE)
        self.reader.join()
        for stream in (self.child.stdout, self.child.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start a command with arguments."""
    every: list[Started] = []

    def begin(*arguments: str) -> Started:
        every.append(Started(tmp_path, *arguments))
        return every[-1]

    yield begin
    for one in every:
        one.close()


def lives(pid: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(url: str) -> bool:
    """Whether somebody listens there."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - loopback
    except urllib.error.URLError:
        return False
    return True


def test_anyone_can_try_it_and_nothing_is_kept(start: Callable[..., Started]) -> None:
    """It opens a page and answers /sessions; Ctrl-C ends every process, and takes the files with it."""
    it = start("up", "--local")
    url = it.open()
    with urllib.request.urlopen(f"{url}/") as page:  # noqa: S310 - loopback
        assert page.headers["Content-Type"].startswith("text/html")
    ws = Workspace(url)
    assert ws.clock.now() == pytest.approx(time.time(), abs=60)
    ana = ws.user("ana")
    assert ana.slash("/sessions schedule", channel="general")["status"] == "ok"
    assert ana.modal("Schedule a session")
    running = it.pids()
    assert {"up", "web", "worker", "ticker"} <= running.keys()

    assert it.end(signal.SIGINT) == (0, "")

    assert not answers(url)
    assert [role for role, pid in running.items() if lives(pid)] == []
    assert list(it.temp.glob("sessions-local-*")) == []


def test_a_process_that_dies_is_told(start: Callable[..., Started]) -> None:
    """A worker is started again; without Sessions itself there is nothing to stay for."""
    it = start("up", "--local")
    url = it.open()
    os.kill(it.pids()["worker"], signal.SIGKILL)
    assert it.wait_for("worker") == "The worker process died, and was started again."
    os.kill(it.pids()["up"], signal.SIGKILL)
    assert it.wait_for("Sessions") == "Sessions has ended, with exit code -9."

    assert it.end() == (1, "")
    assert not answers(url)
    assert list(it.temp.glob("sessions-local-*")) == []


def test_another_company_may_be_brought(start: Callable[..., Started], tmp_path: Path) -> None:
    """The page begins with its admin, another one shows what guests got; SIGTERM ends it as Ctrl-C does."""
    company = tmp_path / "company.yml"
    company.write_text(
        "people: [{handle: ben, name: Ben Okafor}, {handle: zoe, name: Zoe Ek, owner: true}]\n"
        "channels: [{name: tea, members: all}]\n"
    )
    it = start("up", "--local", "--workspace", str(company))

    assert it.wait_for("Open ").endswith(" - you are Zoe Ek, an owner.")
    outside = re.search(r"http://\S+/guests/", it.wait_for("guests"))
    assert outside
    assert "Nothing has arrived yet." in browse(outside.group()).text
    it.wait_for("Ctrl-C")
    assert it.end(signal.SIGTERM) == (0, "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a list", "describes no workspace"),
        ("people: [", "cannot be read"),
        ("channels: [{name: tea, members: [nobody]}]", "names nobody, who is not among its people"),
    ],
    ids=["no-mapping", "no-yaml", "unknown-person"],
)
def test_a_wrong_company_is_a_sentence(
    start: Callable[..., Started], tmp_path: Path, text: str, sentence: str
) -> None:
    """Exit code 1, and no traceback."""
    company = tmp_path / "company.yml"
    company.write_text(text)
    it = start("up", "--local", "--workspace", str(company))

    assert it.wait_for(sentence)
    assert it.end() == (1, "")
    assert it.lines.empty()
    assert list(tmp_path.glob("sessions-local-*")) == []


def test_a_played_round_stays_to_be_looked_at(start: Callable[..., Started]) -> None:
    """The demo ends with two addresses: the admin's messages, and the group message of a member."""
    it = start("demo", "--keep")
    pages = [re.search(r"http://\S+", it.wait_for("Open ")) for _ in range(2)]
    admin, member = [parse_qs(urlsplit(page.group()).query) for page in pages if page]
    assert it.wait_for("/sessions schedule")
    assert it.wait_for("Ctrl-C ends it")
    assert pages[0]
    ws = Workspace(pages[0].group().split("/?")[0])

    assert admin == {"as": ["ana"], "in": ["app"], "tab": ["messages"]}
    assert ws.user("ana").dm().wait_for(text="the groups are made")
    (seen,) = ws.user(member["as"][0]).see("messages", channel=member["in"][0])
    assert "Meet your group: Coffee" in seen["text"]
    assert it.end(signal.SIGINT) == (0, "")


def test_the_demo_says_how_to_go_on() -> None:
    """Its last two lines are the commands that open a browser's page, each with what it is for."""
    said = Console(file=io.StringIO(), width=80)
    demo.go_on(said)

    fresh, played = said.file.getvalue().splitlines()[-2:]
    assert fresh.startswith("  .venv/bin/sessions up --local ")
    assert played.startswith("  .venv/bin/sessions demo --keep ")


def test_a_port_that_another_program_has_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next usual one will do, or any free one; once it is given back it is taken again."""
    with socket.socket() as taken, socket.socket() as other:
        for one in (taken, other):
            one.bind(("127.0.0.1", 0))
        taken.listen()
        first, second = taken.getsockname()[1], other.getsockname()[1]
        other.close()
        monkeypatch.setattr(local, "PORTS", [first, second])
        assert local.friendly_port() == second
        monkeypatch.setattr(local, "PORTS", [first])
        assert local.friendly_port() != first
    assert local.friendly_port() == first
