"""What messages about single dates say: changes, reminders, free places, attendance; and the calendar."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.classes import CAME, Attending, DateState, Queue
from domain.classes_facts import Attendance, Attendee, CalendarFile, ClassesFacts, DateTold, Offer, Reminder
from domain.messages import Kind
from domain.text import N_
from services import classes_calendar
from services.classes_readers import (
    BEGUN,
    CHANGED,
    GONE,
    SETTLED,
    Day,
    begun,
    bought,
    class_title,
    day,
    head,
    instant_in,
    kept_titles,
    number_in,
    number_of,
    registered,
    stands,
)
from services.delivery import Skip, product_time
from store.classes import Term
from store.classes_sold import Credit, Membership, Registration, Waiting
from store.core import PersonRow
from store.outbox import Outbox

LISTED = [one.value for one in CAME]
PER_PAGE = 20  # people of an attendance list in one message: two blocks each, of Slack's fifty
OUT = (Attending.SKIPPED, Attending.LATE_CANCELLED, Attending.REMOVED)


# --- Changes --------------------------------------------------------------------------------------------


def date_told(tx: Session, row: Outbox) -> DateTold | Skip:
    """C9, C10, and what else happened to a date."""
    why, told = Skip(GONE), list[tuple[Registration, Day]]()
    for registration_id in (row.subject_id, *row.params.get("more", ())):
        found = registered(tx, row, int(registration_id))
        if found is not None:
            no = None if stands(row) else _not_true(tx, row, *found)
            why = no or why
            told += [found] if no is None else []
    return _about(tx, row, told) if told else why


def _about(tx: Session, row: Outbox, told: Sequence[tuple[Registration, Day]]) -> DateTold | Skip:
    """What is true of the first date is what the message is about; the others are named."""
    (one, on), *others = told
    start = head(tx, row, on.term)
    if isinstance(start, Skip):
        return start
    what, credit = str(row.params.get("what", "")), _credit(tx, one.id)
    lost = what in ("cancelled", "no_place")
    return DateTold(
        what=what,
        class_=on.title,
        starts_at=on.date.starts_at,
        was_at=instant_in(row, "was_at") or on.date.was_at,
        state=one.state,
        kept=one.coming_at is not None,
        credit=credit == "open",
        open=credit != "used" if lost else not begun(tx, on.date.starts_at),
        more=tuple(other.date.starts_at for _, other in others),
        **start,
    )


def _not_true(tx: Session, row: Outbox, one: Registration, on: Day) -> Skip | None:
    """Why a change is no news any more."""
    what = str(row.params.get("what", ""))
    if what in ("cancelled", "no_place"):
        off = on.date.state == DateState.CANCELLED
        return Skip(CHANGED) if what == "cancelled" and not off else None
    if on.date.state != DateState.PLANNED or one.state in OUT:
        return Skip(CHANGED)
    if what == "moved" and number_of(row) < on.date.sequence:
        return Skip(CHANGED)  # the newer message says it
    return Skip(BEGUN) if begun(tx, on.date.starts_at) else None


def _credit(tx: Session, registration_id: int) -> str:
    """Where the make-up lesson of a registration stands, "" if it gave none."""
    wanted = select(Credit.state).where(Credit.registration_id == registration_id, Credit.state != "void")
    return tx.scalar(wanted) or ""


# --- Reminders ------------------------------------------------------------------------------------------


def reminder(tx: Session, row: Outbox) -> Reminder | Skip:
    """C12."""
    found = registered(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    one, on = found
    start = head(tx, row, on.term)
    if isinstance(start, Skip):
        return start
    soon = on.date.state == DateState.PLANNED and not begun(tx, on.date.starts_at)
    if not stands(row):
        if one.state != Attending.REGISTERED or on.date.state != DateState.PLANNED:
            return Skip(SETTLED)
        if number_of(row) < on.date.sequence or not soon:
            return Skip(CHANGED if soon else BEGUN)
    zone = ZoneInfo(on.term.zone)
    today = product_time(tx).astimezone(zone).date()
    return Reminder(
        class_=on.title,
        starts_at=on.date.starts_at,
        days=(on.date.starts_at.astimezone(zone).date() - today).days,
        place=on.weekly.place,
        state=one.state if on.date.state != DateState.CANCELLED else Attending.REMOVED.value,
        coming=one.coming_at is not None,
        open=soon,
        **start,
    )


# --- Free places ----------------------------------------------------------------------------------------


def offer(tx: Session, row: Outbox) -> Offer | Skip:
    """C11. A message about an earlier offer says that it is over."""
    wanted = (
        select(Waiting, Term)
        .join(Term, Term.id == Waiting.term_id)
        .where(Waiting.team_id == row.team_id, Waiting.id == row.subject_id)
    )
    found = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return Skip(GONE)
    one, term = found
    start = head(tx, row, term)
    if isinstance(start, Skip):
        return start
    state, until = _offered(tx, row, one)
    if state not in (Queue.OFFERED, Queue.PLACED) and not stands(row):  # some are placed at once
        return Skip(SETTLED)
    on = day(tx, row, one.date_id) if one.date_id else None
    ahead = on is None or (on.date.state == DateState.PLANNED and not begun(tx, on.date.starts_at))
    return Offer(
        class_=_what(tx, one, on),
        kept=kept_titles(tx, one.id) if on is None and not one.class_id else (),
        starts_at=on.date.starts_at if on else None,
        until=until,
        offered_at=one.offered_at,
        state=state,
        everybody=bool(row.params.get("everybody")),
        join=state in (Queue.EXPIRED, Queue.PASSED) and one.state not in ("waiting", "offered") and ahead,
        **start,
    )


def _offered(tx: Session, row: Outbox, one: Waiting) -> tuple[str, datetime | None]:
    """Where the offer of this message stands, and its end, which is kept for when it is over."""
    this = one.round == number_of(row)
    if this and one.state == Queue.OFFERED and one.offer_until is not None:
        if row.params.get("until") != one.offer_until.isoformat():
            row.params = {**row.params, "until": one.offer_until.isoformat()}
        state = Queue.EXPIRED if begun(tx, one.offer_until) else Queue.OFFERED
        return state.value, one.offer_until
    ended = one.state if this and one.state not in (Queue.WAITING, Queue.OFFERED) else Queue.EXPIRED.value
    return ended, instant_in(row, "until")


def _what(tx: Session, one: Waiting, on: Day | None) -> str:
    if on is not None:
        return on.title
    if one.class_id:
        return class_title(tx, one.team_id, one.class_id) or ""
    wanted = select(Membership.name).where(Membership.id == one.membership_id)
    return tx.scalar(wanted) or ""


# --- Attendance -----------------------------------------------------------------------------------------


def attendance(tx: Session, row: Outbox) -> Attendance | Skip:
    """Who is registered to a date, a page of it; each with what its buttons carry."""
    found = day(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    if found.date.state == DateState.CANCELLED and not stands(row):
        return Skip(N_("the date is cancelled"))
    counts = _counts(tx, found.date.id)
    in_all = sum(counts.values())
    pages = max(1, -(-in_all // PER_PAGE))
    page = min(max(0, number_in(row, "page")), pages - 1)
    return Attendance(
        class_=found.title,
        starts_at=found.date.starts_at,
        place=found.weekly.place,
        people=_people(tx, row, found.date.id, page),
        registered=in_all,
        came=counts.get(Attending.ATTENDED.value, 0),
        page=page,
        pages=pages,
        **start,
    )


def _counts(tx: Session, date_id: int) -> dict[str, int]:
    wanted = (
        select(Registration.state, func.count())
        .where(Registration.date_id == date_id, Registration.state.in_(LISTED))
        .group_by(Registration.state)
    )
    return {state: count for state, count in tx.execute(wanted)}


def _people(tx: Session, row: Outbox, date_id: int, page: int) -> tuple[Attendee, ...]:
    wanted = (
        select(Registration.id, Registration.state, Registration.coming_at, PersonRow.name)
        .join(
            PersonRow,
            (PersonRow.team_id == Registration.team_id) & (PersonRow.user_id == Registration.user_id),
            isouter=True,
        )
        .where(Registration.date_id == date_id, Registration.state.in_(LISTED))
        .order_by(func.lower(PersonRow.name), Registration.id)
        .offset(page * PER_PAGE)
        .limit(PER_PAGE)
    )
    return tuple(
        Attendee(
            name=one.name or "", value=f"{one.id}.{row.id}", state=one.state, coming=one.coming_at is not None
        )
        for one in tx.execute(wanted)
    )


# --- The calendar ---------------------------------------------------------------------------------------


def calendar(tx: Session, row: Outbox) -> CalendarFile | Skip:
    """The classes of a purchase as a file, as they are now."""
    found = bought(tx, row, row.subject_id)
    if found is None:
        return Skip(GONE)
    start = head(tx, row, found.term)
    if isinstance(start, Skip):
        return start
    entries = classes_calendar.entries(tx, found.one, found.term)
    if not entries:
        return Skip(N_("there is nothing for a calendar"))
    return CalendarFile(membership=found.one.name, at=product_time(tx), entries=entries, **start)


LOADERS: dict[Kind, Callable[[Session, Outbox], ClassesFacts | Skip]] = {
    Kind.CLASSES_DATE: date_told,
    Kind.CLASSES_REMINDER: reminder,
    Kind.CLASSES_OFFER: offer,
    Kind.CLASSES_ATTENDANCE: attendance,
}
