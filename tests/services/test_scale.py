"""What must not grow with the number of people: statements, and the time that others wait for a lock."""

from collections.abc import Callable

import pytest

from domain.messages import Kind
from services import coffee, work
from store.database import Database
from tests.builders import MATCH, OPT_IN, World
from tests.statements import statements as counted


def a_round_of(db: Database, size: int) -> World:
    """A round that is open for so many people."""
    world = World(db, size=size)
    world.a_series()
    (row,) = world.occurrences()
    coffee.open_round(db, world.team, row.id, chance=world.chance, now=OPT_IN)
    world.clock.now = OPT_IN
    return world


STEPS: dict[str, Callable[[World], object]] = {
    "ask": lambda world: coffee.ask(world.db, world.team, 1, now=OPT_IN),
    "match": lambda world: coffee.match_round(world.db, world.team, 1, now=MATCH),
    "remind": lambda world: coffee.remind(world.db, world.team, 1, now=OPT_IN),
    "cancel": lambda world: world.cancel(1),
    "due": lambda world: work.due(world.db, now=OPT_IN, fresh_after=OPT_IN),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_takes_as_many_statements_for_a_hundred_as_for_four(db: Database, step: str) -> None:
    """No step of a round asks the database once per person."""
    world = a_round_of(db, 100)
    if step != "ask":
        coffee.ask(db, world.team, 1, now=OPT_IN)
    if step == "remind":
        world.remind(1)
    with counted(db) as seen:
        STEPS[step](world)

    assert 0 < len(seen) < 45


def test_all_are_redrawn_at_once(db: Database) -> None:
    """Everybody's message is owed its newest state, and each is owed once."""
    world = a_round_of(db, 30)
    world.run()
    world.to_match()

    assert len(world.owed(Kind.COFFEE_REDRAW)) == 30
    assert all("This session is closed" in world.messenger.to(user)[0].words for user in world.members)
