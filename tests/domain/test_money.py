"""Prices: how they are read, and how they are said."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import THOUSANDTHS, WHOLE, WHOLE_IN_HUNDREDTHS, BadPrice, decimals, parse, shown, written

CURRENCIES = sorted({"USD", "EUR", "CAD", *WHOLE, *WHOLE_IN_HUNDREDTHS, *THOUSANDTHS})


def test_a_price_is_read_as_people_write_it() -> None:
    """With a point or a comma, with fewer decimals than the currency has, in digits of any width."""
    for typed, currency, minor, said in (
        ("40", "USD", 4000, "40.00 USD"),
        ("40.5", "USD", 4050, "40.50 USD"),
        ("40,50", "USD", 4050, "40.50 USD"),
        (" 40.00 ", "EUR", 4000, "40.00 EUR"),
        ("０40", "USD", 4000, "40.00 USD"),
        ("0", "USD", 0, "0.00 USD"),
        ("0.05", "USD", 5, "0.05 USD"),
        ("1000", "USD", 100000, "1000.00 USD"),
        ("500", "JPY", 500, "500 JPY"),
        ("5", "ISK", 500, "5 ISK"),  # Stripe counts it in hundredths all the same
        ("1.230", "KWD", 1230, "1.230 KWD"),
        ("1.23", "KWD", 1230, "1.230 KWD"),
        ("9999999999.99", "USD", 999999999999, "9999999999.99 USD"),
    ):
        assert (parse(typed, currency), shown(minor, currency)) == (minor, said), typed


def test_what_may_be_meant_otherwise_is_refused_with_what_to_write() -> None:
    """A sentence for each: thousands that are parted, too many decimals, no price at all."""
    price = "Write a price, for example 40.00."
    for typed, currency, sentence in (
        ("1,000", "USD", "Write the price like 1000 or 1000.00."),
        ("12,345,678", "USD", "Write the price like 12345678 or 12345678.00."),
        ("1,000.00", "USD", "Write the price like 1000 or 1000.00."),
        ("1.000,00", "EUR", "Write the price like 1000 or 1000.00."),
        ("1 000", "EUR", "Write the price like 1000 or 1000.00."),
        ("1'000", "CHF", "Write the price like 1000 or 1000.00."),
        ("1,000", "JPY", "Write the price like 1000."),
        ("1,000", "KWD", "Write the price like 1000 or 1000.000."),
        ("40.005", "USD", "USD has 2 decimals."),
        ("40.0000", "USD", "USD has 2 decimals."),
        ("500.5", "JPY", "JPY has no decimals."),
        ("5.50", "ISK", "ISK has no decimals."),
        ("1.2345", "KWD", "KWD has 3 decimals."),
        ("1.235", "KWD", "KWD prices end in 0 here: 1.230 or 1.240."),
        ("0.001", "KWD", "KWD prices end in 0 here: 0.000 or 0.010."),
        ("-5", "USD", price),
        ("abc", "USD", price),
        ("", "USD", price),
        (".5", "USD", price),
        ("0,005", "USD", "USD has 2 decimals."),
        ("40.", "USD", price),
        ("4e3", "USD", price),
        ("∞", "USD", price),
        ("$40", "USD", price),
        ("10000000000", "USD", price),  # more than Stripe counts in
    ):
        with pytest.raises(BadPrice) as refused:
            parse(typed, currency)
        assert str(refused.value) == sentence, typed


@given(st.integers(0, 10**10), st.sampled_from(CURRENCIES))
def test_what_is_written_is_read_again(whole: int, currency: str) -> None:
    """Every price that Stripe takes in a currency can be written in it."""
    step = 10 if currency in THOUSANDTHS else 100 if currency in WHOLE_IN_HUNDREDTHS else 1
    minor = whole // step * step

    assert parse(written(minor, currency), currency) == minor
    if decimals(currency) < 3:  # "1,230" may be thousands
        assert parse(written(minor, currency).replace(".", ","), currency) == minor


@given(st.text(max_size=20), st.sampled_from(CURRENCIES))
def test_whatever_is_typed_has_an_answer(typed: str, currency: str) -> None:
    """A number that is not negative, or a sentence."""
    with contextlib.suppress(BadPrice):
        assert parse(typed, currency) >= 0
