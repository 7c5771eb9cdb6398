"""Class types: the kinds of classes that staff plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import Done
from domain.classes_terms import NoSuchType, check_minutes, name_of
from domain.errors import FieldRefusal
from domain.text import say, visible
from services import audit
from services.classes_forms import once_more
from store import queries
from store.classes import ClassType
from store.database import Database

LONGEST = 500  # characters of a description


@dataclass(frozen=True)
class NewType:
    """A class type as it is filled in; *minutes* is what a new class of it begins with."""

    name: str
    description: str = ""
    minutes: int = 60


def save(db: Database, team_id: str, new: NewType, *, key: str, by: str, now: datetime) -> Done:
    """Save a class type; the same form again gives the same one.

    Raises FieldRefusal at "name", "description" and "minutes".
    """
    return once_more(lambda: _save(db, team_id, new, key, by, now))


def _save(db: Database, team_id: str, new: NewType, key: str, by: str, now: datetime) -> Done:
    name, description = _check(new)
    with db.transaction() as tx:
        known = tx.scalar(select(ClassType.id).where(ClassType.team_id == team_id, ClassType.key == key))
        if known is not None:
            return Done(changed=False, id=known)
        _one_name(tx, team_id, name)
        one = ClassType(
            team_id=team_id, key=key, name=name, name_key=name.casefold(), description=description,
            minutes=new.minutes, created_by=by, created_at=now,
        )  # fmt: skip
        tx.add(one)
        tx.flush()
        audit.of_classes(tx, team_id, f"class type {one.id}", "class_type_saved", now, actor=by)
        return Done(changed=True, id=one.id)


def edit(db: Database, team_id: str, type_id: int, new: NewType, *, by: str, now: datetime) -> Done:
    """Change a class type; its classes are called by the new name. Raises FieldRefusal, NoSuchType."""
    return once_more(lambda: _edit(db, team_id, type_id, new, by, now))


def _edit(db: Database, team_id: str, type_id: int, new: NewType, by: str, now: datetime) -> Done:
    name, description = _check(new)
    with db.transaction() as tx:
        one = _one(tx, team_id, type_id)
        if (one.name, one.description, one.minutes) == (name, description, new.minutes):
            return Done(changed=False, id=one.id)
        _one_name(tx, team_id, name, but=one.id)
        one.name, one.name_key, one.description, one.minutes = name, name.casefold(), description, new.minutes
        tx.flush()
        audit.of_classes(tx, team_id, f"class type {one.id}", "class_type_edited", now, actor=by)
        return Done(changed=True, id=one.id)


def archive(db: Database, team_id: str, type_id: int, *, by: str, now: datetime) -> Done:
    """Offer a class type no more; classes of it stay. Raises NoSuchType."""
    with db.transaction() as tx:
        wanted = select(ClassType).where(ClassType.team_id == team_id, ClassType.id == type_id)
        one = tx.scalars(queries.locked(wanted)).one_or_none()
        if one is None:
            raise NoSuchType
        if one.archived_at is not None:
            return Done(changed=False, id=one.id)
        one.archived_at = now
        audit.of_classes(tx, team_id, f"class type {one.id}", "class_type_archived", now, actor=by)
        return Done(changed=True, id=one.id)


def listed(tx: Session, team_id: str) -> Sequence[ClassType]:
    """The class types that are offered, by name."""
    wanted = select(ClassType).where(ClassType.team_id == team_id, ClassType.archived_at.is_(None))
    return tx.scalars(wanted.order_by(ClassType.name_key, ClassType.id)).all()


def _check(new: NewType) -> tuple[str, str]:
    name, description = name_of(new.name), visible(new.description).strip()
    if len(description) > LONGEST:
        raise FieldRefusal({"description": say("Write at most {most} characters.", most=LONGEST)})
    check_minutes(new.minutes)
    return name, description


def _one(tx: Session, team_id: str, type_id: int) -> ClassType:
    wanted = select(ClassType).where(
        ClassType.team_id == team_id, ClassType.id == type_id, ClassType.archived_at.is_(None)
    )
    found = tx.scalars(queries.locked(wanted)).one_or_none()
    if found is None:
        raise NoSuchType
    return found


def _one_name(tx: Session, team_id: str, name: str, *, but: int = 0) -> None:
    same = select(ClassType.id).where(
        ClassType.team_id == team_id,
        ClassType.name_key == name.casefold(),
        ClassType.archived_at.is_(None),
        ClassType.id != but,
    )
    if tx.scalar(same) is not None:
        raise FieldRefusal({"name": say("A class type with this name exists: {name}.", name=name)})
