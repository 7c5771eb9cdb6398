"""Waitlists: of a membership, of a class with all its dates, or of one date: their order and their ends.

Whoever frees or adds places calls ``freed``; what is offered takes its places until it is taken, passed on or
over (services/classes_offering.py).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from domain.classes import LISTED, UNDO, ClassState, DateState, Done, NotYours, Queue
from domain.errors import Refusal
from domain.presses import Press
from services.classes import Held, changing
from services.classes_joining import CannotWait, join
from services.classes_offering import (
    LISTED_STATES,
    close,
    freed,
    kept_for,
)
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import OfferedClass, Waiting
from store.database import Database

__all__ = [
    "CannotWait", "NoSuchEntry", "entry", "freed", "join", "leave", "left_alone", "move_to_top", "offered_to",
    "offers_due", "pass_on", "release_for", "term_of_entry",
]  # fmt: skip


class NoSuchEntry(Refusal):
    """This place on a waitlist is not there any more."""


def term_of_entry(db: Database, team_id: str, waiting_id: int) -> int:
    """The term of an entry. Raises NoSuchEntry."""
    wanted = select(Waiting.term_id).where(Waiting.team_id == team_id, Waiting.id == waiting_id)
    with db.reading() as tx:
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchEntry
    return found


def entry(held: Held, waiting_id: int, user_id: str = "") -> Waiting:
    """An entry of this term, as it is now; with *user_id* one of theirs. Raises NoSuchEntry, NotYours."""
    held.tx.flush()
    wanted = select(Waiting).where(Waiting.term_id == held.term.id, Waiting.id == waiting_id)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchEntry
    if user_id and found.user_id != user_id:
        raise NotYours
    return found


# --- What people do ------------------------------------------------------------------------------------


def leave(
    db: Database, team_id: str, waiting_id: int, *, user_id: str, now: datetime, press: Press | None = None
) -> Done:
    """Somebody waits no more; what was kept for them goes to the next. Raises NotYours, NoSuchEntry."""
    return _end(db, team_id, waiting_id, user_id, Queue.LEFT, now=now, press=press)


def pass_on(
    db: Database, team_id: str, waiting_id: int, *, user_id: str, now: datetime, press: Press | None = None
) -> Done:
    """[Pass]: the next one is offered the place."""
    return _end(db, team_id, waiting_id, user_id, Queue.PASSED, now=now, press=press)


def _end(
    db: Database, team_id: str, waiting_id: int, user_id: str, to: Queue, *, now: datetime,
    press: Press | None,
) -> Done:  # fmt: skip
    term_id = term_of_entry(db, team_id, waiting_id)
    with changing(db, team_id, term_id, now=now, by=user_id, press=press) as held:
        one = entry(held, waiting_id, user_id)
        ends = (Queue.OFFERED,) if to is Queue.PASSED else LISTED
        if Queue(one.state) not in ends:
            return Done(False, id=one.id)
        dates = close(held, [one], to)
        held.note(f"waitlist.{to.value}", subject=f"waiting {one.id}")
        freed(held, {*dates, *left_alone(held, one)})
        return Done(True, id=one.id)


def left_alone(held: Held, one: Waiting) -> Sequence[int]:
    """The dates that somebody's companion still waits for, who needs one place only from now on."""
    others = [each for each in _party(held, one) if each.id != one.id]
    classes = select(OfferedClass.class_id).where(
        OfferedClass.membership_id.in_([each.membership_id for each in others if each.date_id is None])
    )
    dates = ClassDate.id.in_([each.date_id for each in others if each.date_id is not None])
    ahead = select(ClassDate.id).where(
        ClassDate.term_id == held.term.id, ClassDate.starts_at > held.now,
        dates | ClassDate.class_id.in_(classes),
    )  # fmt: skip
    return held.tx.scalars(ahead).all() if others else []


def move_to_top(db: Database, team_id: str, waiting_id: int, *, by: str, now: datetime) -> Done:
    """Staff put somebody, and who comes along, first. For a door that asked ``only_staff``."""
    with changing(db, team_id, term_of_entry(db, team_id, waiting_id), now=now, by=by) as held:
        one = entry(held, waiting_id)
        if one.state != Queue.WAITING:
            return Done(False, id=one.id)
        top = select(func.min(Waiting.rank)).where(
            Waiting.term_id == held.term.id, Waiting.state == Queue.WAITING.value
        )
        first = held.tx.scalar(top) or 0
        here = select(Waiting.id).where(Waiting.term_id == held.term.id, Waiting.rank == first)
        party = _party(held, one)
        if held.tx.scalars(here.where(Waiting.state == Queue.WAITING.value)).all() == [x.id for x in party]:
            return Done(False, id=one.id)
        for each in party:
            each.rank = first - 1
        held.note("waitlist.moved_to_top", subject=f"waiting {one.id}", user=one.user_id)
        return Done(True, id=one.id)


