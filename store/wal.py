"""Durable commits at a shared price: one fsync of SQLite's log for all who committed meanwhile.

With ``synchronous=FULL`` SQLite pays for an fsync inside every commit, while nobody else may write: 200
answers a second, on a disk that takes 5 ms. With ``NORMAL`` it writes the log and leaves the fsync to others.
That is us: a transaction is over only when the log was synced after its commit, so what was acknowledged is
as safe as before. Whoever comes while a sync is running shares the next one.

Others may read a commit before it is safe; what they do with it is safe no sooner than their own commit, and
that stands behind it in the same log.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path


class SharedSync:
    """Returns once a sync that began after the call is done."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self.sync = sync
        self.turn = threading.Condition()
        self.asked = 0
        self.safe = 0  # all calls up to this one are on the disk
        self.running = False

    def __call__(self) -> None:
        """Wait until all that was written before this call is on the disk. Raises OSError if it cannot be."""
        with self.turn:
            self.asked += 1
            mine = self.asked
            while self.safe < mine:
                if self.running:
                    self.turn.wait()
                else:
                    self._lead()

    def _lead(self) -> None:
        """Sync for everybody who asked so far; the others wait meanwhile, outside of the lock."""
        self.running, covered = True, self.asked
        self.turn.release()
        try:
            self.sync()
        finally:
            self.turn.acquire()
            self.running = False
            self.turn.notify_all()
        self.safe = covered


def log_of(database: Path) -> Callable[[], None]:
    """The function that brings SQLite's log of *database* to the disk.

    The log is opened each time: it is gone, and all is in the database, once the last connection was closed.
    SQLite's own locks are on other files, so that closing this one takes none of them away.
    """
    path = f"{database}-wal"
    sync = getattr(os, "fdatasync", os.fsync)

    def bring() -> None:
        try:
            log = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            sync(log)
        finally:
            os.close(log)

    return bring
