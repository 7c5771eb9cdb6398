"""One code path for SQLite and PostgreSQL: engines, transactions, and the clock of leases."""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from domain.errors import TryLater
from store.wal import shared_sync

T = TypeVar("T")

# sqlstates that a repetition of the whole unit of work cures: serialization failure, deadlock,
# lock not available, admin shutdown, connection lost
TRANSIENT = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006"}
TRIES = 5
_NOW = select(func.clock_timestamp())


class NetworkInsideTransaction(AssertionError):
    """A port was called while a transaction was open: it would hold locks for as long as Slack likes."""


_open: ContextVar[bool] = ContextVar("transaction_open", default=False)


def refuse_network_inside_transaction() -> None:
    """Called by every port that leaves the process."""
    if _open.get():
        raise NetworkInsideTransaction("finish the transaction before talking to the outside")


def database_url(text: str) -> URL:
    """Accept sqlite:///, postgres:// and postgresql://; the latter two mean psycopg 3."""
    return make_url(re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", text))


def make_engine(text: str, *, lock_wait: timedelta = timedelta(seconds=5), pool: int = 5) -> Engine:
    """An engine whose transactions wait *lock_wait* for locks at most, then fail."""
    url = database_url(text)
    millis = int(lock_wait / timedelta(milliseconds=1))
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, millis, pool)
    return create_engine(
        url,
        hide_parameters=True,  # an error that is logged names no people
        pool_pre_ping=True,
        pool_size=pool,
        max_overflow=pool,
        pool_recycle=1800,
        connect_args={
            "options": f"-c timezone=UTC -c statement_timeout=15s -c lock_timeout={millis}ms "
            "-c idle_in_transaction_session_timeout=30s"
        },
    )


def _sqlite(url: URL, millis: int, pool: int) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, pool_size=pool, max_overflow=pool)

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # the driver must not open transactions by itself
        dbapi.execute(f"PRAGMA busy_timeout={millis}")
        _write_ahead(dbapi, millis)
        for pragma in (
            "synchronous=NORMAL",  # store/wal.py makes each commit durable
            "foreign_keys=ON",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(conn: Any) -> None:
        # a deferred transaction that reads first and writes later fails at once when somebody else
        # committed in between; writers therefore take the lock when they begin
        conn.exec_driver_sql("BEGIN " + conn.get_execution_options().get("sqlite_begin", "DEFERRED"))

    return engine


def _write_ahead(dbapi: Any, millis: int) -> None:
    """Switch to the write-ahead log. SQLite's busy handler does not wait where two do so on a new file."""
    pause = threading.Event()
    for left in range(max(1, millis // 20), -1, -1):
        try:
            dbapi.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not left or "locked" not in str(error):
                raise
            pause.wait(0.02)


class Database:
    """The only door to the database. ``transaction`` and ``reading`` are used in services/ alone."""

    def __init__(self, engine: Engine, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        writing = engine.execution_options(sqlite_begin="IMMEDIATE")
        self._readers = sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(writing, expire_on_commit=False, autoflush=False)
        # SQLite lets one writer in; queueing our own threads here is fair, its busy handler is not
        self._turn = threading.Lock() if self.is_sqlite else None
        self._patience = patience.total_seconds()
        file = engine.url.database if self.is_sqlite else None
        self._durable = shared_sync(Path(file)) if file and file != ":memory:" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: a clean exit commits and is durable, any error rolls back.

        Raises TryLater when the wait is too long.
        """
        if self._turn is not None and not self._turn.acquire(timeout=self._patience):
            raise TryLater("The database is busy.")
        try:
            with self._scope(self._writers) as session:
                yield session
                session.commit()
        finally:
            if self._turn is not None:
                self._turn.release()
        if self._durable is not None:
            self._durable()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one consistent state; never commits."""
        with self._scope(self._readers) as session:
            yield session

    @contextmanager
    def _scope(self, maker: sessionmaker[Session]) -> Iterator[Session]:
        token = _open.set(True)
        try:
            with maker() as session:
                yield session
        except DBAPIError as error:
            if is_transient(error):
                raise TryLater("The database is busy.") from error
            raise
        finally:
            _open.reset(token)

    def instant(self, session: Session) -> datetime:
        """The time that leases are measured by: the database's clock, or the host's on SQLite."""
        if self.is_sqlite:
            return datetime.now(UTC)  # noqa: TID251 - all processes on SQLite share this host's clock
        found: datetime = session.scalars(_NOW).one()
        return found.astimezone(UTC)

    def retrying(self, work: Callable[[], T]) -> T:
        """Run a whole unit of work, again after TryLater, five times at most.

        Repeating is safe because every insert carries a unique key and every update names the state before.
        """
        pause = threading.Event()
        for attempt in range(1, TRIES):
            try:
                return work()
            except TryLater:
                pause.wait(0.01 * 2**attempt)
        return work()


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is run again."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in TRANSIENT
    if error.connection_invalidated:
        return True
    text = str(error.orig).lower()
    return isinstance(error, OperationalError) and (
        "locked" in text or "connection" in text or "busy" in text
    )
