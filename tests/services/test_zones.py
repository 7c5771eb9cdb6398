"""A new tz database moves instants, never wall times."""

from datetime import timedelta

from sqlalchemy import update

from services import zones
from store.core import Occurrence
from tests.builders import World


def test_planned_sessions_are_resolved_again_under_a_new_tz_database(db):
    """Instants of an older tz database are corrected once and reported; an open session stays as it is."""
    world = World(db)
    series_id = world.an_open_round(weeks=1)
    right = [one.opens_at for one in world.occurrences(series_id)]
    with db.transaction() as tx:
        hour = timedelta(hours=1)
        for one in world.occurrences(series_id):
            moved = {"opens_at": one.opens_at + hour, "opt_in_at": one.opens_at + hour, "tz_version": "2019a"}
            tx.execute(update(Occurrence).where(Occurrence.id == one.id).values(**moved))

    first = zones.resolve_again(db, world.team)
    second = zones.resolve_again(db, world.team)

    opened, *planned = world.occurrences(series_id)
    assert [one.opens_at for one in planned] == right[1:]
    assert opened.opens_at == right[0] + timedelta(hours=1)
    assert len(first) == len(planned)
    assert second == []
