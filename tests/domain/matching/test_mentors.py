"""Mentees and mentors: as many as can be, then wishes, then scores, then mentors who have nobody."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.assignment import NOBODY, NotOptimal, Pairs, Solver, assign, prices, spread
from domain.matching.candidates import FULL, UNKNOWN, Compare, Must, Part, Rules, Scorer, Wishes, candidates
from domain.matching.mentors import Matching, match
from domain.matching.reasons import Matched, NoMentor, NotFirst, Unmatched, why

SOLVERS = (Solver.SCIPY, Solver.ORTOOLS)


def table(scores: list[list[int]]) -> tuple[Part, ...]:
    """A part that gives mentee a and mentor b ``scores[a][b]`` thousands: ten items each mentee wants."""
    value = np.array(scores)
    mentees = len(value)
    own = np.repeat(np.eye(mentees, dtype=np.int64), 10, axis=1)
    has = np.array(
        [[step < value[a, b] for a in range(mentees) for step in range(10)] for b in range(value.shape[1])]
    )
    return (Part("fit", 100, Compare.SHARED, own, has.astype(np.int64)),)


def ints(rows: list[list[int]], width: int) -> np.ndarray:
    """Rows of numbers, of which there may be none."""
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def best_by_trying(
    scores: list[list[int]],
    capacity: list[int],
    forbidden: set[tuple[int, int]],
    bonus: dict[tuple[int, int], int],
) -> tuple[int, int, int, int]:
    """The four aims of the best assignment, found by trying all."""
    mentees, mentors = len(scores), len(capacity)
    tried = []
    for of in product(range(-1, mentors), repeat=mentees):
        pairs = [(a, b) for a, b in enumerate(of) if b >= 0]
        if any(pair in forbidden for pair in pairs) or any(of.count(b) > capacity[b] for b in range(mentors)):
            continue
        score = sum(1000 * scores[a][b] for a, b in pairs)
        tried.append(
            (len(pairs), sum(bonus.get(pair, 0) for pair in pairs), score, len({b for _, b in pairs}))
        )
    return max(tried)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[list[int]], Wishes]:
    """Scores, places, forbidden pairs and wishes of up to five mentees and four mentors."""
    mentees, mentors = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    scores = [[draw(st.integers(0, 4)) for _ in range(mentors)] for _ in range(mentees)]
    capacity = [draw(st.integers(0, 2)) for _ in range(mentors)]
    cells = [[a, b] for a in range(mentees) for b in range(mentors)]
    forbidden = draw(st.lists(st.sampled_from(cells), max_size=6))
    asked = [
        [a, b, rank]
        for a in range(mentees)
        for rank, b in enumerate(draw(st.permutations(range(mentors)))[:2], 1)
    ]
    by_mentors = [
        [a, b, 1] for b, a in enumerate(draw(st.lists(st.integers(0, mentees - 1), max_size=mentors)))
    ]
    kept = draw(st.lists(st.sampled_from(asked), max_size=4, unique_by=tuple))
    return scores, capacity, forbidden, Wishes(ints(kept, 3), ints(by_mentors, 3))


def solved(
    scores: list[list[int]], capacity: list[int], forbidden: list[list[int]], wishes: Wishes, **more: object
) -> Matching:
    """The answer to a problem."""
    rules = Rules(table(scores), forbidden=ints(forbidden, 2))
    return match(rules, np.array(capacity), mentees=len(scores), wishes=wishes, **more)  # type: ignore[arg-type]


def aims(found: Matching) -> tuple[int, int, int, int]:
    """The four aims, most important first."""
    return found.matched, found.wishes, found.score, found.fresh


@pytest.mark.parametrize("solver", SOLVERS)
@given(problem=problems(), longest=st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_the_aims_are_met_in_order(solver: Solver, problem: tuple, longest: int) -> None:
    """However short the lists begin, the answer is the best of all, aim by aim, for either solver."""
    scores, capacity, forbidden, wishes = problem
    found = solved(*problem, longest=longest, solver=solver)
    best = best_by_trying(scores, capacity, {(a, b) for a, b in forbidden}, wishes.bonuses())

    assert found.beyond is not None
    assert found.beyond.exact
    assert aims(found)[:3] == best[:3]
    if found.candidates.complete:
        assert found.fresh == best[3]


@given(problem=problems(), longest=st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_the_bound_holds(problem: tuple, longest: int) -> None:
    """After one look at all pairs the best answer is within what is said to be possible beyond the lists."""
    scores, capacity, forbidden, wishes = problem
    found = solved(*problem, longest=longest, sweeps=1)
    best = best_by_trying(scores, capacity, {(a, b) for a, b in forbidden}, wishes.bonuses())

    bound = found.beyond
    assert bound is not None
    assert best[0] - found.matched <= bound.matched
    if best[0] == found.matched:
        assert best[1] - found.wishes <= bound.wishes
    if best[:2] == (found.matched, found.wishes):
        assert best[2] - found.score <= bound.score


def test_the_bound_counts_who_would_make_room() -> None:
    """One more could be matched if somebody went to a worse mentor off the list: said, and then done."""
    rules = Rules(table([[9, 1], [5, 0]]), forbidden=ints([[1, 1]], 2))
    listed, all_pairs = (
        match(rules, np.array([1, 1]), mentees=2, longest=1, sweeps=sweeps) for sweeps in (1, None)
    )

    assert (listed.matched, listed.beyond and listed.beyond.matched) == (1, 1)
    assert all_pairs.of.tolist() == [1, 0]


@pytest.mark.parametrize(("idle", "spread_to"), [([True] * 3, [0, 1, 2]), ([True, False, False], [0, 2, 2])])
def test_mentors_who_have_nobody_come_first(idle: list[bool], spread_to: list[int]) -> None:
    """Among equal assignments, mentees move on, one after the other, until no idle mentor is left without."""
    mentee, mentor = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 2])
    pairs = Pairs(3, np.array([1, 1, 2]), mentee, mentor, np.full(5, 7))
    of = np.array([1, 2, 2])

    assert spread(pairs, of, prices(pairs, of), np.array(idle)).tolist() == spread_to


@given(problem=problems())
@settings(max_examples=100, deadline=None)
def test_no_rule_is_broken(problem: tuple) -> None:
    """Nobody has more mentees than places, and no forbidden pair is matched, wished or not."""
    _, capacity, forbidden, _ = problem
    of = solved(*problem).of

    assert (np.bincount(of[of != NOBODY], minlength=len(capacity)) <= capacity).all()
    assert not {(a, b) for a, b in enumerate(of.tolist())} & {(a, b) for a, b in forbidden}


@given(problem=problems(), seed=st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_the_same_seed_gives_the_same_answer(problem: tuple, seed: int) -> None:
    """Two runs on the same input and seed are equal."""
    first, again = (solved(*problem, seed=seed, longest=2) for _ in range(2))

    assert first.of.tolist() == again.of.tolist()


@given(problem=problems())
@settings(max_examples=100, deadline=None)
def test_every_outcome_has_a_reason(problem: tuple) -> None:
    """Who is matched reads of their score, who is not reads why; "full" is said only of who is full."""
    scores, capacity, forbidden, _ = problem
    found = solved(*problem)
    for mentee, mentor in enumerate(found.of.tolist()):
        reason = why(found, mentee)
        if isinstance(reason, Matched):
            assert (reason.mentor, reason.score) == (mentor, 1000 * scores[mentee][mentor])
            assert sum(points for _, points, _ in reason.parts) == reason.score
            continue
        open_ = [b for b in range(len(capacity)) if [mentee, b] not in forbidden]
        full = all((found.of == b).sum() == capacity[b] for b in open_)
        assert mentor == NOBODY
        assert reason.eligible == len(open_)
        if not open_:
            assert reason.code is NoMentor.NOBODY_ELIGIBLE
        elif not any(capacity[b] for b in open_):
            assert reason.code is NoMentor.NO_PLACE
        else:
            assert full
            assert reason.code is NoMentor.FULL


@pytest.mark.parametrize(
    ("capacity", "forbidden", "minimum", "wishes", "of"),
    [
        ([1, 1], [], 0, [], [1, 0]),
        ([1, 1], [[1, 0]], 0, [], [0, 1]),
        ([1, 1], [], 6000, [], [NOBODY, 0]),
        ([2, 0], [], 0, [], [0, 0]),
        ([0, 1], [], 0, [], [1, NOBODY]),
        ([1, 1], [], 0, [[0, 0, 1]], [0, 1]),
    ],
    ids=["global optimum", "excluded", "minimum", "two places", "no place", "first choice"],
)
def test_two_mentees_two_mentors(
    capacity: list[int], forbidden: list[list[int]], minimum: int, wishes: list[list[int]], of: list[int]
) -> None:
    """The examples of the specification: scores A 8 and 5, B 9 and 4."""
    rules = Rules(table([[8, 5], [9, 4]]), forbidden=ints(forbidden, 2), minimum=minimum)
    found = match(rules, np.array(capacity), mentees=2, wishes=Wishes(ints(wishes, 3)))

    assert found.of.tolist() == of


def test_why_not_the_minimum() -> None:
    """A mentee whom every eligible mentor fits too little reads that, with the counts."""
    found = match(Rules(table([[8, 5]]), minimum=9000), np.array([1, 1]), mentees=1)

    assert why(found, 0) == Unmatched(0, NoMentor.BELOW_MINIMUM, eligible=2, enough=0, minimum=9000)


def test_why_not_the_first_choice() -> None:
    """A full first choice is said to be full; excluded, without places or too low, it is unavailable."""
    wishes = Wishes(ints([[0, 0, 1], [1, 0, 1]], 3))
    full = match(Rules(table([[5, 5], [9, 4]])), np.array([1, 1]), mentees=2, wishes=wishes)
    excluded = match(
        Rules(table([[5, 5]]), forbidden=ints([[0, 0]], 2)), np.array([1, 1]), mentees=1, wishes=wishes
    )
    closed = match(Rules(table([[5, 5]])), np.array([0, 1]), mentees=1, wishes=wishes)
    low = match(Rules(table([[4, 5]]), minimum=5000), np.array([1, 1]), mentees=1, wishes=wishes)

    reasons = [why(found, 0) for found in (full, excluded, closed, low)]
    assert [reason.not_first for reason in reasons if isinstance(reason, Matched)] == [
        NotFirst.FULL,
        NotFirst.UNAVAILABLE,
        NotFirst.UNAVAILABLE,
        NotFirst.UNAVAILABLE,
    ]


def test_what_a_match_says_of_itself() -> None:
    """A match names its place among the mentors seen, and the rank that the mentee gave."""
    wishes = Wishes(ints([[0, 2, 1], [0, 1, 2]], 3))
    found = match(Rules(table([[9, 8, 1, 8]])), np.array([1, 1, 0, 1]), mentees=1, wishes=wishes)

    assert why(found, 0) == Matched(
        mentee=0,
        mentor=1,
        score=8000,
        parts=(("fit", 8000, FULL),),
        rank=2,
        seen=3,
        choice=2,
        not_first=NotFirst.UNAVAILABLE,
    )


def test_a_wish_counts_by_the_length_of_lists() -> None:
    """With three choices a first counts 3 and a third 1, even if nobody names so many."""
    rows = ints([[0, 5, 1], [1, 5, 2]], 3)

    assert Wishes(rows, choices=3).bonuses() == {(0, 5): 3, (1, 5): 2}
    assert Wishes(rows, rows[:1]).bonuses() == {(0, 5): 3, (1, 5): 1}


@pytest.mark.parametrize(("mentees", "mentors"), [(0, 0), (0, 3), (3, 0), (3, 2)])
def test_nothing_to_match_is_an_answer(mentees: int, mentors: int) -> None:
    """Nobody here, no places, or no rule: an empty answer with reasons, no exception."""
    found = match(Rules(()), np.zeros(mentors, np.int64), mentees=mentees)

    assert aims(found) == (0, 0, 0, 0)
    code = NoMentor.NO_PLACE if mentors else NoMentor.NOBODY_ELIGIBLE
    assert [why(found, mentee) for mentee in range(mentees)] == [
        Unmatched(mentee, code, mentors, mentors, 0) for mentee in range(mentees)
    ]


def test_a_score_is_the_sum_of_its_parts() -> None:
    """Shares of skills, same language, other department, near level; what nobody stated scores nothing."""
    parts = (
        Part(
            "skills", 50, Compare.SHARED, np.array([[1, 1, 0]]), np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0]])
        ),
        Part("language", 20, Compare.SAME, np.array([3]), np.array([3, 4, UNKNOWN])),
        Part("department", 20, Compare.DIFFERENT, np.array([3]), np.array([3, 4, UNKNOWN])),
        Part("level", 10, Compare.NEAR, np.array([2]), np.array([2, 3, 9]), span=2),
    )
    scorer = Scorer(Rules(parts), 1, 3)

    assert scorer.block(0, 1)[0].tolist() == [[2500 + 2000 + 1000, 5000 + 2000 + 500, 0]]
    assert scorer.parts_of(0, 1) == (
        ("skills", 5000, 5000),
        ("language", 0, 2000),
        ("department", 2000, 2000),
        ("level", 500, 1000),
    )


@pytest.mark.parametrize(
    ("must", "fine"),
    [
        (Must(Compare.SHARED, np.array([[1, 0]]), np.array([[1, 1], [0, 1]])), [True, False]),
        (Must(Compare.SAME, np.array([7]), np.array([7, UNKNOWN])), [True, False]),
        (Must(Compare.DIFFERENT, np.array([7]), np.array([7, 8])), [False, True]),
        (Must(Compare.DIFFERENT, np.array([UNKNOWN]), np.array([7, UNKNOWN])), [True, True]),
        (Must(Compare.SAME, np.array([UNKNOWN]), np.array([7, UNKNOWN])), [False, False]),
    ],
    ids=["a language", "the same site", "not the own manager", "manager unknown", "site unknown"],
)
def test_conditions(must: Must, fine: list[bool]) -> None:
    """Who does not fulfil a condition is no candidate."""
    assert Scorer(Rules((), (must,)), 1, 2).block(0, 1)[1].tolist() == [fine]


def test_lists_hold_the_best_and_the_wished() -> None:
    """A list holds the highest scores; a wish comes in addition, unless forbidden or below the minimum."""
    rules = Rules(table([[1, 9, 8, 2, 0]]), forbidden=ints([[0, 3]], 2), minimum=1000)
    wishes = Wishes(ints([[0, 0, 1], [0, 3, 2], [0, 4, 3]], 3))
    listed = candidates(Scorer(rules, 1, 5), np.ones(5, bool), wishes=wishes, longest=2)

    assert listed.mentor.tolist() == [0, 1, 2]
    assert listed.wish.tolist() == [3, 0, 0]
    assert (listed.eligible.tolist(), listed.low.tolist()) == ([4], [1])


def test_equal_scores_are_spread() -> None:
    """Where all mentors are equal, the lists do not all name the same ones, and the seed decides."""
    scorer = Scorer(Rules(()), 60, 40)
    lists = [
        candidates(scorer, np.ones(40, bool), longest=3, seed=seed).mentor.tolist() for seed in (1, 1, 2)
    ]

    assert lists[0] == lists[1] != lists[2]
    assert len(set(lists[0])) > 30


@pytest.mark.parametrize("seed", range(3))
def test_both_solvers_find_the_same_total(seed: int) -> None:
    """The two solvers differ in nothing that counts, and prices prove both."""
    rng = np.random.default_rng(seed)
    mentee, mentor = np.nonzero(rng.random((400, 130)) < 0.08)
    pairs = Pairs(400, rng.integers(0, 5, 130), mentee, mentor, rng.integers(0, FULL, len(mentee)))
    totals = []
    for solver in SOLVERS:
        of = assign(pairs, solver)
        chosen = of[mentee] == mentor
        totals.append((int(chosen.sum()), int(pairs.worth[chosen].sum())))
        prices(pairs, of)

    assert totals[0] == totals[1]


def test_prices_find_out_a_worse_assignment() -> None:
    """No prices support what can be improved, by a free place, by who is alone, or by a swap."""
    mentee, mentor = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    pairs = Pairs(2, np.array([1, 1]), mentee, mentor, np.array([8, 5, 9, 4]))

    assert prices(pairs, np.array([1, 0])).min() >= 0
    for worse in ([0, 1], [0, NOBODY], [NOBODY, NOBODY]):
        with pytest.raises(NotOptimal):
            prices(pairs, np.array(worse))


def test_numbers_too_large_are_refused() -> None:
    """What cannot be added exactly is not added at all."""
    one = np.array([0])
    with pytest.raises(OverflowError, match="too large"):
        assign(Pairs(1, np.array([1]), one, one, np.array([2**60])))
