"""A break against Join against the cut-off: whoever commits first decides, and nobody is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.invitations import Answer
from domain.members import PauseForm
from services import coffee, invitations, members, people
from store.coffee import SatOut
from store.core import Invitation
from store.database import Database
from tests.builders import CHANNEL, MATCH, OPT_IN, World
from tests.plays import Plays
from tests.races import in_processes, meanwhile
from tests.services.test_processes import on

Work = Callable[[Database], Any]


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Twelve people in #coffee."""
    return World(db, 12, plays=plays)


def pausing(world: World, *users: str, back: bool = False) -> Work:
    """These people take a break, and come back at once."""

    def work(db: Database) -> None:
        for user in users:
            now = world.clock()
            db.retrying(lambda: members.pause(db, world.team, user, PauseForm(good=True), now=now))  # noqa: B023
            if back:
                db.retrying(lambda: members.come_back(db, world.team, user, 0, now=now))  # noqa: B023

    return work


def joining(world: World, *users: str) -> Work:
    """These people press Join."""
    presses = []
    for user in users:
        asked = world.messenger.to(user)[0]
        invitation, _, message = world.value_of(user, asked).partition(".")
        presses.append(
            invitations.Press(int(invitation), int(message), user, Answer.JOIN, asked.channel, asked.ts)
        )

    def work(db: Database) -> None:
        for press in presses:
            try:
                db.retrying(lambda: invitations.record_answer(db, world.team, press, now=world.clock()))  # noqa: B023
            except invitations.AnswerTooLate:
                return

    return work


def leaving(world: World, user: str) -> Work:
    """Somebody leaves #coffee."""
    return lambda db: people.left_channel(
        db, world.team, CHANNEL, user, event_id=f"left-{user}", now=world.clock()
    )


def matching(world: World, occurrence_id: int) -> Work:
    """The cut-off, and the groups."""
    return lambda db: (
        db.retrying(lambda: coffee.match_round(db, world.team, occurrence_id, now=MATCH)) and None
    )


@pytest.mark.parametrize("seed", range(3))
def test_pause_join_and_cut_off_at_once_lose_nobody(world: World, db_url: str, seed: int) -> None:
    """Whoever is counted as joined is in one group or told why; whoever is withdrawn is in none."""
    world.an_open_round()
    (row,) = world.occurrences()
    users = world.members[seed:] + world.members[:seed]
    world.all_join(users[6:9])

    in_processes(
        [
            on(db_url, joining(world, *users[:6])),
            on(db_url, pausing(world, *users[3:9])),
            on(db_url, pausing(world, *users[4:7], back=True)),
            on(db_url, matching(world, row.id)),
        ]
    )

    with world.db.reading() as tx:
        out = set(tx.scalars(select(SatOut.user_id)))
        states = dict(tx.execute(select(Invitation.user_id, Invitation.state)).all())
    placed = [user for group in world.groups() for user in group]
    assert len(placed) == len(set(placed))
    assert all(len(group) > 1 for group in world.groups())
    assert set(states.values()) <= {"accepted", "expired", "withdrawn"}
    assert not set(placed) & {user for user, state in states.items() if state != "accepted"}
    assert {user for user, state in states.items() if state == "accepted"} <= set(placed) | out


def test_many_breaks_and_returns_at_once_end_as_the_last_one_said(world: World, db_url: str) -> None:
    """Four processes, the same people, in different orders: no one waits for another for ever."""
    world.an_open_round()
    users = world.members
    works = [
        pausing(world, *users, back=True),
        pausing(world, *reversed(users), back=True),
        joining(world, *users),
        pausing(world, *users[6:], *users[:6], back=True),
    ]
    in_processes([on(db_url, work) for work in works])
    for user in users:
        members.come_back(world.db, world.team, user, 0, now=world.clock())

    assert set(world.states().values()) <= {"accepted", "pending"}


@pytest.mark.parametrize("how", ["leaves", "pauses"])
def test_whoever_goes_while_everybody_is_asked_is_not_left_waiting(
    world: World, db_url: str, how: str
) -> None:
    """Asking holds the session: they are found by it, and then let go."""
    world.a_series()
    (row,) = world.occurrences()
    world.clock.now = OPT_IN
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    going = leaving(world, "U1") if how == "leaves" else pausing(world, "U1")

    meanwhile(
        db_url,
        lambda db: coffee.ask(db, world.team, row.id, now=OPT_IN),
        before="INSERT INTO invitation",
        second=going,
    )

    world.clock.now = OPT_IN + timedelta(minutes=1)
    world.run()
    assert world.states().get("U1", "withdrawn") == "withdrawn"
    assert not any("Join" in shown.buttons for shown in world.messenger.to("U1"))


def test_a_break_that_comes_with_the_cut_off_is_decided_once(world: World, db_url: str) -> None:
    """The cut-off commits first: the answer stands, and they are in a group or told why they are in none."""
    world.an_open_round()
    world.all_join()
    (row,) = world.occurrences()

    meanwhile(
        db_url,
        matching(world, row.id),
        before="UPDATE occurrence",
        second=pausing(world, "U1"),
    )

    with world.db.reading() as tx:
        out = set(tx.scalars(select(SatOut.user_id)))
    placed = {user for group in world.groups() for user in group}
    assert world.states()["U1"] == "accepted"
    assert ("U1" in placed) is not ("U1" in out)
    assert len(placed) >= 11
