"""How much: what classes cost who buys now, what became of a purchase's money, and what would come back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.billing import DUE
from domain.classes import Late, Plan, RefundRule, Unit
from domain.classes_dates import Days, first_instant, window
from domain.classes_price import Offer, Price, back, due_at, price
from services.classes import Held
from store.classes import ClassDate, Term
from store.classes_sold import Enrolment, Membership, Purchase
from store.payments import Bill, Refund

UNPAID = tuple(one.value for one in DUE)


@dataclass(frozen=True)
class Money:
    """What became of the money of a purchase, in the smallest unit of its currency.

    *asked*: of all its bills; *paid*: through Stripe; *desk*: what staff marked as paid; *back*: what went
    back, or is on its way, also at the desk; *due*: what is asked for and not paid; *disputed*: what a bank
    has taken until it is decided.
    """

    asked: int = 0
    paid: int = 0
    desk: int = 0
    back: int = 0
    due: int = 0
    disputed: int = 0

    @property
    def kept(self) -> int:
        """What we have of it."""
        return self.paid + self.desk - self.back - self.disputed


@dataclass(frozen=True)
class Share:
    """The dates of a purchase: *left* ahead, of *all* that were not cancelled; *here* ahead, of one class."""

    left: int = 0
    all: int = 0
    here: int = 0


def quote(
    tx: Session, term: Term, membership: Membership, class_ids: Collection[int], *, now: datetime
) -> Price:
    """What these classes of a membership cost somebody who buys now, in one statement.

    Raises RegistrationClosed.
    """
    days = Days(term.starts_on, term.ends_on, term.zone, _closed(term))
    begins, ends = window(days, membership.weeks, first_instant(days))
    ahead = and_(ClassDate.state == "planned", ClassDate.starts_at >= max(now, begins))
    row = tx.execute(
        select(_sum(ahead), func.count()).where(
            ClassDate.class_id.in_(class_ids), ClassDate.term_id == term.id, ClassDate.state != "cancelled",
            ClassDate.starts_at >= begins, ClassDate.starts_at < ends,
        )
    ).one()  # fmt: skip
    offer = Offer(
        membership.amount, membership.currency, Plan(membership.plan), Late(membership.late),
        membership.late_week,
    )  # fmt: skip
    today = now.astimezone(ZoneInfo(term.zone)).date()
    return price(offer, row[0], row[1], starts_on=term.starts_on, today=today)


def _closed(term: Term) -> frozenset[date]:
    return frozenset(date.fromisoformat(str(one)) for one in term.closed_days)


def money_of(tx: Session, purchase_ids: Collection[int]) -> dict[int, Money]:
    """The money of purchases; those without a bill have an empty one."""
    tx.flush()
    back = Bill.refunded + Bill.refunding
    at_desk = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .where(Refund.bill_id == Bill.id, Refund.intent == "")
        .scalar_subquery()
    )
    rows = tx.execute(
        select(
            Bill.purchase_id, func.sum(Bill.amount), func.sum(Bill.paid),
            # whatever else came for it since: that goes back by itself
            _sum(Bill.waived_by != "", Bill.amount), func.sum(back + at_desk),
            _sum(Bill.state.in_(UNPAID), Bill.amount), _sum(Bill.state == "disputed", Bill.paid - back),
        ).where(Bill.purchase_id.in_(purchase_ids)).group_by(Bill.purchase_id)
    )  # fmt: skip
    found = {row[0]: Money(*(int(value) for value in row[1:])) for row in rows}
    return {one: found.get(one, Money()) for one in purchase_ids}


def _sum(which: ColumnElement[bool], what: Any = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, what), else_=0)), 0)


# --- What would come back ------------------------------------------------------------------------------


def comes_back(held: Held, one: Purchase, money: Money, *, by_studio: bool = False) -> int:
    """What comes back if a purchase ends now: all before its first date, later by its rule.

    *by_studio*: for all dates left, whatever the rule.
    """
    until = paid_until(held, one, money)
    share = shares(held, [one.id], until=until).get(one.id, Share())
    if share.left < share.all and one.refund_rule == RefundRule.NONE and not by_studio:
        return 0
    return back(money.kept, total_of(one, money), share.left, share.all, one.currency)


def total_of(one: Purchase, money: Money) -> int:
    """What a purchase costs in all, without what went back of it; of one that renews, what was paid."""
    if one.plan == Plan.RENEW:
        return money.kept
    later = one.later_amount * max(0, one.times - one.parts) if one.plan == Plan.RECURRING else 0
    return money.asked - money.back + later


def paid_until(held: Held, one: Purchase, money: Money) -> datetime:
    """Until when its dates are paid for: of one that renews, until the next payment is due."""
    if one.plan != Plan.RENEW:
        return one.until_at
    return min(one.until_at, renewed_until(held, one, unpaid=money.due > 0))


def renewed_until(held: Held, one: Purchase, *, unpaid: bool) -> datetime:
    """When the payment is due that follows the last one made; *unpaid*: the newest one was not."""
    paid = max(0, one.parts - unpaid)
    return part_due_at(held, one, paid)


def part_due_at(held: Held, one: Purchase, part: int) -> datetime:
    """When a payment is due, from 0. What renews is paid for from the beginning of its dates on."""
    anchor = one.from_at if one.plan == Plan.RENEW else one.bought_at
    return due_at(anchor, held.term.zone, part, one.every, Unit(one.unit))


def shares(
    held: Held, purchase_ids: Collection[int], *, class_id: int = 0, until: datetime | None = None
) -> dict[int, Share]:
    """The dates of purchases, in one statement; *until*: only those before.

    Of a class that was cancelled before: those that had been, which were used.
    """
    held.tx.flush()
    ahead = and_(ClassDate.state == "planned", ClassDate.starts_at > held.now)
    wanted = (
        select(
            Enrolment.purchase_id, _sum(ahead), func.count(),
            _sum(and_(ahead, Enrolment.class_id == class_id)),
        )
        .join(ClassDate, ClassDate.class_id == Enrolment.class_id)
        .where(
            Enrolment.purchase_id.in_(purchase_ids),
            or_(Enrolment.ended_at.is_(None), ClassDate.starts_at <= Enrolment.ended_at),
            ClassDate.state != "cancelled", ClassDate.term_id == held.term.id,
            ClassDate.starts_at >= Enrolment.from_at, ClassDate.starts_at < Enrolment.until_at,
        )
        .group_by(Enrolment.purchase_id)
    )  # fmt: skip
    if until is not None:
        wanted = wanted.where(ClassDate.starts_at < until)
    return {row[0]: Share(*row[1:]) for row in held.tx.execute(wanted)}
