"""What a membership costs, what comes back, and when its payments are due. No clock, no database.

Amounts are whole numbers of the currency's smallest unit.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.classes import Late, Plan, Unit
from domain.errors import Refusal
from domain.money import THOUSANDTHS, WHOLE_IN_HUNDREDTHS
from domain.schedule import resolve
from domain.text import Said, say, say_n


class RegistrationClosed(Refusal):
    """Registration closed."""

    def __init__(self, last: date) -> None:
        """*last* is the last day on which one could join."""
        super().__init__(say("Registration closed on {day}.", day=last))


@dataclass(frozen=True)
class Price:
    """What somebody pays who buys now.

    *first* with the purchase, *later* with each payment after it. *left* of *all* dates of the window lie
    ahead; *why* is how it was found, for ``Purchase.why_price``.
    """

    first: int
    later: int
    left: int
    all: int
    rule: Late

    @property
    def why(self) -> dict[str, Any]:
        """As a purchase keeps it."""
        return {"left": self.left, "all": self.all, "rule": self.rule.value}


@dataclass(frozen=True)
class Offer:
    """What a membership says of its price."""

    amount: int  # of one payment
    currency: str
    plan: Plan
    late: Late
    late_week: int


def grain(currency: str) -> int:
    """The smallest step of a price, in the smallest unit: 1, but 10 or 100 where Stripe takes no less."""
    if currency in THOUSANDTHS:
        return 10
    return 100 if currency in WHOLE_IN_HUNDREDTHS else 1


def prorated(amount: int, left: int, all_: int, currency: str = "USD") -> int:
    """The part of *amount* for *left* of *all_* dates; half a cent rounds up. Of no dates: nothing."""
    if all_ <= 0:
        return 0
    step = grain(currency)
    return min(amount, (2 * amount * left + all_ * step) // (2 * all_ * step) * step)


def price(offer: Offer, left: int, all_: int, *, starts_on: date, today: date) -> Price:
    """What somebody pays who joins today, with *left* of *all_* dates of the window ahead.

    Each payment of a fixed number is prorated. One that renews is paid for as long as it lasts: a late buyer
    makes fewer payments, each of them whole. Raises RegistrationClosed.
    """
    if offer.late is Late.CLOSED and today > (last := closes_on(starts_on, offer.late_week)):
        raise RegistrationClosed(last)
    part = offer.amount
    if offer.late is Late.PRORATED and offer.plan is not Plan.RENEW and left < all_:
        part = prorated(part, left, all_, offer.currency)
    return Price(part, 0 if offer.plan is Plan.CARD else part, left, all_, offer.late)


def closes_on(starts_on: date, week: int) -> date:
    """The last day of a term's week, from 1, on which one may still join."""
    return starts_on + timedelta(days=7 * week - 1)


def due_at(bought_at: datetime, zone: str, part: int, every: int, unit: Unit) -> datetime:
    """When payment number *part*, from 0, is due: anchored to the local day and time of the purchase.

    A month that has no such day is due on its last one, and the next is not: 31 Jan, 28 Feb, 31 Mar.
    """
    tz = ZoneInfo(zone)
    first = bought_at.astimezone(tz).replace(tzinfo=None)
    if unit is Unit.WEEK:
        return resolve(first + timedelta(weeks=every * part), tz)[0] if part else bought_at
    months = first.month - 1 + every * part
    year, month = first.year + months // 12, months % 12 + 1
    day = min(first.day, monthrange(year, month)[1])
    return resolve(first.replace(year=year, month=month, day=day), tz)[0] if part else bought_at


def back(paid: int, total: int, left: int, all_: int, currency: str = "USD") -> int:
    """What comes back of *paid*, of *total* for all dates, when the *left* ones of *all_* are not to be.

    What was used is *total* without the part of the dates left; whoever paid less than that gets nothing.
    """
    if all_ <= 0 or left >= all_:
        return paid
    return max(0, min(paid, paid - total + prorated(total, left, all_, currency)))


def rhythm(plan: Plan, every: int, unit: Unit, times: int) -> Said:
    """How it is paid: "every 2 weeks, 5 times", "every month", "once"."""
    if plan is Plan.CARD or (plan is Plan.RECURRING and times == 1):
        return say("once")
    if unit is Unit.WEEK:
        how = say_n("every week", "every {count} weeks", every)
    else:
        how = say_n("every month", "every {count} months", every)
    if plan is Plan.RENEW:
        return say("{how}, until it is stopped", how=how)
    return say_n("{how}, {count} time", "{how}, {count} times", times, how=how)
