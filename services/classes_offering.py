"""What becomes of places that are free: offers to those who wait, in their order, in a few statements.

What is offered takes its places (services/classes_seats_kept.py) until it is taken, passed on or over. In the
last two hours before a start nothing is kept: everybody is asked, and the first press wins.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select

from domain.classes import LISTED, Attending, ClassState, DateState, Late, Mode, Queue, SaleState, TermState
from domain.classes_dates import window
from domain.classes_price import closes_on
from domain.classes_queue import Entry, Option, Turns, mode_of, offer_until, turns
from domain.messages import Kind
from domain.schedule import zone
from services.classes import Held, days_of, redraw, setup_of, tell_many
from services.classes_credits import eligible
from services.classes_seats_kept import count_offers, offer_all, withdraw_offer
from services.owing import Owed
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Membership, OfferedClass, Registration, Waiting
from store.core import PersonRow

LISTED_STATES = tuple(one.value for one in LISTED)


@dataclass
class Stock:
    """The dates ahead in a term, their free places, and the classes that they are of."""

    today: date  # in the term's zone
    starts_on: date
    dates: dict[int, ClassDate]
    weekly: dict[int, WeeklyClass]
    memberships: dict[int, Membership]
    offered: Mapping[int, Sequence[int]]  # the classes of each membership
    by_class: Mapping[int, Sequence[ClassDate]] = field(default_factory=dict)

    @property
    def free(self) -> dict[int, int]:
        """Places that may be given, by date."""
        return {one.id: one.places - one.taken for one in self.dates.values()}

    @property
    def sales(self) -> dict[int, int]:
        """How many of a membership may still be sold, where that is limited."""
        limited = [one for one in self.memberships.values() if one.custom is not None]
        found = {one.id: max(0, (one.custom or 0) - one.sold) for one in limited}
        over = [one.id for one in self.memberships.values() if not self._is_sold(one)]
        return found | dict.fromkeys(over, 0)

    def _is_sold(self, one: Membership) -> bool:
        late = one.late == Late.CLOSED and self.today > closes_on(self.starts_on, one.late_week)
        return one.state == SaleState.ON_SALE and not late


# --- Given ---------------------------------------------------------------------------------------------


def freed(held: Held, date_ids: Collection[int]) -> int:
    """These dates have places: give them to those who wait for them, in their order; how many were told.

    For whoever frees or adds places, in the same transaction, after the places were counted.
    """
    return look(held) if date_ids else 0


def look(held: Held) -> int:
    """Give what is free in a term to those who wait for it; how many were told.

    Also for whoever lets more be sold, or takes away a date that was full.
    """
    if held.term.state not in (TermState.OPEN, TermState.RUNNING):
        return 0
    held.tx.flush()
    queue = _queue(held)
    return _give(held, queue) if queue else 0


def _queue(held: Held) -> list[Waiting]:
    """All who wait in the term, the first one first: what one of them is given may be what another waits for.

    For a date: only those who have a make-up lesson to use there. Who is not here any more waits in vain.
    """
    gone = select(PersonRow.user_id).where(PersonRow.team_id == held.team_id, PersonRow.deleted.is_(True))
    able = (
        eligible(held.team_id, Waiting.user_id)
        .where(ClassDate.id == Waiting.date_id)
        .correlate(Waiting)
        .exists()
    )
    wanted = (
        select(Waiting)
        .where(Waiting.term_id == held.term.id, Waiting.state == Queue.WAITING.value)
        .where(or_(Waiting.date_id.is_(None), able), Waiting.user_id.not_in(gone))
        .order_by(Waiting.rank, Waiting.id)
    )
    return list(held.tx.scalars(wanted.execution_options(populate_existing=True)))


def _give(held: Held, queue: Sequence[Waiting]) -> int:
    stock, setting = stock_of(held), Mode(setup_of(held.tx, held.team_id).waitlist_mode)
    known, partners = {one.id: one for one in queue}, partners_of(queue)
    by_mode = defaultdict[Mode | None, list[Entry]](list)
    for one in queue:
        entry = entry_of(held, stock, one, partners)
        if entry is not None:
            costs = costs_of(stock, one)
            by_mode[mode_of(setting, first_of(stock, entry), held.now, costs=costs)].append(entry)
    # in one order, however each of them is given its place
    kept = [*by_mode[Mode.AT_ONCE], *by_mode[Mode.OFFER]]
    places = {one.id: n for n, one in enumerate(queue)}
    sales = stock.sales
    found = turns(sorted(kept, key=lambda one: places[one.id]), stock.free, sales)
    at_once = {one.id for one in by_mode[Mode.AT_ONCE]}
    _offer(held, stock, [(known[one], dates) for one, dates in found.offers.items()], at_once)
    _pass_over(held, known, found)
    everybody = [one for one in by_mode[Mode.EVERYBODY] if turns([one], stock.free, sales).offers]
    _ask_everybody(held, stock, [(known[one.id], one) for one in everybody])
    return len(found.offers) + len(everybody)


def costs_of(stock: Stock, one: Waiting) -> bool:
    """Whether something is to pay, or staff to be asked, before a place is somebody's."""
    card = stock.memberships.get(one.membership_id or 0)
    return card is not None and (card.amount > 0 or card.approval)


