"""Dates of classes, many at a time: made, filled, cancelled, put back; whoever is registered is told.

All in the caller's transaction, under the term's lock, in a number of statements that does not grow with the
members. Places are counted by ``classes_seats``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, or_, select, update

from domain.classes import HELD, LISTED, TAKES, Attending, Bought, DateState, Queue
from domain.classes_clock import date_next
from domain.messages import Kind
from services import classes_calendar, classes_credits, classes_offering, classes_seats, classes_waiting
from services.classes import Held, redraw, tell_many
from services.owing import Owed
from store import queries
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration, Waiting

TOLD = (Attending.REGISTERED, Attending.ON_HOLD)
LOST = (*TOLD, Attending.LATE_CANCELLED)  # they have a make-up lesson if the studio cancels
One = TypeVar("One")
STANDING = (Kind.CLASSES_DATE, Kind.CLASSES_REMINDER)  # messages that show a date to a member


@dataclass(frozen=True)
class NewDate:
    """A date that a class is to have; *at* in UTC."""

    cls: WeeklyClass
    day: date
    at: datetime


def make(held: Held, new: Sequence[NewDate], *, extra: bool = False) -> list[int]:
    """Make these dates, each once; the ids of those that are new. One that was over already is done."""
    wanted = [_row(held, one, extra) for one in new]
    newest = held.tx.scalar(select(func.coalesce(func.max(ClassDate.id), 0)))
    for some in _chunks(wanted):
        queries.insert_new(held.tx, ClassDate, some, keys=["class_id", "day"])
    mine = select(ClassDate.id).where(ClassDate.term_id == held.term.id, ClassDate.id > newest)
    return list(held.tx.scalars(mine.order_by(ClassDate.starts_at, ClassDate.id)))


def _row(held: Held, new: NewDate, extra: bool) -> dict[str, Any]:
    done = new.at <= held.now
    state = DateState.DONE if done else DateState.PLANNED
    return {
        "team_id": held.team_id, "term_id": held.term.id, "class_id": new.cls.id, "day": new.day,
        "starts_at": new.at, "minutes": new.cls.minutes, "places": new.cls.places, "taken": 0,
        "state": state.value, "sequence": 0, "extra": extra, "why": "", "undo": {},
        "over_at": held.now if done else None,
        "next_at": date_next(state, new.at, new.cls.minutes, reminded=False, listed=False),
    }  # fmt: skip


def fill(held: Held, date_ids: Collection[int]) -> classes_seats.Filled:
    """Register whoever is enrolled to these dates, and tell them: once, however often it runs.

    Who finds no place there is told too, and has a make-up lesson instead.
    """
    if not date_ids:
        return classes_seats.Filled()
    newest = held.tx.scalar(select(func.coalesce(func.max(Registration.id), 0))) or 0
    filled = classes_seats.fill(held, date_ids)
    if filled.added:
        new = [one for one in _registrations(held, date_ids, TOLD) if one.id > newest]
        tell(held, new, "added")
    if filled.left_out:
        ids = classes_seats.leave_out(held, filled.left_out)
        classes_credits.give(held, ids, "no_place")
        missed = {date_id for _, date_id in filled.left_out}
        without = [one for one in _registrations(held, missed, (Attending.REMOVED,)) if one.id in set(ids)]
        tell(held, without, "no_place")
    return filled


# --- Cancelled, and put back ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A registration at a date, as it was read: whose, and for which *sequence* of the date."""

    id: int
    date_id: int
    user_id: str
    state: str
    sequence: int
    starts_at: datetime
    purchase_id: int | None


