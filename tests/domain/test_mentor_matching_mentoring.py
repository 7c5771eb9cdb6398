"""Mentors for mentees: what two people score, who fits best, and who gets whom."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.mentor_matching import Plan, auto_match, score
from domain.mentor_profiles import Profile
from domain.mentor_rules import DEFAULT_RULES, MentorRules

WINTER, SUMMER = date(2026, 1, 14), date(2026, 7, 15)
SKILLS_ONLY = MentorRules({"skills": 100, "languages": 0, "hours": 0, "department": 0, "seniority": 0})
A, B, X, Y = 1, 2, 11, 12


def person(number: int, **stated: Any) -> Profile:
    """Somebody of whom only this is known."""
    return Profile(number, f"U{number}", **stated)


def skills(letter: str, count: int) -> tuple[str, ...]:
    """So many skills of a kind."""
    return tuple(f"{letter}{number}" for number in range(count))


# A scores 8 with X and 5 with Y, B scores 9 and 4: each wants a hundred skills
MENTEES = (
    person(A, skills_wanted=skills("a", 100)),
    person(B, skills_wanted=skills("b", 100)),
)
MENTORS = (
    person(X, skills_offered=skills("a", 8) + skills("b", 9)),
    person(Y, skills_offered=skills("a", 5) + skills("b", 4)),
)


def run(mentees: Iterable[Profile] = MENTEES, mentors: Iterable[Profile] = MENTORS, **more: Any) -> Plan:
    """A run; one place each unless said otherwise."""
    mentees, mentors = [*mentees], [*mentors]
    asked = {"places": {one.id: 1 for one in mentors}, "rules": SKILLS_ONLY, "on": WINTER, "seed": 1}
    return auto_match(mentees, mentors, **{**asked, **more})


def who(plan: Plan) -> list[tuple[int, int]]:
    """The pairs of a plan."""
    return [(pair.mentee, pair.mentor) for pair in plan.pairs]


def total(plan: Plan) -> int:
    """The sum of its scores."""
    return sum(pair.score for pair in plan.pairs)


# --- The table of the specification ----------------------------------------------------------------------


def test_the_best_sum_is_found() -> None:
    """Row by row would give 12."""
    plan = run()

    assert (who(plan), total(plan), plan.without) == ([(A, Y), (B, X)], 14, {})


@pytest.mark.parametrize("excluded", [(B, X), (X, B)])
def test_an_exclusion_is_obeyed(excluded: tuple[int, int]) -> None:
    """Whichever of the two is named first."""
    plan = run(excluded=[excluded])

    assert (who(plan), total(plan)) == ([(A, X), (B, Y)], 12)


def test_below_the_minimum_nobody_is_matched() -> None:
    """The one who is left reads why."""
    plan = run(rules=replace(SKILLS_ONLY, minimum=6))

    assert who(plan) == [(B, X)]
    assert plan.without == {A: "Why not: no free mentor at or above the minimum 6."}


def test_a_mentor_takes_as_many_as_there_are_places() -> None:
    """X has two, Y none."""
    assert who(run(places={X: 2, Y: 0})) == [(A, X), (B, X)]


def test_a_place_that_is_staged_for_somebody_is_taken() -> None:
    """A fits Y better than B does, and B reads why not."""
    plan = run(places={X: 0, Y: 1})

    assert (who(plan), plan.without) == ([(A, Y)], {B: "Why not: no free place."})


def test_preferences_come_before_scores() -> None:
    """A submitted X as first choice."""
    plan = run(wishes={A: (X,)})

    assert (who(plan), total(plan)) == ([(A, X), (B, Y)], 12)
    assert plan.pairs[0].reasons[-1] == "First choice of the mentee"


def test_a_rank_counts_by_the_choices_there_are() -> None:
    """Of three, a first choice counts 3, more than two third ones; of five, two third ones count more."""
    third = {A: (X, 98, Y), B: (99, 98, X)}

    assert who(run(wishes=third, choices=3)) == [(A, X), (B, Y)]
    assert who(run(wishes=third, choices=5)) == [(A, Y), (B, X)]


def test_a_second_run_finds_nothing() -> None:
    """Neither with everybody staged, nor for who was left over."""
    low = replace(SKILLS_ONLY, minimum=6)
    first = run(rules=low)
    again = run([MENTEES[0]], places={X: 0, Y: 1}, rules=low)

    assert run([], places={X: 0, Y: 0}).pairs == ()
    assert (again.pairs, again.without) == ((), first.without)


# --- Runs ------------------------------------------------------------------------------------------------


def test_nobody_is_their_own_mentor() -> None:
    """Somebody may be both."""
    both = person(A, skills_wanted=("a",), skills_offered=("a",))
    plan = run([both], [both])

    assert (who(plan), plan.without) == ([], {A: "Why not: no mentor may be matched with them."})


def test_without_mentors_there_is_nobody() -> None:
    """The sentence says so, for each."""
    assert run(mentors=[]).without == dict.fromkeys((A, B), "Why not: there is no mentor yet.")


def test_mentors_with_nobody_come_first_among_equals() -> None:
    """Which of the two is idle decides, and nothing else."""
    mentors = [person(X), person(Y)]

    for idle in (X, Y):
        assert who(run([person(A)], mentors, idle=[idle])) == [(A, idle)]


def test_a_mentee_with_two_slots_gets_two_mentors() -> None:
    """Two different ones, after everybody has a first one."""
    plan = run(places={X: 2, Y: 2}, slots={A: 2})
    short = run(places={X: 1, Y: 1}, slots={A: 2})

    assert who(plan) == [(A, X), (A, Y), (B, X)]
    assert who(run([MENTEES[0]], [MENTORS[0]], places={X: 5}, slots={A: 3})) == [(A, X)]
    assert who(short) == [(A, Y), (B, X)]
    assert short.without == {}


def test_who_needs_no_mentor_gets_none() -> None:
    """Nor is anybody without one left out of the run."""
    assert run(slots={A: 0}).without == {A: "Why not: they have all the mentors they may have."}


def test_a_first_choice_that_was_not_it_is_explained() -> None:
    """Full is said of a mentor who is full; all else is not available."""
    full = run(wishes={A: (X, Y), B: (X, Y)}, choices=2)
    away = run(wishes={A: (X, Y)}, places={X: 0, Y: 1})

    assert who(full) == [(A, Y), (B, X)]
    assert full.pairs[0].reasons[-2:] == ("Second choice of the mentee", "The first choice had no free place")
    assert away.pairs[0].reasons[-2:] == ("Second choice of the mentee", "The first choice was not available")


def test_a_first_choice_gives_way_to_who_has_no_other() -> None:
    """More people matched comes before a preference."""
    a, b = person(A), person(B)
    plan = run([a, b], [person(X), person(Y)], wishes={A: (X,)}, excluded=[(B, Y)])

    assert who(plan) == [(A, Y), (B, X)]
    assert plan.pairs[0].reasons[-1] == "The first choice had no free place"


def test_the_second_slot_is_not_told_of_the_first_choice() -> None:
    """It was given already."""
    plan = run([MENTEES[0]], slots={A: 2}, wishes={A: (X, Y)})

    assert [pair.reasons[1:] for pair in plan.pairs] == [
        ("First choice of the mentee",), ("Second choice of the mentee",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"mentees": [replace(MENTEES[0], zone="Asia/Tokyo"), MENTEES[1]]},
        {"mentors": MENTORS[:1]},
        {"places": {X: 1, Y: 2}},
        {"rules": replace(SKILLS_ONLY, minimum=1)},
        {"excluded": [(A, X)]},
        {"wishes": {A: (X,)}},
        {"choices": 4},
        {"idle": [X]},
        {"slots": {A: 2}},
        {"on": SUMMER},
        {"seed": 2},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_digest_is_of_the_whole_input(other: dict[str, Any]) -> None:
    """Whatever changes, it changes; the order in which things are read is no change."""
    plan, turned = run(), run(MENTEES[::-1], MENTORS[::-1], places={Y: 1, X: 1})

    assert run(**other).digest != plan.digest
    assert turned == plan
    assert len(plan.digest) == 64


def test_the_digest_is_the_same_on_every_machine() -> None:
    """Runs that are kept can be compared after an update."""
    assert run([], [], places={}).digest == (
        "e6f7462361ace9bcd3a1badb89db1950f06318a61b4ef61cac928a70d87d80ec"
    )


def test_reading_the_rules_does_not_load_the_engine() -> None:
    """A process that only shows names and scores starts fast."""
    code = "import sys, domain.mentor_matching; print({'numpy', 'scipy'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


# --- Whatever people state -------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from(["SQL", "sql ", "Go", "Law", ""]), max_size=3).map(tuple)


@st.composite
def programs(draw: st.DrawFn) -> dict[str, Any]:
    """Up to six mentees and five mentors, one of whom may be both, with all that a run respects."""

    def someone(number: int) -> Profile:
        return person(
            number, skills_offered=draw(WORDS), skills_wanted=draw(WORDS), languages=draw(WORDS),
            zone=draw(st.sampled_from(["", "Asia/Tokyo", "Asia/Kolkata", "Europe/Paris"])),
            department=draw(st.sampled_from(["", "Law", "Sales"])),
            seniority=draw(st.none() | st.integers(-1, 5)),
        )  # fmt: skip

    both = someone(50)
    mentees = [someone(n) for n in range(draw(st.integers(1, 5)))] + [both]
    mentors = [someone(100 + n) for n in range(draw(st.integers(1, 4)))] + [both]
    ours, theirs = ([one.id for one in side] for side in (mentees, mentors))
    return {
        "mentees": mentees,
        "mentors": mentors,
        "places": {one: draw(st.integers(0, 2)) for one in theirs},
        "rules": replace(
            DEFAULT_RULES, minimum=draw(st.sampled_from([0, 0, 40])),
            musts=frozenset(draw(st.sets(st.sampled_from([*DEFAULT_RULES.weights]), max_size=1))),
        ),
        "excluded": draw(st.lists(st.tuples(st.sampled_from(ours), st.sampled_from(theirs)), max_size=4)),
        "wishes": {one: tuple(draw(st.lists(st.sampled_from(theirs), max_size=3))) for one in ours},
        "slots": {one: draw(st.integers(0, 2)) for one in ours},
        "idle": draw(st.sets(st.sampled_from(theirs))),
        "seed": draw(st.integers(0, 3)),
    }  # fmt: skip


def fits(program: dict[str, Any], mentee: Profile, mentor: Profile) -> bool:
    """Whether two may be matched."""
    rules, (a, b) = program["rules"], (mentee.id, mentor.id)
    found = score(mentee, mentor, rules, on=WINTER)
    missing = any(one.startswith("A must is missing") for one in found.reasons)
    return (
        a != b
        and not {(a, b), (b, a)} & {*program["excluded"]}
        and not missing
        and found.score >= rules.minimum
    )


@given(programs())
@settings(max_examples=120, deadline=None)
def test_no_plan_breaks_a_rule(program: dict[str, Any]) -> None:
    """Places, slots, exclusions, musts and the minimum hold; scores are those that are shown elsewhere."""
    plan = run(**program)
    ours, theirs = ({one.id: one for one in program[side]} for side in ("mentees", "mentors"))

    assert all(count <= program["places"][one] for one, count in Counter(b for _, b in who(plan)).items())
    assert all(count <= program["slots"][one] for one, count in Counter(a for a, _ in who(plan)).items())
    assert len({*who(plan)}) == len(plan.pairs)
    for pair in plan.pairs:
        alone = score(ours[pair.mentee], theirs[pair.mentor], program["rules"], on=WINTER)
        assert fits(program, ours[pair.mentee], theirs[pair.mentor])
        assert (pair.score, pair.reasons[: len(alone.reasons)]) == (alone.score, alone.reasons)
    assert {a for a, _ in who(plan)} | plan.without.keys() == ours.keys()
    assert not {a for a, _ in who(plan)} & plan.without.keys()


@given(programs())
@settings(max_examples=60, deadline=None)
def test_the_same_input_gives_the_same_plan(program: dict[str, Any]) -> None:
    """In whatever order people are read."""
    turned = {**program, "mentees": program["mentees"][::-1], "mentors": program["mentors"][::-1]}

    assert run(**program) == run(**turned)


@given(programs())
@settings(max_examples=120, deadline=None)
def test_no_plan_is_worse_than_row_by_row(program: dict[str, Any]) -> None:
    """More people, or as many and more preferences, or as many of both and the same score or more."""
    program |= {"slots": {}}
    plan, left = run(**program), dict(program["places"])
    ranks = {one: [*dict.fromkeys(names)] for one, names in program["wishes"].items()}

    def worth(pairs: list[tuple[int, int, int]]) -> tuple[int, int, int]:
        wished = sum(3 - ranks[a].index(b) for a, b, _ in pairs if b in ranks[a])
        return len(pairs), wished, sum(points for *_, points in pairs)

    greedy = []
    for mentee in program["mentees"]:
        fitting = [one for one in program["mentors"] if left[one.id] and fits(program, mentee, one)]
        scored = [(score(mentee, one, program["rules"], on=WINTER).score, one.id) for one in fitting]
        if scored:
            points, mentor = max(scored)
            left[mentor] -= 1
            greedy.append((mentee.id, mentor, points))

    assert worth([(one.mentee, one.mentor, one.score) for one in plan.pairs]) >= worth(greedy)
