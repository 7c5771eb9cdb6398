"""Why a group is together: what is told, in which order, and that nothing is claimed that is not proven."""

import json
from itertools import combinations

import pytest

from domain import coffee, reasons, rules
from domain.coffee import Group, Matched, Rules
from domain.matching.ids import Past
from domain.matching.rounds import Method
from domain.rules import Known
from domain.text import say
from tests.domain.test_rules import WINTER

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"


def kept(*choices: str, **known: dict[str, object]) -> Rules:
    """Rules of an owner for these people."""
    stored = rules.as_stored(choices, ("S1", "S2"))
    return Rules(2, kept=rules.kept(stored, Known(**known), WINTER))  # type: ignore[arg-type]


def said(people: str, found: Rules, *, repeats: int = 0) -> list[str]:
    """The reasons of one group of a round with others."""
    group = Group(tuple(people), repeats, "")
    other = Group(("x", "y"), 0, "")
    (mine, _) = reasons.of_round(Matched((group, other), (), 0, Method.SEARCHED), found)
    return [str(one) for one in mine]


# --- What holds and what gave way ----------------------------------------------------------------------


def test_rules_that_hold_are_named_the_weightiest_first() -> None:
    """Behind the history."""
    found = kept(
        "hours-2", "title-differ", "team-must",
        titles={"a": "Cook", "b": "Dean"}, zones={"a": PARIS, "b": NEW_YORK}, teams={"a": "S1", "b": "S2"},
    )  # fmt: skip

    assert said("ab", found) == [
        "First time together.", "2 shared working hours.", "Different titles.", "Different teams.",
    ]  # fmt: skip


def test_a_rule_is_named_where_it_holds_for_all_pairs() -> None:
    """Of whom nothing is known, nothing is claimed."""
    found = kept("title-same", titles={"a": "Cook", "b": "cook", "c": "Cook", "d": "Dean", "e": ""})

    assert said("abc", found)[1:] == ["Same title."]
    assert said("abe", found)[1:] == []
    assert said("abd", found)[1:] == ["Not all have the same title, so that nobody was left alone."]
    assert said("ad", found)[1:] == ["Different titles, so that nobody was left alone."]


def test_the_hours_of_a_group_are_those_that_all_share() -> None:
    """The fewest of any pair."""
    zones = {"a": PARIS, "b": "Europe/Athens", "c": "Asia/Dubai", "d": "Asia/Tokyo", "e": ""}
    found = kept("hours-4", zones=zones)

    assert said("ab", found)[1:] == ["7 shared working hours."]
    assert said("abc", found)[1:] == ["5 shared working hours."]
    assert said("bd", found)[1:] == ["1 shared working hour, so that nobody was left alone."]
    assert said("ad", found)[1:] == ["No shared working hours, so that nobody was left alone."]
    assert said("ae", found)[1:] == []


def test_newcomers_with_old_hands_needs_both() -> None:
    """Old hands among themselves break nothing, and are no mixture."""
    found = kept("newcomers", groups={"a": 0, "b": 1, "c": 3, "d": 8})

    assert said("ac", found)[1:] == ["Newcomers with old hands."]
    assert said("cd", found)[1:] == []
    assert said("ab", found)[1:] == ["Two newcomers, so that nobody was left alone."]
    assert said("abc", found)[1:] == ["Several newcomers, so that nobody was left alone."]


def test_one_rule_that_gave_way_is_named() -> None:
    """The weightiest; and a hard rule gives no way."""
    found = kept(
        "team-differ", "title-differ",
        teams={"a": "S1", "b": "S1", "c": "S2"}, titles={"a": "Cook", "b": "Cook", "c": "Dean"},
    )  # fmt: skip
    hard = kept("team-must", teams={"a": "S1", "b": "S1"})

    assert said("ab", found)[1:] == ["Same team, so that nobody was left alone."]
    assert said("abc", found)[1:] == ["Some are of the same team, so that nobody was left alone."]
    assert said("ab", hard)[1:] == []


def test_every_rule_has_its_words() -> None:
    """Whatever an owner chooses can be told: as held, as broken, and as what gave way."""
    people = {"titles": "Cook", "zones": PARIS, "teams": "S1", "groups": 0}
    for choice in rules.CHOICES:
        known = {name: {"a": value, "b": value, "c": ""} for name, value in people.items()}
        known["groups"] |= {"c": 9}
        known["zones"] = {"a": PARIS, "b": "Asia/Tokyo" if choice != "hours-2" else PARIS}
        found = kept(choice, **known)
        for pair in combinations("abc", 2):
            assert len(said("".join(pair), found)) <= 2
            assert all(reasons.broken(pair, found))


