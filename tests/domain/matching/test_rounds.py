"""Rounds: nobody lost, doubled or alone; hard rules hold where they can; the same seed, the same groups."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.matching import anneal, columns, pairs
from domain.matching.chance import Chance
from domain.matching.costs import Costs, bill
from domain.matching.ids import Memberships
from domain.matching.problem import NO_MEETINGS, Meetings, Round, Rule, differ, latest, same, together
from domain.matching.rounds import Grouping, Method, forced, group, group_all_but_one, without

SEEDS = st.integers(0, 2**63 - 1)


def sizes(people: int, size: int) -> tuple[int, ...]:
    """As even as can be, nobody alone."""
    small, larger = divmod(people, max(1, people // size))
    return tuple([small + 1] * larger + [small] * (max(1, people // size) - larger))


@st.composite
def rounds(draw: st.DrawFn, most: int = 26) -> Round:
    """Any round: any history, wishes to be apart, hard and soft rules, unknown values."""
    people = draw(st.integers(2, most))
    known = st.tuples(st.integers(0, people - 1), st.integers(0, people - 1)).filter(lambda p: p[0] < p[1])
    met = draw(st.dictionaries(known, st.integers(1, 90), max_size=60))
    never = sorted(draw(st.sets(known, max_size=6)))
    kinds = draw(st.lists(st.tuples(st.sampled_from([differ, same]), st.booleans()), max_size=3))
    values = st.lists(st.integers(-1, 3), min_size=people, max_size=people).map(np.array)
    return Round(
        people,
        sizes(people, draw(st.integers(2, min(8, people)))),
        Meetings.of([(a, b, ago) for (a, b), ago in met.items()]),
        np.array(never, dtype=np.int64).reshape(-1, 2),
        tuple(kind(draw(values), hard) for kind, hard in kinds),
        draw(SEEDS),
        draw(st.none() | st.integers(0, 9)),
    )


def in_groups(found: Grouping) -> list[int]:
    """Everybody in a group, sorted."""
    return sorted(one for people in found.groups for one in people)


def all_groupings(people: list[int], wanted: list[int]) -> list[list[list[int]]]:
    """Every way to fill groups of these sizes."""
    if not wanted:
        return [[]]
    first, *others = people
    found = []
    for size in sorted(set(wanted)):
        rest = wanted.copy()
        rest.remove(size)
        for more in combinations(others, size - 1):
            left = [one for one in others if one not in more]
            found += [[[first, *more], *way] for way in all_groupings(left, rest)]
    return found


@settings(deadline=None, max_examples=50)
@given(found=rounds())
def test_everybody_is_in_one_group_of_the_size_asked_for(found: Round) -> None:
    """Whatever is asked, there is an answer: nobody is lost, doubled or alone."""
    made = group(found, effort="quick")

    assert in_groups(made) == list(range(found.people))
    assert sorted(map(len, made.groups)) == sorted(found.sizes)
    assert made.cost == bill(found, made.groups)
    assert 0 <= made.unavoidable <= made.cost.repeats


@settings(deadline=None, max_examples=25)
@given(found=rounds())
def test_the_same_seed_gives_the_same_groups(found: Round) -> None:
    """A round can be replayed."""
    assert group(found, effort="quick") == group(found, effort="quick")


@settings(deadline=None, max_examples=60)
@given(found=rounds(most=8))
def test_what_must_hold_holds_wherever_it_can(found: Round) -> None:
    """Of all groupings none keeps more people apart; of those, none of pairs repeats less."""
    bills = [bill(found, way) for way in all_groupings(list(range(found.people)), list(found.sizes))]

    made = group(found)

    assert made.cost.apart == min(one.apart for one in bills)
    best = min(one.key for one in bills)
    assert made.unavoidable <= best[1] or made.cost.apart
    if set(found.sizes) == {2}:
        assert made.cost.key == best


@settings(deadline=None, max_examples=30)
@given(found=rounds(most=9))
def test_small_groups_are_as_fresh_as_can_be(found: Round) -> None:
    """For few people the search finds what trying all groupings finds: nobody apart, fewest repeats."""
    best = min(bill(found, way).key for way in all_groupings(list(range(found.people)), list(found.sizes)))

    assert group(found).cost.key[:2] == best[:2]


@settings(deadline=None, max_examples=40)
@given(found=rounds(), seed=SEEDS)
def test_people_seated_by_column_are_all_seated(found: Round, seed: int) -> None:
    """The method for many people keeps everybody too, at no more than the cost of chance."""
    assume(len(found.sizes) > 1)
    drawn = columns.Table(found, Costs(found), Chance(found.seed)).groups()

    made = columns.search(found, Costs(found))

    assert sorted(one for people in made for one in people) == list(range(found.people))
    assert sorted(map(len, made)) == sorted(found.sizes)
    assert bill(found, made).key <= bill(found, drawn).key


def test_many_people_meet_nobody_again() -> None:
    """A thousand people after thirty rounds: nobody meets again, and rules are broken as little as before."""
    people, rounds_so_far = 1_000, 30
    chance = Chance(3)
    order = [chance.order(people) for _ in range(rounds_so_far)]
    person = np.concatenate(order).astype(np.int32)
    number = np.concatenate([np.arange(people) // 4 + 1000 * one for one in range(rounds_so_far)])
    ago = np.repeat(np.arange(rounds_so_far, 0, -1, dtype=np.int32), people)
    values = chance.draws(people) % 5
    found = Round(people, (4,) * 250, together(number, person, ago), rules=(differ(values),), seed=4)

    made = group(found)

    assert made.cost.repeats == 0
    assert made.cost.soft == 0


@pytest.mark.parametrize("people", [10, 16, 22])
def test_pairs_look_ahead_to_the_last_round(people: int) -> None:
    """Week by week without a plan, n people meet n-1 others in n-1 rounds."""
    met: dict[tuple[int, int], int] = {}
    for number in range(people - 1):
        known = [(one, other, number + 1 - at) for (one, other), at in met.items()]
        made = group(Round(people, (2,) * (people // 2), Meetings.of(known), seed=number))
        assert made.cost.repeats == 0
        met |= {(one, other): number for one, other in made.groups}


def test_an_old_repeat_is_taken_before_a_recent_one() -> None:
    """Where four people have all met, the pairs who met longest ago meet again."""
    met = Meetings.of([(0, 1, 9), (2, 3, 8), (0, 2, 1), (1, 3, 2), (0, 3, 3), (1, 2, 4)])

    made = group(Round(4, (2, 2), met))

    assert sorted(made.groups) == [[0, 1], [2, 3]]
    assert (made.cost.repeats, made.unavoidable, made.method) == (2, 2, Method.EXACT)


def test_a_rule_outweighs_all_that_stand_below_it() -> None:
    """Two pairs could be alike in the first rule or in both others: they are alike in the others."""
    first, second, third = (np.array(values) for values in ([0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 1]))

    made = group(Round(4, (2, 2), rules=(differ(first), differ(second), differ(third))))

    assert sorted(map(sorted, made.groups)) in ([[0, 1], [2, 3]], [[0, 3], [1, 2]])
    assert sorted(map(sorted, made.groups)) == [[0, 3], [1, 2]]  # which also keeps the others


def test_who_may_sit_out_is_the_one_without_whom_most_is_fresh() -> None:
    """Of those whose turn it is, the one leaves whose absence spares a repeat."""
    met = Meetings.of([(0, 1, 1), (0, 2, 1), (1, 2, 1), (3, 4, 1), (0, 3, 1), (0, 4, 1)])

    made = group_all_but_one(Round(5, (2, 2), met), [0, 1])

    assert made.out == (0,)
    assert made.cost.repeats == 0


def test_nobody_sits_out_whose_turn_it_is_not() -> None:
    """Fairness comes before freshness."""
    met = Meetings.of([(0, 1, 1), (0, 2, 1), (1, 2, 1), (3, 4, 1), (0, 3, 1), (0, 4, 1)])

    assert group_all_but_one(Round(5, (2, 2), met), [3]).out == (3,)


@settings(deadline=None, max_examples=40)
@given(found=rounds(most=15), data=st.data())
def test_those_who_sit_out_are_in_no_group(found: Round, data: st.DataObject) -> None:
    """The others keep their numbers, their history and their rules."""
    assume(found.people > 4)
    out = tuple(data.draw(st.sets(st.integers(0, found.people - 1), min_size=1, max_size=2)))
    less = Round(
        found.people, sizes(found.people - len(out), 2), found.meetings, found.never, found.rules, found.seed
    )

    made = without(less, out, effort="quick")

    assert sorted([*in_groups(made), *made.out]) == list(range(found.people))
    assert made.cost == bill(less, made.groups)


def test_memberships_make_pairs() -> None:
    """Everybody of a group has met everybody else; the latest meeting counts."""
    group_of = np.array([7, 7, 7, 3, 3, 9])
    person = np.array([2, 0, 1, 1, 2, 5], dtype=np.int32)
    ago = np.array([4, 4, 4, 1, 1, 1], dtype=np.int32)

    met = together(group_of, person, ago)

    assert [*zip(met.first, met.second, met.ago, strict=True)] == [(0, 1, 4), (0, 2, 4), (1, 2, 1)]


@pytest.mark.parametrize(("said", "met"), [((-1, 0), 0), ((-1, 1), 1), ((0, 0), 1), ((-1, -1), 0)])
def test_a_meeting_that_did_not_happen_is_none(said: tuple[int, int], met: int) -> None:
    """One says no, and the other does not say that they met."""
    found = together(
        np.array([1, 1]),
        np.array([0, 1], dtype=np.int32),
        np.ones(2, dtype=np.int32),
        np.array(said, dtype=np.int32),
    )

    assert len(found.first) == met


def test_nothing_has_no_meetings() -> None:
    """Empty arrays stay empty."""
    none = np.zeros(0, dtype=np.int32)

    assert len(latest(none, none, none).first) == 0
    assert together(np.zeros(0, dtype=np.int64), none, none) == NO_MEETINGS


@pytest.mark.parametrize(
    ("met", "groups", "least"),
    [
        ([(0, 1), (0, 2), (0, 3)], (2, 2), 1),  # nobody is left for 0
        ([(0, 1), (0, 2)], (2, 2), 0),
        ([(0, 1), (0, 2)], (4,), 2),  # one group: every meeting of theirs is repeated
        ([(0, 1), (0, 2), (0, 3), (0, 4)], (3, 3), 1),
    ],
)
def test_some_repeats_cannot_be_avoided(
    met: list[tuple[int, int]], groups: tuple[int, ...], least: int
) -> None:
    """Whoever has met too many of those present must meet somebody again."""
    meetings = Meetings.of([(one, other, 1) for one, other in met])

    assert forced(meetings, Round(sum(groups), groups, meetings)) == least


def test_a_person_without_a_value_breaks_no_rule() -> None:
    """An empty profile is never the reason for anything."""
    rule = Rule(np.array([-1, 0, 0]), np.eye(1, dtype=bool), hard=True)

    assert not rule.breaks(0, 1)
    assert rule.breaks(1, 2)
    costs = Costs(Round(3, (3,), rules=(rule,))).dense()
    assert (costs > 0).tolist() == [[False, False, False], [False, False, True], [False, True, False]]


@settings(deadline=None, max_examples=40)
@given(found=rounds())
def test_the_table_of_costs_says_what_the_bill_says(found: Round) -> None:
    """Both ways to count agree for each pair."""
    costs = Costs(found)
    table = costs.dense()
    for one, other in combinations(range(found.people), 2):
        owed = bill(found, [[one, other]])
        price = owed.apart * costs.apart + owed.repeats * costs.repeat + owed.age * costs.older + owed.soft
        assert table[one, other] == table[other, one] == price


def test_annealing_and_exact_pairs_agree() -> None:
    """On pairs the search is as good as the proof, here."""
    met = Meetings.of([(one, other, 1 + (one * other) % 7) for one, other in combinations(range(12), 2)][::2])
    found = Round(12, (2,) * 6, met, seed=5)

    exact = bill(found, pairs.search(found, Costs(found)))

    assert bill(found, anneal.search(found, Costs(found))).key == exact.key


@pytest.mark.parametrize(("said", "ago"), [("--", 2), ("mm", 2), ("n-", 0), ("nm", 2), ("nn", 0)])
def test_memberships_are_read_as_lines_of_text(said: str, ago: int) -> None:
    """Group numbers, people and what each said, in one order; a meeting that did not happen is none."""
    found = Memberships()
    found.add(["7", "9", "7"], ["U2", "U5", "U1"], said[0] + "-" + said[1], 2)
    past = found.past()

    assert past.ago("U1", "U2") == past.ago("U2", "U1") == ago
    assert past.ago("U1", "U5") == past.ago("U1", "U9") == 0
    assert past.repeats_of([["U1", "U2"], ["U5", "U1"]]) == [int(ago > 0), 0]