def _party(held: Held, one: Waiting) -> list[Waiting]:
    """Somebody, and who comes along with them."""
    if not one.with_id:
        return [one]
    wanted = select(Waiting).where(
        Waiting.term_id == held.term.id, Waiting.user_id == one.with_id, Waiting.with_id == one.user_id,
        Waiting.state == Queue.WAITING.value, Waiting.membership_id.is_not_distinct_from(one.membership_id),
        Waiting.class_id.is_not_distinct_from(one.class_id),
        Waiting.date_id.is_not_distinct_from(one.date_id),
    )  # fmt: skip
    return sorted([one, *held.tx.scalars(wanted)], key=lambda each: each.id)


# --- What buying does ----------------------------------------------------------------------------------


def release_for(held: Held, waiting: Waiting) -> None:
    """An entry ends because its person buys: what is kept for it is free, for a purchase in this transaction.

    Whatever the purchase does not take is for ``freed`` to give, once it has its places. If the purchase is
    refused, the transaction is rolled back and the offer stands as before.
    """
    close(held, [waiting], Queue.PLACED)


def offered_to(held: Held, user_id: str, membership_id: int, class_ids: Collection[int]) -> Sequence[Waiting]:
    """What a buyer was offered of this membership or of these classes, and what they still wait for of them.

    For ``classes_buying``: it calls ``release_for`` with each before it takes places, so that theirs are free
    for them.
    """
    wanted = (
        select(Waiting)
        .where(Waiting.term_id == held.term.id, Waiting.user_id == user_id)
        .where(Waiting.state.in_(LISTED_STATES), Waiting.date_id.is_(None))
        .where(or_(Waiting.membership_id == membership_id, Waiting.class_id.in_(class_ids)))
        .order_by(Waiting.rank, Waiting.id)
    )
    return held.tx.scalars(wanted.execution_options(populate_existing=True)).all()


# --- What time does ------------------------------------------------------------------------------------


def offers_due(held: Held) -> bool:
    """Give what was offered too long to the next, end entries whose dates have begun; whether any was due."""
    held.tx.flush()
    wanted = (
        select(Waiting)
        .where(Waiting.term_id == held.term.id, Waiting.state == Queue.OFFERED.value)
        .where(Waiting.offer_until <= held.now, Waiting.offer_until != Waiting.offered_at)
        .order_by(Waiting.rank, Waiting.id)
    )
    past = _past(held)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).all()
    over = [one for one in found if one not in past]
    kept = kept_for(held, over)
    # of a class whose next date began while everybody was asked: they wait for the dates after it
    asked = [one for one in over if not kept[one.id] and one.date_id is None]
    close(held, [one for one in over if one not in asked], Queue.EXPIRED)
    close(held, asked, Queue.WAITING)
    close(held, past, Queue.EXPIRED)
    ahead = select(ClassDate.id).where(
        ClassDate.term_id == held.term.id, ClassDate.state == DateState.PLANNED.value,
        ClassDate.starts_at > held.now, ClassDate.taken < ClassDate.places,
    )  # fmt: skip
    # a class that was full at a date which has begun may have a place at all others
    given = freed(held, held.tx.scalars(ahead).all())
    return bool(over or past or given)


def _past(held: Held) -> list[Waiting]:
    """Entries of dates that nobody can come to any more, and of classes that are cancelled for good."""
    wanted = (
        select(Waiting)
        .outerjoin(ClassDate, ClassDate.id == Waiting.date_id)
        .outerjoin(WeeklyClass, WeeklyClass.id == Waiting.class_id)
        .where(Waiting.term_id == held.term.id, Waiting.state.in_(LISTED_STATES))
        .where(
            (ClassDate.starts_at <= held.now)
            | (ClassDate.state != DateState.PLANNED.value)
            | ((WeeklyClass.state == ClassState.CANCELLED.value) & (WeeklyClass.over_at <= held.now - UNDO))
        )
    )
    return list(held.tx.scalars(wanted.execution_options(populate_existing=True)))