def cancel(held: Held, dates: Sequence[ClassDate], *, why: str = "") -> int:
    """Cancel planned dates: who is registered is told (C10) and has a make-up lesson. How many were.

    What is undone within 24 hours stands in the row: the registrations and those who waited.
    """
    ids = [one.id for one in dates]
    places = _registrations(held, ids, (*TAKES, Attending.LATE_CANCELLED))
    waiting = _waiting_ends(held, ids)
    taken = (*TAKES, Attending.LATE_CANCELLED)
    for some in _chunks(ids):
        classes_seats.turn(held, Registration.date_id.in_(some), Attending.REMOVED, only=taken)
    by_date = defaultdict[int, list[list[Any]]](list)
    for one in places:
        if one.purchase_id is not None:
            by_date[one.date_id].append([one.id, one.state])
    for row in dates:
        row.state, row.over_at, row.next_at, row.why = DateState.CANCELLED, held.now, None, why
        row.sequence += 1
        row.undo = {
            "at": held.now.isoformat(), "by": held.by, "places": by_date[row.id], "waiting": waiting[row.id]
        }  # fmt: skip
    held.tx.flush()
    lost = [one for one in places if one.state in LOST and one.purchase_id is not None]
    for some_ids in _chunks([one.id for one in lost]):
        classes_credits.give(held, some_ids, "cancelled")
    tell(held, lost, "cancelled", later=1)
    for some in _chunks(ids):
        redraw(held, (Kind.CLASSES_ATTENDANCE,), some)
    return len(lost)


def put_back(held: Held, dates: Sequence[ClassDate]) -> int:
    """Plan cancelled dates again: who was registered is, where a place is free; how many are.

    Whoever used the make-up lesson for it meanwhile keeps that instead.
    """
    were = {row.id: row.undo for row in dates}
    for row in dates:
        row.state, row.over_at, row.why, row.undo = DateState.PLANNED, None, "", {}
        row.sequence += 1
        row.next_at = date_next(
            row.state, row.starts_at, row.minutes, reminded=bool(row.reminded_at), listed=bool(row.listed_at)
        )
    held.tx.flush()
    before = dict[int, str]()
    for was in were.values():
        before |= {int(place): state for place, state in was.get("places", [])}
    back = list[int]()
    for some in _chunks(sorted(before)):
        back += _register_again(held, some, before)
    told = [one for one in _registrations(held, were, TOLD) if one.id in set(back)]
    tell(held, told, "back")
    fill(held, were)
    _wait_again(held, [int(one) for was in were.values() for one in was.get("waiting", [])])
    classes_waiting.freed(held, sorted(were))
    return len(told)


def _register_again(held: Held, ids: Sequence[int], before: dict[int, str]) -> list[int]:
    """Bring registrations back into the state that their purchase has now; those that have their place."""
    live = _states_of(held, ids)
    free = set(live) - set(classes_credits.take_back(held, sorted(live)))
    late = sorted(one for one in free if before[one] == Attending.LATE_CANCELLED)
    wanted = sorted(free - set(late))
    back, left_out = classes_seats.restore(held, Registration.id.in_(wanted), only=(Attending.REMOVED,))
    for some, to, only in (
        (late, Attending.LATE_CANCELLED, Attending.REMOVED),
        ([one for one in back if live[one] in HELD], Attending.HELD, Attending.REGISTERED),
        ([one for one in back if live[one] == Bought.SUSPENDED], Attending.ON_HOLD, Attending.REGISTERED),
    ):
        classes_seats.turn(held, Registration.id.in_(some), to, only=(only,))
    if left_out:
        classes_credits.give(held, left_out, "no_place")
    return back


