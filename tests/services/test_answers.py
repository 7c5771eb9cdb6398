"""The newest press counts, by Slack's own time of it."""

from dataclasses import replace

import pytest

from domain.invitations import Answer, State
from domain.messages import Verdict
from services import answers, invitations, ledger
from tests.builders import ADMIN, World


@pytest.fixture
def world(db, plays):
    """An open round that nobody has answered."""
    world = World(db, plays=plays)
    world.an_open_round()
    return world


def a_press(world, answer, pressed, user_id="U1"):
    """A press of the newest question of somebody, at Slack's time *pressed*."""
    asked = world.messenger.to(user_id)[0]
    invitation, _, message = world.value_of(user_id, asked).partition(".")
    return invitations.Press(
        int(invitation), int(message), user_id, answer, asked.channel, asked.ts, pressed=pressed
    )


def answer(world, press):
    """Record a press; the state that stands."""
    return invitations.record_answer(world.db, world.team, press, now=world.clock())


def test_a_replayed_press_does_not_bring_an_old_answer_back(world):
    """Join, then Decline, then the same signed Join once more: the answer stays Decline."""
    join = a_press(world, Answer.JOIN, "1803888001.000000")
    answer(world, join)
    answer(world, a_press(world, Answer.DECLINE, "1803888002.000000"))

    told = answer(world, join)

    assert told is State.DECLINED
    assert world.states()["U1"] == "declined"


def test_presses_that_overtake_each_other_end_with_the_newest(world):
    """Decline was pressed last but arrives first: it stands."""
    answer(world, a_press(world, Answer.DECLINE, "1803888002.000000"))
    answer(world, a_press(world, Answer.JOIN, "1803888001.000000"))

    assert world.states()["U1"] == "declined"


def test_a_double_click_is_one_answer(world):
    """The same press delivered four times is one answer and one drawing."""
    press = a_press(world, Answer.JOIN, "1803888001.000000")

    states = {answer(world, replace(press)) for _ in range(4)}

    assert states == {State.ACCEPTED}
    assert world.states()["U1"] == "accepted"


def test_whoever_was_asked_again_is_one_person(db):
    """[Send again] owes a second message; [People] shows and counts its reader once."""
    world = World(db)
    world.messenger.fail("post", Verdict.REFUSED, at="U1", reason="cannot_dm_bot")
    world.an_open_round()
    (session,) = world.occurrences()
    ledger.send_again(world.db, world.team, session.id, actor=ADMIN, now=world.clock())
    world.run()

    page = answers.page(world.db, world.team, session.id)

    assert page.total == 6
    assert [line.what for line in page.lines] == ["silent"] * 6
