"""Two at once: one is stopped before a statement, so that the other comes between; or real processes."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event, text

from store.database import Database, make_engine

PATIENCE = 20  # seconds until a test gives up waiting


class Running:
    """Work in a thread of its own, with its own connections to the same database."""

    def __init__(self, url: str, work: Callable[[Database], Any], *, before: str | None = None) -> None:
        self.engine = make_engine(url)
        self.reached, self.go = threading.Event(), threading.Event()
        self.result: Any = None
        if before is not None:
            event.listen(self.engine, "before_cursor_execute", self._stop_at(before))
        self.thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self.thread.start()

    def _stop_at(self, before: str) -> Callable[..., None]:
        def stop(_c: object, _cursor: object, statement: str, *_: object) -> None:
            if before in statement and not self.reached.is_set():
                self.reached.set()
                self.go.wait(PATIENCE)

        return stop

    def _run(self, work: Callable[[Database], Any]) -> None:
        try:
            self.result = work(Database(self.engine))
        except Exception as error:
            self.result = error
        finally:
            self.reached.set()
            self.engine.dispose()

    def done(self, seconds: float = PATIENCE) -> bool:
        """Whether it ends within *seconds*."""
        self.thread.join(seconds)
        return not self.thread.is_alive()


def meanwhile(
    url: str, first: Callable[[Database], Any], *, before: str, second: Callable[[Database], Any]
) -> tuple[Any, Any]:
    """Stop *first* before a statement that holds *before*, let *second* go as far as it can, then both end.

    What they returned, or raised.
    """
    one = Running(url, first, before=before)
    assert one.reached.wait(PATIENCE)
    assert not one.done(0), f"it ended before any {before!r}: {one.result!r}"
    other = Running(url, second)
    watch = make_engine(url)
    while not other.done(0.02) and not _waits_for_a_lock(watch):
        pass
    watch.dispose()
    one.go.set()
    assert one.done()
    assert other.done()
    return one.result, other.result


def _waits_for_a_lock(engine: Any) -> bool:
    if engine.dialect.name == "sqlite":
        return True  # whoever writes keeps all other writers out
    with engine.connect() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(connection.execute(waiting).scalar())


def in_processes(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a process of its own, all at the same moment; what they return."""
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(len(works))
    results: Any = fork.SimpleQueue()

    def run(work: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE)
            results.put((True, work()))
        except BaseException as error:
            results.put((False, repr(error)))

    processes = [fork.Process(target=run, args=(work,)) for work in works]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join(PATIENCE)
    assert [said for fine, said in found if not fine] == []
    return [said for _, said in found]
