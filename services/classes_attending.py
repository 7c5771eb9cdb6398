"""What becomes of one registration: skipped, coming, came, did not come."""

from collections.abc import Collection
from datetime import datetime

from domain.classes import Done, Press
from store.database import Database


def skip(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[Skip This One]: the place is free. In time it gives a make-up lesson, later it counts as used.

    Pressed again it changes nothing. Raises NoSuchPlace, NotYours, and AlreadyBegun.
    """
    raise NotImplementedError


def undo_skip(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[Undo Skip], while a place is free and the make-up lesson was not used. Raises as ``skip``."""
    raise NotImplementedError


def coming(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[I'm Coming], or [Keep] of a date that was moved."""
    raise NotImplementedError


def mark(
    db: Database, team_id: str, registration_ids: Collection[int], came: bool, *, by: str, now: datetime
) -> Done:
    """[Came] and [Did Not Come], of registrations of one date. Raises NoSuchPlace, NotTeaching, TooEarly.

    For the class's teacher, or for a door that asked ``only_staff``: see ``may_mark``.
    """
    raise NotImplementedError


def may_mark(db: Database, team_id: str, date_id: int, user_id: str, *, admin: bool) -> bool:
    """Whether somebody keeps a date's attendance: its class's teacher, and class staff."""
    raise NotImplementedError
