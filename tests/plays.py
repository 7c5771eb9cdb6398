"""What was played once is copied from then on: most tests begin where a round is open, and that takes long.

A world is spared the play only where another began it like this: on an empty database, with the same plays
before, the fakes in the same state, and nothing written in between. Everything else is played, so that a test
need not know of this. What cannot be seen is code that a test patches, and statements that it counts: such a
test builds its world without ``plays``.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, Table, text

from store.base import Base
from store.core import Workspace

if TYPE_CHECKING:
    from tests.builders import World

Rows = dict[Table, list[dict[str, Any]]]

# The product's time is years away in all tests; what is near the host's is a lease, a rest or a due date.
REAL = timedelta(hours=1)
COUNTERS = text("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")


@dataclass(frozen=True)
class Kept:
    """Where a play ended: what it answered, the fakes, the rows and the counters, and when that was."""

    found: Any
    fakes: bytes
    rows: Rows
    counters: dict[str, int]
    at: datetime


@dataclass
class Plays:
    """The plays of one worker on one kind of database."""

    engine: Engine
    commits: int = 0  # since the database was emptied
    filled: tuple[Table, ...] = ()  # the tables with rows, where the last play ended
    kept: dict[bytes, Kept] = field(default_factory=dict)

    def begin(self) -> None:
        """The database is empty again."""
        self.commits, self.filled = 0, (cast(Table, Workspace.__table__),)  # all that a new world writes

    def committed(self, _connection: object) -> None:
        """Note that something was written: SQLAlchemy calls this at each commit."""
        self.commits += 1

    def recall(self, world: "World", play: Callable[..., Any], **how: Any) -> Any:
        """What ``play(world)`` answers, which is played only where nobody did before.

        *play* is a function of its own: all that it depends on are the world and its arguments.
        """
        step = (play.__module__, play.__qualname__, how)
        before = self._start(world, step)
        if before is None:
            return play(world, **how)
        kept = self.kept.get(before)
        if kept is None:
            found = play(world, **how)
            world.past.append(step)
            kept = self.kept[before] = self._keep(world, found)
        else:
            self._bring_back(world, kept)
        self.filled, world.stands_at = tuple(kept.rows), self.commits
        return kept.found

    def _start(self, world: "World", play: object) -> bytes | None:
        """All that the play depends on; None where that cannot be written down."""
        if world.stands_at != self.commits:
            return None
        try:
            return _pickled((play, vars(world)), without=(world.db, self))
        except (pickle.PicklingError, AttributeError, TypeError):
            return None

    def _keep(self, world: "World", found: object) -> Kept:
        with self.engine.connect() as connection:
            rows = {
                table: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in Base.metadata.sorted_tables
            }
            on_sqlite = world.db.is_sqlite  # where the highest id is the counter
            counters = {} if on_sqlite else {name: last for name, last in connection.execute(COUNTERS)}
        filled = {table: found for table, found in rows.items() if found}
        return Kept(found, _pickled(vars(world), without=(world.db, self)), filled, counters, _host_now())

    def _bring_back(self, world: "World", kept: Kept) -> None:
        later = _host_now() - kept.at
        with self.engine.begin() as connection:
            for table in reversed(self.filled):
                connection.execute(table.delete())
            for table, rows in kept.rows.items():
                connection.execute(table.insert(), [_moved(row, kept.at, later) for row in rows])
            if kept.counters:
                anew = (f"setval('{name}', {last})" for name, last in kept.counters.items())
                connection.execute(text("SELECT " + ", ".join(anew)))
        for name, value in _unpickled(kept.fakes, without=(world.db, self)).items():
            mine = getattr(world, name)
            if name in world.FAKES:
                vars(mine).update(vars(value))  # whoever has the fake in hand sees it
            elif name != "deps":
                setattr(world, name, value)


def _moved(row: dict[str, Any], at: datetime, later: timedelta) -> dict[str, Any]:
    """The row with its real times as far from now as they were from then."""
    return {
        name: value + later if isinstance(value, datetime) and abs(value - at) < REAL else value
        for name, value in row.items()
    }


def _host_now() -> datetime:
    return datetime.now(UTC)


class _Pickler(pickle.Pickler):
    """Writes numbers in place of those objects that are not the world's own."""

    without: tuple[object, ...] = ()

    def persistent_id(self, one: object) -> int | None:
        return next((number for number, other in enumerate(self.without) if one is other), None)


class _Unpickler(pickle.Unpickler):
    without: tuple[object, ...] = ()

    def persistent_load(self, number: int) -> object:
        return self.without[number]


def _pickled(found: object, *, without: tuple[object, ...]) -> bytes:
    written = io.BytesIO()
    pickler = _Pickler(written)
    pickler.without = without
    pickler.dump(found)
    return written.getvalue()


def _unpickled(written: bytes, *, without: tuple[object, ...]) -> Any:
    unpickler = _Unpickler(io.BytesIO(written))
    unpickler.without = without
    return unpickler.load()