def _offer(
    held: Held, stock: Stock, offers: Sequence[tuple[Waiting, frozenset[int]]], at_once: Collection[int]
) -> None:
    """Keep the places and tell them, all at once. Whoever is placed *at_once* is so by time's next step."""
    if not offers:
        return
    for one, dates in offers:
        first_at = min(stock.dates[day].starts_at for day in dates)
        until = held.now if one.id in at_once else offer_until(first_at, held.now, Mode.OFFER)
        _offered(held, one, until)
    held.tx.flush()
    offer_all(held, offers)
    count_offers(held, [one for one, _ in offers], keep=True)
    tell_offers(held, [one for one, _ in offers if one.id not in at_once])


def _ask_everybody(held: Held, stock: Stock, entries: Sequence[tuple[Waiting, Entry]]) -> None:
    """Ask all of them; nothing is kept."""
    for one, entry in entries:
        _offered(held, one, first_of(stock, entry))
    held.tx.flush()
    tell_offers(held, [one for one, _ in entries], everybody=True)


def _offered(held: Held, one: Waiting, until: datetime) -> None:
    one.state, one.round = Queue.OFFERED.value, one.round + 1
    one.offered_at, one.offer_until = held.now, until


def tell_offers(held: Held, ones: Iterable[Waiting], **params: object) -> None:
    """C11 to each of them."""
    tell_many(
        held,
        [
            Owed(Kind.CLASSES_OFFER, one.id, f"classes-offer-{one.id}-{one.round}", recipient=one.user_id,
                 params=dict(params))
            for one in ones
        ],
    )  # fmt: skip


def _pass_over(held: Held, known: Mapping[int, Waiting], found: Turns) -> None:
    over = [known[one] for one in sorted(found.passed_over)]
    for one in over:
        one.passed_over = True
    tell_news(held, over, "passed_over")


def tell_news(held: Held, ones: Iterable[Waiting], what: str) -> None:
    """Other news of their entries to each of them."""
    tell_many(
        held,
        [
            Owed(Kind.CLASSES_NEWS, one.id, f"classes-news-{what}-{one.id}-{one.round}",
                 recipient=one.user_id, params={"what": what})
            for one in ones
        ],
    )  # fmt: skip


# --- Who waits for what --------------------------------------------------------------------------------


def partners_of(queue: Sequence[Waiting]) -> Mapping[int, int]:
    """The entry that comes along with each of these, if it waits for the same."""
    by_person = {(one.user_id, one.membership_id, one.class_id, one.date_id): one.id for one in queue}
    found = {
        one.id: by_person.get((one.with_id, one.membership_id, one.class_id, one.date_id), 0) for one in queue
    }
    return {one: other for one, other in found.items() if other and found.get(other) == one}


