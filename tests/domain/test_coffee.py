"""Matching: nobody lost, doubled or alone; the same seed the same groups; no repeat that can be avoided."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coffee import ICEBREAKERS, LARGEST_GROUP, Matched, Pair, match, sizes

PEOPLE = st.lists(st.from_regex(r"U[A-Z0-9]{1,4}", fullmatch=True), unique=True, max_size=40)
SIZES = st.integers(2, LARGEST_GROUP)
SEEDS = st.integers(0, 2**63 - 1)


def pairs_of(groups: Sequence[Sequence[str]]) -> Counter[Pair]:
    """How often each pair is together."""
    return Counter(frozenset(pair) for group in groups for pair in combinations(group, 2))


def people(count: int) -> list[str]:
    """So many people."""
    return [f"U{number:03}" for number in range(count)]


@given(count=st.integers(0, 300), size=SIZES)
def test_group_sizes_hold_everybody(count: int, size: int) -> None:
    """Sizes add up; no group is of one person, or larger than a group message holds; they differ by one."""
    found = sizes(count, size)

    assert sum(found) == (count if count > 1 else 0)
    assert all(2 <= one <= LARGEST_GROUP for one in found)
    assert max(found, default=0) - min(found, default=0) <= 1
    assert all(one >= min(size, count) for one in found) or max(found) - 1 < size <= LARGEST_GROUP


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [
        (2, 2, [2]), (3, 2, [3]), (4, 2, [2, 2]), (5, 2, [3, 2]), (7, 2, [3, 2, 2]),
        (3, 4, [3]), (5, 4, [5]), (7, 4, [7]), (8, 4, [4, 4]), (11, 4, [6, 5]),
        (9, 8, [5, 4]), (15, 8, [8, 7]), (17, 8, [6, 6, 5]),
        (0, 2, []), (1, 2, []),
    ],
)  # fmt: skip
def test_those_left_over_make_groups_larger(count: int, size: int, expected: list[int]) -> None:
    """The remainder joins existing groups, one by one, as long as a group message can hold them."""
    assert sizes(count, size) == expected


@given(everybody=PEOPLE, size=SIZES, seed=SEEDS, data=st.data())
def test_everybody_is_in_exactly_one_group(
    everybody: list[str], size: int, seed: int, data: st.DataObject
) -> None:
    """Whatever happened before, nobody is lost, doubled or alone."""
    known = [frozenset(pair) for pair in combinations(sorted(everybody)[:8], 2)]
    met = data.draw(st.dictionaries(st.sampled_from(known), st.integers(0, 9))) if known else {}

    found = match(everybody, size, met=met, seed=seed)

    placed = [person for group in found.groups for person in group.people]
    assert sorted(placed + list(found.left_out)) == sorted(everybody)
    assert found.left_out == (tuple(everybody) if len(everybody) == 1 else ())
    assert sorted(map(len, (group.people for group in found.groups))) == sorted(sizes(len(everybody), size))
    assert found.repeats == sum(1 for pair in pairs_of([g.people for g in found.groups]) if met.get(pair, 0))


@given(everybody=PEOPLE, size=SIZES, seed=SEEDS, data=st.data())
def test_order_and_doubles_do_not_matter(
    everybody: list[str], size: int, seed: int, data: st.DataObject
) -> None:
    """The same people, history and seed give the same groups, in whatever order they are told."""
    shuffled = data.draw(st.permutations(everybody))

    first = match(everybody, size, met={}, seed=seed)

    assert match([*shuffled, *everybody[:3]], size, met={}, seed=seed) == first


def test_another_seed_gives_other_groups() -> None:
    """Chance decides: over many seeds everybody meets everybody."""
    met: Counter[Pair] = Counter()
    for seed in range(200):
        met.update(pairs_of([group.people for group in match(people(8), 2, met={}, seed=seed).groups]))

    assert len(met) == 28
    assert min(met.values()) > 8  # 28.6 on average
    assert max(met.values()) < 60


def matchings(of: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """All ways to form pairs."""
    if not of:
        yield []
        return
    first, *others = of
    for number, other in enumerate(others):
        rest = others[:number] + others[number + 1 :]
        for more in matchings(rest):
            yield [(first, other), *more]


@settings(max_examples=60)
@given(half=st.integers(1, 4), seed=st.integers(0, 10**6), data=st.data())
def test_pairs_repeat_only_when_they_must(half: int, seed: int, data: st.DataObject) -> None:
    """Where a grouping of pairs without a repeat exists, it is found."""
    here = people(2 * half)
    known = [frozenset(pair) for pair in combinations(here, 2)]
    met = dict.fromkeys(data.draw(st.sets(st.sampled_from(known))), 1)
    possible = any(not any(frozenset(p) in met for p in way) for way in matchings(here))

    found = match(here, 2, met=met, seed=seed)

    assert (found.repeats == 0) is possible


@pytest.mark.parametrize("count", [6, 8, 10])
@pytest.mark.parametrize("seed", range(5))
def test_a_whole_season_without_repeats(count: int, seed: int) -> None:
    """Round after round, fresh pairs are found as long as what is left still allows them."""
    met: Counter[Pair] = Counter()
    here = people(count)
    for number in range(count - 1):
        possible = any(not any(frozenset(p) in met for p in way) for way in matchings(here))
        found = match(here, 2, met=met, seed=1000 * seed + number)
        assert (found.repeats == 0) is possible
        met.update(pairs_of([group.people for group in found.groups]))


def test_an_unavoidable_repeat_is_counted_and_rare() -> None:
    """Two people who always meet meet again; with three, one pair of them repeats at least."""
    pair = frozenset({"U1", "U2"})

    assert match(["U1", "U2"], 2, met={pair: 3}, seed=1).repeats == 1
    assert match(["U1", "U2", "U3"], 2, met={pair: 1}, seed=1).repeats == 1


def test_history_of_people_who_are_not_here_is_ignored() -> None:
    """Who met whom elsewhere does not bend the groups."""
    met = {frozenset({"U001", "GONE"}): 4}

    assert match(people(9), 2, met=met, seed=3) == match(people(9), 2, met={}, seed=3)


def test_each_group_gets_a_question() -> None:
    """Icebreakers come from the list, and none twice before all were used."""
    found = match(people(2 * len(ICEBREAKERS)), 2, met={}, seed=7)

    assert sorted(group.icebreaker for group in found.groups) == sorted(ICEBREAKERS)


def test_nobody_gives_no_group() -> None:
    """An empty round is empty, and one person is told."""
    assert match([], 2, met={}, seed=1) == Matched((), ())
    assert match(["U1"], 2, met={}, seed=1) == Matched((), ("U1",))


def test_five_hundred_people_are_matched_at_once() -> None:
    """A large round with a long history is found without a repeat."""
    here, met = people(500), Counter[Pair]()
    for seed in range(4):
        found = match(here, 2, met=met, seed=seed)
        assert found.repeats == 0
        met.update(pairs_of([group.people for group in found.groups]))


@pytest.mark.parametrize(
    ("count", "size", "leftover", "expected"),
    [
        (11, 4, "smaller", [4, 4, 3]), (10, 4, "smaller", [4, 4, 2]), (9, 4, "smaller", [4, 3, 2]),
        (8, 4, "smaller", [4, 4]), (7, 3, "smaller", [3, 2, 2]), (5, 2, "smaller", [3, 2]),
        (3, 4, "smaller", [3]), (5, 4, "smaller", [3, 2]),
        (11, 4, "sit_out", [4, 4]), (3, 4, "sit_out", [3]), (5, 2, "sit_out", [2, 2]), (1, 2, "sit_out", []),
    ],
)  # fmt: skip
def test_the_program_decides_about_those_left_over(
    count: int, size: int, leftover: str, expected: list[int]
) -> None:
    """A smaller group is never of one person; sitting out happens only beside a full group."""
    assert sizes(count, size, leftover) == expected


@given(count=st.integers(0, 200), size=SIZES, leftover=st.sampled_from(["larger", "smaller", "sit_out"]))
def test_no_rule_about_the_left_over_makes_a_group_that_cannot_be(
    count: int, size: int, leftover: str
) -> None:
    """Whatever remains, groups have two to eight people, and hardly anybody sits out."""
    found = sizes(count, size, leftover)

    assert all(2 <= one <= LARGEST_GROUP for one in found)
    assert 0 <= count - sum(found) < (size if leftover == "sit_out" else 2)


def test_sitting_out_goes_in_turn() -> None:
    """Nobody sits out twice before everybody has once."""
    here, sat_out = people(7), {}
    for number in range(14):
        found = match(here, 3, met={}, seed=number, leftover="sit_out", sat_out=sat_out)
        (who,) = found.left_out
        if number < 7:
            assert who not in sat_out
        sat_out[who] = number

    assert set(sat_out) == set(here)


@settings(max_examples=50)
@given(everybody=PEOPLE, size=SIZES, seed=SEEDS, data=st.data())
def test_wishes_to_stay_apart_come_first(
    everybody: list[str], size: int, seed: int, data: st.DataObject
) -> None:
    """Two who must not be together never are; nobody is lost, doubled or alone for it."""
    known = [frozenset(pair) for pair in combinations(sorted(everybody)[:9], 2)]
    never = data.draw(st.sets(st.sampled_from(known))) if known else set()
    leftover = data.draw(st.sampled_from(["larger", "smaller", "sit_out"]))

    found = match(everybody, size, met={}, seed=seed, never=never, leftover=leftover)

    together = pairs_of([group.people for group in found.groups])
    assert not never & set(together)
    placed = [person for group in found.groups for person in group.people]
    assert sorted([*placed, *found.left_out]) == sorted(everybody)
    assert all(2 <= len(group.people) <= LARGEST_GROUP for group in found.groups)
    assert match(everybody, size, met={}, seed=seed, never=never, leftover=leftover) == found


def test_nobody_sits_out_when_another_grouping_keeps_two_apart() -> None:
    """A wish costs nobody their place as long as there is a grouping that respects it."""
    for seed in range(20):
        found = match(people(6), 3, met={}, seed=seed, never={frozenset({"U000", "U001"})})
        assert found.left_out == ()


def test_two_who_are_alone_and_must_be_apart_both_sit_out() -> None:
    """Where only those two joined, there is no group for either."""
    found = match(["U1", "U2"], 2, met={}, seed=1, never={frozenset({"U1", "U2"})})

    assert found == Matched((), ("U1", "U2"))


def test_a_program_asks_its_own_questions() -> None:
    """Icebreakers of the program replace ours."""
    found = match(people(4), 2, met={}, seed=1, questions=["Why?"])

    assert {group.icebreaker for group in found.groups} == {"Why?"}
