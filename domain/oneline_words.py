"""What single words of a one-line schedule mean: months, weekdays, clock times, days and zones."""

import re
from datetime import date, time, timedelta
from functools import cache

from domain.schedule import zone_names

MONTHS = {
    1: "jan january janvier", 2: "feb february fevrier fevr", 3: "mar march mars", 4: "apr april avril",
    5: "may mai", 6: "jun june juin", 7: "jul july juillet", 8: "aug august aout",
    9: "sep sept september septembre", 10: "oct october octobre", 11: "nov november novembre",
    12: "dec december decembre",
}  # fmt: skip
WEEKDAYS = {
    0: "mon monday lundi", 1: "tue tues tuesday mardi", 2: "wed weds wednesday mercredi",
    3: "thu thur thurs thursday jeudi", 4: "fri friday vendredi", 5: "sat saturday samedi",
    6: "sun sunday dimanche",
}  # fmt: skip
MONTH = {word: number for number, words in MONTHS.items() for word in words.split()}
WEEKDAY = {word: number for number, words in WEEKDAYS.items() for word in words.split()}
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "other": 2, "second": 2}
FILLERS = frozenset(
    (  # noqa: SIM905 - words read better in a row
        "on at and the in then to by from of with for until till a session sessions schedule please date "
        "time next this coming le la les du au et"
    ).split()
)
DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED = re.compile(r"(\d{1,2})[/](\d{1,2})(?:[/](\d{4}))?")
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?(am|pm|a\.m\.?|p\.m\.?)?")
FIRST, LAST = 2000, 2099  # the years that forms take


def padded(words: list[str]) -> tuple[str, str, str]:
    """The next three words; empty ones after the last."""
    first, second, third, *_rest = [*words[:3], "", "", ""]
    return first, second, third


def number_of(word: str) -> int:
    """2 for "2" and for "two"; 0 for anything that is no small number."""
    if word.isascii() and word.isdigit() and len(word) <= 3:
        return int(word)
    return NUMBERS.get(word, 0)


def clock(word: str) -> time | None:
    """The time that a word says beyond doubt: "9:00", "9am", "21h", "noon". Raises ValueError for 25:00."""
    if word in ("noon", "midday", "midi"):
        return time(12)
    if word in ("midnight", "minuit"):
        return time(0)
    found = CLOCK.fullmatch(word)
    if found is None or word.isdigit():
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(word)
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def next_year(month: int, day: int, *, after: date) -> date | None:
    """The first such day that is not before *after*; None if there is none in any of the next years."""
    for year in range(after.year, min(after.year + 9, LAST + 1)):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= after:
            return found
    return None


def next_weekday(weekday: int, *, after: date) -> date:
    """The first such weekday after a day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


@cache
def _zones() -> dict[str, str]:
    """Zones by their whole name and by their city, in small letters; whole names and real cities win."""
    found: dict[str, str] = {}
    for name in sorted(zone_names(), key=lambda name: (name.startswith(("Etc/", "US/", "Brazil/")), name)):
        city = name.rsplit("/", 1)[-1].replace("_", " ").casefold()
        if "/" in name and not name.startswith("Etc/"):
            found.setdefault(city, name)
    found.update({name.replace("_", " ").casefold(): name for name in zone_names() if "/" in name})
    return found | {"utc": "Etc/UTC", "gmt": "Etc/UTC"}


def zone_of(words: list[str]) -> tuple[str, int]:
    """The zone that *words* begin with, and how many of them say it: ("America/New_York", 2), or ("", 0)."""
    for count in (3, 2, 1):
        typed = " ".join(words[:count]).replace("_", " ")
        if len(words) >= count and typed in _zones():
            return _zones()[typed], count
    return "", 0
