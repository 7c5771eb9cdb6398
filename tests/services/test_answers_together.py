"""Presses that come together share a transaction, and each is decided on its own."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.invitations import Answer, AnswerTooLate, NotYours, State
from services import invitations
from services.invitations import Answers, NoSuchQuestion, Press
from tests.builders import MATCH, World


@pytest.fixture
def world(db):
    """An open round that nobody has answered."""
    world = World(db)
    world.an_open_round()
    return world


def press_of(world, user_id, answer, pressed="1803888001.000000"):
    """A press of the newest question of somebody, at Slack's time *pressed*."""
    asked = world.messenger.to(user_id)[0]
    invitation, _, message = world.value_of(user_id, asked).partition(".")
    return Press(int(invitation), int(message), user_id, answer, asked.channel, asked.ts, pressed=pressed)


def decide(world, *presses):
    """Decide presses in one transaction; what each of them is told."""
    return invitations.record_answers(world.db, world.team, presses, now=world.clock())


def test_each_press_of_a_turn_is_decided_on_its_own(world):
    """A stranger's press and one on nothing are refused; the others count, whatever their order."""
    foreign = press_of(world, "U1", Answer.JOIN)
    foreign = Press(foreign.invitation_id, foreign.outbox_id, "U9", Answer.JOIN, "DU9", foreign.ts)
    nowhere = Press(999_999, 1, "U1", Answer.JOIN, "DU1", "1.0")

    told = decide(
        world,
        foreign,
        press_of(world, "U2", Answer.DECLINE),
        nowhere,
        press_of(world, "U1", Answer.JOIN),
    )

    assert isinstance(told[0], NotYours)
    assert isinstance(told[2], NoSuchQuestion)
    assert told[1::2] == [State.DECLINED, State.ACCEPTED]
    assert (world.states()["U1"], world.states()["U2"]) == ("accepted", "declined")


def test_of_two_presses_of_one_person_in_one_turn_the_newest_counts(world):
    """Both are told what stands, whichever came first."""
    newest = press_of(world, "U1", Answer.DECLINE, "1803888002.000000")
    older = press_of(world, "U1", Answer.JOIN, "1803888001.000000")

    assert decide(world, newest, older) == [State.DECLINED, State.DECLINED]
    assert world.states()["U1"] == "declined"


def test_who_presses_too_late_in_a_turn_is_told_so(world):
    """A turn after the matching changes nothing, for nobody."""
    presses = [press_of(world, user_id, Answer.JOIN) for user_id in ("U1", "U2")]
    world.clock.now = MATCH
    world.run()

    told = decide(world, *presses)

    assert all(isinstance(one, AnswerTooLate) for one in told)


def test_presses_of_many_threads_all_count(world):
    """Everybody presses at the same moment, and everybody is told what stands."""
    answers = Answers(world.db, world.team)
    people = sorted(world.states())
    wanted = {u: Answer.JOIN if n % 2 else Answer.DECLINE for n, u in enumerate(people)}

    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(
                lambda user: answers.record(press_of(world, user, wanted[user]), now=world.clock()), people
            )
        )

    assert told == [State.ACCEPTED if wanted[u] is Answer.JOIN else State.DECLINED for u in people]
    assert world.states() == {u: told[n].value for n, u in enumerate(people)}


def test_a_refusal_is_raised_at_its_own_door_only(world):
    """Whoever pressed somebody else's button reads why; the door works on."""
    answers = Answers(world.db, world.team)
    press = press_of(world, "U1", Answer.JOIN)

    with pytest.raises(NotYours):
        answers.record(
            Press(press.invitation_id, press.outbox_id, "U9", Answer.JOIN, "DU9", press.ts), now=world.clock()
        )
    assert answers.record(press, now=world.clock()) is State.ACCEPTED
