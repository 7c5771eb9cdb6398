"""The forecast of a program, from its audience and its history as they are stored."""

import pytest
from sqlalchemy import event, update

from domain import forecast as rule
from domain.forecast import Forecast
from services import program_cards
from services.access import Rights
from store.core import Program
from store.database import Database
from tests.builders import ADMIN, World

ALL = Rights(ADMIN, admin=True)


def forecast(world: World, program_id: int) -> Forecast | None:
    """What the program's card says."""
    return program_cards.sheet(world.db, world.team, program_id, ALL).forecast


def played(world: World) -> None:
    """The next session is opened, joined by all, and matched."""
    row = min((r for r in world.occurrences() if r.state == "planned"), key=lambda r: r.opens_at)
    world.clock.now = row.opens_at
    world.run()
    world.all_join()
    world.clock.now = row.match_at
    world.run()


def test_it_counts_down_with_the_rounds(db: Database) -> None:
    """Six people in pairs, weekly: five fresh rounds, until the fifth matching; each takes one away."""
    world = World(db, size=6)
    program_id = world.a_program()
    world.save(program_id, weeks=1)
    dates = [row.match_at for row in world.occurrences()]
    assert forecast(world, program_id) == Forecast(6, 2, 5, 1, dates[4], "Europe/Paris")

    for left in (4, 3):
        played(world)
        assert forecast(world, program_id) == Forecast(6, 2, left, 1, dates[4], "Europe/Paris")


def test_when_nothing_fresh_is_left_it_says_no_date(db: Database) -> None:
    """Two people have met after one round."""
    world = World(db, size=2)
    program_id = world.a_program()
    world.save(program_id, weeks=2)
    played(world)

    assert forecast(world, program_id) == Forecast(2, 2, 0, 2)


def test_a_larger_audience_gives_more(db: Database) -> None:
    """It is computed from whoever is in the audience now; those who left take their meetings along."""
    world = World(db, size=6)
    everybody = world.members
    world.members = everybody[:4]
    world.directory.channels["C1"] = ("coffee", world.members)
    program_id = world.a_program()
    world.save(program_id, weeks=1)
    played(world)
    before = forecast(world, program_id)
    world.directory.channels["C1"] = ("coffee", everybody)
    world.clock.move(days=2)
    world.read_people()
    after = forecast(world, program_id)

    assert (before and before.fresh, after and (after.people, after.fresh)) == (2, (6, 4))


def test_without_a_series_that_goes_on_there_is_no_date(db: Database) -> None:
    """A session that does not repeat, a series that ended, or none at all."""
    world = World(db, size=6)
    program_id = world.a_program()
    assert forecast(world, program_id) == Forecast(6, 2, 5)
    world.save(program_id)
    assert forecast(world, program_id) == Forecast(6, 2, 5)
    world.cancel(world.save(program_id, weeks=1, sure=True))
    assert forecast(world, program_id) == Forecast(6, 2, 5)


def test_nothing_is_said_of_nobody(db: Database) -> None:
    """One person, or an archived program, has no forecast."""
    world = World(db, size=1)
    program_id = world.a_program()
    assert forecast(world, program_id) is None
    world.directory.channels["C2"] = ("tea", ["U1", ADMIN])
    other = world.a_program(name="Tea", channels=("C2",))
    assert forecast(world, other) == Forecast(2, 2, 1)
    with world.db.transaction() as tx:
        tx.execute(update(Program).where(Program.id == other).values(state="archived"))

    assert forecast(world, other) is None


def test_very_many_people_cost_no_look_at_history(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit it says so without reading who met whom."""
    world = World(db, size=6)
    program_id = world.a_program()
    monkeypatch.setattr("services.forecast.MOST_COUNTED", 5)
    monkeypatch.setattr("services.grouping.past", None)  # must not be called

    assert forecast(world, program_id) == Forecast(6, 2, None)
    assert rule.MOST_COUNTED == 2_000


def test_what_is_too_far_away_gets_no_date(db: Database) -> None:
    """106 people in pairs could go on for more than two years, which is said roughly."""
    world = World(db, size=106)
    program_id = world.a_program()
    world.save(program_id, weeks=1)

    assert forecast(world, program_id) == Forecast(106, 2, None)


def test_more_people_cost_no_more_statements(db: Database) -> None:
    """Its statements depend on the rounds, not on the people."""

    def statements(world: World, program_id: int) -> int:
        said: list[str] = []

        def note(*args: object) -> None:
            said.append(str(args[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        forecast(world, program_id)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    world = World(db, size=40)
    many = world.a_program()
    world.directory.channels["C2"] = ("tea", ["U1", "U2"])
    few = world.a_program(name="Tea", channels=("C2",))

    assert statements(world, many) == statements(world, few)
