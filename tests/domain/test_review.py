"""Editing a draft: nobody is lost or doubled, locked groups stand, and what cannot be is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import review
from domain.coffee import LARGEST_GROUP, Rules
from domain.errors import Refusal
from domain.review import Draft, drawn

NAMES = {f"U{number}": f"Person {number}" for number in range(40)}
RULES = Rules(3)
DRAFT = drawn([["U1", "U2", "U3"], ["U4", "U5", "U6"], ["U7", "U8"]])


def pair(first: str, second: str) -> frozenset[str]:
    """Two people."""
    return frozenset((first, second))


def refused(edit, *arguments, **more) -> str:
    """The sentence with which an edit is refused."""
    with pytest.raises(Refusal) as refusal:
        edit(*arguments, **more)
    return str(refusal.value)


def test_swapped_people_change_places():
    """Two people change groups; everybody else stays."""
    found = review.swap(DRAFT, "U1", "U5", RULES, NAMES)

    assert found.groups == (("U2", "U3", "U5"), ("U1", "U4", "U6"), ("U7", "U8"))


def test_a_moved_person_joins_the_other_group():
    """One group gets smaller, the other larger."""
    found = review.move(DRAFT, "U1", 2, RULES, NAMES)

    assert found.groups == (("U2", "U3"), ("U4", "U5", "U6"), ("U1", "U7", "U8"))


def test_who_was_removed_can_be_added_again():
    """A removed person is kept at hand, and comes back by adding."""
    without = review.remove(DRAFT, "U1", NAMES)

    assert (without.groups[0], without.removed) == (("U2", "U3"), ("U1",))
    assert review.add(without, "U1", 0, RULES, NAMES) == DRAFT


def test_removing_one_of_two_leaves_nobody_alone():
    """The group of two ends, and the other one waits for a group."""
    found = review.remove(DRAFT, "U7", NAMES)

    assert len(found.groups) == 2
    assert (found.out, found.removed) == (("U8",), ("U7",))


def test_locks_follow_their_group_when_one_before_it_ends():
    """A lock belongs to the people, not to the number."""
    draft = review.lock(drawn([["U7", "U8"], ["U1", "U2"]]), 1, True)

    found = review.remove(draft, "U7", NAMES)

    assert (found.groups, found.locked) == ((("U1", "U2"),), frozenset({0}))


@pytest.mark.parametrize(
    ("edit", "arguments", "sentence"),
    [
        (review.swap, ("U1", "U2"), "They are in the same group. Choose somebody of another group."),
        (review.swap, ("U1", "U9"), "Person 9 is in no group now."),
        (review.move, ("U7", 0), "Person 8 would be alone then. Swap two people instead."),
        (review.move, ("U1", 0), "Person 1 is in this group already."),
        (review.move, ("U1", 9), "This group does not exist any more."),
        (review.add, ("U1", 1), "Person 1 is in a group already."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(edit, arguments, sentence):
    """Each refusal says why, and where it helps what to do instead."""
    assert refused(edit, DRAFT, *arguments, RULES, NAMES) == sentence


def test_a_locked_group_neither_gives_nor_takes():
    """Locked groups are left alone by every edit until they are unlocked."""
    draft = review.remove(review.lock(DRAFT, 1, True), "U1", NAMES)
    sentence = "Group 2 is locked. Unlock it first."

    assert refused(review.swap, draft, "U2", "U5", RULES, NAMES) == sentence
    assert refused(review.move, draft, "U5", 0, RULES, NAMES) == sentence
    assert (
        refused(review.move, draft, "U2", 1, RULES, NAMES) == "Person 3 would be alone then. Swap two "
        "people instead."
    )
    assert refused(review.remove, draft, "U5", NAMES) == sentence
    assert refused(review.add, draft, "U1", 1, RULES, NAMES) == sentence
    assert review.lock(draft, 1, False).locked == frozenset()


def test_a_group_holds_no_more_than_eight():
    """A group message holds eight people."""
    draft = drawn([[f"U{number}" for number in range(8)], ["U10", "U11", "U12"]])

    assert "holds no more" in refused(review.move, draft, "U10", 0, RULES, NAMES)
    assert review.swap(draft, "U10", "U0", RULES, NAMES).groups[1] == ("U0", "U11", "U12")


def test_two_who_must_be_apart_are_refused_without_a_reason():
    """Whose wish it is, and that there is one, is said to nobody."""
    rules = Rules(3, never=frozenset({pair("U1", "U5")}))
    sentence = "These two cannot be in one group."

    assert refused(review.move, DRAFT, "U1", 1, rules, NAMES) == sentence
    assert refused(review.swap, DRAFT, "U1", "U4", rules, NAMES) == sentence
    assert refused(review.swap, DRAFT, "U4", "U1", rules, NAMES) == sentence
    assert review.swap(DRAFT, "U1", "U5", rules, NAMES)  # each goes where the other leaves


def test_regrouping_leaves_locked_groups_alone():
    """Everybody else is drawn anew, those without a group too; who was removed stays out."""
    draft = review.remove(review.lock(DRAFT, 1, True), "U7", NAMES)  # U8 waits for a group

    found = review.regroup(draft, RULES, seed=5)

    assert found.groups[1] == DRAFT.groups[1]
    assert (found.out, found.removed) == ((), ("U7",))
    assert sorted(found.people) == sorted(DRAFT.people)


def test_regrouping_with_everything_locked_is_refused():
    """Then there is nobody to regroup."""
    draft = Draft(DRAFT.groups, locked=frozenset({0, 1, 2}))

    assert (
        refused(review.regroup, draft, RULES, seed=1) == "There is nobody to regroup: unlock a group first."
    )


def test_the_same_seed_regroups_alike():
    """Chance is a stored seed, so an edit can be replayed."""
    assert review.regroup(DRAFT, RULES, seed=5) == review.regroup(DRAFT, RULES, seed=5)


def test_people_who_left_are_marked_and_mended():
    """Their groups are named as problems; mending takes them out and leaves nobody alone."""
    gone = {"U1", "U7"}
    assert {number: one.gone for number, one in review.problems(DRAFT, RULES, gone).items()} == {
        0: ("U1",),
        2: ("U7",),
    }

    found = review.mend(DRAFT, RULES, gone)

    assert review.problems(found, RULES, gone) == {}
    assert found.removed == ("U1", "U7")
    assert sorted(found.people) == sorted(DRAFT.people)
    assert [len(group) for group in found.groups] == [3, 3]  # U8 joined the group that lost one


def test_a_wish_that_came_later_is_mended():
    """Two who must be apart by now are parted, wherever they were."""
    rules = Rules(3, never=frozenset({pair("U1", "U2")}))
    assert review.problems(DRAFT, rules, ())[0].apart

    found = review.mend(review.lock(DRAFT, 0, True), rules, ())

    assert found.number_of("U1") != found.number_of("U2")
    assert found.out == found.removed == ()


def test_mending_what_is_whole_is_refused():
    """A second press of [Mend for me] finds nothing to do."""
    assert refused(review.mend, DRAFT, RULES, ()) == "Nothing has to be mended here."


def test_the_score_is_the_share_of_fresh_pairs():
    """A hundred means that everybody meets somebody new."""
    assert review.score(DRAFT.groups, 0) == 100
    assert review.score([["U1", "U2", "U3"]], 1) == 67
    assert review.score([], 0) == 100


def test_answers_close_a_day_before_or_at_half_time():
    """There is a day to look at the groups, or half of what there is."""
    opt_in = datetime(2027, 3, 1, 9, tzinfo=UTC)

    assert review.cut_off(opt_in, opt_in + timedelta(days=6)) == opt_in + timedelta(days=5)
    assert review.cut_off(opt_in, opt_in + timedelta(days=1)) == opt_in + timedelta(hours=12)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any draft of up to forty people."""
    people = draw(st.permutations([f"U{number}" for number in range(draw(st.integers(4, 30)))]))
    groups: list[list[str]] = []
    rest = list(people)
    while len(rest) >= 2:
        size = min(draw(st.integers(2, LARGEST_GROUP)), len(rest))
        groups.append(rest[:size])
        del rest[:size]
    return drawn(groups, draw(st.sets(st.integers(0, len(groups) - 1))), out=rest)


