"""What two people score and why, who is seen first, and what must hold between them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.mentor_matching import score, shortlist
from domain.mentor_profiles import Profile
from domain.mentor_rules import DEFAULT_RULES, MentorRules
from tests.domain.test_mentor_matching_mentoring import (
    MENTEES,
    SKILLS_ONLY,
    SUMMER,
    WINTER,
    X,
    person,
    run,
    skills,
    who,
)

# --- Scores ----------------------------------------------------------------------------------------------

JOEY = person(
    1, skills_wanted=("Python", " sql ", "Law"), languages=("English", "French"), zone="Europe/Paris",
    department="Sales", seniority=2,
)  # fmt: skip
ANA = person(
    2, skills_offered=("SQL", "python", "Go"), languages=("ENGLISH",), zone="Europe/Athens",
    department="sales", seniority=6,
)  # fmt: skip


def points(mentee: Profile, mentor: Profile, on: date = WINTER, **weights: int) -> int:
    """A score by these weights alone."""
    rules = MentorRules({**dict.fromkeys(DEFAULT_RULES.weights, 0), **weights})
    return score(mentee, mentor, rules, on=on).score


def test_a_score_is_the_weighted_mean() -> None:
    """Two thirds of the skills, a language, 7 of 8 hours, the same department, 4 levels above."""
    found = score(JOEY, ANA, DEFAULT_RULES, on=WINTER)

    assert found.score == round(50 * 2 / 3 + 15 + 20 * 7 / 8 + 0 + 5 * 3 / 4)
    assert found.reasons == (
        "Shared skills: Python, sql", "7 hours of shared working time", "Shared languages: English",
        "The same department", "The mentor is 4 levels above",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unstated", "expected"),
    [
        ({"skills_wanted": ()}, (15 + 17.5 + 3.75) / 50),
        ({"skills_wanted": (" ",)}, (15 + 17.5 + 3.75) / 50),
        ({"languages": ()}, (50 * 2 / 3 + 17.5 + 3.75) / 85),
        ({"zone": ""}, (50 * 2 / 3 + 15 + 3.75) / 80),
        ({"zone": "Mars/Base"}, (50 * 2 / 3 + 15 + 3.75) / 80),
        ({"department": ""}, (50 * 2 / 3 + 15 + 17.5 + 3.75) / 90),
        ({"seniority": None}, (50 * 2 / 3 + 15 + 17.5) / 95),
    ],
)
def test_what_is_not_stated_is_left_out_with_its_weight(unstated: dict[str, Any], expected: float) -> None:
    """It neither helps nor harms; that of the mentor is no different."""
    assert score(replace(JOEY, **unstated), ANA, DEFAULT_RULES, on=WINTER).score == int(
        100 * expected + 0.5
    )  # halves up
    theirs = {name.replace("wanted", "offered"): value for name, value in unstated.items()}
    assert score(JOEY, replace(ANA, **theirs), DEFAULT_RULES, on=WINTER).score == int(
        100 * expected + 0.5
    )  # halves up


def test_two_who_state_nothing_score_nothing() -> None:
    """And read that there is nothing to compare."""
    found = score(person(1), person(2), DEFAULT_RULES, on=WINTER)

    assert (found.score, found.reasons) == (0, ("Their profiles have nothing to compare yet",))


@pytest.mark.parametrize(
    ("gap", "expected"), [(-2, 0), (0, 0), (1, 100), (2, 100), (3, 100), (4, 75), (6, 50), (30, 10)]
)
def test_one_to_three_levels_above_is_best(gap: int, expected: int) -> None:
    """Nobody is a mentor to who is above or beside them; far above still counts a little."""
    assert points(person(1, seniority=3), person(2, seniority=3 + gap), seniority=5) == expected


def test_hours_are_those_of_the_day() -> None:
    """Lagos has no summer time."""
    paris, lagos = person(1, zone="Europe/Paris"), person(2, zone="Africa/Lagos")

    assert [points(paris, lagos, day, hours=20) for day in (WINTER, SUMMER)] == [100, 88]


def test_one_language_is_enough() -> None:
    """Two people need no more to talk."""
    assert (
        points(person(1, languages=("English", "French")), person(2, languages=("french",)), languages=1)
        == 100
    )
    assert points(person(1, languages=("English",)), person(2, languages=("Thai",)), languages=1) == 0


def test_what_does_not_weigh_is_not_told() -> None:
    """The weightiest comes first."""
    rules = MentorRules({"skills": 1, "languages": 2, "hours": 0, "department": 0, "seniority": 0})

    assert score(JOEY, ANA, rules, on=WINTER).reasons == (
        "Shared languages: English",
        "Shared skills: Python, sql",
    )


def test_a_long_list_of_skills_is_cut() -> None:
    """Five are named."""
    many = score(
        person(1, skills_wanted=skills("s", 7)),
        person(2, skills_offered=skills("s", 7)),
        SKILLS_ONLY,
        on=WINTER,
    )

    assert many.reasons == ("Shared skills: s0, s1, s2, s3, s4 and 2 more",)


# --- Shortlists ------------------------------------------------------------------------------------------


def test_a_shortlist_is_by_score() -> None:
    """The best first, without the mentee, cut after so many, and with the reasons of each."""
    mentors = [person(number, skills_offered=skills("a", number)) for number in range(2, 40)]
    found = shortlist(MENTEES[0], [*mentors, replace(MENTEES[0], id=99)], SKILLS_ONLY, on=WINTER)

    assert [mentor for mentor, _ in found] == [*range(39, 19, -1)]
    assert [one.score for _, one in found] == [*range(39, 19, -1)]
    assert found[0][1] == score(MENTEES[0], mentors[-1], SKILLS_ONLY, on=WINTER)
    assert len(shortlist(MENTEES[0], mentors, SKILLS_ONLY, on=WINTER, limit=3)) == 3
    assert shortlist(MENTEES[0], [], SKILLS_ONLY, on=WINTER) == ()


def test_equal_mentors_are_spread_over_mentees() -> None:
    """Each mentee sees others first, and always the same, in whatever order they are read."""
    mentors = [person(number) for number in range(100, 160)]
    seen = [
        [one for one, _ in shortlist(person(n), mentors, DEFAULT_RULES, on=WINTER, limit=3)]
        for n in range(40)
    ]
    again = shortlist(person(0), mentors[::-1], DEFAULT_RULES, on=WINTER, limit=3)

    assert [one for one, _ in again] == seen[0]
    assert len({one for few in seen for one in few}) > 30


# --- Musts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("must", "held", "broken"),
    [
        ("skills", {"skills_offered": ("Law",)}, {"skills_offered": ("Go",)}),
        ("languages", {"languages": ("french",)}, {"languages": ("Thai",)}),
        ("hours", {"zone": "Asia/Kolkata"}, {"zone": "Asia/Tokyo"}),
        ("department", {"department": "Law"}, {"department": " SALES "}),
        ("seniority", {"seniority": 30}, {"seniority": 2}),
    ],
)
def test_a_must_holds_in_every_match(must: str, held: dict[str, Any], broken: dict[str, Any]) -> None:
    """Even where it weighs nothing. What is not stated is not assumed to hold."""
    weights = {name: int(name != must) for name in DEFAULT_RULES.weights}
    rules = MentorRules(weights, musts=frozenset({must}))

    assert who(run([JOEY], [person(X, **held)], rules=rules)) == [(1, X)]
    for other in (person(X, **broken), person(X)):
        plan = run([JOEY], [other], rules=rules)
        assert who(plan) == []
        assert plan.without == {1: "Why not: no mentor has all that must hold and may be matched with them."}
        assert score(JOEY, other, rules, on=WINTER).reasons[0].startswith("A must is missing: ")
    assert not score(JOEY, person(X, **held), rules, on=WINTER).reasons[0].startswith("A must")
