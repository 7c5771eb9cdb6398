"""A commit is durable when its transaction is over, and many of them share one fsync."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from store.database import Database, make_engine
from store.wal import SharedSync, log_of


class CountedSync:
    """A slow disk that knows what was asked of it before each sync began."""

    def __init__(self) -> None:
        self.written = 0
        self.safe = 0
        self.syncs = 0
        self.lock = threading.Lock()

    def write(self) -> int:
        with self.lock:
            self.written += 1
            return self.written

    def sync(self) -> None:
        with self.lock:
            covered = self.written
        threading.Event().wait(0.005)
        with self.lock:
            self.syncs += 1
            self.safe = max(self.safe, covered)


def test_nobody_goes_on_before_their_own_write_is_safe():
    """Sixteen writers at once share syncs, and each comes back only after one that began after its write."""
    disk = CountedSync()
    shared = SharedSync(disk.sync)

    def write_often(_number: int) -> bool:
        for _ in range(20):
            mine = disk.write()
            shared()
            if disk.safe < mine:
                return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(write_often, range(16)))
    assert disk.syncs < 320 / 4


def test_a_sync_that_fails_is_told_and_tried_again_by_the_next():
    """Whoever ran into the failing disk hears of it; nobody else is held up by that."""
    outcomes = [OSError("the disk is full"), None]

    def sync() -> None:
        if error := outcomes.pop(0):
            raise error

    shared = SharedSync(sync)
    with pytest.raises(OSError, match="the disk is full"):
        shared()
    shared()
    assert outcomes == []


def test_a_transaction_is_over_after_its_commit_was_synced(tmp_path, monkeypatch):
    """The log is synced once per transaction, and only when what was written is committed."""
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    db = Database(engine)
    with db.transaction() as tx:
        tx.execute(text("CREATE TABLE a (x INTEGER)"))
    seen: list[int] = []
    other = make_engine(f"sqlite:///{tmp_path}/a.db")

    def sync(handle: int) -> None:
        assert os.readlink(f"/proc/self/fd/{handle}") == f"{tmp_path}/a.db-wal"
        with other.connect() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM a")).scalar_one())

    monkeypatch.setattr("store.wal.os.fdatasync", sync)
    db = Database(engine)
    with db.transaction() as tx:
        tx.execute(text("INSERT INTO a VALUES (1)"))
    assert seen == [1]
    with pytest.raises(OperationalError), db.transaction() as tx:
        tx.execute(text("INSERT INTO nowhere VALUES (2)"))
    assert seen == [1]
    engine.dispose()
    other.dispose()


def test_a_log_that_is_gone_is_in_the_database(tmp_path):
    """After the last connection was closed there is no log, and nothing to sync."""
    log_of(tmp_path / "a.db")()
