"""Migrations on both databases: they arrive where the code is, and come back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

from store import (  # noqa: F401 - the tables are known once imported
    classes,
    classes_sold,
    coffee,
    core,
    hosted,
    hosted_money,
    mentoring,
    migrate,
    outbox,
    payments,
    people,
)
from store.base import Base
from store.database import Database, make_engine
from tests.races import in_processes
from tests.store.test_tables import fill


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """An engine on a database without any table."""
    found = make_engine(empty_url)
    yield found
    found.dispose()


def schema(engine: Engine) -> dict[str, Any]:
    """Columns, keys, indexes and checks as the database itself tells them, names and texts included."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            return {name: _parts(sql) for name, sql in rows if name != "alembic_version"}
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        for name, sql in connection.execute(
            text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        ):
            found[name] = sql
        for name, sql in connection.execute(
            text(
                "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace"
            )
        ):
            found[name] = sql
        for row in connection.execute(
            text(
                "SELECT table_name || '.' || column_name, data_type, is_nullable, character_maximum_length, "
                "column_default FROM information_schema.columns WHERE table_schema = 'public'"
            )
        ):
            found[row[0]] = tuple(row[1:])
    return {name: said for name, said in found.items() if "alembic_version" not in name}


def _parts(sql: str) -> list[str]:
    """The lines of a CREATE TABLE without regard to their order."""
    flat = re.sub(r"\s+", " ", sql).replace('"', "")
    return sorted(part.strip(" ,()") for part in re.split(r",(?![^(]*\))", flat.partition("(")[2])) or [flat]


def test_from_nothing_to_the_head(engine: Engine) -> None:
    """An empty database is brought to the revision of this code; a second time changes nothing."""
    assert migrate.revision(engine) is None
    migrate.upgrade(engine)
    first = schema(engine)
    migrate.upgrade(engine)

    assert migrate.revision(engine) == migrate.head()
    assert schema(engine) == first


def test_the_models_and_the_migrations_agree(engine: Engine) -> None:
    """Alembic finds nothing to add, and the texts of indexes and checks are those of the models."""
    migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    migrated = schema(engine)
    migrate.downgrade(engine, "base")
    Base.metadata.create_all(engine)

    assert schema(engine) == migrated


def test_there_is_one_head() -> None:
    """Revisions form one line, and none is there twice."""
    scripts = ScriptDirectory.from_config(migrate.config())

    assert len(scripts.get_heads()) == 1
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert len(revisions) == len(set(revisions))


def test_all_the_way_down_and_up_again(engine: Engine) -> None:
    """Going back leaves nothing behind, and coming again gives the same."""
    migrate.upgrade(engine)
    before = schema(engine)
    migrate.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine)

    assert schema(engine) == before


def test_each_step_down_and_up_keeps_what_is_there(engine: Engine) -> None:
    """From the head one revision down and up again, rows of every table survive, as far as tables do."""
    migrate.upgrade(engine)
    with Database(engine).transaction() as tx:
        fill(tx, "T1")
    scripts = list(ScriptDirectory.from_config(migrate.config()).walk_revisions())
    if len(scripts) == 1:
        pytest.skip("there is only one revision yet")
    migrate.downgrade(engine, "-1")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(select(core.Workspace.__table__.c.team_id)).scalar_one() == "T1"


def test_two_upgrades_at_once_take_turns(empty_url: str) -> None:
    """Web, worker and ticker may all start on an empty database in the same moment."""

    def upgrade() -> str | None:
        own = make_engine(empty_url)
        try:
            migrate.upgrade(own)
            return migrate.revision(own)
        finally:
            own.dispose()

    assert in_processes([upgrade] * 3) == [migrate.head()] * 3


def test_a_death_in_mid_upgrade_leaves_nothing_half_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade is one transaction: it is there, or it is not."""
    from alembic.operations import Operations

    real, made = Operations.create_table, []

    def dies(self: Operations, name: str, *args: Any, **more: Any) -> Any:
        made.append(name)
        if len(made) > 5:
            raise KeyboardInterrupt
        return real(self, name, *args, **more)

    monkeypatch.setattr("alembic.op.create_table", dies, raising=False)
    monkeypatch.setattr(Operations, "create_table", dies)
    with pytest.raises(KeyboardInterrupt):
        migrate.upgrade(engine)
    monkeypatch.undo()

    assert inspect(engine).get_table_names() == []
    migrate.upgrade(engine)
    assert migrate.revision(engine) == migrate.head()
