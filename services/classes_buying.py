"""Buying a membership: the places of all chosen classes at once, or none of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from domain import calendar
from domain.calendar import Calendar
from domain.classes import APPROVAL_DAYS, CHECKOUT, Attending, Bought, Done
from domain.classes_intro import History, why_not
from domain.classes_price import Price
from domain.errors import FieldRefusal, Refusal
from domain.messages import Kind
from domain.text import say
from services import classes_allowed, classes_billing, classes_seats, classes_waiting
from services.classes import (
    Held,
    changing,
    membership,
    purchase,
    tell,
    tell_staff,
    term_of_membership,
    term_of_purchase,
)
from services.classes_activating import activate, next_at
from services.classes_choosing import Chosen, choose, enrol
from services.classes_intro import forget_unused
from services.classes_to_pay import wait_for_payment
from services.ports import Deps
from store.classes_sold import Enrolment, Membership, Purchase, Registration


class Full(Refusal):
    """This membership is full. Join its waitlist."""


@dataclass(frozen=True)
class Order:
    """What somebody, or staff for them, asks for."""

    classes: tuple[int, ...]
    user_id: str
    key: str
    sold_by: str = ""
    why: str = ""
    override: bool = False


def buy(  # noqa: PLR0913 - what a sale by staff sets aside is said word by word
    deps: Deps,
    membership_id: int,
    class_ids: Collection[int],
    *,
    user_id: str,
    key: str,
    now: datetime,
    sold_by: str = "",
    why: str = "",
    override: bool = False,
) -> Done:
    """Hold a place in each class, then wait for approval or payment, or be in at once.

    Once for the *key* of the form; ``Done.id`` is the purchase. Staff sell with *sold_by*, which needs no
    approval; with *override* and a reason *why*, what is a ``SetAside`` is set aside (overlaps, introductory
    offers, members first), places never. Raises NotOnSale, HaveItAlready, BadChoice, JustTaken, Full and
    other Refusals, each in the sentence to show; FieldRefusal at "why".
    """
    order = Order(tuple(dict.fromkeys(class_ids)), user_id, key[:120], sold_by, why.strip()[:255], override)
    if order.override and not order.why:
        raise FieldRefusal({"why": say("Write a reason.")})
    term_id = term_of_membership(deps.db, deps.team_id, membership_id)
    try:
        with changing(deps.db, deps.team_id, term_id, now=now, by=sold_by or user_id) as held:
            done = _bought(held, deps, membership_id, order)
    except IntegrityError as error:
        # two introductory offers of different sessions at once: the table let one of them in
        if not _used_one(deps, user_id):
            raise
        sentence = why_not(History(used=True), new_only=False, once=True)
        raise classes_allowed.NoIntroduction(sentence) from error
    deps.hint()
    return done


def _used_one(deps: Deps, user_id: str) -> bool:
    wanted = select(Purchase.id).where(Purchase.team_id == deps.team_id, Purchase.intro_of == user_id)
    with deps.db.reading() as tx:
        return tx.scalar(wanted.limit(1)) is not None


def _bought(held: Held, deps: Deps, membership_id: int, order: Order) -> Done:
    known = held.tx.scalar(
        select(Purchase.id).where(Purchase.team_id == held.team_id, Purchase.key == order.key)
    )
    if known is not None:
        return Done(changed=False, id=known)
    row = membership(held, membership_id)
    buyer = classes_allowed.buyer_of(held.tx, held.team_id, order.user_id)
    found = classes_allowed.refusals(row, held.term, buyer, now=held.now, by_staff=bool(order.sold_by))
    if refusal := classes_allowed.first_of(found, aside=order.override):
        raise refusal
    chosen = choose(held, row.id, order.classes, order.user_id, k=row.lessons, weeks=row.weeks,
                    override=order.override)  # fmt: skip
    price = classes_billing.quote(held.tx, held.term, row, order.classes, now=held.now)
    one = _purchase(held, row, order, chosen, price)
    if not classes_seats.count(held, one):
        raise Full
    held.tx.add(one)
    held.tx.flush()
    enrol(held, one, chosen)
    held.note("purchase.held", subject=f"purchase {one.id}", user=order.user_id, why=order.why)
    _begin(held, deps, one, approval=row.approval and not order.sold_by)
    return Done(changed=True, id=one.id)


def _purchase(held: Held, row: Membership, order: Order, chosen: Chosen, price: Price) -> Purchase:
    intro = row.intro and row.once
    if intro:
        forget_unused(held.tx, held.team_id, order.user_id)
    return Purchase(
        team_id=held.team_id, key=order.key, term_id=row.term_id, membership_id=row.id,
        user_id=order.user_id, state=Bought.AWAITING_PAYMENT.value, name=row.name,
        amount=price.first, later_amount=price.later, currency=row.currency, why_price=price.why,
        lessons=row.lessons, weeks=row.weeks, plan=row.plan, every=row.every, unit=row.unit, times=row.times,
        refund_rule=row.refund_rule, intro_of=order.user_id if intro else None, bought_at=held.now,
        from_at=chosen.from_at, until_at=chosen.until_at, sold_by=order.sold_by, sold_why=order.why,
        parts=0, tries=0, version=0,
    )  # fmt: skip


def _begin(held: Held, deps: Deps, one: Purchase, *, approval: bool) -> None:
    """Places are held: by price and approval, who is asked next."""
    if approval:
        one.state, one.asked_at = Bought.PENDING_APPROVAL.value, held.now
        days = calendar.deadline(Calendar(), held.now, days=APPROVAL_DAYS, zone=held.term.zone)
        one.hold_until = days.ends_at
        next_at(held, one)
        tell(held, Kind.CLASSES_ASKED, one.id, one.user_id, f"asked-{one.id}")
        tell_staff(held, Kind.CLASSES_REQUEST, one.id, f"request-{one.id}")
    elif one.amount:
        at_once = deps.reach.payments and not one.sold_by
        wait_for_payment(held, deps, one, until=held.now + CHECKOUT if at_once else None)
    else:
        activate(held, one)


def choose_other(deps: Deps, purchase_id: int, class_ids: Collection[int], *, by: str, now: datetime) -> Done:
    """Staff give a purchase that was paid too late other classes, and it becomes active.

    A second press changes nothing. For a door that asked ``only_staff``. Raises BadChoice, JustTaken, Full.
    """
    wanted = tuple(dict.fromkeys(class_ids))
    term_id = term_of_purchase(deps.db, deps.team_id, purchase_id)
    with changing(deps.db, deps.team_id, term_id, now=now, by=by) as held:
        one = purchase(held, purchase_id)
        if one.state != Bought.PAID_UNALLOCATED:
            return Done(changed=False, id=one.id)
        _forget_classes(held, one)
        chosen = choose(held, one.membership_id, wanted, one.user_id, k=one.lessons, weeks=one.weeks)
        if not one.counted and not classes_seats.count(held, one):
            raise Full
        enrol(held, one, chosen)
        classes_billing.keep(held, one)
        activate(held, one)
    deps.hint()
    return Done(changed=True, id=purchase_id)


def _forget_classes(held: Held, one: Purchase) -> None:
    """The classes whose places were given away: nothing of them was ever attended."""
    freed = classes_seats.free_purchase(held, one.id, ahead_only=False)
    mine = select(Enrolment.id).where(Enrolment.purchase_id == one.id)
    gone = delete(Registration).where(
        Registration.enrolment_id.in_(mine), Registration.state == Attending.REMOVED
    )
    held.tx.execute(gone.execution_options(synchronize_session=False))
    held.tx.execute(
        delete(Enrolment).where(Enrolment.purchase_id == one.id).execution_options(synchronize_session=False)
    )
    classes_waiting.freed(held, freed)
