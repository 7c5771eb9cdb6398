"""A real Redis: the server that comes with the package, one for each worker of pytest."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.redis_server import RedisServer, executable
from tests.conftest import MISSING


class Server:
    """A Redis that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        binary = executable()
        if binary is None:
            pytest.skip(f"{MISSING}redis-server")
        self.at = RedisServer.prepare(binary, folder)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return self.at.url

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(self.at.command)
        pause = threading.Event()
        for _ in range(500):
            if self.at.answers():
                return
            pause.wait(0.02)
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture(scope="session")
def redis_server(quick_folder: Path) -> Iterator[Server]:
    """A running Redis."""
    server = Server(quick_folder / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """The address of an empty, running Redis."""
    if redis_server.process is None:
        redis_server.start()
    with Redis.from_url(redis_server.url) as redis:
        redis.flushall()
    return redis_server.url
