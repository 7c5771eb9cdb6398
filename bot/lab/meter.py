"""What the steps of a measurement cost: statements, commits, seconds, memory; and rows in bulk for them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from bot.lab.match_instances import peak
from store.base import Base

CHUNK = 5000


@dataclass(frozen=True)
class Step:
    """What one step took, in wall and CPU seconds; *mb* is the most memory of the process so far."""

    name: str
    result: str
    statements: int
    transactions: int
    seconds: float
    cpu: float
    mb: float


class Meter:
    """Counts statements and time of steps, one after the other."""

    def __init__(self, engine: Engine) -> None:
        self.steps: list[Step] = []
        self.statements = self.transactions = 0
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *_: object) -> None:
        self.statements += 1

    def _commit(self, _connection: object) -> None:
        self.transactions += 1

    def step(self, name: str, work: Callable[[], Any], told: Callable[[Any], str] = str) -> Any:
        """Do *work*, and keep what it took."""
        self.statements = self.transactions = 0
        cpu, wall = time.process_time(), time.perf_counter()
        found = work()
        seconds, spent = time.perf_counter() - wall, time.process_time() - cpu
        step = Step(name, told(found), self.statements, self.transactions, seconds, spent, peak())
        self.steps.append(step)
        return found


def many(tx: Session, table_of: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, some thousands in a statement."""
    for start in range(0, len(rows), CHUNK):
        tx.execute(insert(table_of), rows[start : start + CHUNK])


def show(steps: Sequence[Step], say: Console, *, title: str) -> None:
    """Print the steps as a table."""
    shown = Table(title=title, title_justify="left")
    shown.add_column("step")
    for name in ("result", "statements", "commits", "s", "CPU s", "peak MB"):
        shown.add_column(name, justify="right")
    for one in steps:
        shown.add_row(
            one.name, one.result, str(one.statements), str(one.transactions), f"{one.seconds:.2f}",
            f"{one.cpu:.2f}", f"{one.mb:.0f}",
        )  # fmt: skip
    say.print(shown)