PAIRS = st.sets(
    st.tuples(st.integers(0, 29), st.integers(0, 29)).filter(lambda two: two[0] != two[1]), max_size=12
)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["swap", "move", "add", "remove", "lock", "unlock", "regroup", "mend", "undo"]),
        st.integers(0, 29),
        st.integers(0, 29),
    ),
    max_size=25,
)


def edited(draft: Draft, what: str, one: int, two: int, rules: Rules, gone: set[str]) -> Draft:
    """Do one edit."""
    first, second = f"U{one}", f"U{two}"
    if what in ("lock", "unlock"):
        return review.lock(draft, one, what == "lock")
    if what == "swap":
        return review.swap(draft, first, second, rules, NAMES)
    if what in ("move", "add"):
        return {"move": review.move, "add": review.add}[what](draft, first, two, rules, NAMES)
    if what == "remove":
        return review.remove(draft, first, NAMES)
    if what == "mend":
        return review.mend(draft, rules, gone)
    return review.regroup(draft, rules, seed=one, gone=gone)


@settings(max_examples=150, deadline=None)
@given(start=drafts(), edits=EDITS, never=PAIRS, left=st.sets(st.integers(0, 29), max_size=3))
def test_after_any_edits_everybody_is_there_once(start, edits, never, left):
    """Nobody is lost or doubled; locked groups stand; undo restores exactly; no new clash appears."""
    rules = Rules(3, never=frozenset(pair(f"U{a}", f"U{b}") for a, b in never))
    gone = {f"U{number}" for number in left}
    everybody, draft, before = sorted(start.people), start, []
    for what, one, two in edits:
        if what == "undo":
            if before:
                stored, now = before.pop()
                assert review.from_json(stored) == now
                draft = now
            continue
        try:
            found = edited(draft, what, one, two, rules, gone)
        except Refusal:
            continue
        assert sorted(found.people) == everybody
        assert all(2 <= len(group) <= LARGEST_GROUP for group in found.groups)
        assert found == drawn(found.groups, found.locked, found.out, found.removed)
        assert clashes(found, rules) <= clashes(draft, rules)
        if what not in ("unlock", "mend"):
            assert {draft.groups[n] for n in draft.locked} <= {found.groups[n] for n in found.locked}
        if what == "mend":
            assert review.problems(found, rules, gone) == {}
        before.append((review.as_json(draft), draft))
        draft = found


def clashes(draft: Draft, rules: Rules) -> set[frozenset[str]]:
    """Pairs who are together and must not be."""
    return {two for two in rules.never if any(two <= set(group) for group in draft.groups)}


def test_what_is_sent_differs_by_those_who_left_alone():
    """At the moment of sending people are only taken out: all others meet exactly whom was reviewed."""
    rules = Rules(3, never=frozenset({pair("U4", "U5")}))

    found = review.parted(DRAFT, rules, {"U1", "U7"})

    assert found.groups == (("U2", "U3"), ("U5", "U6"))
    assert (found.out, found.removed) == (("U4", "U8"), ("U1", "U7"))


def test_regrouping_draws_other_groups_even_where_a_plan_would_not():
    """Whoever presses the button wants to see something else than the week that a plan has next."""
    draft = drawn([[f"U{number}", f"U{number + 1}"] for number in range(0, 16, 2)])
    rules = Rules(2, roster_seed=1)

    found = {review.regroup(draft, rules, seed=seed).groups for seed in range(4)}

    assert len(found) == 4
