"""After a new key everything can be read and found with it alone; and it may be run again at any moment."""

from typing import Any

import pytest
from sqlalchemy import event, select

from bot.vault import KeyVault
from domain.billing import Fee
from domain.hosted import Channel, Kind, NewParticipant, NewSession
from services import hosted_codes, hosted_keys, hosted_sessions, hosted_stops
from services.bill_keys import Rotated
from services.hosted import changing, let_codes_die
from store.database import Database
from store.hosted import HostedParticipant
from store.payments import Bill
from tests.builders import NOW, World
from tests.races import meanwhile

OLD, NEW = KeyVault(["the key of last year"]), KeyVault(["the key of this year"])
BOTH = KeyVault(["the key of this year", "the key of last year"])
PHONE = "+15145550123"
FEE = Fee(1, "Coaching", 4000, "USD")


def book(world: World, form: str, people: int, vault: KeyVault = OLD) -> None:
    """Book a session for people of whom each pays."""
    new = NewSession(
        kind=Kind.SCHEDULED, starts_at=NOW.replace(hour=20), minutes=50, zone="Europe/Paris", key=form,
        people=tuple(
            NewParticipant(f"Guest {n}", Channel.NONE, "", "Europe/Paris", f"{form}.{n}", fee=FEE)
            for n in range(people)
        ),
    )  # fmt: skip
    hosted_sessions.save(
        world.db, world.team, new, host="U1", vault=vault, chance=world.chance, now=world.clock()
    )


@pytest.fixture
def world(db: Database) -> World:
    """Three sessions of last year's key, and somebody who wants no texts."""
    world = World(db)
    for number in range(3):
        book(world, f"form-{number}", 2)
    hosted_stops.stop(db, world.team, OLD, PHONE, NOW)
    return world


def found(world: World, vault: KeyVault) -> list[tuple[Any, ...]]:
    """Everything that is sealed, read and found again with this vault."""
    with world.db.reading() as tx:
        people = tx.scalars(select(HostedParticipant).order_by(HostedParticipant.id)).all()
        keys = {one.id: one.key for one in people}
        bills = tx.scalars(select(Bill).order_by(Bill.id)).all()
        rows: list[tuple[Any, ...]] = []
        for one in people:
            code, token = hosted_codes.code(vault, one), hosted_codes.token(vault, one)
            by_token = hosted_codes.by_token(tx, world.team, vault, token)
            assert by_token is not None
            rows.append((code, token, by_token.id, one.code_hash in vault.marks(code, "code")))
        for bill in bills:
            token = vault.unseal(bill.link_sealed, f"pay {keys[bill.participant_id]}")
            rows.append((token, bill.link_hash in vault.marks(token, "pay")))
        rows.append((hosted_stops.stopped(tx, vault, PHONE),))
        return rows


def test_the_new_key_alone_is_enough_afterwards(world: World) -> None:
    """Codes, links, pay links and stopped numbers are what they were; a second time changes nothing."""
    before = found(world, OLD)
    book(world, "newer", 1, BOTH)

    assert hosted_keys.rotate(world.db, BOTH, batch=2) == Rotated(changed=6 + 6 + 1)
    assert found(world, NEW)[:6] == before[:6]
    assert found(world, NEW)[7:13] == before[6:12]
    assert found(world, NEW)[-1] == before[-1] == (True,)
    assert hosted_keys.rotate(world.db, NEW, batch=2) == Rotated()


def test_what_is_sealed_with_a_lost_key_is_counted_and_left(world: World) -> None:
    """Nothing is destroyed: with the key it can be read again."""
    before = found(world, OLD)

    assert hosted_keys.rotate(world.db, NEW) == Rotated(unreadable=6 + 6 + 1)
    assert found(world, OLD) == before
    assert hosted_keys.rotate(world.db, BOTH) == Rotated(changed=6 + 6 + 1)


class Killed(BaseException):
    """The process is gone."""


def test_it_goes_on_where_it_was_killed(world: World) -> None:
    """Between the batches both keys are needed, and both are there."""
    before = found(world, OLD)
    commits: list[object] = []

    def die(_connection: object) -> None:
        commits.append(None)
        if len(commits) == 2:
            raise Killed

    event.listen(world.db.engine, "commit", die)
    try:
        with pytest.raises(Killed):
            hosted_keys.rotate(world.db, BOTH, batch=1)
    finally:
        event.remove(world.db.engine, "commit", die)
    world.db.engine.dispose()

    assert found(world, BOTH) == before
    assert hosted_keys.rotate(world.db, BOTH, batch=1).changed > 0
    assert found(world, NEW) == before


def test_somebody_who_stops_again_meanwhile_is_stopped_once(world: World) -> None:
    """A row under each key becomes one."""
    hosted_stops.stop(world.db, world.team, NEW, PHONE, NOW)

    hosted_keys.rotate(world.db, BOTH)
    assert hosted_stops.start(world.db, world.team, NEW, PHONE)
    with world.db.reading() as tx:
        assert not hosted_stops.stopped(tx, BOTH, PHONE)


def test_a_code_that_dies_meanwhile_stays_dead(world: World, db_url: str) -> None:
    """Whoever wipes it waits for the new key, or the new key for them; in no order does a code come back."""
    with world.db.reading() as tx:
        session_id = tx.scalars(select(HostedParticipant.session_id).order_by(HostedParticipant.id)).first()

    def wipe(db: Database) -> None:
        with changing(db, world.team, int(session_id or 0), now=world.clock()) as held:
            let_codes_die(held)

    def rotate(db: Database) -> None:
        hosted_keys.rotate(db, BOTH)

    for before, first, second in (
        ("UPDATE hosted_participant", rotate, wipe),
        ("UPDATE hosted_participant", wipe, rotate),
    ):
        assert meanwhile(db_url, first, before=before, second=second) == (None, None)
        with world.db.reading() as tx:
            mine = select(HostedParticipant).where(HostedParticipant.session_id == session_id)
            assert {(one.code_hash, one.code_sealed) for one in tx.scalars(mine)} == {(None, "")}
            assert all(one.link_hash for one in tx.scalars(mine))
