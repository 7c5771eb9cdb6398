"""Class types: the kinds of classes that staff plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes import Done
from store.classes import ClassType
from store.database import Database


@dataclass(frozen=True)
class NewType:
    """A class type as it is filled in; *minutes* is what a new class of it begins with."""

    name: str
    description: str = ""
    minutes: int = 60


def save(db: Database, team_id: str, new: NewType, *, key: str, by: str, now: datetime) -> Done:
    """Save a class type; the same form again gives the same one. Raises FieldRefusal at "name", "minutes"."""
    raise NotImplementedError


def edit(db: Database, team_id: str, type_id: int, new: NewType, *, by: str, now: datetime) -> Done:
    """Change a class type; its classes are called by the new name. Raises FieldRefusal, NoSuchType."""
    raise NotImplementedError


def archive(db: Database, team_id: str, type_id: int, *, by: str, now: datetime) -> Done:
    """Offer a class type no more; classes of it stay. Raises NoSuchType."""
    raise NotImplementedError


def listed(tx: Session, team_id: str) -> Sequence[ClassType]:
    """The class types that are offered, by name."""
    raise NotImplementedError
