"""What the organizers' summary says of repeats, after rounds as they are played."""

from sqlalchemy import update

from store.core import Occurrence
from store.database import Database
from tests.builders import ADMIN, World


def played(world: World) -> str:
    """The next session is opened, joined by all and matched; the summary of it."""
    row = min((r for r in world.occurrences() if r.state == "planned"), key=lambda r: r.opens_at)
    world.clock.now = row.opens_at
    world.run()
    world.all_join()
    world.clock.now = row.match_at
    world.run()
    told = (one.words for one in reversed(world.messenger.to(ADMIN)))
    return next(words for words in told if "the groups are made" in words)


def test_the_summary_says_what_is_proven(db: Database) -> None:
    """Four people in pairs: three fresh rounds, and a fourth in which no pairing is without repeats."""
    world = World(db, size=4)
    world.a_series(program={"follow_up_days": 0}, weeks=1)
    for _ in range(3):
        assert "0 repeats: everyone meets somebody new." in played(world)

    fourth = played(world)
    assert "2 repeats; all unavoidable: no pairing that the rules allow has fewer." in fourth
    assert "were together on 17 March 2027" in fourth  # longest ago


def test_enough_people_for_one_group_only_is_said_so(db: Database) -> None:
    """Three people are one group of three, again and again."""
    world = World(db, size=3)
    world.a_series(weeks=1)
    played(world)

    assert "3 repeats; all unavoidable: there are only enough people for one group." in played(world)


def test_of_groups_that_were_changed_nothing_is_claimed(db: Database) -> None:
    """What was proven of the draft says nothing of what an organizer made of it."""
    world = World(db, size=2)
    world.a_series(weeks=1)
    played(world)
    with world.db.transaction() as tx:
        tx.execute(update(Occurrence).values(draft_version=1))

    assert "1 repeat, in groups that an organizer changed." in played(world)
