"""Make-up lessons: one for each lesson that was skipped in time, or that the studio cancelled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes import Done
from services.classes import Held
from store.database import Database


@dataclass(frozen=True)
class Choice:
    """A date that a make-up lesson can be used for now."""

    date_id: int
    class_id: int
    starts_at: datetime
    left: int  # places


def give(held: Held, registration_ids: Collection[int], why: str) -> int:
    """Give one make-up lesson for each of these registrations, once; how many were new.

    *why* is "skipped", "cancelled" or "no_place". A make-up lesson's own registration gives its lesson back.
    """
    raise NotImplementedError


def take_back(held: Held, registration_ids: Collection[int]) -> Collection[int]:
    """The registrations stand again: their make-up lessons are void. Those whose lesson was used already."""
    raise NotImplementedError


def use(db: Database, team_id: str, credit_id: int, date_id: int, *, user_id: str, now: datetime) -> Done:
    """[Use Make-up]: register somebody to one date; Done.id is the registration.

    Raises NotYours, NoSuchDate, and Refusals by 4.4: another type, outside the window, no place, a full week.
    """
    raise NotImplementedError


def choices(
    tx: Session, team_id: str, credit_id: int, *, now: datetime, limit: int = 100
) -> Sequence[Choice]:
    """The dates that a make-up lesson can be used for, the next first: same type, window, place and week."""
    raise NotImplementedError
