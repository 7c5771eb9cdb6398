"""The owner's rules: what may be chosen, how it is kept, and which two people break one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import rules
from domain.coffee import Kept
from domain.rules import CHOICES, MOST_TITLES, STORED, Known, kept

WINTER, SUMMER = date(2027, 1, 13), date(2027, 7, 14)
TEAMS = ("S1", "S2")


def rule(choice: str, known: Known, day: date = WINTER) -> Kept:
    """One rule as it is weighed."""
    (found,) = kept(rules.as_stored([choice], TEAMS), known, day)
    return found


# --- What may be chosen --------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([*CHOICES]), max_size=3), st.sets(st.sampled_from("ABC"), min_size=1))
def test_what_is_stored_is_what_was_chosen(chosen: list[str], teams: set[str]) -> None:
    """In its order; teams only where a rule asks for them."""
    stored = rules.as_stored(chosen, sorted(teams))

    assert rules.chosen(stored) == tuple(chosen)
    assert rules.teams(stored) == (tuple(sorted(teams)) if rules.about_teams(chosen) else ())


def test_every_choice_has_a_name_and_a_form() -> None:
    """What a modal offers can be stored, and the other way round."""
    assert set(CHOICES) == set(STORED)
    assert rules.as_stored(["hours-4"], ()) == [{"rule": "hours", "hours": 4}]
    assert rules.as_stored(["team-must"], ("S2", "S1")) == [
        {"rule": "team", "want": "differ", "hard": True, "usergroups": ["S1", "S2"]}
    ]


def test_a_rule_about_teams_needs_teams() -> None:
    """It is refused at the field where they are chosen; other rules need none."""
    for choice in ("team-differ", "team-must"):
        assert rules.problems([choice], ()) == {
            "teams": "Choose the user groups that are teams, or another rule."
        }
        assert rules.problems([choice], TEAMS) == {}
    assert rules.problems(["hours-2", "", "title-same"], ()) == {}


def test_there_is_one_rule_about_a_thing() -> None:
    """The later one is refused; what is on no list is refused as well."""
    twice = "A rule above is about the same. Choose another one, or none."

    assert rules.problems(["title-differ", "hours-2", "title-same"], ()) == {"rule_3": twice}
    assert rules.problems(["team-differ", "team-must"], TEAMS) == {"rule_2": twice}
    assert rules.problems(["", "tea"], ()) == {"rule_2": "Choose one of these."}


# --- Which two people break one ------------------------------------------------------------------------


def test_titles_are_compared_as_people_read_them() -> None:
    """Upper case and spaces make no difference, and an empty title breaks nothing."""
    known = Known(titles={"a": "Analyst", "b": " ANALYST ", "c": "Cook", "d": "Dean", "e": "", "f": " "})
    differ, same = rule("title-differ", known), rule("title-same", known)

    assert differ.breaks("a", "b")
    assert not same.breaks("a", "b")
    for one, other in (("a", "c"), ("c", "d")):  # nobody shares the titles of c and d
        assert not differ.breaks(one, other)
        assert same.breaks(one, other)
    for nameless in "ef":
        assert not differ.breaks("a", nameless)
        assert not same.breaks("a", nameless)
        assert not same.breaks("e", "f")


def test_titles_take_no_more_memory_than_they_are_worth() -> None:
    """The most common ones are told apart; rarer ones, which are seldom drawn together, weigh nothing."""
    titles = {f"p{n}-{k}": f"title {n}" for n in range(MOST_TITLES + 50) for k in range(2 + (n < 5))}
    found = rule("title-differ", Known(titles=titles))

    assert len(found.clash) == MOST_TITLES + 1
    assert found.breaks("p0-0", "p0-2")
    assert found.breaks("p0-0", "p0-1")
    assert len(found.values) == 5 * 3 + (MOST_TITLES - 5) * 2


def test_people_of_one_team_break_a_rule_about_teams() -> None:
    """Whoever is in none breaks nothing; only "must" is never broken."""
    known = Known(teams={"a": "S1", "b": "S1", "c": "S2"})
    soft, hard = rule("team-differ", known), rule("team-must", known)

    assert (soft.hard, hard.hard) == (False, True)
    assert soft.breaks("a", "b")
    assert not soft.breaks("a", "c")
    assert not soft.breaks("a", "z")


@pytest.mark.parametrize(
    ("one", "other", "day", "hours"),
    [
        ("Europe/Paris", "Europe/Paris", WINTER, 8),
        ("Europe/Paris", "Africa/Lagos", WINTER, 8),
        ("Europe/Paris", "Africa/Lagos", SUMMER, 7),
        ("Europe/Paris", "America/New_York", WINTER, 2),
        ("Europe/Paris", "Asia/Kolkata", WINTER, 3),  # three and a half
        ("Europe/Paris", "Asia/Tokyo", WINTER, 0),
        ("Pacific/Auckland", "America/Los_Angeles", WINTER, 5),  # across the date line
        ("Pacific/Kiritimati", "Pacific/Honolulu", WINTER, 8),  # a day apart
    ],
)
def test_working_hours_are_nine_to_five_of_everybody(one: str, other: str, day: date, hours: int) -> None:
    """What two share is counted in whole hours, as the clocks stand on the day of the session."""
    for wanted in (2, 4, 6):
        found = rule(f"hours-{wanted}", Known(zones={"a": one, "b": other}), day)
        assert found.breaks("a", "b") is (hours < wanted)
        assert found.count("a", "b") == hours  # type: ignore[attr-defined]


def test_whose_zone_is_not_known_breaks_nothing() -> None:
    """Neither an empty zone nor one that is on no list."""
    found = rule("hours-6", Known(zones={"a": "Asia/Tokyo", "b": "", "c": "Mars/Base"}))

    assert not found.breaks("a", "b")
    assert not found.breaks("a", "c")


def test_newcomers_are_parted_and_old_hands_are_not() -> None:
    """Whoever was in fewer than three groups is new."""
    found = rule("newcomers", Known(groups={"a": 0, "b": 2, "c": 3, "d": 9}))

    assert found.breaks("a", "b")
    assert not found.breaks("a", "c")
    assert not found.breaks("c", "d")


@pytest.mark.parametrize(
    ("choice", "known"),
    [
        ("team-must", Known(titles={"a": "Cook"})),
        ("title-differ", Known(titles={"a": "", "b": ""})),
        ("hours-2", Known(zones={"a": ""})),
        ("newcomers", Known(groups={"a": 0, "b": 1})),
        ("newcomers", Known(groups={"a": 5, "b": 6})),
    ],
)
def test_a_rule_that_says_nothing_is_left_out(choice: str, known: Known) -> None:
    """As when its user groups are gone, or all are newcomers: the round is matched as without it."""
    assert kept(rules.as_stored([choice], TEAMS), known, WINTER) == ()


def test_the_weightiest_comes_first() -> None:
    """The order of the owner is the order of the matching."""
    known = Known(titles={"a": "Cook"}, zones={"a": "Asia/Tokyo"}, teams={"a": "S1"})
    found = kept(rules.as_stored(["hours-4", "title-same", "team-differ"], TEAMS), known, WINTER)

    assert [rule.name for rule in found] == ["hours-4", "title-same", "team-differ"]
