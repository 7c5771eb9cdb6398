"""Joining a waitlist: of a membership, of a class with all its dates, or of one date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from domain.classes import (
    Attending,
    ClassState,
    DateState,
    Done,
    NotOnSale,
    SaleState,
)
from domain.errors import Refusal
from domain.text import say
from services import classes_allowed
from services.classes import (
    Held,
    changing,
    class_of,
    date_of,
    membership,
    term_of_class,
    term_of_date,
    term_of_membership,
)
from services.classes_credits import eligible
from services.classes_offering import LISTED_STATES, freed
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Membership, OfferedClass, Registration, Waiting
from store.database import Database


class CannotWait(Refusal):
    """Nobody can wait for this."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to wait for."""

    membership_id: int | None = None
    class_id: int | None = None
    date_id: int | None = None


def join(
    db: Database,
    team_id: str,
    *,
    user_id: str,
    membership_id: int | None = None,
    class_id: int | None = None,
    date_id: int | None = None,
    with_id: str = "",
    now: datetime,
) -> Done:
    """Put somebody at the end of a waitlist; Done.id is the entry. Joining again changes nothing.

    A date alone: of that date. A class: of all its dates, to be bought as *membership_id*, else as the
    cheapest on sale that offers it. A membership alone: of any classes of it. *with_id* comes along: both
    have an entry, and are offered places together. Raises what is not there, and Refusals.
    """
    wish = Wish(membership_id, class_id, date_id)
    if with_id == user_id:
        with_id = ""
    with changing(db, team_id, _term_of(db, team_id, wish), now=now, by=user_id) as held:
        wish, most, dates = _checked(held, wish)
        people = [user_id, with_id] if with_id else [user_id]
        mine = _entries(held, wish, people)
        if user_id in mine:
            return Done(False, say("You are on this waitlist already."), mine[user_id].id)
        if with_id in mine:
            raise CannotWait(say("{person} is on this waitlist already.", person=f"<@{with_id}>"))
        for one in people:
            _check_person(held, wish, one)
        _check_room(held, wish, most, len(people))
        added = [_add(held, wish, one, other) for one, other in zip(people, people[::-1], strict=True)]
        held.tx.flush()
        held.note("waitlist.joined", subject=f"waiting {added[0].id}", people=len(people))
        freed(held, dates)
        return Done(True, say("You are on the waitlist, number {number}.", number=_number(held, added[0])),
                    added[0].id)  # fmt: skip


def _term_of(db: Database, team_id: str, wish: Wish) -> int:
    if wish.date_id is not None:
        return term_of_date(db, team_id, wish.date_id)
    if wish.class_id is not None:
        return term_of_class(db, team_id, wish.class_id)
    return term_of_membership(db, team_id, wish.membership_id or 0)


def _checked(held: Held, wish: Wish) -> tuple[Wish, int, Sequence[int]]:
    """The wish as it is stored, how many may wait for it, and its dates ahead."""
    if wish.date_id is not None:
        date = date_of(held, wish.date_id)
        if date.state != DateState.PLANNED or date.starts_at <= held.now:
            raise CannotWait(say("This class has begun, or it is cancelled."))
        return Wish(date_id=date.id), class_of(held, date.class_id).waitlist_places, [date.id]
    card = membership(held, wish.membership_id) if wish.membership_id else _cheapest(held, wish.class_id or 0)
    if card.state != SaleState.ON_SALE:
        raise NotOnSale
    offering = select(OfferedClass.class_id).where(OfferedClass.membership_id == card.id)
    wanted = select(WeeklyClass).where(WeeklyClass.id.in_(offering), WeeklyClass.state == ClassState.ASSIGNED)
    if wish.class_id is not None:
        wanted = wanted.where(WeeklyClass.id == class_of(held, wish.class_id).id)
    classes = held.tx.scalars(wanted).all()
    if not classes:
        raise CannotWait(say("No membership with this class is on sale."))
    ahead = select(ClassDate.id).where(
        ClassDate.class_id.in_([one.id for one in classes]), ClassDate.starts_at > held.now
    )
    most = sum(one.waitlist_places for one in classes)
    return Wish(card.id, wish.class_id), most, held.tx.scalars(ahead).all()


def _cheapest(held: Held, class_id: int) -> Membership:
    offering = select(OfferedClass.membership_id).where(OfferedClass.class_id == class_id)
    wanted = (
        select(Membership)
        .where(Membership.id.in_(offering), Membership.state == SaleState.ON_SALE.value)
        .where(Membership.online.is_(True))
        .order_by(Membership.lessons, Membership.amount, Membership.id)
    )
    found = held.tx.scalars(wanted).first()
    if found is None:
        raise CannotWait(say("No membership with this class is on sale."))
    return found


def _entries(held: Held, wish: Wish, people: Collection[str]) -> dict[str, Waiting]:
    found = held.tx.scalars(_list_of(held, wish).where(Waiting.user_id.in_(people)))
    return {one.user_id: one for one in found}


def _list_of(held: Held, wish: Wish) -> Select[Waiting]:
    """Those who wait for the same."""
    wanted = select(Waiting).where(Waiting.term_id == held.term.id, Waiting.state.in_(LISTED_STATES))
    if wish.date_id is not None:
        return wanted.where(Waiting.date_id == wish.date_id)
    if wish.class_id is not None:
        return wanted.where(Waiting.date_id.is_(None), Waiting.class_id == wish.class_id)
    alone = Waiting.date_id.is_(None) & Waiting.class_id.is_(None)
    return wanted.where(alone, Waiting.membership_id == wish.membership_id)


def _check_person(held: Held, wish: Wish, user_id: str) -> None:
    """Whoever could not buy a membership cannot wait for it."""
    if wish.date_id is not None:
        able = eligible(held.team_id, user_id).where(ClassDate.id == wish.date_id)
        there = select(Registration.id).where(
            Registration.date_id == wish.date_id, Registration.user_id == user_id,
            Registration.state == Attending.REGISTERED.value,
        )  # fmt: skip
        if held.tx.scalar(there.limit(1)):
            raise CannotWait(say("{person} is registered for this date already.", person=f"<@{user_id}>"))
        if held.tx.scalar(able.limit(1)) is None:
            raise CannotWait(say("A single date needs a make-up lesson for a class of its type."))
        return
    card = membership(held, wish.membership_id or 0)
    buyer = classes_allowed.buyer_of(held.tx, held.team_id, user_id)
    found = classes_allowed.refusals(card, held.term, buyer, now=held.now, by_staff=False)
    if found:
        raise found[0]


def _check_room(held: Held, wish: Wish, most: int, more: int) -> None:
    count = held.tx.scalar(select(func.count()).select_from(_list_of(held, wish).subquery())) or 0
    if count + more > most:
        raise CannotWait(say("This waitlist is full."))


def _add(held: Held, wish: Wish, user_id: str, other: str) -> Waiting:
    one = Waiting(
        team_id=held.team_id, term_id=held.term.id, membership_id=wish.membership_id, class_id=wish.class_id,
        date_id=wish.date_id, user_id=user_id, with_id="" if other == user_id else other,
        rank=int(held.now.timestamp()), joined_at=held.now, round=0,
    )  # fmt: skip
    held.tx.add(one)
    held.tx.flush()
    return one


def _number(held: Held, one: Waiting) -> int:
    before = or_(Waiting.rank < one.rank, (Waiting.rank == one.rank) & (Waiting.id <= one.id))
    mine = _list_of(held, Wish(one.membership_id, one.class_id, one.date_id))
    return held.tx.scalar(select(func.count()).select_from(mine.where(before).subquery())) or 1
