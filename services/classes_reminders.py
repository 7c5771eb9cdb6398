"""Reminders of a date to all who are registered, and the list for its teacher."""

from services.classes import Held


def remind_due(held: Held) -> bool:
    """24 hours before: C12 to all who are registered, of all dates at once; whether one was due."""
    raise NotImplementedError


def lists_due(held: Held) -> bool:
    """10 minutes before: the attendance list to the teacher, else to the staff; whether any was due."""
    raise NotImplementedError
