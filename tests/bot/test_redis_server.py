"""Redis of our own: private, on the loopback, and the same again after it was killed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot import redis_server
from bot.parent import tied
from bot.redis_server import RedisServer

Start = Any


@pytest.fixture
def start(eventually: Any) -> Iterator[Start]:
    """Start a server and wait until it takes commands."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(server: RedisServer) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(tied(server.command), stdin=subprocess.DEVNULL)
        started.append(process)
        eventually(server.answers)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def server(tmp_path: Path) -> RedisServer:
    """Files for a server, in a directory whose name needs quoting."""
    binary = redis_server.executable()
    assert binary is not None
    return RedisServer.prepare(binary, tmp_path / 're "dis" ü')


def test_its_password_is_in_a_private_file_only(server: RedisServer, start: Start) -> None:
    """Not on the command line, where every user of the computer could read it."""
    process = start(server)

    assert server.config.stat().st_mode & 0o777 == 0o600
    assert server.directory.stat().st_mode & 0o777 == 0o700
    assert server.password.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert not redis_server.answers(f"redis://127.0.0.1:{server.port}", seconds=1)
    assert not redis_server.answers(f"redis://:guess@127.0.0.1:{server.port}", seconds=1)


def test_a_killed_server_comes_back_with_its_data(server: RedisServer, start: Start, eventually: Any) -> None:
    """Same port, same password, and every command that had reached its file."""
    process = start(server)
    with Redis.from_url(server.url) as client:
        for number in range(200):
            client.set(f"key-{number}", number)
        eventually(lambda: _written(client))
    process.kill()
    process.wait()
    assert not server.answers()
    start(server)

    with Redis.from_url(server.url) as client:
        assert client.dbsize() == 200


def _written(client: Redis) -> bool:
    """Whether nothing waits: while an fsync is running Redis answers before it writes."""
    told = client.info("persistence")
    return told["aof_buffer_length"] == 0 and told["aof_pending_bio_fsync"] == 0


def test_an_unreadable_file_is_set_aside(server: RedisServer, start: Start) -> None:
    """Hints may be lost; a Redis that does not start would cost time at every one of them."""
    (server.directory / "appendonly.aof").write_bytes(b"*2\r\n$6\r\nBROKEN\r\nnonsense" * 20)
    assert subprocess.run(server.command, timeout=10, check=False).returncode == 1
    server.forget()
    start(server)

    assert (server.directory / "appendonly.aof.unreadable").exists()


def test_another_process_finds_its_address(server: RedisServer, tmp_path: Path) -> None:
    """The doctor and the fault campaign ask the directory."""
    assert redis_server.running_url(server.directory) == server.url
    assert redis_server.running_url(tmp_path) is None


def test_the_port_is_not_one_that_outgoing_connections_draw(server: RedisServer) -> None:
    """Else a client that tries to reach the dead server could take the port from it."""
    assert server.port < 32_768  # where the range begins on Linux


def test_where_there_is_no_binary_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Found beside the interpreter if the package has none; never by the path."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    assert redis_server.executable() is None

    (tmp_path / "redis-server").touch(mode=0o755)
    assert redis_server.executable() == tmp_path / "redis-server"
    assert os.access(tmp_path / "redis-server", os.X_OK)
