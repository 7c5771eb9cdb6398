"""Each change by an admin leaves a row that says who did what, and to what."""

from datetime import date

import pytest
from sqlalchemy import select

from domain.errors import Refusal
from services.audit import NOBODY
from store.core import Audit
from store.database import Database
from tests.builders import ADMIN, World


def test_changes_by_admins_are_noted(db: Database) -> None:
    """Create, schedule, edit, remind and cancel are one row each, however often they are told."""
    world = World(db)
    program = world.a_program()
    series_id = world.save(program, key="save")
    world.save(program, key="save")
    world.save(program, series_id=series_id, opt_in_date=date(2027, 3, 12), match_date=date(2027, 3, 18))
    world.clock.now = world.occurrences()[0].opens_at
    world.run()
    world.remind(series_id, key="remind")
    world.remind(series_id, key="remind")
    world.cancel(series_id)
    with pytest.raises(Refusal):
        world.cancel(series_id)

    with db.reading() as tx:
        rows = tx.scalars(select(Audit).where(Audit.actor != NOBODY).order_by(Audit.id)).all()
    assert [(row.action, row.subject) for row in rows] == [
        ("program.created", f"program {program}"),
        ("session.scheduled", f"series {series_id}"),
        ("session.edited", f"series {series_id}"),
        ("reminder.planned", f"series {series_id}"),
        ("session.cancelled", f"series {series_id}"),
    ]
    assert {(row.actor, row.team_id) for row in rows} == {(ADMIN, "T1")}
    assert rows[-1].at == world.clock()


def test_answers_are_not_noted(db: Database) -> None:
    """What members answer is theirs: no row of the audit says it."""
    world = World(db)
    world.an_open_round()
    world.all_join()
    with db.reading() as tx:
        assert {row.actor for row in tx.scalars(select(Audit))} == {ADMIN, NOBODY}
