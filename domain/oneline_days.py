"""The day that the next words of a line name, however it is written."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain import oneline_words as words_of
from domain.oneline_words import MONTH, WEEKDAY, padded
from domain.text import say


@dataclass(frozen=True)
class Found:
    """How many words were taken, and the day they name, or what is wrong with it. None taken: no day."""

    taken: int = 0
    day: date | None = None
    note: str = ""


NONE = Found()


def read(words: list[str], *, today: date, base: date) -> Found:
    """The day at the head of *words*; one without a year, and a weekday, is looked for from *base* on."""
    first, second, third = padded(words)
    return (
        _relative(first, second, third, today)
        or _weekday(first, second, third, base)
        or _written_out(first, second, third, base)
        or _in_numbers(first, base)
        or NONE
    )


def _relative(first: str, second: str, third: str, today: date) -> Found | None:
    if first in ("today", "tomorrow", "demain"):
        return Found(1, today + timedelta(days=first != "today"))
    count = words_of.number_of(second)
    if first == "in" and count and third.removesuffix("s") in ("day", "week"):
        return Found(3, today + timedelta(days=count * (7 if third.startswith("week") else 1)))
    return None


def _weekday(first: str, second: str, third: str, base: date) -> Found | None:
    if first not in WEEKDAY:
        return None
    named = _written_out(second, third, "", base) or _in_numbers(second, base)
    if named is not None:  # "Friday 4 June": the date says it all
        return Found(1)
    return Found(1, words_of.next_weekday(WEEKDAY[first], after=base))


def _written_out(first: str, second: str, third: str, base: date) -> Found | None:
    """ "4 June", "June 4th", "4 June 2027"."""
    month, number = (first, second) if first in MONTH else (second, first)
    day = words_of.DAY.fullmatch(number)
    if month not in MONTH or day is None:
        return None
    if third.isascii() and third.isdigit() and len(third) == 4:
        return _on(int(third), MONTH[month], int(day[1]), f"{first} {second} {third}", taken=3)
    return _near(MONTH[month], int(day[1]), base, f"{first} {second}", taken=2)


def _in_numbers(word: str, base: date) -> Found | None:
    """ "2027-06-04", "04.06.2027", "25/6"; "4/6" is refused, because it is two days."""
    if (iso := words_of.ISO.fullmatch(word)) is not None:
        return _on(int(iso[1]), int(iso[2]), int(iso[3]), word)
    if (dotted := words_of.DOTTED.fullmatch(word)) is not None:
        return _on(int(dotted[3]), int(dotted[2]), int(dotted[1]), word)
    slashed = words_of.SLASHED.fullmatch(word)
    if slashed is None:
        return None
    one, other, year = int(slashed[1]), int(slashed[2]), slashed[3]
    if max(one, other) <= 12 and one != other:
        return Found(
            1, note=say("“{typed}” can be read as two dates. Write 4 June, or 2027-06-04.", typed=word)
        )
    day, month = (one, other) if other <= 12 else (other, one)
    return _on(int(year), month, day, word) if year else _near(month, day, base, word)


def _on(year: int, month: int, day: int, typed: str, *, taken: int = 1) -> Found:
    try:
        found = date(year, month, day)
    except ValueError:
        return _no_such_day(typed, taken)
    if not words_of.FIRST <= year <= words_of.LAST:
        return Found(taken, note=say("Choose a date between 2000 and 2099."))
    return Found(taken, found)


def _near(month: int, day: int, base: date, typed: str, *, taken: int = 1) -> Found:
    """That day of this year, or of the next year that has it and where it is not past."""
    found = words_of.next_year(month, day, after=base)
    return Found(taken, found) if found is not None else _no_such_day(typed, taken)


def _no_such_day(typed: str, taken: int) -> Found:
    return Found(taken, note=say("There is no day “{typed}”.", typed=typed))
