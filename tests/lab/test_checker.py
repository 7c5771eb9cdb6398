"""The checker names each planted violation, and finds nothing in a history that is right."""

from dataclasses import replace

import pytest

from bot.lab.checker import Effect, Findings, Round, check

PEOPLE = ("U1", "U2", "U3", "U4", "U5")


def post(number, key, *recipients, channel=None):
    """A message that came to stand in a conversation."""
    where = channel or "D" + "".join(recipients)
    return Effect(number, "message", key, where, f"{number}.0", recipients)


def right():
    """A round of five: two pairs' worth joined, one declined, one stayed silent after a reminder."""
    return [
        post(1, "series-1-saved-0", "U1"),
        *(post(10 + n, f"invitation-{n}-opt-in", person) for n, person in enumerate(PEOPLE)),
        post(20, "invitation-4-reminder-1", "U5"),
        post(30, "group-1", "U1", "U2", "U3"),
        post(40, "occurrence-1-summary", "U1"),
    ]


ROUND = Round(
    after=5,
    until=50,
    organizer="U1",
    asked=frozenset(PEOPLE),
    joined=frozenset({"U1", "U2", "U3"}),
    declined=frozenset({"U4"}),
    reminded=frozenset({"U5"}),
    shown={
        "U1": ["joined"],
        "U2": ["joined"],
        "U3": ["joined"],
        "U4": ["declined"],
        "U5": ["below", "silent"],
    },
)


def without(key):
    """The right history, but one message never came."""
    return [effect for effect in right() if effect.key != key]


def swapped(key, *recipients):
    """The right history, but one message went to others."""
    return [replace(e, recipients=recipients) if e.key == key else e for e in right()]


def test_a_right_history_is_clean():
    """Nothing is found where nothing is wrong."""
    assert check(right(), [ROUND]) == Findings(messages=9)


LOST = {
    "nobody asked one member": (without("invitation-2-opt-in"), "no opt-in for U3"),
    "a silent one was not reminded": (without("invitation-4-reminder-1"), "no reminder for U5"),
    "a group got no message": (without("group-1"), "no group for U1"),
    "one joiner is in no group": (swapped("group-1", "U1", "U2"), "no group for U3"),
    "the summary never came": (without("occurrence-1-summary"), "1 summaries"),
    "the confirmation never came": (without("series-1-saved-0"), "1 confirmations"),
    "the only copy was taken back": ([*right(), Effect(45, "delete", "", "DU3", "12.0", ("U3",))], "for U3"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_lost_message_is_lost(name):
    """What should stand there and does not is lost, and named."""
    history, sentence = LOST[name]
    found = check(history, [ROUND])
    assert any(sentence in line for line in found.lost)
    assert not found.doubled
    assert not found.wrong


@pytest.mark.parametrize(
    "key",
    [
        "invitation-2-opt-in",
        "invitation-4-reminder-1",
        "group-1",
        "occurrence-1-summary",
        "series-1-saved-0",
    ],
)
def test_a_second_copy_is_a_double(key):
    """Two messages of one key are one too many, whatever their kind."""
    first = next(effect for effect in right() if effect.key == key)
    found = check([*right(), replace(first, number=first.number, ts="99.9")], [ROUND])
    assert found.doubled == [f"{key} stands there 2 times"]
    assert not found.lost
    assert not found.wrong


def test_a_copy_that_was_taken_back_is_compensated():
    """A second copy that was deleted does not count as a double, but is counted."""
    copy = replace(right()[1], ts="99.9", number=11)
    found = check([*right(), copy, Effect(45, "delete", "", copy.channel, "99.9", ("U1",))], [ROUND])
    assert found.clean
    assert found.compensated == 1


WRONG = {
    "a stranger is asked": ([*right(), post(15, "invitation-9-opt-in", "U9")], "U9 got a opt-in"),
    "somebody is asked under two keys": (
        [*right(), post(15, "invitation-9-opt-in", "U2")],
        "U2 got 2 opt-ins",
    ),
    "somebody with an answer is reminded": (
        [*right(), post(21, "invitation-1-reminder-1", "U2")],
        "U2 got a reminder",
    ),
    "who declined is in a group": (swapped("group-1", "U1", "U2", "U3", "U4"), "U4 is in a group"),
    "who never answered is in a group": (swapped("group-1", "U1", "U2", "U3", "U5"), "U5 is in a group"),
    "somebody is in two groups": ([*right(), post(31, "group-2", "U1", "U2")], "U1 is in 2 groups"),
    "there are two summaries": ([*right(), post(41, "occurrence-2-summary", "U1")], "2 summaries"),
    "the summary went to somebody else": (swapped("occurrence-1-summary", "U2"), "somebody else"),
    "a member gets the organizer's card": ([*right(), post(15, "card-1", "U2")], "does not organize"),
    "a message has no key": ([*right(), post(15, "", "U2")], "nobody expected"),
    "the organizer is asked about a group": ([*right(), post(45, "doubt-7-1", "U1")], "nobody expected"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_message_is_named(name):
    """What should not stand there is wrong, and named."""
    history, sentence = WRONG[name]
    found = check(history, [ROUND])
    assert any(sentence in line for line in found.wrong)
    assert not found.lost
    assert not found.doubled


@pytest.mark.parametrize(
    ("person", "shown", "sentence"),
    [
        ("U2", ["open"], "U2 reads open, but is joined"),
        ("U2", ["declined"], "U2 reads declined, but is joined"),
        ("U4", ["joined"], "U4 reads joined, but is declined"),
        ("U5", ["below", "joined"], "U5 reads joined, but is silent"),
        ("U5", ["open", "silent"], "U5 still sees an older question that is open"),
    ],
)
def test_a_question_that_lies_is_wrong(person, shown, sentence):
    """What a question shows in the end has to be what was decided."""
    found = check(right(), [replace(ROUND, shown={**ROUND.shown, person: shown})])
    assert found.wrong == [f"round 1: {sentence}"]
    assert not found.lost


@pytest.mark.parametrize(("shown", "clean"), [("joined", False), ("silent", True)])
def test_who_raced_the_matching_is_held_to_what_they_read(shown, clean):
    """Who pressed Join while the groups were made is in one exactly if their question says so."""
    raced = replace(ROUND, raced=frozenset({"U5"}), shown={**ROUND.shown, "U5": ["below", shown]})
    assert check(right(), [raced]).clean is clean


def test_who_left_the_company_is_not_missed():
    """Who joined and then left is in no group, and nobody asks for them."""
    history = swapped("group-1", "U1", "U2")
    assert check(history, [replace(ROUND, gone=frozenset({"U3"}))]).clean


def test_where_conversations_cannot_be_read_questions_may_repeat_and_groups_may_not():
    """The policy of a kind allows second copies, counted; never of a group message."""
    question = replace(right()[1], ts="99.9", number=11)
    found = check([*right(), question], [ROUND], may_repeat=True)
    assert found.clean
    assert found.repeated == 1
    group = replace(next(e for e in right() if e.kind == "group"), ts="99.9")
    assert check([*right(), group], [ROUND], may_repeat=True).doubled == ["group-1 stands there 2 times"]
