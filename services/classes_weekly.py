"""Weekly classes: added, edited, deleted, cancelled and put back."""

from datetime import datetime

from domain.classes import Done, NewClass
from store.database import Database


def add(db: Database, team_id: str, new: NewClass, *, key: str, by: str, now: datetime) -> Done:
    """Add a class for each of its days; the same form again adds nothing. ``Done.id`` is the first one's.

    Raises FieldRefusal at "type_id", "weekdays", "minute", "minutes", "places", "waitlist_places", "place".
    """
    raise NotImplementedError


def edit(
    db: Database, team_id: str, class_id: int, new: NewClass, *, by: str, now: datetime, version: int
) -> Done:
    """Change a class. One that has dates keeps its type, day and time: those of its dates can be moved.

    Its dates ahead follow in length and, unless they were given others alone, in places. Raises NoSuchClass,
    Stale, and FieldRefusal as ``add`` does.
    """
    raise NotImplementedError


def clashes(db: Database, team_id: str, new: NewClass, *, but: int = 0) -> list[str]:
    """Who teaches then, or which place is used: a warning each; the class *but* does not count."""
    raise NotImplementedError


def delete(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Delete a class that nobody was ever registered to. Raises NoSuchClass, HasRegistrations."""
    raise NotImplementedError


def cancel_class(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Cancel a class with all its dates ahead: members are told once, and get back what they paid for it.

    It can be put back for 24 hours. Raises NoSuchClass.
    """
    raise NotImplementedError


def undo_class(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Put a cancelled class back; who was registered is again, where a place is free.

    Raises TooLateToUndo.
    """
    raise NotImplementedError