def test_warnings_are_short() -> None:
    """What an organizer reads beside a group, hard rules included."""
    found = kept(
        "hours-4", "team-must", "title-differ", "newcomers",
        zones={"a": PARIS, "b": NEW_YORK}, teams={"a": "S1", "b": "S1"}, titles={"a": "Cook", "b": "Cook"},
        groups={"a": 0, "b": 0, "c": 5},
    )  # fmt: skip

    assert reasons.broken("ab", found) == [
        "2 shared working hours", "same team", "same title", "several newcomers",
    ]  # fmt: skip
    assert reasons.broken("ac", found) == []


# --- History -------------------------------------------------------------------------------------------


def history(people: str, ago: int, matched: Matched) -> str:
    """What is said of the first group, of which all met so many rounds ago."""
    past = Past.of({frozenset(pair): ago for pair in combinations(people, 2)})
    return str(reasons.of_round(matched, Rules(2, past=past))[0][0])


def a_round(people: str, repeats: int, unavoidable: int, method: Method, others: str = "xy") -> Matched:
    """A round of one group that repeats, and another."""
    groups = [Group(tuple(people), repeats, "")] + ([Group(tuple(others), 0, "")] if others else [])
    return Matched(tuple(groups), (), unavoidable, method)


@pytest.mark.parametrize(
    ("unavoidable", "method", "others", "end"),
    [
        (1, Method.EXACT, "xy", "nobody you had not met was free."),
        (1, Method.DRAWN, "", "nobody you had not met was free."),
        (0, Method.EXACT, "xy", "the best grouping found repeats as little as this."),
        (1, Method.SEARCHED, "xy", "the best grouping found repeats as little as this."),
        (0, Method.SEARCHED, "xy", "the best grouping found repeats as little as this."),
    ],
)
def test_that_nobody_else_was_free_is_said_where_it_is_proven(
    unavoidable: int, method: Method, others: str, end: str
) -> None:
    """Of pairs that were matched exactly, or where there was no choice."""
    matched = a_round("ab", 1, unavoidable, method, others)

    assert history("ab", 5, matched) == f"You last met 5 rounds ago: {end}"
    assert history("ab", 1, matched) == f"You last met 1 round ago: {end}"


def test_a_group_says_how_many_pairs_met() -> None:
    """And whether any grouping does better, as far as is proven."""
    assert history("abc", 2, a_round("abc", 3, 3, Method.SEARCHED)) == (
        "3 pairs of you have met before: no grouping repeats less."
    )
    assert history("abc", 2, a_round("abc", 1, 0, Method.SEARCHED)) == (
        "1 pair of you has met before: the best grouping found repeats as little as this."
    )


def test_rounds_beyond_memory_are_not_counted() -> None:
    """A meeting longer ago than the matching counts has no number."""
    assert history("ab", 99, a_round("ab", 1, 0, Method.SEARCHED)).startswith("1 pair of you has met before")


def test_a_real_round_of_pairs_proves_its_repeats() -> None:
    """Four people in the fourth round: all have met, and the oldest meetings come back."""
    people = ["ab", "cd"], ["ac", "bd"], ["ad", "bc"]
    met = {frozenset(pair): ago for ago, round_ in enumerate(people, 1) for pair in round_}
    found = Rules(2, past=Past.of(met))
    matched = coffee.matched("abcd", found, seed=1)

    assert [str(why[0]) for why in reasons.of_round(matched, found)] == [
        "You last met 3 rounds ago: nobody you had not met was free."
    ] * 2


# --- Changed by an organizer ---------------------------------------------------------------------------


def test_what_an_organizer_chose_is_told_as_such() -> None:
    """With what holds, and without an excuse for what does not."""
    found = kept(
        "title-differ", "team-differ", titles={"a": "Cook", "b": "Dean"}, teams={"a": "S1", "b": "S1"}
    )

    assert reasons.of_edit("ab", 0, found, chosen=True) == [
        "An organizer put this group together.", "First time together.", "Different titles.",
    ]  # fmt: skip
    assert reasons.of_edit("ab", 1, found, chosen=True) == [
        "An organizer put this group together.", "Different titles.",
    ]  # fmt: skip


def test_what_the_rules_grouped_anew_is_told_as_found() -> None:
    """Nothing is proven of it."""
    found = Rules(2, past=Past.of({frozenset("ab"): 4}))

    assert reasons.of_edit("ab", 1, found, chosen=False) == [
        "You last met 4 rounds ago: the best grouping found repeats as little as this."
    ]


# --- Kept ----------------------------------------------------------------------------------------------


def test_a_reason_survives_storage() -> None:
    """It can be said in any language afterwards, whatever older versions have kept."""
    found = Rules(2, past=Past.of({frozenset("ab"): 4}))
    for one in [*reasons.of_edit("ab", 1, found, chosen=False), say(reasons.NEW)]:
        again = reasons.told(json.loads(json.dumps(reasons.stored(one))))
        assert (again, again.pattern, again.many, again.values) == (one, one.pattern, one.many, one.values)
    assert reasons.told("No grouping without repeats was found.") == reasons.AGAIN
