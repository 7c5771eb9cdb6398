"""Somebody whom a host has met before: found by the first letters, kept with what was typed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.hosted import NewParticipant
from store.database import Database


@dataclass(frozen=True)
class Found:
    """Somebody who may be chosen: *contact_id* of one's own contacts, or *user_id* of a colleague."""

    name: str
    contact_id: int = 0
    user_id: str = ""


def find(db: Database, team_id: str, owner: str, typed: str) -> Sequence[Found]:
    """Those whose name, or any word of it, begins with what was typed: own contacts, then colleagues.

    At most 20.
    """
    raise NotImplementedError


def keep(tx: Session, team_id: str, owner: str, new: NewParticipant, *, now: datetime) -> int | None:
    """Keep somebody as a contact of *owner*, if the form says so; the contact's id, None if there is none.

    One with the same e-mail address, or number, is the same person. A colleague (Slack message) is not kept.
    """
    raise NotImplementedError


def delete(db: Database, team_id: str, owner: str, contact_id: int, *, now: datetime) -> bool:
    """Forget a contact, with name, address and codes in sessions that are over; False if it is not theirs."""
    raise NotImplementedError
