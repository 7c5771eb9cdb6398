"""What App Home shows beside a person's own part and the planning."""

from dataclasses import dataclass
from datetime import datetime

MOST = 5  # questions, programs and sessions; what is more is counted


@dataclass(frozen=True)
class Waiting:
    """A question that somebody has not answered yet."""

    program: str
    groups_at: datetime
    zone: str
    value: str  # what its buttons carry


@dataclass(frozen=True)
class HomeProgram:
    """A program that somebody manages."""

    id: int
    name: str
    state: str
    zone: str
    next_at: datetime | None
    open: int  # sessions that are open now
    kind: str = "coffee"
    on: bool = False  # of mentoring: whether matching is on
