"""A dry run: exactly the groups that the round would make, for whoever may see them, and nothing kept."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from domain.dry_runs import DryRun, NotNow
from domain.invitations import Answer
from domain.messages import Kind, Outcome, Verdict
from services import dry_runs
from store.base import Base
from store.core import Occurrence
from store.database import Database
from store.outbox import Outbox
from store.people import Owner
from tests.builders import ADMIN, World
from tests.plays import Plays


def session(world: World) -> Occurrence:
    """The session that is open, or else the one planned next."""
    live = [row for row in world.occurrences() if row.state in ("open", "planned")]
    return min(live, key=lambda row: row.match_at)


def opened(world: World) -> None:
    """The next session opens."""
    world.clock.now = session(world).opens_at
    world.run()


def matched(world: World) -> list[set[str]]:
    """The session that is open is matched; its groups."""
    before = world.groups()
    world.clock.now = session(world).match_at
    world.run()
    return world.groups()[len(before) :]


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A weekly program for seven people, who have met twice; its third session is open."""
    world = World(db, size=7, plays=plays)
    world.recall(met_twice)
    return world


def met_twice(world: World) -> None:
    """Two sessions take place, and the third one opens."""
    world.a_series(weeks=1)
    for _ in range(2):
        opened(world)
        world.all_join()
        matched(world)
    opened(world)


def dry(world: World, page: int = 0) -> DryRun:
    """What the job makes of it."""
    asked = dry_runs.start(world.db, world.team, session(world).id, page=page)
    assert asked.found is None
    return dry_runs.make(world.db, world.team, asked, now=world.clock())


def ask(world: World, key: str = "V1-0", **more: Any) -> bool:
    """Press [Dry run]."""
    asked = dry_runs.start(world.db, world.team, session(world).id)
    how = {"modal": "V1", "actor": ADMIN, "admin": True, **more}
    return dry_runs.ask(world.db, world.team, asked, key=key, **how)


def rows(world: World) -> dict[str, int]:
    """How many rows each table has."""
    with world.db.reading() as tx:
        return {
            name: tx.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def text(view: dict[str, Any]) -> str:
    """A view on one line."""
    return json.dumps(view, ensure_ascii=False)


@pytest.mark.parametrize("joined", [7, 6, 3])
def test_the_round_gives_exactly_the_groups_of_the_dry_run(world: World, joined: int) -> None:
    """With the same answers, the same people are in the same groups, and as many meet again."""
    world.all_join(world.members[:joined])
    found = dry(world).found
    assert found is not None
    shown = [{name.replace("Person ", "U") for name in line.people} for line in found.lines]

    assert shown == matched(world)
    told = world.told(ADMIN)
    assert (f"{found.repeats} repeat" in told) or found.repeats == 0
    assert found.people == joined
    assert found.groups == len(shown)


def test_the_rules_of_the_program_hold_in_a_dry_run_too(db: Database) -> None:
    """People far apart are kept apart where the owner says so, as in the round."""
    world = World(db, size=8)
    for user_id in world.members[::2]:
        person = world.directory.everybody[user_id]
        world.directory.everybody[user_id] = replace(person, tz="Asia/Tokyo")
    world.a_series(program={"rules": ("hours-6",)})
    opened(world)
    world.all_join()
    found = dry(world).found
    assert found is not None
    shown = [{name.replace("Person ", "U") for name in line.people} for line in found.lines]

    assert all(group <= set(world.members[::2]) or group <= set(world.members[1::2]) for group in shown)
    assert shown == matched(world)


def test_answers_that_still_come_in_change_it(world: World) -> None:
    """Nobody has joined, then four have, then one of them declines."""
    assert dry(world).found == dry(world).found
    nobody = dry(world).found
    assert nobody is not None
    assert (nobody.groups, nobody.people) == (0, 0)
    world.all_join(["U1", "U2", "U3", "U4"])
    four = dry(world).found
    assert four is not None
    assert (four.groups, four.people) == (2, 4)

    world.press("U4", Answer.CHANGE)
    world.press("U4", Answer.DECLINE)
    three = dry(world).found
    assert three is not None
    assert (three.groups, three.people) == (1, 3)


def test_who_meets_again_is_told_with_the_rounds_since(world: World) -> None:
    """Three people who were all in the two rounds before: somebody meets again, and it says when they met."""
    again = world.groups()[-1]
    world.all_join(sorted(again))
    found = dry(world).found

    assert found is not None
    assert found.repeats >= 1
    assert found.unavoidable == found.repeats  # there is one group only
    assert [one.ago for line in found.lines for one in line.again].count(1) >= 1
    assert {one.first for line in found.lines for one in line.again} <= set(found.lines[0].people)


def test_who_would_sit_out_is_named_with_the_reason(db: Database) -> None:
    """Where the program lets those left over sit out, the one whose turn it is is named."""
    world = World(db, size=5)
    world.a_series(program={"leftover": "sit_out"}, weeks=1)
    opened(world)
    world.all_join()
    found = dry(world).found

    assert found is not None
    (out,) = found.without
    assert (out.count, len(out.names), out.reason != "") == (1, 1, True)
    assert out.names[0] not in [name for line in found.lines for name in line.people]


def test_where_nobody_is_asked_a_planned_session_can_be_tried(db: Database) -> None:
    """Its groups come from today's audience, and are those that it gets."""
    world = World(db, size=6)
    world.a_series(program={"opt_in": "off"}, weeks=1, opt_in_date=None, opt_in_time=None)
    run = dry(world)
    assert (run.asks_first, session(world).state) == (False, "planned")
    assert run.found is not None
    shown = [{name.replace("Person ", "U") for name in line.people} for line in run.found.lines]

    assert shown == matched(world)


def test_a_session_that_is_not_open_has_none(world: World) -> None:
    """Before it asks nothing is known, and afterwards it is too late; one that closed meanwhile says so."""
    planned = [row.id for row in world.occurrences() if row.state == "planned"]
    asked = dry_runs.start(world.db, world.team, session(world).id)
    matched(world)

    for occurrence_id in (planned[-1], asked.occurrence_id):
        with pytest.raises(NotNow):
            dry_runs.start(world.db, world.team, occurrence_id)
    late = dry_runs.make(world.db, world.team, asked, now=world.clock())
    assert late.found is None
    assert "closed by now" in late.problem


def test_the_job_fills_the_modal_and_keeps_nothing(world: World) -> None:
    """One row is owed however often the press comes; after it nothing else has changed."""
    world.all_join()
    world.run()
    before = rows(world)
    assert [ask(world), ask(world), ask(world, key="V1-1")] == [True, False, True]
    world.drain()
    after = rows(world)

    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "outbox": 2
    }
    assert world.outbox_states(Kind.DRY_RUN) == {"sent"}
    first, second = world.modals.shown["V1"]
    assert first == second
    assert "3 groups of 7 people" in text(first)
    assert "Nothing is sent, nothing is kept" in text(first)


