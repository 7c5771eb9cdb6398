"""Who takes part in a host's session: added, edited, removed, invited again; and what they answer."""

from datetime import datetime

from domain.hosted import Done, NewParticipant
from services.ports import Chance, Vault
from store.database import Database


def add(
    db: Database,
    team_id: str,
    session_id: int,
    new: NewParticipant,
    *,
    by: str,
    now: datetime,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Add somebody; the same form again adds nobody. ``Done.codes`` has the code if nobody invites them.

    Raises TooManyPeople, TooLate, NoKey, and FieldRefusal at "address" for one who is there already.
    """
    raise NotImplementedError


def edit(
    db: Database,
    team_id: str,
    participant_id: int,
    new: NewParticipant,
    *,
    by: str,
    now: datetime,
    vault: Vault | None,
    chance: Chance,
) -> Done:
    """Change name, channel, address, zone and price; a new address is invited, with a new code.

    ``Done.codes`` as of ``add``. Raises what ``add`` raises, and a Refusal for the price of what is paid.
    """
    raise NotImplementedError


def remove(
    db: Database, team_id: str, participant_id: int, *, by: str, now: datetime, refund: bool | None = None
) -> Done:
    """Take somebody out; they are told if they were invited. *refund* None: by the 24 hours' rule.

    Raises Refusal for the last one of a session, and TooLate.
    """
    raise NotImplementedError


def resend(db: Database, team_id: str, participant_id: int, *, by: str, now: datetime) -> Done:
    """Invite somebody once more, with the same code; once a minute at most. Raises Refusal."""
    raise NotImplementedError


def answer(
    db: Database, team_id: str, participant_id: int, accepted: bool, *, by: str, now: datetime
) -> Done:
    """A participant accepts or declines; the host hears of it. ``Done.said`` is for the participant.

    Raises TooLate where the session is over.
    """
    raise NotImplementedError
