"""Numbers of sessions: what counts, and that one question is enough for all of them."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from domain.invitations import Answer
from domain.messages import Kind
from domain.programs import NoSuchProgram
from domain.statistics import Report
from services import statistics
from services.series import NoSuchSession
from store.database import Database
from tests.builders import ADMIN, World
from tests.plays import Plays
from tests.services.test_follow_up import Met, say


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people in #coffee."""
    return World(db, plays=plays)


def play(world: World, rounds: int = 1) -> None:
    """So many weekly sessions in which four join and one declines."""
    world.a_series(weeks=1, program={"follow_up_days": 0})
    for one in range(rounds):
        world.clock.now = world.occurrences()[one].opens_at
        world.run()
        world.all_join(["U1", "U2", "U3", "U4"])
        world.press("U5", Answer.DECLINE)
        world.clock.now = world.occurrences()[one].match_at
        world.run()


def report(world: World) -> Report:
    """The numbers of the only program."""
    return statistics.of_program(world.db, world.team, 1, reader=ADMIN)


def test_a_session_in_numbers(world: World) -> None:
    """Asked, reached, answered, joined, grouped, newly connected, met."""
    play(world)
    say(world, "U1", Met.YES)
    say(world, "U2", Met.NO)

    (one,) = report(world).sessions
    assert (one.asked, one.reached, one.joined, one.declined, one.answered) == (6, 6, 4, 1, 5)
    assert (one.answer_rate, one.join_rate) == (0.833, 0.667)
    assert (one.groups, one.people, one.new_pairs) == (2, 4, 2)
    assert (one.people_met, one.people_not_met) == (1, 1)
    assert one.groups_met == 1


def test_a_pair_is_new_once(world: World) -> None:
    """Of four people there are six pairs: after three sessions all have met, and then nobody is new."""
    play(world, rounds=4)
    found = report(world)

    assert [one.new_pairs for one in found.sessions[:3]] == [2, 2, 2]
    assert found.total("new_pairs") == 6
    assert found.different_people == 4
    session = statistics.of_session(world.db, world.team, found.sessions[3].occurrence_id)
    assert session.total("new_pairs") == 0


def test_whoever_was_not_asked_lowers_no_rate(world: World) -> None:
    """Where nobody is asked there are people, and no rates."""
    world.a_series(program={"opt_in": "off"}, opt_in_date=None, opt_in_time=None)
    world.to_match()

    (one,) = report(world).sessions
    assert (one.asked, one.joined, one.answer_rate, one.join_rate) == (0, 6, None, None)
    assert one.people == 6


def test_the_number_of_questions_does_not_grow(world: World) -> None:
    """Four sessions cost no more statements than one."""

    def statements() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(world.db.engine, "before_cursor_execute", counted)
        report(world)
        event.remove(world.db.engine, "before_cursor_execute", counted)
        return count

    play(world)
    first = statements()
    world.clock.move(days=1)
    play_more(world)
    assert len(report(world).sessions) == 2
    assert statements() == first <= 5


def play_more(world: World) -> None:
    """One more session, in which nobody answers."""
    world.clock.now = world.occurrences()[1].opens_at
    world.run()
    world.clock.now = world.occurrences()[1].match_at + timedelta(minutes=1)
    world.run()


def test_the_numbers_are_sent_once(world: World) -> None:
    """[Send to me], pressed twice at once, sends one message with a chart."""
    play(world, rounds=2)
    for _ in range(2):
        statistics.send(world.db, world.team, 1, actor=ADMIN, key="one press")
        world.run()

    (shown,) = [one for one in world.messenger.to(ADMIN) if "Statistics" in one.wire.text]
    assert [block["type"] for block in shown.wire.blocks][-1] == "data_visualization"
    assert len(world.owed(Kind.STATISTICS)) == 1


def test_other_workspaces_have_no_numbers_here(world: World) -> None:
    """A program and a session are looked up under the workspace that asks."""
    play(world)
    with pytest.raises(NoSuchProgram):
        statistics.of_program(world.db, "T2", 1)
    with pytest.raises(NoSuchSession):
        statistics.of_session(world.db, "T2", 1)
