"""Bring a database to the revision this code needs, and say where it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

LOCK = 7_305_201  # any fixed number: two upgrades of one PostgreSQL database take turns


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; the scripts travel inside the package."""
    found = Config()
    found.set_main_option("script_location", "store:migrations")
    found.attributes["connection"] = connection
    return found


@cache
def head() -> str:
    """The revision this code is written for; it is read once, also for all forks of a worker."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    return str(revision)


def revision(engine: Engine) -> str | None:
    """The revision the database is at, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, target: str = "head") -> None:
    """Migrate to *target*. Safe to run from several processes at once: they take turns."""
    with _migrating(engine) as connection:
        command.upgrade(config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Go back to *target*; for the tests, which walk the migrations both ways."""
    with _migrating(engine) as connection:
        command.downgrade(config(connection), target)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction that nobody else migrates in.

    SQLite changes a table by making it anew; while it does, its foreign keys are checked at the end only.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise IntegrityError("migration", None, ValueError(f"{broken[0]} points to nothing"))
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch the check of foreign keys; SQLite ignores this inside of a transaction."""
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
