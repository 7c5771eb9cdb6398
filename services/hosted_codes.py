"""Access codes and links of participants: issued, shown again, found by what somebody typed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.ports import Chance, Reach, Vault
from store.database import Database
from store.hosted import HostedParticipant


@dataclass(frozen=True)
class Found:
    """What a typed code came to: a participant and the token of their link, or why not."""

    participant_id: int = 0
    token: str = ""
    problem: str = ""  # a sentence for whoever typed


def issue(tx: Session, vault: Vault, chance: Chance, one: HostedParticipant, until: datetime) -> str:
    """Give a participant a code, valid *until*, and a link if they have none; the nine digits.

    Sets code_hash, code_sealed, code_until, link_hash and link_sealed of *one*, which need not be flushed yet.
    """
    raise NotImplementedError


def code(vault: Vault, one: HostedParticipant) -> str:
    """The nine digits of a participant; "" where they are dead."""
    raise NotImplementedError


def link(reach: Reach, one: HostedParticipant) -> str:
    """The whole address of a participant's join page; "" where there is none."""
    raise NotImplementedError


def find(db: Database, team_id: str, vault: Vault, typed: str, source: str, *, now: datetime) -> Found:
    """Whose code was typed, within the limits on wrong ones; *source* is the address it comes from."""
    raise NotImplementedError


def reseal(tx: Session, vault: Vault, one: HostedParticipant) -> bool:
    """Seal and mark a participant's code and link with the newest key; whether anything had to change."""
    raise NotImplementedError
