"""What mentors and mentees state, and what two of them have in common.

Skills, languages and departments are compared as people read them: on one line, upper and lower case alike.
What somebody leaves empty is not stated: nothing is claimed of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain import hours
from domain.schedule import zone_names
from domain.text import on_one_line

BEST_GAP = 3  # levels: a mentor so far above a mentee still knows their questions from near


@dataclass(frozen=True)
class Profile:
    """Somebody who takes part, by *id*. *zone* is a name of the IANA list, *seniority* a level, higher above.

    Empty and None mean not stated.
    """

    id: int
    user_id: str
    skills_offered: tuple[str, ...] = ()
    skills_wanted: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    zone: str = ""
    department: str = ""
    seniority: int | None = None


def word(text: str) -> str:
    """A text as it is compared."""
    return on_one_line(text).casefold()


def words(texts: Iterable[str]) -> dict[str, str]:
    """What is compared, with the text as it was written first; nothing for what is empty."""
    found: dict[str, str] = {}
    for text in texts:
        if compared := word(text):
            found.setdefault(compared, on_one_line(text))
    return found


def in_common(wanted: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    """What is wanted and offered, in the words and the order of whoever wants it."""
    there = words(offered)
    return tuple(text for compared, text in words(wanted).items() if compared in there)


def offsets(zones: Iterable[str], day: date) -> Mapping[str, int]:
    """Minutes ahead of UTC of those zones that are on the list."""
    return {zone: hours.offset(zone, day) for zone in set(zones).intersection(zone_names())}


def closeness(mentee: int, mentor: int) -> int:
    """How good a mentor's level is, 0 to 100: not above the mentee 0, 1 to 3 levels 100, then 3 per level."""
    gap = mentor - mentee
    return 100 * BEST_GAP // max(gap, BEST_GAP) if gap > 0 else 0
