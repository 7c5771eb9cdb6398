"""The owner's rules of matching: which there are, how they are kept, and what they say of two people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.hours import offset, shared
from domain.matching.clashes import table
from domain.matching.ids import Kept
from domain.schedule import zone_names
from domain.text import N_, on_one_line, say

NEWCOMER = 3  # groups of a program: whoever has been in fewer is new
MOST_TITLES = 200  # titles that are told apart; each takes memory for everybody, and rarer ones weigh nothing

RANKS = (N_("First rule"), N_("Second rule"), N_("Third rule"))
NO_RULE = N_("No rule")
CHOICES = {
    "title-differ": N_("Different titles"),
    "title-same": N_("Same title"),
    "team-differ": N_("Different teams"),
    "team-must": N_("Must be of different teams"),
    "hours-2": N_("At least 2 shared working hours"),
    "hours-4": N_("At least 4 shared working hours"),
    "hours-6": N_("At least 6 shared working hours"),
    "newcomers": N_("Newcomers with old hands"),
}
STORED: dict[str, dict[str, Any]] = {
    "title-differ": {"rule": "title", "want": "differ"},
    "title-same": {"rule": "title", "want": "same"},
    "team-differ": {"rule": "team", "want": "differ"},
    "team-must": {"rule": "team", "want": "differ", "hard": True},
    "hours-2": {"rule": "hours", "hours": 2},
    "hours-4": {"rule": "hours", "hours": 4},
    "hours-6": {"rule": "hours", "hours": 6},
    "newcomers": {"rule": "newcomers"},
}


def problems(chosen: Sequence[str], teams: Sequence[str]) -> dict[str, str]:
    """What is wrong with rules as they were entered, as a sentence for each field.

    *chosen* holds one of CHOICES for each rank, or "" for no rule; *teams* are ids of user groups.
    """
    found: dict[str, str] = {}
    about: set[str] = set()
    for number, one in enumerate(chosen, 1):
        if one and one not in STORED:
            found[f"rule_{number}"] = say("Choose one of these.")
        elif one and STORED[one]["rule"] in about:
            found[f"rule_{number}"] = say("A rule above is about the same. Choose another one, or none.")
        elif one:
            about.add(STORED[one]["rule"])
    if "team" in about and not teams:
        found["teams"] = say("Choose the user groups that are teams, or another rule.")
    return found


def about_teams(chosen: Sequence[str]) -> bool:
    """Whether one of these rules needs to know teams."""
    return any(STORED[one]["rule"] == "team" for one in chosen if one)


def as_stored(chosen: Sequence[str], teams: Sequence[str]) -> list[dict[str, Any]]:
    """Checked rules as they are stored, the weightiest first."""
    named = {"usergroups": sorted(set(teams))}
    return [STORED[one] | (named if STORED[one]["rule"] == "team" else {}) for one in chosen]


def chosen(stored: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What was chosen, of rules as they are stored."""
    return tuple(name for rule in stored if (name := _name(rule)))


def teams(stored: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The ids of the user groups that are teams to these rules."""
    return tuple(sorted({one for rule in stored for one in rule.get("usergroups", ())}))


def _name(rule: Mapping[str, Any]) -> str:
    said = {name: value for name, value in rule.items() if name != "usergroups"}
    return next((name for name, stored in STORED.items() if stored == said), "")


@dataclass(frozen=True)
class Known:
    """What rules ask about people, by user id.

    *teams* has the user group of those who are in one, *groups* in how many groups of the program each was.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SharedHours(Kept):
    """The rule about working hours; *ahead* has for each value the minutes that its noon is ahead of UTC."""

    ahead: tuple[int, ...] = ()

    def count(self, one: str, other: str) -> int:
        """The whole working hours that two people share, whose zones are known."""
        return shared(self.ahead[self.values[one]], self.ahead[self.values[other]])


def kept(stored: Sequence[Mapping[str, Any]], known: Known, day: date) -> tuple[Kept, ...]:
    """The rules as the matching weighs them for the people *known*.

    One that says nothing of them is left out. *day* decides about daylight saving time.
    """
    made = (_kept(name, known, day) for name in chosen(stored))
    return tuple(rule for rule in made if rule.values)


def _kept(name: str, known: Known, day: date) -> Kept:
    rule = STORED[name]
    if rule["rule"] == "title":
        return _titles(name, known.titles, same=rule["want"] == "same")
    if rule["rule"] == "team":
        return _teams(name, known.teams, hard=rule.get("hard", False))
    if rule["rule"] == "hours":
        return _hours(name, known.zones, rule["hours"], day)
    return _newcomers(name, known.groups)


def _titles(name: str, titles: Mapping[str, str], *, same: bool) -> Kept:
    """Titles that several people have are numbered from 1; 0 is a title of one person alone."""
    seen = {who: text for who, title in titles.items() if (text := on_one_line(title).casefold())}
    count = Counter(seen.values())
    shared = sorted((text for text in count if count[text] > 1), key=lambda text: (-count[text], text))
    number = {text: at for at, text in enumerate(shared[:MOST_TITLES], 1)}
    told_apart = number | {text: 0 for text in count if count[text] == 1}
    values = {who: told_apart[text] for who, text in seen.items() if text in told_apart}
    return Kept(name, values, table(len(number) + 1, lambda a, b: (a == b > 0) is not same))


def _teams(name: str, teams: Mapping[str, str], *, hard: bool) -> Kept:
    number = {team: at for at, team in enumerate(sorted(set(teams.values())))}
    values = {who: number[team] for who, team in teams.items()}
    return Kept(name, values, table(len(number), lambda a, b: a == b), hard)


def _hours(name: str, zones: Mapping[str, str], wanted: int, day: date) -> SharedHours:
    offsets = {zone: offset(zone, day) for zone in set(zones.values()).intersection(zone_names())}
    ahead = tuple(sorted(set(offsets.values())))
    values = {who: ahead.index(offsets[zone]) for who, zone in zones.items() if zone in offsets}
    clash = table(len(ahead), lambda a, b: shared(ahead[a], ahead[b]) < wanted)
    return SharedHours(name, values, clash, ahead=ahead)


def _newcomers(name: str, groups: Mapping[str, int]) -> Kept:
    """1 for an old hand. Where all are one or all are the other there is nothing to mix."""
    values = {who: int(count >= NEWCOMER) for who, count in groups.items()}
    mixed = len(set(values.values())) == 2
    return Kept(name, values if mixed else {}, table(2, lambda a, b: a == b == 0))
