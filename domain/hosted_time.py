"""Dates and times as a host types them: the wall clock of the host's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True)
class Start:
    """When a session begins; *note* says what the host should know about it, or is empty."""

    instant: datetime
    note: str = ""


def read_start(day: date, at: time, zone: str, *, now: datetime) -> Start:
    """The instant of a wall time. Raises FieldRefusal at "time" for one that is not, or has passed."""
    raise NotImplementedError
