"""Other days for a term: its classes get dates and lose some, exactly as the form said before."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.classes import LIVE, STANDING, Attending, ClassState, DateState, Done, NewTerm, NoSuchTerm, Stale
from domain.classes_clock import term_next, term_state
from domain.classes_dates import Days, Weekly, dates, falls_out, first_instant, window
from domain.classes_terms import TermOver, check_term, name_of
from domain.errors import FieldRefusal
from domain.text import Said, say, say_n
from services import classes_days, classes_offering
from services.classes import Held, changing
from services.classes_days import NewDate
from services.classes_forms import OVER, days_of, days_of_new, not_over, once_more
from services.classes_term_rows import check_name, write
from store.classes import ClassDate, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from store.database import Database


@dataclass(frozen=True)
class EditPlan:
    """What other days of a term do. *key* goes back into ``edit``; *said* is empty: no date changes."""

    said: str
    key: str
    version: int
    adds: int = 0
    cancels: int = 0
    registrations: int = 0


@dataclass(frozen=True)
class _Plan:
    """The dates that are made, those that are planned again, and those that are cancelled."""

    new: tuple[NewDate, ...]
    again: tuple[ClassDate, ...]
    gone: tuple[ClassDate, ...]
    registrations: int

    def shown(self, version: int) -> EditPlan:
        """What people read, and a key that changes with anything in it."""
        facts = [
            [[one.cls.id, one.day.isoformat()] for one in self.new],
            [row.id for row in self.again],
            [row.id for row in self.gone],
            self.registrations,
        ]
        key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
        adds, cancels = len(self.new) + len(self.again), len(self.gone)
        return EditPlan(
            _sentence(adds, cancels, self.registrations), key, version, adds, cancels, self.registrations
        )


def _sentence(adds: int, cancels: int, registrations: int) -> str:
    """ "Adds 2 dates, cancels 1 date with 9 registrations. Members will be told."."""
    more = say_n("Adds {count} date", "Adds {count} dates", adds)
    fewer = say_n("{count} date", "{count} dates", cancels)
    held = say_n("{count} registration", "{count} registrations", registrations)
    about: dict[str, Said] = {"adds": more, "dates": fewer, "registrations": held}
    if adds and cancels:
        return say("{adds}, cancels {dates} with {registrations}. Members will be told.", **about)
    if cancels:
        return say("Cancels {dates} with {registrations}. Members will be told.", **about)
    return say("{adds}. Members will be told.", **about) if adds else ""


def plan_edit(db: Database, team_id: str, term_id: int, new: NewTerm, *, now: datetime) -> EditPlan:
    """What ``edit`` would do: "Adds 2 dates, cancels 1 date with 9 registrations. Members will be told."

    Raises what ``edit`` raises.
    """
    with db.reading() as tx:
        term = tx.scalars(select(Term).where(Term.team_id == team_id, Term.id == term_id)).one_or_none()
        if term is None:
            raise NoSuchTerm
        if term.state in OVER:
            raise TermOver
        check_term(new)
        check_name(tx, team_id, name_of(new.name), but=term.id)
        return _plan(tx, term, new, now).shown(term.version)


def edit(
    db: Database,
    team_id: str,
    term_id: int,
    new: NewTerm,
    *,
    by: str,
    now: datetime,
    version: int,
    plan: str,
) -> Done:
    """Do exactly what a plan said. *version* and *plan* are its ``version`` and ``key``.

    Raises Stale where it would do anything else now, FieldRefusal as ``save`` does, NoSuchTerm, and TermOver.
    """

    def work() -> Done:
        with changing(db, team_id, term_id, now=now, by=by) as held:
            if _same(held.term, new):
                return Done(changed=False, id=term_id)
            not_over(held)
            check_term(new)
            check_name(held.tx, team_id, name_of(new.name), but=term_id)
            wanted = _plan(held.tx, held.term, new, now)
            if held.term.version != version or wanted.shown(version).key != plan:
                raise Stale
            _carry_out(held, new, wanted)
            return Done(changed=True, id=term_id)

    return once_more(work)


def _same(term: Term, new: NewTerm) -> bool:
    return (term.name, days_of(term)) == (name_of(new.name), days_of_new(new))


def _plan(tx: Session, term: Term, new: NewTerm, now: datetime) -> _Plan:
    was, days = days_of(term), days_of_new(new)
    wanted = select(WeeklyClass).where(
        WeeklyClass.term_id == term.id, WeeklyClass.state == ClassState.ASSIGNED
    )
    classes = {one.id: one for one in tx.scalars(wanted.order_by(WeeklyClass.id))}
    rows = tx.scalars(
        select(ClassDate)
        .where(ClassDate.class_id.in_(list(classes)))
        .order_by(ClassDate.id)
        .execution_options(populate_existing=True)
    ).all()
    if rows and days.zone != was.zone:
        raise FieldRefusal({"zone": say("The time zone stays once classes are assigned.")})
    known = {(row.class_id, row.day): row for row in rows}
    made, again = list[NewDate](), list[ClassDate]()
    for one in classes.values():
        for day, at in dates(Weekly(one.weekday, one.minute), days):
            row = known.get((one.id, day))
            if row is None:
                made.append(NewDate(one, day, at))
            elif row.state == DateState.CANCELLED and day not in was and at > now:
                again.append(row)
    gone = _gone(rows, was, days, now)
    return _Plan(tuple(made), tuple(again), tuple(gone), _registrations(tx, gone))


def _gone(rows: Sequence[ClassDate], was: Days, days: Days, now: datetime) -> list[ClassDate]:
    tz = ZoneInfo(was.zone)
    return [
        row
        for row in rows
        if row.state == DateState.PLANNED
        and row.starts_at > now
        and falls_out(row.starts_at.astimezone(tz).date(), was, days)
    ]


def _registrations(tx: Session, rows: Sequence[ClassDate]) -> int:
    wanted = select(func.count()).where(
        Registration.date_id.in_([row.id for row in rows]),
        Registration.state.in_([Attending.REGISTERED, Attending.ON_HOLD]),
    )
    return tx.scalar(wanted) or 0


def _carry_out(held: Held, new: NewTerm, plan: _Plan) -> None:
    term, was = held.term, days_of(held.term)
    write(term, new)
    days = days_of(term)
    if was.starts_on != days.starts_on or was.ends_on != days.ends_on:
        _let_windows_follow(held, was, days)
    term.version += 1
    term.changed_by, term.changed_at = held.by, held.now
    term.state = term_state(term.state, days, held.now).value
    term.next_at = term_next(term.state, days)
    held.tx.flush()
    classes_days.cancel(held, plan.gone)
    classes_days.put_back(held, plan.again)
    classes_days.make(held, plan.new)
    ahead = select(ClassDate.id).where(
        ClassDate.term_id == term.id, ClassDate.state == DateState.PLANNED, ClassDate.starts_at > held.now
    )
    # all of them: a window that has grown reaches dates that were there before
    classes_days.fill(held, list(held.tx.scalars(ahead)))
    classes_offering.look(held)
    held.note("term_edited", adds=len(plan.new) + len(plan.again), cancels=len(plan.gone))


def _let_windows_follow(held: Held, was: Days, days: Days) -> None:
    """Who bought so many weeks has them in the new days; what was begun is not taken away."""
    begin = first_instant(was)
    live = (Purchase.term_id == held.term.id, Purchase.state.in_(list(LIVE)))
    for one in held.tx.scalars(select(Purchase).where(*live)):
        since = max(one.bought_at, first_instant(days)) if one.from_at == begin else one.from_at
        until = window(days, one.weeks, one.bought_at)[1]
        if one.stopped_at is not None:  # it ends with what is paid
            until = min(until, one.until_at)
        if since < until:
            one.from_at, one.until_at = since, until
        if one.state in STANDING:
            one.next_at = held.now  # its end may be another one
    held.tx.flush()
    mine = select(Purchase.id).where(*live)
    bought = select(Purchase.until_at).where(Purchase.id == Enrolment.purchase_id).scalar_subquery()
    since_ = select(Purchase.from_at).where(Purchase.id == Enrolment.purchase_id).scalar_subquery()
    stands = (Enrolment.purchase_id.in_(mine), Enrolment.ended_at.is_(None))
    quiet = {"synchronize_session": False}
    held.tx.execute(update(Enrolment).where(*stands).values(until_at=bought).execution_options(**quiet))
    held.tx.execute(
        update(Enrolment)
        .where(*stands, Enrolment.from_at == begin)
        .values(from_at=since_)
        .execution_options(**quiet)
    )
