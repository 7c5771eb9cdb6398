"""The organizer's rules of a mentoring program: what a score weighs, its minimum, and what must hold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import FieldRefusal
from domain.text import N_, Said, say

MOST = 100  # of a weight, and of the minimum score

# What is compared, in the order of the form. A part counts in a score only where both people state it.
LABELS: Mapping[str, str] = {
    "skills": N_("Skills"),  # the share of those the mentee wants that the mentor offers
    "languages": N_("Languages"),  # one in common is all that two people need
    "hours": N_("Working hours"),  # of the eight from 9:00 to 17:00, those that they share
    "department": N_("Another department"),
    "seniority": N_("Seniority"),  # a mentor 1 to 3 levels above is best, further above is less
}
MUSTS: Mapping[str, str] = {
    "skills": N_("Offers a skill that the mentee wants"),
    "languages": N_("Has a language in common"),
    "hours": N_("Shares a working hour"),
    "department": N_("Is in another department"),
    "seniority": N_("Is more senior"),
}


@dataclass(frozen=True)
class MentorRules:
    """*weights* 0 to 100 for each of LABELS, the *minimum* score 0 to 100 of a match, and *musts*.

    Of a must something holds between two people, so both state it: what is not known is not assumed.
    """

    weights: Mapping[str, int]
    minimum: int = 0
    musts: frozenset[str] = frozenset()

    def stored(self) -> dict[str, Any]:
        """The rules as a program keeps them."""
        return {
            "weights": {name: self.weights[name] for name in LABELS},
            "minimum": self.minimum,
            "musts": sorted(self.musts),
        }


DEFAULT_RULES = MentorRules({"skills": 50, "languages": 15, "hours": 20, "department": 10, "seniority": 5})


def read(stored: Mapping[str, Any]) -> MentorRules:
    """Rules that were kept; what is not kept, or not known any more, is as the default."""
    kept = stored.get("weights", {})
    return MentorRules(
        {name: kept.get(name, weight) for name, weight in DEFAULT_RULES.weights.items()},
        stored.get("minimum", DEFAULT_RULES.minimum),
        frozenset(stored.get("musts", ())) & MUSTS.keys(),
    )


def check(weights: Mapping[str, int | None], minimum: int | None, musts: Collection[str]) -> MentorRules:
    """Rules as they were entered; None stands for what is no number. Raises FieldRefusal.

    The fields are those of LABELS, "minimum" and "musts".
    """
    entered = {name: weights.get(name) for name in LABELS}
    problems = {name: sentence for name, number in entered.items() if (sentence := _problem(number))}
    if not problems and not any(entered.values()):
        problems["skills"] = say("Give at least one rule a weight above 0.")
    if sentence := _problem(minimum):
        problems["minimum"] = sentence
    if set(musts) - MUSTS.keys():
        problems["musts"] = say("Choose one of these.")
    if problems:
        raise FieldRefusal(problems)
    checked = {name: number or 0 for name, number in entered.items()}
    return MentorRules(checked, minimum or 0, frozenset(musts))


def _problem(number: int | None) -> Said | None:
    fine = number is not None and 0 <= number <= MOST
    return None if fine else say("Choose a number from 0 to {most}.", most=MOST)
