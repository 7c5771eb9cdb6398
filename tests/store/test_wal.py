"""A commit is durable when its transaction is over."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from store.database import Database, make_engine
from store.wal import shared_sync


@pytest.fixture
def file(tmp_path):
    """A database of one table."""
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    with Database(engine).transaction() as tx:
        tx.execute(text("CREATE TABLE a (x INTEGER)"))
    yield tmp_path / "a.db"
    engine.dispose()


def test_a_transaction_is_over_after_its_commit_was_synced(file, monkeypatch):
    """The log is synced once per transaction, after the commit, and not when nothing was committed."""
    engine, other = make_engine(f"sqlite:///{file}"), make_engine(f"sqlite:///{file}")
    db = Database(engine)
    seen: list[int] = []

    def sync(handle: int) -> None:
        assert os.readlink(f"/proc/self/fd/{handle}") == f"{file}-wal"
        with other.connect() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM a")).scalar_one())

    monkeypatch.setattr("store.wal.os.fdatasync", sync)
    with db.transaction() as tx:
        tx.execute(text("INSERT INTO a VALUES (1)"))
    assert seen == [1]
    with pytest.raises(OperationalError), db.transaction() as tx:
        tx.execute(text("INSERT INTO nowhere VALUES (2)"))
    assert seen == [1]
    engine.dispose()
    other.dispose()


def test_a_commit_that_cannot_be_made_durable_is_not_acknowledged(file, monkeypatch):
    """A disk that fails is told to whoever committed."""

    def sync(_handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("store.wal.os.fdatasync", sync)
    engine = make_engine(f"sqlite:///{file}")
    with pytest.raises(OSError, match="the disk is full"), Database(engine).transaction() as tx:
        tx.execute(text("INSERT INTO a VALUES (1)"))
    engine.dispose()


def test_a_log_that_is_gone_is_in_the_database(tmp_path):
    """After the last connection was closed there is no log, and nothing to sync."""
    shared_sync(tmp_path / "a.db")()
