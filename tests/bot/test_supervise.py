"""`sessions up` as a real process tree: nobody is missed for long, and nobody is left behind."""

import json
import os
import signal
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot import redis_server, supervise
from bot.config import Settings
from bot.redis_server import free_port
from bot.supervise import CannotStart

SMALL_UP = Path(__file__).with_name("small_up.py")


@dataclass
class Up:
    """One running tree."""

    process: Any
    data: Path
    output: Path
    port: int

    def pids(self) -> dict[str, int]:
        """Who runs, as the supervisor wrote it down."""
        try:
            found: dict[str, int] = json.loads((self.data / "run.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def web(self) -> int:
        """The process id that answers at the port. Waits while nobody does."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return int(answer.read())

    def says(self, text: str) -> bool:
        """Whether it has said so at its terminal."""
        return text in self.output.read_text()


@pytest.fixture
def launch(
    spawn: Callable[..., Any], environ: dict[str, str], tmp_path: Path, eventually: Callable[..., None]
) -> Callable[..., Up]:
    """Start a tree and wait until it is live."""

    def start(*arguments: str, **extra: str) -> Up:
        port = free_port()
        output = tmp_path / f"up-{port}.txt"
        process = spawn(
            [str(SMALL_UP), *(arguments or ("1",))],
            environ=environ | {"PORT": str(port)} | extra,
            output=output,
            start_new_session=True,
        )
        tree = Up(process, Path(environ["SESSIONS_DATA"]), output, port)
        eventually(lambda: tree.says("Sessions is live"))
        roles = [role for role in tree.pids() if role not in ("up", "redis")]
        eventually(lambda: output.read_text().count(" has started") == len(roles))
        return tree

    return start


def test_everything_starts_and_ends_together(launch: Any, alive: Any, eventually: Any) -> None:
    """One line for each process, one when people can be served; Ctrl-C ends all, and exits with 0."""
    up = launch("2")
    pids = up.pids()
    assert list(pids) == ["up", "redis", "web", "worker", "worker-2", "ticker"]
    assert pids["up"] == up.process.pid
    assert all(alive(pid) for pid in pids.values())
    assert all(up.says(f"{role:<10} process {pid}") for role, pid in pids.items() if role != "up")
    assert up.says(f"Sessions is live at http://127.0.0.1:{up.port} (Slack sends to /slack/events).")
    assert up.data.stat().st_mode & 0o777 == 0o700
    assert up.web() == pids["web"]

    os.killpg(up.process.pid, signal.SIGINT)  # a terminal sends it to the whole group
    assert up.process.wait(timeout=15) == 0
    assert all(up.says(f"{role.split('-')[0]} was asked to end") for role in ("web", "worker-2", "ticker"))
    assert not up.says("KeyboardInterrupt")
    assert not any(alive(pid) for pid in pids.values())
    assert not (up.data / "run.json").exists()


def test_asking_twice_insists(launch: Any, alive: Any, eventually: Any) -> None:
    """The first signal gives everybody 30 s to finish; the second one does not wait for them."""
    up = launch(STUBBORN="1")
    pids = up.pids()
    up.process.terminate()
    eventually(lambda: up.says("ticker was asked to end"))
    assert alive(pids["ticker"])
    up.process.terminate()

    assert up.process.wait(timeout=15) == 0
    assert not any(alive(pid) for pid in pids.values())


def test_whoever_is_killed_is_back_at_once(launch: Any, alive: Any, eventually: Any) -> None:
    """Redis at the same address with its data; the web port is open all the time."""
    up = launch()
    first = up.pids()
    url = redis_server.running_url(up.data / "redis")
    with Redis.from_url(url) as client:
        client.set("kept", 1)
    for role in ("redis", "web", "worker", "ticker"):
        os.kill(first[role], signal.SIGKILL)
    assert up.web() != first["web"]  # connected while nobody was there to accept
    eventually(
        lambda: all(up.pids().get(role) not in (None, pid) for role, pid in first.items() if role != "up")
    )

    assert redis_server.running_url(up.data / "redis") == url
    eventually(lambda: redis_server.answers(url, seconds=1))
    with Redis.from_url(url) as client:
        assert client.get("kept") == b"1"
    assert all(alive(pid) for pid in up.pids().values())
    assert up.process.poll() is None


def test_a_killed_supervisor_leaves_no_orphan(launch: Any, alive: Any, eventually: Any) -> None:
    """The kernel ends every child with it, Redis included; and the next one can start on the same data."""
    up = launch()
    pids = up.pids()
    os.kill(pids["web"], signal.SIGKILL)  # one of them is about to be started again
    up.process.kill()
    up.process.wait()

    eventually(lambda: not any(alive(pid) for pid in pids.values()))
    again = launch(PORT=str(up.port))
    assert again.pids()["up"] == again.process.pid


def test_one_data_directory_has_one_supervisor(launch: Any, environ: dict[str, str]) -> None:
    """The second one says why it does not start, and leaves the first one alone."""
    first = launch()
    with pytest.raises(CannotStart, match=f"^Another sessions up already runs on {first.data}: stop it, or"):
        supervise.up(Settings.load(environ))

    assert first.web() == first.pids()["web"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HOST", "192.0.2.1", r"^PORT: \d+ on 192\.0\.2\.1 cannot be used"),
        ("DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/x", r"^DATABASE_URL: the database cannot be used"),
        ("SESSIONS_DATA", "/proc/nowhere", r"^SESSIONS_DATA: /proc/nowhere cannot be used"),
    ],
)
def test_what_keeps_it_from_starting_is_a_sentence(
    environ: dict[str, str], name: str, value: str, sentence: str
) -> None:
    """On one line, with the variable that helps, without a password."""
    with pytest.raises(CannotStart, match=sentence) as refused:
        supervise.up(Settings.load(environ | {"PORT": str(free_port()), name: value}))

    assert "hush" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_a_redis_binary_the_rest_runs(launch: Any) -> None:
    """And it is said."""
    up = launch("1", "no-redis")

    assert list(up.pids()) == ["up", "web", "ticker"]
    assert up.says("There is no redis-server for this system")


def test_with_a_redis_of_your_own_none_is_started(launch: Any) -> None:
    """REDIS_URL goes to the workers as it is."""
    assert list(launch(REDIS_URL="redis://127.0.0.1:9/0").pids()) == ["up", "web", "worker", "ticker"]
