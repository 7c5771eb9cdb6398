"""What a database is asked: a list must cost the same, however many are on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from store.database import Database


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """What a database is asked meanwhile."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