def _states_of(held: Held, ids: Collection[int]) -> dict[int, str]:
    """The states of purchases by registration, for those whose enrolment still stands.

    Without those whose places were given away, and what lies after the end of one that was stopped.
    """
    kept = or_(Purchase.state != Bought.SUSPENDED, Purchase.kept_until.is_not(None))
    inside = or_(Purchase.stopped_at.is_(None), ClassDate.starts_at < Enrolment.until_at)
    wanted = (
        select(Registration.id, Purchase.state)
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .join(Purchase, Purchase.id == Enrolment.purchase_id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .where(Registration.id.in_(ids), Enrolment.ended_at.is_(None), kept, inside)
        .where(Purchase.state.in_([*HELD, Bought.ACTIVE, Bought.SUSPENDED]))
    )
    return {row.id: row.state for row in held.tx.execute(wanted)}


# --- Waitlists ------------------------------------------------------------------------------------------


def _waiting_ends(held: Held, date_ids: Sequence[int]) -> dict[int, list[int]]:
    """Who waits for a date that is cancelled waits no more; their entries by date."""
    found, ended = defaultdict[int, list[int]](list), list[Waiting]()
    for some in _chunks(date_ids):
        wanted = select(Waiting).where(Waiting.date_id.in_(some), Waiting.state.in_(LISTED))
        ended += held.tx.scalars(wanted.execution_options(populate_existing=True))
    for one in ended:
        found[one.date_id or 0].append(one.id)
    classes_offering.close(held, ended, Queue.EXPIRED)
    return found


def _wait_again(held: Held, ids: Sequence[int]) -> None:
    for some in _chunks(ids):
        held.tx.execute(
            update(Waiting)
            .where(Waiting.id.in_(some), Waiting.state == Queue.EXPIRED)
            .values(state=Queue.WAITING.value, over_at=None)
            .execution_options(synchronize_session=False)
        )


# --- Telling --------------------------------------------------------------------------------------------


def tell(held: Held, places: Sequence[Place], what: str, *, later: int = 0, **params: Any) -> None:
    """Tell members what became of their dates, and bring what they have up to date.

    One message for each membership, however many of its dates it is about. *later* is added to the sequence
    that was read with the places, if their date has changed since.
    """
    if what != "added":  # nothing was said yet of what is new
        for some in _chunks(places):
            redraw(held, STANDING, [one.id for one in some])
    by_purchase = defaultdict[int, list[Place]](list)
    for one in sorted(places, key=lambda one: one.starts_at):
        by_purchase[one.purchase_id or -one.id].append(one)
    for members in _chunks([*by_purchase.values()]):
        tell_many(held, [_news(theirs, what, later, params) for theirs in members])
    mine = {one.purchase_id for one in places if one.purchase_id is not None}
    if mine:
        classes_calendar.renew(held, sorted(mine))


def _news(theirs: Sequence[Place], what: str, later: int, params: dict[str, Any]) -> Owed:
    first, *others = theirs
    more = {"more": [one.id for one in others]} if others else {}
    return Owed(
        Kind.CLASSES_DATE, first.id, f"classes-date-{first.id}-{first.sequence + later}",
        recipient=first.user_id, params={"what": what, **params, **more},
    )  # fmt: skip


def ask_anew(held: Held, date_ids: Sequence[int]) -> None:
    """Whoever was coming said so of another time."""
    for some in _chunks(date_ids):
        held.tx.execute(
            update(Registration)
            .where(Registration.date_id.in_(some), Registration.coming_at.is_not(None))
            .values(coming_at=None)
            .execution_options(synchronize_session=False)
        )


def registered(held: Held, date_ids: Collection[int]) -> list[Place]:
    """Who is registered to these dates, and hears of a change."""
    return _registrations(held, date_ids, TOLD)


def _registrations(held: Held, date_ids: Iterable[int], states: Collection[Attending]) -> list[Place]:
    held.tx.flush()
    found = list[Place]()
    for some in _chunks(sorted(date_ids)):
        rows = held.tx.execute(
            select(
                Registration.id, Registration.date_id, Registration.user_id, Registration.state,
                ClassDate.sequence, ClassDate.starts_at, Enrolment.purchase_id,
            )
            .join(ClassDate, ClassDate.id == Registration.date_id)
            .outerjoin(Enrolment, Enrolment.id == Registration.enrolment_id)
            .where(Registration.date_id.in_(some), Registration.state.in_(list(states)))
            .order_by(Registration.id)
        )  # fmt: skip
        found += [Place(*row) for row in rows]
    return found


def _chunks(all_: Sequence[One]) -> list[Sequence[One]]:
    return [all_[at : at + queries.CHUNK] for at in range(0, len(all_), queries.CHUNK)]
