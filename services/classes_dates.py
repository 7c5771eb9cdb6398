"""One date of a class alone: moved, cancelled, put back, given other places; and a date more."""

from datetime import date, datetime

from domain.classes import Done
from store.database import Database


def move(db: Database, team_id: str, date_id: int, day: date, minute: int, *, by: str, now: datetime) -> Done:
    """Move a date to a minute of another local day; registrations stay and are told (C9).

    Raises NoSuchDate, DateOver, and FieldRefusal at "day" or "minute".
    """
    raise NotImplementedError


def cancel(db: Database, team_id: str, date_id: int, *, by: str, now: datetime, why: str = "") -> Done:
    """Cancel a date: members are told (C10) and each has a make-up lesson. Raises NoSuchDate, DateOver."""
    raise NotImplementedError


def places(db: Database, team_id: str, date_id: int, count: int, *, by: str, now: datetime) -> Done:
    """Give a date other places; a place more goes to the waitlist.

    Raises FieldRefusal at "places": "9 people are registered. Remove 1 first."; NoSuchDate, DateOver.
    """
    raise NotImplementedError


def add_date(
    db: Database, team_id: str, class_id: int, day: date, minute: int, *, by: str, now: datetime
) -> Done:
    """A class on one day more; whoever is enrolled is registered and told. ``Done.id`` is the date's.

    Raises NoSuchClass, and FieldRefusal at "day" or "minute".
    """
    raise NotImplementedError


def undo(db: Database, team_id: str, date_id: int, *, by: str, now: datetime) -> Done:
    """Put a cancelled date back within 24 hours; who was registered is again, where a place is free.

    Raises NoSuchDate, TooLateToUndo, DateOver.
    """
    raise NotImplementedError
