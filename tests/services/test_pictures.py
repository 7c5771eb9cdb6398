"""The picture of the planning on its way: once where that can be known, and only to whoever may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from domain import facts
from domain.files import File
from domain.messages import Kind, Outcome, Verdict
from domain.planning import LIST, Look
from jobs import outbox
from services import pictures
from services.access import Rights
from store.core import PersonRow
from store.database import Database
from store.outbox import Outbox
from store.people import Owner
from tests.builders import ADMIN, World
from tests.plays import Plays

ALL = Rights(ADMIN, admin=True)


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A weekly session in March."""
    world = World(db, plays=plays)
    world.recall(planned)
    return world


def planned(world: World) -> None:
    """Save a series, and say so."""
    world.a_series(weeks=1)
    world.run()


def asked(world: World, rights: Rights = ALL, key: str = "view-1", **look: object) -> bool:
    """Press [Picture]."""
    return pictures.ask(world.db, world.team, rights, Look(**look), key=key)  # type: ignore[arg-type]


def test_a_press_owes_one_picture(world: World) -> None:
    """The same press told twice is one picture; another press is another."""
    assert [asked(world), asked(world), asked(world, key="view-2")] == [True, False, True]
    world.run()

    assert len(world.uploader.files) == 2


def test_a_list_is_sent_as_the_month_it_is_in(world: World) -> None:
    """Whoever looks at the list gets the calendar of this month."""
    asked(world, view=LIST)
    world.run()

    assert [file.name for _, file, _ in world.uploader.files] == ["planning-2027-03.png"]


def test_the_picture_shows_what_is_true_when_it_is_sent(world: World) -> None:
    """A session cancelled after the press is crossed out."""
    asked(world)
    world.cancel(1)
    world.run()

    assert "~Coffee opt-in 09:00~" in world.uploader.files[0][2]


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.LATER])
def test_a_picture_whose_fate_is_unknown_comes_once_more(world: World, verdict: Verdict) -> None:
    """A file carries no key to look it up by; a second picture harms nobody, a missing one does."""
    world.uploader.outcomes.append(Outcome(verdict, reason="lost"))
    asked(world)
    world.run()
    assert world.uploader.files == []
    world.leases_run_out()
    world.run()
    world.run()

    assert len(world.uploader.files) == 1
    assert world.outbox_states(Kind.PLANNING_PICTURE) == {"sent"}


def test_a_refused_picture_comes_as_text(world: World) -> None:
    """Without the scope for files the month is told in words, which hold all that the picture shows."""
    world.uploader.outcomes.append(Outcome(Verdict.REFUSED, reason="missing_scope (files:write)"))
    asked(world)
    world.run()

    assert world.outbox_states(Kind.PLANNING_PICTURE) == {"sent"}
    assert "Coffee opt-in 09:00" in world.messenger.to(ADMIN)[-1].wire.text


def test_somebody_who_owns_no_program_any_more_gets_nothing(world: World) -> None:
    """Rights are looked at once more before it is sent."""
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=1, user_id="U1"))
    asked(world, Rights("U1", admin=False, owned=frozenset({1})))
    with world.db.transaction() as tx:
        tx.execute(delete(Owner))
    world.run()

    assert world.uploader.files == []
    assert world.outbox_states(Kind.PLANNING_PICTURE) == {"skipped"}


def test_a_deactivated_person_gets_nothing(world: World) -> None:
    """Whoever left between the press and the picture is left alone."""
    asked(world)
    with world.db.transaction() as tx:
        tx.execute(update(PersonRow).where(PersonRow.user_id == ADMIN).values(deleted=True))
    world.run()

    assert world.uploader.files == []


def test_a_picture_that_takes_longer_than_a_lease_is_painted_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease that ran out meanwhile is taken anew, and what was painted is sent."""
    painted = []

    def slowly(told: facts.Facts) -> File:
        painted.append(told)
        with world.db.transaction() as tx:  # as if a minute went by
            past = world.db.instant(tx) - timedelta(minutes=1)
            tx.execute(update(Outbox).where(Outbox.state == "leased").values(lease_until=past))
        return File("a.png", b"a picture", "A picture")

    monkeypatch.setattr(outbox, "make_file", slowly)
    asked(world)
    world.run()

    assert len(painted) == 1
    assert [file.name for _, file, _ in world.uploader.files] == ["a.png"]
