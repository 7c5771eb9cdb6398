"""Bring a database to the revision this code needs, and say where it stands."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

LOCK = 7_305_201  # any fixed number: two upgrades of one PostgreSQL database take turns


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; the scripts travel inside the package."""
    found = Config()
    found.set_main_option("script_location", "store:migrations")
    found.attributes["connection"] = connection
    return found


def head() -> str:
    """The revision this code is written for."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    return str(revision)


def revision(engine: Engine) -> str | None:
    """The revision the database is at, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, target: str = "head") -> None:
    """Migrate to *target*. Safe to run from several processes at once: they take turns."""
    locked = engine.execution_options(sqlite_begin="IMMEDIATE")
    with locked.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Go back to *target*; for the tests, which walk the migrations both ways."""
    with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        command.downgrade(config(connection), target)