def stock_of(held: Held) -> Stock:
    """All dates ahead in the term, with what is sold of it."""
    ahead = (
        select(ClassDate)
        .where(ClassDate.term_id == held.term.id, ClassDate.state == DateState.PLANNED.value)
        .where(ClassDate.starts_at > held.now)
        .order_by(ClassDate.starts_at)
        .execution_options(populate_existing=True)
    )
    sold = select(Membership).where(Membership.term_id == held.term.id)
    weekly = select(WeeklyClass).where(
        WeeklyClass.term_id == held.term.id, WeeklyClass.state == ClassState.ASSIGNED.value
    )
    dates, by_class, offered = {}, defaultdict(list), defaultdict(list)
    for one in held.tx.scalars(ahead):
        dates[one.id] = one
        by_class[one.class_id].append(one)
    memberships = held.tx.scalars(sold.execution_options(populate_existing=True)).all()
    pairs = select(OfferedClass.membership_id, OfferedClass.class_id).where(
        OfferedClass.membership_id.in_([one.id for one in memberships])
    )
    for membership_id, class_id in held.tx.execute(pairs.order_by(OfferedClass.class_id)):
        offered[membership_id].append(class_id)
    classes = {one.id: one for one in held.tx.scalars(weekly)}
    today = held.now.astimezone(zone(held.term.zone)).date()
    known = {one.id: one for one in memberships}
    return Stock(today, held.term.starts_on, dates, classes, known, offered, by_class)


def entry_of(held: Held, stock: Stock, one: Waiting, partners: Mapping[int, int]) -> Entry | None:
    """What somebody waits for as dates ahead; None where nothing of it is ahead any more."""
    partner = partners.get(one.id, 0)
    if one.date_id is not None:
        here = (Option(frozenset({one.date_id})),) if one.date_id in stock.dates else ()
        return Entry(one.id, here, partner=partner, passed_over=one.passed_over) if here else None
    card = stock.memberships.get(one.membership_id or 0)
    if card is None:
        return None
    wanted = [one.class_id] if one.class_id else stock.offered[card.id]
    options = tuple(option for class_id in wanted if (option := _option(held, stock, card, class_id)))
    need = 1 if one.class_id else card.lessons
    if len(options) < need:
        return None
    return Entry(one.id, options, need, partner, one.passed_over, card.id)


def _option(held: Held, stock: Stock, card: Membership, class_id: int) -> Option | None:
    weekly = stock.weekly.get(class_id)
    from_at, until_at = window(days_of(held.term), card.weeks, held.now)
    ahead = [one.id for one in stock.by_class.get(class_id, ()) if from_at <= one.starts_at < until_at]
    if weekly is None or not ahead:
        return None
    begin = weekly.weekday * 1440 + weekly.minute
    return Option(frozenset(ahead), begin, begin + weekly.minutes)


def first_of(stock: Stock, entry: Entry) -> datetime:
    """When the first date begins of what somebody waits for."""
    return min(stock.dates[day].starts_at for option in entry.options for day in option.dates)


# --- Taken back ----------------------------------------------------------------------------------------


def close(held: Held, ones: Sequence[Waiting], state: Queue) -> list[int]:
    """End entries; what was kept for them is free: the dates that have a place more.

    With ``Queue.WAITING`` they go on waiting where they stood.
    """
    if not ones:
        return []
    held.tx.flush()
    dates = withdraw_offer(held, *ones)
    count_offers(held, ones, keep=False)
    for one in ones:
        one.state, one.over_at = state.value, None if state is Queue.WAITING else held.now
    held.tx.flush()
    redraw(held, [Kind.CLASSES_OFFER], [one.id for one in ones])
    return dates


def kept_for(held: Held, ones: Sequence[Waiting]) -> dict[int, list[ClassDate]]:
    """The dates at which places are kept for these entries."""
    wanted = (
        select(Registration.waiting_id, ClassDate)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .where(Registration.waiting_id.in_([one.id for one in ones]))
        .where(Registration.state == Attending.OFFERED.value)
        .order_by(ClassDate.starts_at)
    )
    found: dict[int, list[ClassDate]] = {one.id: [] for one in ones}
    for waiting_id, day in held.tx.execute(wanted):
        found[waiting_id or 0].append(day)
    return found
