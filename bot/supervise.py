"""``sessions up``: Redis, web, workers and ticker as one process tree, each started again when it dies.

Nothing correct depends on this process. When it is killed, the kernel ends its children with it; when a
child is killed, at any moment, a new one goes on from the database.
"""

import contextlib
import errno
import fcntl
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot import redis_server
from bot.config import Settings
from bot.log import redact
from bot.processes import Child, Tree, say
from bot.redis_server import RedisServer
from store import migrate
from store.database import make_engine

PORT_WAIT = 5.0  # seconds to wait for the children of a killed predecessor to let go of the port
REDIS_WAIT = 10.0  # seconds until Redis must have taken a command
REDIS_TRIES = 3


class CannotStart(Exception):
    """Sessions cannot start; the message is a sentence with the remedy."""


def up(
    settings: Settings,
    *,
    workers: int = 1,
    program: Sequence[str] = (sys.executable, "-m", "bot"),
    environ: Mapping[str, str] | None = None,
) -> None:
    """Run everything until SIGTERM or SIGINT. Raises CannotStart.

    *program* is a command that takes the role as its argument; *environ* is what it gets (``os.environ``).
    """
    environment = dict(os.environ if environ is None else environ)
    with _only_one(settings.data), _listening(settings) as door:
        upgrade(settings)
        (settings.data / "run.json").unlink(missing_ok=True)  # of a killed predecessor
        tree = Tree(settings.data)
        if settings.redis_url is None and (redis := _redis(settings.data, environment)) is not None:
            tree.children.append(redis)
            environment["REDIS_URL"] = redis.redis.url if redis.redis else ""
        web = [*program, "web", "--listen", str(door.fileno())]
        tree.children.append(Child("web", web, environment, keep=(door.fileno(),)))
        for number in range(workers if environment.get("REDIS_URL") else 0):
            role = f"worker-{number + 1}" if number else "worker"
            tree.children.append(Child(role, [*program, "worker"], environment))
        tree.children.append(Child("ticker", [*program, "ticker"], environment))
        threading.Thread(target=_announce, args=(settings, tree), daemon=True).start()
        tree.run()
    say("Sessions has stopped.")


def upgrade(settings: Settings) -> str:
    """Bring the database to the revision this code needs, and return it. Raises CannotStart."""
    try:
        engine = make_engine(settings.database_url)
        try:
            migrate.upgrade(engine)
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        told = redact(str(getattr(error, "orig", None) or error)).strip().splitlines() or [""]
        raise CannotStart(f"DATABASE_URL: the database cannot be used ({told[0]}).") from None
    except CommandError as error:
        raise CannotStart(
            f"DATABASE_URL: this database was made by another version of Sessions ({error}); use that one."
        ) from None
    return migrate.head()


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Create the data directory, and hold it: one ``sessions up`` at a time."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "up.lock").open("a")
    except OSError as error:
        raise CannotStart(f"SESSIONS_DATA: {data} cannot be used ({error.strerror}).") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another sessions up already runs on {data}: stop it, "
                "or set SESSIONS_DATA to another directory."
            ) from None
        yield


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Hold the port here: while a killed web process starts again, callers wait and are not refused."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    until = time.monotonic() + PORT_WAIT
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                door.bind((settings.host, settings.port))
                door.listen(2048)
                break
            except socket.gaierror as error:
                raise CannotStart(
                    f"HOST: {settings.host} is no address of this computer ({error.strerror}); "
                    "write 127.0.0.1, or 0.0.0.0 for every network."
                ) from None
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise CannotStart(
                        f"PORT: {settings.port} on {settings.host} cannot be used ({error.strerror}); "
                        "stop the program that has it, or set PORT or HOST."
                    ) from None
            threading.Event().wait(0.1)
        yield door


def _redis(data: Path, environment: Mapping[str, str]) -> Child | None:
    """Start a Redis of our own; None, said aloud, where there is none."""
    binary = redis_server.executable()
    if binary is None:
        say("There is no redis-server for this system: the ticker does the work, somewhat later.")
        return None
    for attempt in range(REDIS_TRIES):
        server = RedisServer.prepare(binary, data / "redis")  # another port each time
        child = Child("redis", server.command, environment, redis=server)
        child.start()
        until = time.monotonic() + REDIS_WAIT
        while child.lives and time.monotonic() < until:
            if server.answers():
                return child
            threading.Event().wait(0.02)
        child.kill()
        if attempt:
            server.forget()
    say(f"Redis did not start, see {data / 'redis' / 'redis.log'}: the ticker does the work, somewhat later.")
    return None


def _announce(settings: Settings, tree: Tree) -> None:
    """Say when people can be served, and where."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared
    address = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    tree.noted.wait()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not tree.stops:
        with contextlib.suppress(OSError), opener.open(f"{address}/readyz", timeout=2):
            break
        threading.Event().wait(0.1)
    else:
        return
    how = "Slack reaches it by Socket Mode" if settings.slack_app_token else "Slack sends to /slack/events"
    say(f"Sessions is live at {settings.public_url or address} ({how}).")
