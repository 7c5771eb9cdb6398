"""A host's sessions: saved, edited, moved, cancelled, given to a colleague."""

from datetime import datetime

from domain.hosted import Done, NewSession
from services.ports import Chance, Vault
from store.database import Database


def save(
    db: Database,
    team_id: str,
    new: NewSession,
    *,
    host: str,
    vault: Vault | None,
    chance: Chance,
    now: datetime,
) -> Done:
    """Save a session with its people; the same form submitted again gives the same session.

    ``Done.codes`` has the codes of those whom nobody invites, for the host to tell them. Raises NoKey,
    TooManyPeople, and FieldRefusal at "address" where two have the same.
    """
    raise NotImplementedError


def clash(
    db: Database, team_id: str, host: str, starts_at: datetime, minutes: int, *, but: int = 0
) -> datetime | None:
    """The start of another session of this host that overlaps; None where nothing does."""
    raise NotImplementedError


def edit(
    db: Database,
    team_id: str,
    session_id: int,
    *,
    by: str,
    now: datetime,
    version: int,
    name: str,
    room: str,
    minutes: int,
) -> Done:
    """Change name, room link and duration; participants hear of a new duration only.

    Raises Stale where the session is not the *version* that was looked at, and TooLate.
    """
    raise NotImplementedError


def took_place(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """A session that nobody joined here took place all the same."""
    raise NotImplementedError


def move(
    db: Database,
    team_id: str,
    session_id: int,
    starts_at: datetime,
    *,
    by: str,
    now: datetime,
    version: int | None = None,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Another time: participants are told, reminders are planned anew, links and codes stay.

    Where codes had died meanwhile, everybody gets new ones with a new invitation; ``Done.codes`` as of
    ``save``. Raises Stale, TooLate, and NoKey where codes are needed.
    """
    raise NotImplementedError


def cancel(
    db: Database, team_id: str, session_id: int, *, by: str, now: datetime, refund: bool = True
) -> Done:
    """Cancel until 5 minutes after the start: those who were invited are told, codes die, money goes back.

    Raises TooLate.
    """
    raise NotImplementedError


def remove(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Remove a session that has begun, without a word to its participants. Raises TooLate."""
    raise NotImplementedError


def undo(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Take back a cancellation, for 10 minutes: with its codes, reminders and payments. Raises TooLate."""
    raise NotImplementedError


def give(db: Database, team_id: str, session_id: int, to: str, *, by: str, now: datetime) -> Done:
    """Let a colleague host it. Raises MayNotHost and TooLate."""
    raise NotImplementedError


def give_back(db: Database, team_id: str, session_id: int, *, by: str, now: datetime) -> Done:
    """Give a session back to whoever gave it, for 24 hours. Raises TooLate."""
    raise NotImplementedError
