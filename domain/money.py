"""Prices as people write them, and as Stripe counts them: whole numbers of a currency's smallest unit.

Source of the lists: Stripe, "Supported currencies" (docs.stripe.com/currencies): zero-decimal currencies,
three-decimal currencies, and the special cases ISK and UGX, which have no decimals and are counted in
hundredths all the same.
"""

import re
import unicodedata

from domain.errors import Refusal
from domain.text import N_, Said, say

WHOLE = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
})  # fmt: skip
WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
CURRENCY = re.compile("[A-Z]{3}")
MOST_DIGITS = 12  # of the smallest unit; Stripe itself refuses less in most currencies

_PRICE = re.compile(r"(\d+)(?:[.,](\d+))?")
_GROUPED = re.compile(r"([1-9]\d{0,2})((?:[.,' \u2019]\d{3})+)(?:[.,](\d+))?")


class BadPrice(Refusal):
    """Write a price, for example 40.00."""


def decimals(currency: str) -> int:
    """How many digits people write after the point: 0, 2 or 3."""
    if currency in WHOLE or currency in WHOLE_IN_HUNDREDTHS:
        return 0
    return 3 if currency in THOUSANDTHS else 2


def parse(text: str, currency: str) -> int:
    """The price in the smallest unit: 4050 for "40.5" in USD. Raises BadPrice, whose text says what to do."""
    typed = unicodedata.normalize("NFKC", text).strip()
    plain = _PRICE.fullmatch(typed)
    places = decimals(currency)
    whole, fraction = (plain[1], plain[2] or "") if plain else ("", "")
    if _is_grouped(typed, fraction, places):
        raise BadPrice(_ungrouped(typed, places))
    if plain is None or len(whole.lstrip("0")) + places > MOST_DIGITS:
        raise BadPrice
    if len(fraction) > places:
        raise BadPrice(_too_many(currency, places))
    minor = int(whole + fraction.ljust(_shift(currency), "0"))
    if places == 3 and minor % 10:
        low = minor - minor % 10
        pattern = N_("{currency} prices end in 0 here: {low} or {high}.")
        raise BadPrice(say(pattern, currency=currency, low=written(low, currency),
                           high=written(low + 10, currency)))  # fmt: skip
    return minor


def written(minor: int, currency: str) -> str:
    """A price as it is typed: "40.00"."""
    places, shift = decimals(currency), _shift(currency)
    whole, rest = divmod(minor, 10**shift)
    return f"{whole}.{rest:0{shift}d}" if places or rest else str(whole)


def shown(minor: int, currency: str) -> Said:
    """A price as it is read: "40.00 USD", "500 JPY"; its reader may write it otherwise."""
    whole, _point, rest = written(minor, currency).partition(".")
    if not rest:
        return say("{whole} {currency}", whole=whole, currency=currency)
    return say("{whole}.{rest} {currency}", whole=whole, rest=rest, currency=currency)


def _shift(currency: str) -> int:
    """How many digits of the smallest unit stand after the point, whether people write them or not."""
    return 2 if currency in WHOLE_IN_HUNDREDTHS else decimals(currency)


def _is_grouped(typed: str, fraction: str, places: int) -> bool:
    """Whether thousands are parted, or may be: "1,000" is one, or a thousand. "1.000" is one, if anything."""
    if _GROUPED.fullmatch(typed) is None:
        return False
    return not (typed.count(".") == 1 and len(fraction) == 3 and "," not in typed)


def _ungrouped(typed: str, places: int) -> str:
    whole = _GROUPED.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), typed)
    if not places:
        return say("Write the price like {whole}.", whole=whole)
    return say("Write the price like {whole} or {full}.", whole=whole, full=f"{whole}.{'0' * places}")


def _too_many(currency: str, places: int) -> str:
    if not places:
        return say("{currency} has no decimals.", currency=currency)
    if places == 2:
        return say("{currency} has 2 decimals.", currency=currency)
    return say("{currency} has 3 decimals.", currency=currency)
