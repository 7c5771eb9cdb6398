"""When time alone next changes a term, or one date of a class."""

from datetime import datetime, timedelta

from domain.classes import LIST, REMIND, DateState, TermState
from domain.classes_dates import Days, first_instant, last_instant


def date_next(
    state: str, starts_at: datetime, minutes: int, *, reminded: bool, listed: bool
) -> datetime | None:
    """When a date is next looked at: its reminder, the teacher's list, its end; None where nothing follows.

    What was not done in time is due at once.
    """
    if state != DateState.PLANNED:
        return None
    if not reminded:
        return starts_at - REMIND
    return starts_at - LIST if not listed else starts_at + timedelta(minutes=minutes)


def term_next(state: str, term: Days) -> datetime | None:
    """When a term is next looked at: its start, its end; None where it is over."""
    if state in (TermState.ENDED, TermState.CANCELLED):
        return None
    return first_instant(term) if state == TermState.OPEN else last_instant(term)


def term_state(state: str, term: Days, now: datetime) -> TermState:
    """Where a term stands *now*: one with classes runs from its first day, and each ends with its last."""
    if state in (TermState.ENDED, TermState.CANCELLED):
        return TermState(state)
    if now >= last_instant(term):
        return TermState.ENDED
    if state == TermState.OPEN and now >= first_instant(term):
        return TermState.RUNNING
    return TermState(state)
