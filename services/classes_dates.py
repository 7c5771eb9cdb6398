"""One date of a class alone: moved, cancelled, put back, given other places; and a date more."""

from datetime import date, datetime

from sqlalchemy import select

from domain.classes import MOST_PLACES, REMIND, UNDO, ClassState, DateState, Done, NoSuchClass
from domain.classes_clock import date_next
from domain.classes_dates import begins
from domain.classes_terms import DateOver, TooLateToUndo, short, too_few_places
from domain.errors import FieldRefusal
from domain.schedule import zone
from domain.text import Said, say, say_n, visible
from services import classes_days, classes_offering, classes_waiting
from services.classes import Held, changing, class_of, date_of, term_of_class, term_of_date
from services.classes_days import NewDate
from services.classes_forms import days_of, not_over
from store.classes import ClassDate
from store.database import Database

WHY = 255  # characters


def move(db: Database, team_id: str, date_id: int, day: date, minute: int, *, by: str, now: datetime) -> Done:
    """Move a date to a minute of another local day; registrations stay and are told (C9).

    Raises NoSuchDate, DateOver, and FieldRefusal at "day" or "minute".
    """
    with changing(db, team_id, term_of_date(db, team_id, date_id), now=now, by=by) as held:
        row = _ahead(held, date_id)
        to, was = _instant(held, day, minute), row.starts_at
        if to == was:
            return Done(changed=False, id=row.id)
        row.starts_at, row.was_at = to, was
        row.sequence += 1
        # who is told of a new time within the next day needs no reminder beside it
        row.reminded_at = now if to - REMIND <= now else None
        row.listed_at = None
        _settle(row)
        classes_days.ask_anew(held, [row.id])
        members = classes_days.registered(held, [row.id])
        classes_days.tell(held, members, "moved", was_at=was.isoformat())
        held.note("class_date_moved", subject=f"class date {row.id}", told=len(members))
        return Done(changed=True, id=row.id, said=told(len(members)))


def cancel(db: Database, team_id: str, date_id: int, *, by: str, now: datetime, why: str = "") -> Done:
    """Cancel a date: members are told (C10) and each has a make-up lesson. Raises NoSuchDate, DateOver."""
    with changing(db, team_id, term_of_date(db, team_id, date_id), now=now, by=by) as held:
        row = date_of(held, date_id)
        if row.state == DateState.CANCELLED:
            return Done(changed=False, id=row.id)
        _ahead(held, date_id)
        members = classes_days.cancel(held, [row], why=visible(why).strip()[:WHY])
        classes_offering.look(held)  # a class that was full on this day alone has places now
        held.note("class_date_cancelled", subject=f"class date {row.id}", told=members)
        return Done(changed=True, id=row.id, said=told(members))


def places(db: Database, team_id: str, date_id: int, count: int, *, by: str, now: datetime) -> Done:
    """Give a date other places; a place more goes to the waitlist.

    Raises FieldRefusal at "places": "9 people are registered. Remove 1 first."; NoSuchDate, DateOver.
    """
    if not 1 <= count <= MOST_PLACES:
        raise FieldRefusal({"places": say("Write a whole number from 1 to {most}.", most=MOST_PLACES)})
    with changing(db, team_id, term_of_date(db, team_id, date_id), now=now, by=by) as held:
        row = _ahead(held, date_id)
        if count == row.places:
            return Done(changed=False, id=row.id)
        if count < row.taken:
            raise too_few_places(row.taken, count)
        more, row.places = count > row.places, count
        held.tx.flush()
        held.note("class_date_places", subject=f"class date {row.id}", places=count)
        if more:
            classes_waiting.freed(held, [row.id])
        return Done(changed=True, id=row.id)


def add_date(
    db: Database, team_id: str, class_id: int, day: date, minute: int, *, by: str, now: datetime
) -> Done:
    """A class on one day more; whoever is enrolled is registered and told. ``Done.id`` is the date's.

    Raises NoSuchClass, and FieldRefusal at "day" or "minute".
    """
    with changing(db, team_id, term_of_class(db, team_id, class_id), now=now, by=by) as held:
        one = class_of(held, class_id)
        if one.state != ClassState.ASSIGNED:
            raise NoSuchClass
        at = _instant(held, day, minute)
        known = held.tx.scalars(
            select(ClassDate).where(ClassDate.class_id == one.id, ClassDate.day == day)
        ).one_or_none()
        if known is not None and known.state == DateState.PLANNED and known.starts_at == at:
            return Done(changed=False, id=known.id)
        if known is not None and known.state != DateState.CANCELLED:
            raise FieldRefusal({"day": say("This class has a date on {day} already.", day=short(day))})
        if known is None:
            [found] = classes_days.make(held, [NewDate(one, day, at)], extra=True)
            members = classes_days.fill(held, [found]).added
        else:
            found, known.starts_at, known.extra = known.id, at, True
            known.reminded_at = known.listed_at = None
            members = classes_days.put_back(held, [known])
        held.note("class_date_added", subject=f"class date {found}", told=members)
        return Done(changed=True, id=found, said=told(members))


def undo(db: Database, team_id: str, date_id: int, *, by: str, now: datetime) -> Done:
    """Put a cancelled date back within 24 hours; who was registered is again, where a place is free.

    Raises NoSuchDate, TooLateToUndo, DateOver.
    """
    with changing(db, team_id, term_of_date(db, team_id, date_id), now=now, by=by) as held:
        row = date_of(held, date_id)
        if row.state == DateState.PLANNED:
            return Done(changed=False, id=row.id)
        not_over(held)
        if row.state == DateState.DONE or row.starts_at <= now or not _lies_in(held, row):
            raise DateOver
        if class_of(held, row.class_id).state == ClassState.CANCELLED:
            raise NoSuchClass(say("The whole class is cancelled. Undo that first."))
        if row.over_at is None or now > row.over_at + UNDO:
            raise TooLateToUndo
        members = classes_days.put_back(held, [row])
        held.note("class_date_put_back", subject=f"class date {row.id}", told=members)
        return Done(changed=True, id=row.id, said=told(members))


def told(members: int) -> Said:
    """How many members hear of a change."""
    return say_n("{count} member was told.", "{count} members were told.", members)


def _ahead(held: Held, date_id: int) -> ClassDate:
    """A date that can be changed still. Raises NoSuchDate, DateOver."""
    row = date_of(held, date_id)
    if row.state != DateState.PLANNED or row.starts_at <= held.now:
        raise DateOver
    return row


def _lies_in(held: Held, row: ClassDate) -> bool:
    """Whether a date lies in its term, whose days may be fewer than they were."""
    return held.term.starts_on <= row.starts_at.astimezone(zone(held.term.zone)).date() <= held.term.ends_on


def _instant(held: Held, day: date, minute: int) -> datetime:
    """When a date of this term begins that staff put on *day*."""
    days = days_of(held.term)
    if not days.starts_on <= day <= days.ends_on:
        first, last = short(days.starts_on), short(days.ends_on)
        raise FieldRefusal({"day": say("Choose a day from {first} to {last}.", first=first, last=last)})
    if not 0 <= minute < 1440:
        raise FieldRefusal({"minute": say("Choose a time of the day.")})
    at = begins(day, minute, days.zone)
    if at <= held.now:
        raise FieldRefusal({"minute": say("This time has passed.")})
    return at


def _settle(row: ClassDate) -> None:
    row.next_at = date_next(
        row.state, row.starts_at, row.minutes, reminded=bool(row.reminded_at), listed=bool(row.listed_at)
    )
