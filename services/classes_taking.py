"""[Take the Place]: what somebody on a waitlist was offered becomes theirs."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain.classes import Attending, Done, JustTaken, Mode, NotYours, Queue
from domain.classes_choice import BadChoice
from domain.classes_queue import offer_until, turns
from domain.errors import Refusal
from domain.presses import Press
from domain.text import Said, say
from services import classes_buying
from services.classes import Held, changing, date_of
from services.classes_credits import CannotMakeUp, open_for, use_in
from services.classes_offering import close, entry_of, freed, kept_for, stock_of, tell_news, tell_offers
from services.classes_waiting import NoSuchEntry, entry, left_alone, term_of_entry
from services.ports import Deps
from store.classes import ClassDate
from store.classes_sold import Membership, OfferedClass, Registration, Waiting
from store.database import Database

TAKEN = say("Taken.")


def take(
    deps: Deps,
    waiting_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
    class_ids: Sequence[int] = (),
) -> Done:
    """Take what was offered. At a date an open make-up lesson is used; else the membership is bought.

    Done.id is then the purchase. It is bought with *class_ids*, or, where none are given, with the classes
    that were kept. Where more are to be chosen, ``classes_buying.buy`` refuses with its sentence: a door asks
    ``to_choose`` first. An offer that is over: changed False, and said what became of it.
    """
    term_id = term_of_entry(deps.db, deps.team_id, waiting_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=user_id, press=press) as held:
        one = entry(held, waiting_id, user_id)
        if one.state != Queue.OFFERED or _is_over(one, now):
            return Done(False, _said(held, one), one.id)
        kept = kept_for(held, [one])[one.id]
        if one.date_id is not None:
            return _take_date(held, one, everybody=not kept)
        classes = sorted({date.class_id for date in kept} or {one.class_id or 0})
        membership_id, round_ = one.membership_id or 0, one.round
    try:
        return classes_buying.buy(deps, membership_id, class_ids or classes, user_id=user_id,
                                  key=f"waiting-{waiting_id}-{round_}", now=now)  # fmt: skip
    except (JustTaken, BadChoice, classes_buying.Full):
        if kept or not _lost(deps, waiting_id, now=now):
            raise
        return Done(False, TAKEN, waiting_id)


def _is_over(one: Waiting, now: datetime) -> bool:
    return one.offer_until is not None and one.offer_until < now and not _at_once(one)


def _at_once(one: Waiting) -> bool:
    """Whether an offer is taken by the next step of time."""
    return one.offer_until == one.offered_at


def _said(held: Held, one: Waiting) -> Said:
    """What became of an offer that is not open any more."""
    if one.state in (Queue.OFFERED, Queue.EXPIRED) and one.offer_until is not None:
        local = one.offer_until.astimezone(ZoneInfo(held.term.zone))
        return say("This place was offered until {time}.", time=local.time())
    return {
        Queue.PLACED: say("You have this place."),
        Queue.PASSED: say("You passed this place on."),
        Queue.LEFT: say("You left this waitlist."),
    }.get(Queue(one.state), TAKEN)


def _take_date(held: Held, one: Waiting, *, everybody: bool) -> Done:
    date = date_of(held, one.date_id or 0)
    if everybody and date.taken >= date.places:
        _taken(held, date)
        return Done(False, TAKEN, one.id)
    lesson = open_for(held, one.user_id, date)
    if lesson is None:
        raise CannotMakeUp(say("You have no make-up lesson for this class any more."))
    close(held, [one], Queue.PLACED)
    registration = use_in(held, lesson, date_of(held, date.id))
    if everybody and date_of(held, date.id).taken >= date.places:
        _taken(held, date)
    freed(held, left_alone(held, one))
    if _at_once(one):
        tell_news(held, [one], "placed")
    held.note("waitlist.placed", subject=f"waiting {one.id}", registration=registration)
    return Done(True, id=registration)


def _taken(held: Held, date: ClassDate) -> None:
    """Somebody was first: the others, who were asked at the same time, wait on."""
    others = select(Waiting).where(Waiting.date_id == date.id, Waiting.state == Queue.OFFERED.value)
    asked = held.tx.scalars(others.execution_options(populate_existing=True)).all()
    kept = kept_for(held, asked)
    close(held, [one for one in asked if not kept[one.id]], Queue.WAITING)


def _lost(deps: Deps, waiting_id: int, *, now: datetime) -> bool:
    """Whether a class for which everybody was asked has no place any more; if so, they wait on."""
    with changing(deps.db, deps.team_id, term_of_entry(deps.db, deps.team_id, waiting_id), now=now) as held:
        one, stock = entry(held, waiting_id), stock_of(held)
        wanted = entry_of(held, stock, one, {})
        lost = wanted is None or not turns([wanted], stock.free, stock.sales).offers
        if lost and one.state == Queue.OFFERED:
            close(held, [one], Queue.WAITING)
        return lost


def to_choose(
    db: Database, team_id: str, waiting_id: int, *, user_id: str
) -> tuple[int, Sequence[int]] | None:
    """The membership whose classes are to be chosen before ``take``, and those that were kept.

    None where ``take`` needs nothing more.
    """
    with db.reading() as tx:
        one = tx.scalars(select(Waiting).where(Waiting.team_id == team_id, Waiting.id == waiting_id)).first()
        if one is None:
            raise NoSuchEntry
        if one.user_id != user_id:
            raise NotYours
        if one.state != Queue.OFFERED or one.date_id is not None or one.membership_id is None:
            return None
        card = tx.get_one(Membership, one.membership_id)
        offered = tx.scalars(select(OfferedClass.class_id).where(OfferedClass.membership_id == card.id)).all()
        if card.lessons == (1 if one.class_id else len(offered)):
            return None
        kept = (
            select(ClassDate.class_id)
            .join(Registration, Registration.date_id == ClassDate.id)
            .where(Registration.waiting_id == one.id, Registration.state == Attending.OFFERED.value)
            .distinct()
            .order_by(ClassDate.class_id)
        )
        return card.id, tuple(tx.scalars(kept)) or ((one.class_id,) if one.class_id else ())


# --- Placed at once -------------------------------------------------------------------------------------


def place_due(deps: Deps, term_id: int, *, now: datetime) -> bool:
    """Where free places go to the first at once: take them for those; whether anybody was placed.

    Whoever has to choose, or cannot be placed as it is, is offered the place instead.
    """
    moved = False
    for waiting_id, user_id in _to_place(deps, term_id, now=now):
        try:
            moved |= take(deps, waiting_id, user_id=user_id, now=now).changed
        except Refusal:
            _offer_instead(deps, term_id, waiting_id, now=now)
    return moved


def _to_place(deps: Deps, term_id: int, *, now: datetime) -> list[tuple[int, str]]:
    wanted = (
        select(Waiting.id, Waiting.user_id)
        .where(Waiting.team_id == deps.team_id, Waiting.term_id == term_id)
        .where(Waiting.state == Queue.OFFERED.value, Waiting.offer_until <= now)
        .where(Waiting.offer_until == Waiting.offered_at)
        .order_by(Waiting.rank, Waiting.id)
    )
    with deps.db.reading() as tx:
        return [(row[0], row[1]) for row in tx.execute(wanted)]


def _offer_instead(deps: Deps, term_id: int, waiting_id: int, *, now: datetime) -> None:
    with changing(deps.db, deps.team_id, term_id, now=now) as held:
        one = entry(held, waiting_id)
        dates = kept_for(held, [one])[one.id]
        if one.state != Queue.OFFERED or not _at_once(one):
            return
        until = offer_until(dates[0].starts_at, now, Mode.OFFER) if dates else now
        if until > now:
            one.offered_at, one.offer_until = now, until
            tell_offers(held, [one])
        else:
            freed(held, close(held, [one], Queue.WAITING))
