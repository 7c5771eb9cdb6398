"""What Stripe refuses: wrong parameters, amounts that are too small, too large or not whole.

Sources: Stripe's documentation, "Supported currencies" (minimum and maximum charge amounts, zero-decimal and
three-decimal currencies, special cases) and "Create a Checkout Session" (parameters, expires_at, metadata).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from sandbox.answers import Json

ZERO_DECIMAL = frozenset([
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
])  # fmt: skip
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
HUNDREDS = frozenset(["isk", "ugx"])  # no decimals, yet counted in hundredths
SMALLEST = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
OTHERS = frozenset(
    [
        "ars",
        "cop",
        "egp",
        "idr",
        "ils",
        "kes",
        "mad",
        "ngn",
        "pen",
        "php",
        "qar",
        "sar",
        "try",
        "twd",
        "uah",
        "zar",
    ]
)
CURRENCIES = frozenset(SMALLEST) | ZERO_DECIMAL | THREE_DECIMAL | HUNDREDS | OTHERS
PAGES = frozenset({"limit", "expand"})
LARGEST = 99_999_999
LOCALES = frozenset([
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru",
    "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
])  # fmt: skip
SOONEST, LATEST = 30 * 60, 24 * 60 * 60  # seconds that a Checkout may live
CREATE = frozenset([
    "mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer_email", "expires_at",
    "locale", "metadata", "payment_intent_data", "submit_type", "customer_creation", "expand",
])  # fmt: skip
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Refused(Exception):
    """What the API answers with a 4xx."""

    def __init__(
        self,
        message: str,
        *,
        param: str = "",
        code: str = "",
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        told = {"type": kind, "message": message, "param": param, "code": code}
        self.body = {"error": {name: value for name, value in told.items() if value}}


class Declined(Refused):
    """What the API answers with a 402: the bank says no. Unlike other refusals a repeat hears it again."""

    def __init__(self, error: Json) -> None:
        super().__init__(str(error["message"]), status=402)
        self.body = {"error": error}


def nested(text: str) -> Json:
    """A form such as a[b]=1&c[0][d]=2 as the objects it means; lists are objects with numbers for names."""
    found: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        path = re.findall(r"[^\[\]]+", name)
        here = found
        for step in path[:-1]:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise Refused(f"The parameter {name} contradicts another one.", param=name)
        here[path[-1]] = value
    return found


def only(given: Mapping[str, object], known: frozenset[str], within: str = "") -> None:
    """Refuse parameters that there are not."""
    for name in given:
        if name not in known:
            whole = f"{within}[{name}]" if within else name
            raise Refused(f"There is no parameter {whole}.", param=whole, code="parameter_unknown")


def whole(value: object, param: str) -> int:
    """A whole number. Refuses anything else."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
        raise Refused(f"{param} is no whole number.", param=param, code="parameter_invalid_integer")
    return int(value)


def page(found: Sequence[Json], given: Mapping[str, object], url: str) -> Json:
    """The first page of a list; nobody here has more than a hundred of anything."""
    limit = whole(given.get("limit", "10"), "limit")
    if not 1 <= limit <= 100:
        raise Refused("limit is 1 to 100.", param="limit")
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": list(found[:limit])}


def needed(given: Mapping[str, object], name: str) -> object:
    """A parameter that must be there."""
    if given.get(name) in (None, "", {}):
        raise Refused(f"{name} is missing.", param=name, code="parameter_missing")
    return given[name]


def amount_of(value: object, currency: object, param: str = "line_items[0][price_data]") -> tuple[int, str]:
    """An amount and its currency, if Stripe takes them."""
    amounts, currencies = (f"{param}[unit_amount]", f"{param}[currency]") if param else ("amount", "currency")
    amount, name = whole(value, amounts), str(currency or "")
    if name not in CURRENCIES:
        raise Refused(f"There is no currency {name!r}; names are in lower case.", param=currencies)
    if amount < 0:
        raise Refused("An amount is not negative.", param=amounts)
    step = 10 if name in THREE_DECIMAL else 100 if name in HUNDREDS else 1
    if amount % step:
        raise Refused(f"Amounts in {name} go in steps of {step}.", param=amounts)
    least = SMALLEST.get(name, step)
    if amount < least:
        raise Refused(f"The total must be at least {shown(least, name)}.", code="amount_too_small")
    if amount > LARGEST:
        raise Refused(f"The total must be at most {shown(LARGEST, name)}.", code="amount_too_large")
    return amount, name


def shown(amount: int, currency: str) -> str:
    """An amount as people read it: 40.00 USD."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    return f"{amount / 10**places:.{places}f} {currency.upper()}"


def address(value: object, param: str) -> str:
    """A web address to come back to."""
    parts = urlsplit(str(value))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused(f"{param} is no web address.", param=param, code="url_invalid")
    return str(value)


def metadata(value: object) -> dict[str, str]:
    """At most 50 words, of 40 letters, with 500 letters each."""
    given = value if isinstance(value, dict) else {}
    if len(given) > 50 or any(len(k) > 40 or len(str(v)) > 500 for k, v in given.items()):
        raise Refused("The metadata is too large.", param="metadata")
    return {str(k): str(v) for k, v in given.items()}
