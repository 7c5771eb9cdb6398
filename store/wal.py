"""Durable commits at a shared price: one fsync of SQLite's log for all who committed meanwhile.

With ``synchronous=FULL`` SQLite pays for an fsync inside every commit, while nobody else may write: 200
answers a second, on a disk that takes 5 ms. With ``NORMAL`` it writes the log and leaves the fsync to others.
That is us: a transaction is over only when the log was synced after its commit, so what was acknowledged is
as safe as before. Whoever comes while a sync is running shares the next one.

Others may read a commit before it is safe; what they do with it is safe no sooner than their own commit, and
that stands behind it in the same log.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from store.together import Together


def shared_sync(database: Path) -> Callable[[], None]:
    """A function that returns once all that was committed to SQLite's *database* before is on the disk.

    It raises OSError if it cannot be brought there.
    """

    def for_all(calls: Sequence[None]) -> Sequence[None]:
        _sync(f"{database}-wal")
        return calls

    together: Together[None, None] = Together(for_all)
    return lambda: together(None)


def _sync(log: str) -> None:
    # Opened each time: the log is gone, and all is in the database, once the last connection was closed.
    # SQLite's own locks are on other files, so that closing this one takes none of them away.
    try:
        handle = os.open(log, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        getattr(os, "fdatasync", os.fsync)(handle)
    finally:
        os.close(handle)
