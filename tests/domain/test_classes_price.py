"""What memberships cost, what comes back, and when payments are due: the table of the specification."""

from datetime import UTC, date, datetime

import pytest

from domain.classes import Late, Plan, Unit
from domain.classes_price import Offer, RegistrationClosed, back, due_at, price, prorated, rhythm

TORONTO = "America/Toronto"
TERM = date(2026, 9, 7)
OCTOBER = date(2026, 10, 1)


def card(late=Late.PRORATED, plan=Plan.CARD, amount=12000, week=2):
    """A membership of 120.00."""
    return Offer(amount, "CAD", plan, late, week)


@pytest.mark.parametrize(
    ("amount", "left", "of", "currency", "comes_to"),
    [
        (12000, 6, 10, "CAD", 7200),
        (9999, 6, 10, "CAD", 5999),
        (10025, 6, 10, "CAD", 6015),
        (3333, 5, 10, "CAD", 1667),
        (12000, 10, 10, "CAD", 12000),
        (12000, 0, 10, "CAD", 0),
        (12000, 0, 0, "CAD", 0),
        (333, 5, 10, "JPY", 167),
        (33330, 5, 10, "KWD", 16670),  # Stripe takes the last digit as 0 only
        (33300, 5, 10, "UGX", 16700),  # counted in hundredths, and has none
    ],
)
def test_a_part_of_a_price_is_rounded_half_up(amount, left, of, currency, comes_to):
    """Half of the smallest unit that can be paid rounds up."""
    assert prorated(amount, left, of, currency) == comes_to


def test_who_joins_late_pays_for_what_is_left_unless_the_price_is_full():
    """Prorated by default; what renews is paid for as long as it lasts."""
    late = price(card(), 6, 10, starts_on=TERM, today=OCTOBER)
    assert (late.first, late.later, late.why) == (7200, 0, {"left": 6, "all": 10, "rule": "prorated"})
    assert price(card(Late.FULL), 6, 10, starts_on=TERM, today=OCTOBER).first == 12000
    parts = price(card(plan=Plan.RECURRING, amount=3000), 6, 10, starts_on=TERM, today=OCTOBER)
    assert (parts.first, parts.later) == (1800, 1800)
    assert price(card(plan=Plan.RENEW), 6, 10, starts_on=TERM, today=OCTOBER).first == 12000


def test_registration_closes_at_the_end_of_a_week():
    """The last day counts, the next one does not."""
    closed = card(Late.CLOSED)
    assert price(closed, 8, 10, starts_on=TERM, today=date(2026, 9, 20)).first == 12000
    for day in (date(2026, 9, 21), OCTOBER):
        with pytest.raises(RegistrationClosed, match=r"Registration closed on 20 September\."):
            price(closed, 6, 10, starts_on=TERM, today=day)


def test_payments_are_anchored_to_the_day_of_the_first():
    """31 Jan, 28 Feb, 31 Mar; and the wall clock stays where it was."""
    bought = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)  # 10:30 in Toronto
    days = [due_at(bought, TORONTO, part, 1, Unit.MONTH) for part in range(4)]
    assert [f"{one:%d %b %H:%M}" for one in days] == [
        "31 Jan 15:30", "28 Feb 15:30", "31 Mar 14:30", "30 Apr 14:30",
    ]  # fmt: skip
    twice = [due_at(bought, TORONTO, part, 2, Unit.WEEK) for part in range(5)]
    assert [f"{one:%d %b}" for one in twice] == ["31 Jan", "14 Feb", "28 Feb", "14 Mar", "28 Mar"]
    assert f"{due_at(bought, TORONTO, 12, 1, Unit.MONTH):%d %b %Y}" == "31 Jan 2027"


@pytest.mark.parametrize(
    ("paid", "total", "left", "of", "comes_back"),
    [
        (12000, 12000, 6, 10, 7200),
        (12000, 12000, 10, 10, 12000),
        (12000, 12000, 0, 10, 0),
        (3000, 15000, 6, 10, 0),  # one of five payments, and lessons for two were used
        (9000, 15000, 8, 10, 6000),
        (3000, 15000, 10, 10, 3000),
        (0, 12000, 6, 10, 0),
    ],
)
def test_what_was_used_stays_paid(paid, total, left, of, comes_back):
    """Who paid less than they used gets nothing, and nobody gets more than they paid."""
    assert back(paid, total, left, of) == comes_back


def test_how_a_membership_is_paid_can_be_said():
    """As members read it."""
    assert rhythm(Plan.CARD, 1, Unit.MONTH, 1) == "once"
    assert rhythm(Plan.RECURRING, 2, Unit.WEEK, 5) == "every 2 weeks, 5 times"
    assert rhythm(Plan.RENEW, 1, Unit.MONTH, 1) == "every month, until it is stopped"
