"""The pay page says what is paid for: a session with its time, or a membership with its classes and days."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from blocks import pay_page
from domain.billing import Amount
from domain.pay_page import OfMembership, OfSession, Page, PayView

START = datetime(2026, 3, 3, 20, tzinfo=UTC)
SESSION = OfSession("", START, "Europe/Paris", "America/New_York")
CARD = OfMembership(
    "Spring card", ("Yoga, Tuesdays 18:00", "Pilates"), date(2026, 3, 3), date(2026, 6, 9), 2, 4
)
VIEW = PayView(
    Page.DUE, CARD, "Lea", "Studio", "Spring card 2 of 4", Amount(2500, "USD"), rule="No way back."
)


def drawn(told: PayView) -> str:
    """The page as it is read."""
    return unescape(pay_page.pay(told, "/pay/t"))


def test_a_membership_is_named_with_its_classes_days_and_instalment() -> None:
    """And what is to be paid, and the rule."""
    page = drawn(VIEW)
    for said in (
        "Membership at Studio", "Spring card", "Yoga, Tuesdays 18:00", "Pilates", "3 Mar to 9 Jun", "2 of 4",
        "Pay 25.00 USD", "No way back.", "Lea",
    ):  # fmt: skip
        assert said in page
    assert "Session" not in page
    assert "Service" not in page  # which would say the name and the instalment once more


def test_what_is_paid_at_once_has_no_instalment() -> None:
    """One of one is not said."""
    assert "Instalment" not in drawn(replace(VIEW, about=replace(CARD, part=1, parts=1)))


@pytest.mark.parametrize("page", list(Page))
def test_no_page_of_a_membership_speaks_of_a_session(page: Page) -> None:
    """In each state it has a sentence of its own; only what is due has a button."""
    said = drawn(replace(VIEW, page=page, join="https://example.com/j", back=Amount(100, "USD")))

    assert "session" not in said.lower()
    assert ("<button" in said) == (page is Page.DUE)


def test_a_session_is_named_with_both_times() -> None:
    """As before there were memberships."""
    page = drawn(replace(VIEW, about=SESSION))
    assert "Session with Studio" in page
    assert "Tue 3 Mar, 21:00 CET (15:00 EST)" in page
    assert "Instalment" not in page
