"""Why these people are in one group: what holds between them, what gave way, how sure a repeat is.

Nothing here tells of a wish or of a refusal. A reason is kept as its English text, with values beside it
where it has any, and is said in the language of whoever reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from domain.coffee import Matched, Rules
from domain.matching.ids import Kept
from domain.matching.problem import OLDEST
from domain.matching.rounds import Method
from domain.rules import SharedHours
from domain.text import N_, Said, say, say_n

NEW = N_("First time together.")
AGAIN = N_("No grouping without repeats was found.")  # kept with older groups
CHOSEN = N_("An organizer put this group together.")
MOST_HELD = 3  # rules that are named

HELD = {
    "title-differ": N_("Different titles."),
    "title-same": N_("Same title."),
    "team-differ": N_("Different teams."),
    "team-must": N_("Different teams."),
    "newcomers": N_("Newcomers with old hands."),
}
# of two people, and of more
GAVE_WAY = {
    "title-differ": (
        N_("Same title, so that nobody was left alone."),
        N_("Some have the same title, so that nobody was left alone."),
    ),
    "title-same": (
        N_("Different titles, so that nobody was left alone."),
        N_("Not all have the same title, so that nobody was left alone."),
    ),
    "team-differ": (
        N_("Same team, so that nobody was left alone."),
        N_("Some are of the same team, so that nobody was left alone."),
    ),
    "newcomers": (
        N_("Two newcomers, so that nobody was left alone."),
        N_("Several newcomers, so that nobody was left alone."),
    ),
}
BROKEN = {
    "title-differ": N_("same title"),
    "title-same": N_("different titles"),
    "team-differ": N_("same team"),
    "team-must": N_("same team"),
    "newcomers": N_("several newcomers"),
}


def of_round(matched: Matched, rules: Rules) -> list[list[Said]]:
    """The reasons of each group of a round."""
    least = matched.repeats == matched.unavoidable
    nobody_free = least and (matched.method is Method.EXACT or len(matched.groups) == 1)
    return [
        [
            _history(group.people, group.repeats, rules, least=least, nobody_free=nobody_free),
            *_held(group.people, rules),
            *_gave_way(group.people, rules),
        ]
        for group in matched.groups
    ]


def of_edit(people: Sequence[str], repeats: int, rules: Rules, *, chosen: bool) -> list[Said]:
    """The reasons of a group that was changed: as an organizer has *chosen*, or by the rules."""
    if chosen:
        new = [] if repeats else [say(NEW)]
        return [say(CHOSEN), *new, *_held(people, rules)]
    history = _history(people, repeats, rules, least=False, nobody_free=False)
    return [history, *_held(people, rules), *_gave_way(people, rules)]


def _history(people: Sequence[str], repeats: int, rules: Rules, *, least: bool, nobody_free: bool) -> Said:
    """Only what is proven is told as certain."""
    if not repeats:
        return say(NEW)
    ago = rules.past.ago(*people) if len(people) == 2 else 0
    if 0 < ago < OLDEST and nobody_free:
        return say_n(
            "You last met {count} round ago: nobody you had not met was free.",
            "You last met {count} rounds ago: nobody you had not met was free.",
            ago,
        )
    if 0 < ago < OLDEST:
        return say_n(
            "You last met {count} round ago: the best grouping found repeats as little as this.",
            "You last met {count} rounds ago: the best grouping found repeats as little as this.",
            ago,
        )
    if least:
        return say_n(
            "{count} pair of you has met before: no grouping repeats less.",
            "{count} pairs of you have met before: no grouping repeats less.",
            repeats,
        )
    return say_n(
        "{count} pair of you has met before: the best grouping found repeats as little as this.",
        "{count} pairs of you have met before: the best grouping found repeats as little as this.",
        repeats,
    )


def _held(people: Sequence[str], rules: Rules) -> list[Said]:
    """Rules that hold for all pairs, the weightiest first."""
    found = (_holding(rule, people) for rule in rules.kept if _holds(rule, people))
    return [said for said in found if said][:MOST_HELD]


def _holds(rule: Kept, people: Sequence[str]) -> bool:
    known = all(who in rule.values for who in people)
    return known and not any(rule.breaks(*pair) for pair in combinations(people, 2))


def _holding(rule: Kept, people: Sequence[str]) -> Said | None:
    if isinstance(rule, SharedHours):
        return say_n("{count} shared working hour.", "{count} shared working hours.", _hours(rule, people))
    if rule.name == "newcomers" and len({rule.values[who] for who in people}) < 2:
        return None  # old hands among themselves
    return say(HELD[rule.name])


def _hours(rule: SharedHours, people: Sequence[str]) -> int:
    known = [who for who in people if who in rule.values]
    return min(rule.count(*pair) for pair in combinations(known, 2))


def _gave_way(people: Sequence[str], rules: Rules) -> list[Said]:
    """The weightiest soft rule that this group breaks."""
    rule = next((rule for rule in _breaking(people, rules) if not rule.hard), None)
    if rule is None:
        return []
    if not isinstance(rule, SharedHours):
        return [say(GAVE_WAY[rule.name][len(people) > 2])]
    hours = _hours(rule, people)
    if not hours:
        return [say("No shared working hours, so that nobody was left alone.")]
    return [
        say_n(
            "{count} shared working hour, so that nobody was left alone.",
            "{count} shared working hours, so that nobody was left alone.",
            hours,
        )
    ]


def _breaking(people: Sequence[str], rules: Rules) -> Iterator[Kept]:
    return (rule for rule in rules.kept if any(rule.breaks(*pair) for pair in combinations(people, 2)))


def broken(people: Sequence[str], rules: Rules) -> list[Said]:
    """The rules that a group breaks, in few words, the weightiest first."""
    return [_broken(rule, people) for rule in _breaking(people, rules)]


def _broken(rule: Kept, people: Sequence[str]) -> Said:
    if not isinstance(rule, SharedHours):
        return say(BROKEN[rule.name])
    hours = _hours(rule, people)
    if not hours:
        return say("no shared working hours")
    return say_n("{count} shared working hour", "{count} shared working hours", hours)


def stored(said: Said) -> str | dict[str, Any]:
    """A reason as it is kept."""
    if not said.values:
        return said.pattern
    return {"text": said.pattern, "many": said.many, "values": said.values}


def told(kept: str | Mapping[str, Any]) -> Said:
    """A reason that was kept, as a sentence."""
    return say(kept) if isinstance(kept, str) else Said(kept["text"], kept["values"], kept["many"])
