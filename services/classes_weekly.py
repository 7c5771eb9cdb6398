"""Weekly classes: added, edited, deleted, cancelled and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete as delete_rows
from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from domain.classes import ClassState, DateState, Done, NewClass, NoSuchClass, Stale
from domain.classes_terms import HasRegistrations, check_class, too_few_places
from domain.errors import FieldRefusal
from domain.text import on_one_line, say
from services import audit, classes_clashes, classes_waiting
from services.classes import Held, changing, class_of, term_of_class
from services.classes_class_ends import cancel_class, undo_class
from services.classes_forms import once_more
from store import queries
from store.classes import ClassDate, ClassType, WeeklyClass
from store.classes_sold import Enrolment, OfferedClass, Registration, Waiting
from store.database import Database

__all__ = ["add", "cancel_class", "clashes", "delete", "edit", "undo_class"]


def add(db: Database, team_id: str, new: NewClass, *, key: str, by: str, now: datetime) -> Done:
    """Add a class for each of its days; the same form again adds nothing. ``Done.id`` is the first one's.

    Raises FieldRefusal at "type_id", "weekdays", "minute", "minutes", "places", "waitlist_places", "place".
    """
    check_class(new)
    return once_more(lambda: _add(db, team_id, new, key, by, now))


def _add(db: Database, team_id: str, new: NewClass, key: str, by: str, now: datetime) -> Done:
    with db.transaction() as tx:
        _check_type(tx, team_id, new.type_id)
        days = sorted(set(new.weekdays))
        rows = [
            {
                "team_id": team_id, "key": f"{key}-{day}", "term_id": None, "weekday": day, "undo": {},
                "state": ClassState.NEW.value, "version": 0, "created_by": by, "created_at": now,
                **_values(new),
            }
            for day in days
        ]  # fmt: skip
        made = queries.insert_new(tx, WeeklyClass, rows, keys=["team_id", "key"])
        keys = [row["key"] for row in rows]
        wanted = select(func.min(WeeklyClass.id)).where(
            WeeklyClass.team_id == team_id, WeeklyClass.key.in_(keys)
        )
        first = tx.scalars(wanted).one()
        if made:
            audit.of_classes(tx, team_id, f"class {first}", "classes_added", now, actor=by, classes=made)
        return Done(changed=made > 0, id=first or 0)


def edit(
    db: Database, team_id: str, class_id: int, new: NewClass, *, by: str, now: datetime, version: int
) -> Done:
    """Change a class. One that has dates keeps its type, day and time: those of its dates can be moved.

    Its dates ahead follow in length and, unless they were given others alone, in places. Raises NoSuchClass,
    Stale, and FieldRefusal as ``add`` does.
    """
    check_class(new)
    if len(new.weekdays) != 1:
        raise FieldRefusal({"weekdays": say("Choose one day.")})
    with _changing(db, team_id, class_id, now=now, by=by) as (tx, one, held):
        wanted = {**_values(new), "weekday": new.weekdays[0]}
        was = {name: getattr(one, name) for name in wanted}
        if wanted == was:
            return Done(changed=False, id=one.id)
        if one.version != version:
            raise Stale
        if one.state == ClassState.CANCELLED:
            raise NoSuchClass(say("This class is cancelled."))
        if held is None:
            if wanted["type_id"] != was["type_id"]:
                _check_type(tx, team_id, new.type_id)
        else:
            _let_dates_follow(held, one, wanted, was)
        for name, value in wanted.items():
            setattr(one, name, value)
        one.version += 1
        tx.flush()
        if held is not None and wanted["places"] > was["places"]:
            classes_waiting.freed(held, _ahead(held, one.id))
        audit.of_classes(tx, team_id, f"class {one.id}", "class_edited", now, actor=by)
        return Done(changed=True, id=one.id)


def _let_dates_follow(held: Held, one: WeeklyClass, wanted: dict[str, Any], was: dict[str, Any]) -> None:
    fixed = [name for name in ("type_id", "weekday", "minute") if wanted[name] != was[name]]
    if fixed:
        field = "weekdays" if fixed[0] == "weekday" else fixed[0]
        raise FieldRefusal({field: say("This class has dates. Move those, or cancel it and add another.")})
    ahead = (
        ClassDate.class_id == one.id,
        ClassDate.state == DateState.PLANNED,
        ClassDate.starts_at > held.now,
    )
    follow = (*ahead, ClassDate.places == was["places"])
    taken = held.tx.scalar(select(func.max(ClassDate.taken)).where(*follow)) or 0
    if wanted["places"] < taken:
        raise too_few_places(taken, wanted["places"])
    for where, values in (
        (follow, {"places": wanted["places"]}),
        (ahead, {"minutes": wanted["minutes"]}),
    ):
        held.tx.execute(
            update(ClassDate).where(*where).values(values).execution_options(synchronize_session=False)
        )


def _ahead(held: Held, class_id: int) -> list[int]:
    wanted = select(ClassDate.id).where(
        ClassDate.class_id == class_id,
        ClassDate.state == DateState.PLANNED,
        ClassDate.starts_at > held.now,
    )
    return list(held.tx.scalars(wanted.order_by(ClassDate.starts_at)))


def clashes(db: Database, team_id: str, new: NewClass, *, but: int = 0) -> list[str]:
    """Who teaches then, or which place is used: a warning each; the class *but* does not count."""
    with db.reading() as tx:
        return list(classes_clashes.of_new(tx, team_id, new, but=but))


def delete(db: Database, team_id: str, class_id: int, *, by: str, now: datetime) -> Done:
    """Delete a class that nobody was ever registered to. Raises NoSuchClass, HasRegistrations."""
    with _changing(db, team_id, class_id, now=now, by=by) as (tx, one, _):
        dates = select(ClassDate.id).where(ClassDate.class_id == one.id)
        bought = tx.scalar(select(exists().where(Enrolment.class_id == one.id)))
        if bought or tx.scalar(select(exists().where(Registration.date_id.in_(dates)))):
            raise HasRegistrations
        for table, which in (
            (Waiting, (Waiting.class_id == one.id) | Waiting.date_id.in_(dates)),
            (OfferedClass, OfferedClass.class_id == one.id),
            (ClassDate, ClassDate.class_id == one.id),
            (WeeklyClass, WeeklyClass.id == one.id),
        ):
            tx.execute(delete_rows(table).where(which).execution_options(synchronize_session=False))
        audit.of_classes(tx, team_id, f"class {class_id}", "class_deleted", now, actor=by)
        return Done(changed=True, id=class_id)


@contextmanager
def _changing(
    db: Database, team_id: str, class_id: int, *, now: datetime, by: str
) -> Iterator[tuple[Session, WeeklyClass, Held | None]]:
    """A transaction that changes a class alone: under its term's lock, or its own while it has no term."""
    term_id = term_of_class(db, team_id, class_id)
    if term_id:
        with changing(db, team_id, term_id, now=now, by=by) as held:
            yield held.tx, class_of(held, class_id), held
        return
    with db.transaction() as tx:
        wanted = select(WeeklyClass).where(WeeklyClass.team_id == team_id, WeeklyClass.id == class_id)
        one = tx.scalars(queries.locked(wanted)).one_or_none()
        if one is None:
            raise NoSuchClass
        if one.term_id is not None:
            raise Stale
        yield tx, one, None


def _check_type(tx: Session, team_id: str, type_id: int) -> None:
    wanted = select(ClassType.id).where(
        ClassType.team_id == team_id, ClassType.id == type_id, ClassType.archived_at.is_(None)
    )
    if tx.scalar(wanted) is None:
        raise FieldRefusal({"type_id": say("Create a class type first.")})


def _values(new: NewClass) -> dict[str, Any]:
    return {
        "type_id": new.type_id,
        "minute": new.minute,
        "minutes": new.minutes,
        "teacher_id": new.teacher_id,
        "place": on_one_line(new.place),
        "places": new.places,
        "waitlist_places": new.waitlist_places,
    }