def test_it_is_drawn_again_until_slack_takes_it(world: World) -> None:
    """An answer that was lost, or a moment of being throttled, costs time only."""
    world.modals.outcomes += [Outcome(Verdict.UNKNOWN), Outcome(Verdict.LATER, retry_after=1.0)]
    ask(world)
    for _ in range(3):
        world.drain()
        world.leases_run_out()

    assert len(world.modals.shown["V1"]) == 1


def test_somebody_who_lost_the_program_sees_nothing(world: World) -> None:
    """Rights are looked at once more before it is drawn."""
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=session(world).program_id, user_id="U1"))
    ask(world, actor="U1", admin=False)
    with world.db.transaction() as tx:
        tx.execute(delete(Owner).where(Owner.user_id == "U1"))
    world.drain()

    assert world.modals.shown == {}
    assert world.outbox_states(Kind.DRY_RUN) == {"skipped"}


def test_no_transaction_is_open_while_it_matches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press is recorded while the groups are being made: nothing waits for them."""
    made = dry_runs.coffee.matched

    def slowly(*args: Any, **how: Any) -> Any:
        world.press("U1")
        return made(*args, **how)

    monkeypatch.setattr(dry_runs.coffee, "matched", slowly)
    ask(world)
    world.drain()

    assert world.states()["U1"] == "accepted"
    assert len(world.modals.shown["V1"]) == 1


def test_pages_hold_ten_groups(db: Database) -> None:
    """Each group stands on one page; a page beyond the last is the last."""
    world = World(db, size=45)
    world.an_open_round()
    world.all_join()
    pages = [dry(world, number) for number in (0, 1, 2, 9)]

    assert [len(run.found.lines) if run.found else 0 for run in pages] == [10, 10, 2, 2]
    assert [run.pages for run in pages] == [3, 3, 3, 3]
    assert pages[3] == pages[2]
    numbers = [line.number for run in pages[:3] if run.found for line in run.found.lines]
    assert numbers == list(range(22))


def test_the_outbox_remembers_no_names(world: World) -> None:
    """What is kept of a dry run is who asked for which page of which session."""
    world.all_join()
    ask(world)
    world.drain()
    with world.db.reading() as tx:
        (row,) = tx.scalars(select(Outbox).where(Outbox.kind == Kind.DRY_RUN))

    assert row.params == {"modal": "V1", "page": 0, "admin": True}
    assert row.users == []
