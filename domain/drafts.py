"""What organizers see of a draft of groups, and what they are told of each other's edits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.text import N_, Said, say

GROUPS_A_PAGE = 10

# What each edit is called for the other organizer: as it stands in the draft, and to one who came second.
TOLD = {
    "swap": (
        N_("{actor} swapped {first} and {second}."),
        N_("{actor} swapped {first} and {second} a moment ago. Look again, then decide."),
    ),
    "move": (
        N_("{actor} moved {name} to group {number}."),
        N_("{actor} moved {name} to group {number} a moment ago. Look again, then decide."),
    ),
    "remove": (
        N_("{actor} removed {name}."),
        N_("{actor} removed {name} a moment ago. Look again, then decide."),
    ),
    "add": (
        N_("{actor} added {name} to group {number}."),
        N_("{actor} added {name} to group {number} a moment ago. Look again, then decide."),
    ),
    "lock": (
        N_("{actor} locked group {number}."),
        N_("{actor} locked group {number} a moment ago. Look again, then decide."),
    ),
    "unlock": (
        N_("{actor} unlocked group {number}."),
        N_("{actor} unlocked group {number} a moment ago. Look again, then decide."),
    ),
    "regroup": (
        N_("{actor} regrouped the rest."),
        N_("{actor} regrouped the rest a moment ago. Look again, then decide."),
    ),
    "mend": (
        N_("{actor} had the groups mended."),
        N_("{actor} had the groups mended a moment ago. Look again, then decide."),
    ),
    "undo": (
        N_("{actor} undid a change."),
        N_("{actor} undid a change a moment ago. Look again, then decide."),
    ),
}


def told(what: str, values: Mapping[str, Any], *, late: bool = False) -> Said:
    """What an edit did, as a sentence for the other organizer; *late* for one whose own edit came second."""
    return say(TOLD[what][late], **values)


@dataclass(frozen=True)
class Again:
    """Two of a group who met before, and when last."""

    first: str
    second: str
    last: date | None


@dataclass(frozen=True)
class GroupLine:
    """One group of a draft. *gone* are people of it who do not take part any more."""

    number: int
    people: tuple[str, ...]
    score: int
    again: tuple[Again, ...] = ()
    why: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()  # the program's rules that do not hold in it, in few words
    gone: tuple[str, ...] = ()
    apart: bool = False
    locked: bool = False


@dataclass(frozen=True)
class DraftPage:
    """A page of the groups of a draft, and the draft as a whole."""

    program: str
    occurrence_id: int
    version: int
    zone: str
    page: int
    pages: int
    groups: tuple[GroupLine, ...]
    count: int  # of groups, over all pages
    people: int
    score: int
    repeats: int
    send_at: datetime | None = None
    confirmed: bool = False
    waits: bool = True  # without a word of an organizer nothing is sent
    reader_zone: str = ""
    without: tuple[str, ...] = ()  # names of people who are in no group
    broken: tuple[int, ...] = ()  # groups that have to be mended
    last: str = ""  # the newest edit, as a sentence
    undoes: bool = False  # there is something to undo


@dataclass(frozen=True)
class Choice:
    """A person or a group, as it is offered for an edit."""

    value: str
    name: str
    number: int | None = None  # the group somebody is in
    people: tuple[str, ...] = ()  # who is in a group
