"""Access codes: nine digits as people type them, and how often somebody may be wrong.

Why the limits: with 10,000 valid codes about 69,000 guesses reach an even chance of a hit. Two hundred wrong
ones in ten minutes would take more than two days for that, and each ten minutes of them closes the door for
ten more.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import Refusal
from domain.text import N_, say

DIGITS = 9
WINDOW = timedelta(minutes=10)  # so long a wrong try counts
PER_SOURCE = 5  # wrong tries from one address within the window, until it has to wait
IN_ALL = 200  # wrong tries from all addresses within the window, until only links work
ALARM_REST = timedelta(hours=1)  # of quiet, until administrators are told of wrong codes again

UNKNOWN = N_("This code is not valid. Check it with your host.")
TOO_MANY = N_("Too many tries. Wait 10 minutes or use the link from your host.")


class NotACode(Refusal):
    """A code has digits only."""


def read(typed: str) -> str:
    """The nine digits that somebody typed, whatever stands between them. Raises NotACode; that is no try."""
    bare = "".join(one for one in unicodedata.normalize("NFKC", typed) if not _parts(one))
    if any(unicodedata.decimal(one, None) is None for one in bare):
        raise NotACode
    if len(bare) != DIGITS:
        raise NotACode(say("A code has 9 digits; you typed {typed}.", typed=len(bare)))
    return "".join(str(unicodedata.decimal(one)) for one in bare)


def shown(code: str) -> str:
    """A code as people read it out: "123-456-789"; "" for none."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def source_of(address: str) -> str:
    """Who an address stands for: itself, or with IPv6 its network of 64 bits, since one person has all of it.

    "" for what is no address: all of those are one.
    """
    bare = re.sub(r"^\[(.*)\](:\d+)?$", r"\1", address.strip())
    bare = re.sub(r"^(\d+\.\d+\.\d+\.\d+):\d+$", r"\1", bare).partition("%")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def opens_at(wrong: Sequence[datetime], now: datetime) -> datetime | None:
    """When somebody with these *wrong* tries, newest first, may try again; None: now."""
    if len(wrong) < PER_SOURCE:
        return None
    opens = wrong[PER_SOURCE - 1] + WINDOW
    return opens if opens > now else None


def _parts(one: str) -> bool:
    """Whether a character only stands between digits: a space, a dash, or what cannot be seen."""
    return one.isspace() or unicodedata.category(one) in ("Pd", "Zs", "Cf") or one in "\u2212."
