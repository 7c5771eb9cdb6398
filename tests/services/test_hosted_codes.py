"""Access codes are found, counted when they are wrong, and never guessed."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bot.vault import KeyVault
from domain.access_codes import TOO_MANY, UNKNOWN
from domain.hosted import code_dies
from domain.messages import Kind
from services import hosted_codes, hosted_sessions
from services.hosted_codes import Found, Shut
from store.database import Database
from store.hosted import HostedParticipant, WrongCode
from store.outbox import Outbox
from tests.builders import ADMIN, NOW, TEAM, World
from tests.guests import HOST, KEY, STARTS, Doorstep

MINUTE = timedelta(minutes=1)
WRONG = "000-000-000"


@pytest.fixture
def step(db):
    """A door with one guest, and five people of the workspace known."""
    found = Doorstep(World(db))
    found.world.run()
    return found


@pytest.fixture
def quick(sqlite_copies):
    """The same on the quicker database, for what only needs many tries."""
    found = Doorstep(World(Database(sqlite_copies.fresh())))
    found.world.run()
    return found


def typed(step, code, source="192.0.2.1", *, now=NOW, shut=None):
    """Type a code."""
    return hosted_codes.find(step.world.db, TEAM, step.vault, code, source, now=now, shut=shut)


def wrong_tries(step):
    """How many wrong tries were counted."""
    with step.world.db.reading() as tx:
        return tx.scalar(select(func.count()).select_from(WrongCode))


def alarms(step):
    """Who is told of wrong codes."""
    with step.world.db.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == Kind.HOSTED_ALARM))
        return [(row.recipient, row.params["what"]) for row in rows]


def test_a_code_leads_to_its_guest_and_nobody_else(step):
    """However it is written; the token is that of the guest's link."""
    joey, ann = step.book("Joey P.", "Ann")

    assert typed(step, joey.code) == Found(joey.id, joey.token)
    assert typed(step, ann.code) == Found(ann.id, ann.token)
    with step.world.db.reading() as tx:
        row = tx.get(HostedParticipant, joey.id)
        assert hosted_codes.link(step.reach, row).endswith(f"/join/{joey.token}")


def test_a_code_works_until_two_hours_after_the_end(step):
    """To the second; and one of a cancelled session, or of somebody removed, reads as if it never was."""
    (joey,) = step.book()
    (ann,) = step.book("Ann")
    dies = code_dies(STARTS, 50)

    assert typed(step, joey.code, now=dies).participant_id == joey.id
    assert typed(step, joey.code, now=dies + timedelta(seconds=1)) == Found(problem=UNKNOWN)
    hosted_sessions.cancel(step.world.db, TEAM, ann.session_id, by=HOST, now=NOW)
    assert typed(step, ann.code) == typed(step, "123456780") == Found(problem=UNKNOWN)
    step.change(HostedParticipant, joey.id, removed_at=NOW)
    assert typed(step, joey.code) == Found(problem=UNKNOWN)


def test_what_is_no_code_is_no_try(step):
    """Eight digits, or a letter: said as it is, as often as it is typed."""
    for _ in range(9):
        assert typed(step, "12345678").problem == "A code has 9 digits; you typed 8."
        assert typed(step, "12345678a").problem == "A code has digits only."
    assert wrong_tries(step) == 0


def test_after_five_wrong_ones_even_a_right_code_waits_ten_minutes(step):
    """And not a second longer; tries while one waits count for nothing, and others are not held up."""
    (joey,) = step.book()
    for _ in range(5):
        assert typed(step, WRONG) == Found(problem=UNKNOWN)

    for minutes in range(10):
        assert typed(step, joey.code, now=NOW + minutes * MINUTE) == Found(problem=TOO_MANY, wait=True)
    last = NOW + 10 * MINUTE - timedelta(seconds=1)
    assert typed(step, joey.code, now=last).wait
    assert typed(step, joey.code, "192.0.2.2", now=last).participant_id == joey.id
    assert typed(step, joey.code, now=NOW + 10 * MINUTE).participant_id == joey.id


def test_a_right_code_forgives_its_address_but_not_all_of_them(step):
    """Whoever has one code could else guess others without end."""
    (joey,) = step.book()
    shut, tries = Shut(), 0
    for number in range(1, 400):
        tries += typed(step, WRONG, shut=shut) == Found(problem=UNKNOWN)
        if number % 4 == 0:
            typed(step, joey.code, shut=shut)

    assert tries == 200
    assert wrong_tries(step) == 200


def test_two_hundred_wrong_ones_shut_the_door_for_all_for_ten_minutes(step):
    """Administrators hear of it once, and not again while it goes on."""
    (joey,) = step.book()
    for number in range(200):
        assert typed(step, WRONG, f"198.51.100.{number}") == Found(problem=UNKNOWN)

    assert typed(step, joey.code, "203.0.113.9") == Found(problem=TOO_MANY, wait=True)
    assert alarms(step) == [(ADMIN, "codes")]
    assert typed(step, joey.code, "203.0.113.9", now=NOW + 10 * MINUTE).participant_id == joey.id
    for number in range(200):
        typed(step, WRONG, f"198.51.100.{number}", now=NOW + 11 * MINUTE)
    assert typed(step, joey.code, "203.0.113.9", now=NOW + 11 * MINUTE).wait
    assert alarms(step) == [(ADMIN, "codes")]


def test_of_fifty_at_once_five_are_compared(step):
    """Each is counted before the next one is compared, whatever arrives together."""
    step.book()

    with ThreadPoolExecutor(16) as many:
        found = list(many.map(lambda n: typed(step, f"{n:09d}"), range(50)))

    assert sum(not one.wait for one in found) == 5
    assert wrong_tries(step) == 5


def compared(step):
    """Count how many tries are compared with codes: what is asked of the database."""
    seen = []

    @event.listens_for(step.world.db.engine, "before_cursor_execute")
    def _asked(_conn, _cursor, statement, _params, _context, _many):
        if "code_hash IN" in statement:
            seen.append(statement)

    return seen


SOURCES = {
    "one network of IPv6": lambda n: f"2001:db8:1:2::{n >> 16:x}:{n & 0xFFFF:x}",
    "a thousand addresses": lambda n: f"10.0.{n % 1000 // 250}.{n % 250}",
}


@pytest.mark.parametrize(("source", "most"), list(zip(SOURCES, (5, 200), strict=True)))
def test_a_hundred_thousand_tries_at_once_let_nobody_in(quick, source, most):
    """Every right code is among them, again and again, from the first one on that may not be compared."""
    step = quick
    guests = step.book(*(f"Guest {n}" for n in range(20)))
    right, shut, asked = [guest.code for guest in guests], Shut(), compared(step)
    chance = random.Random(1)

    inside = 0
    for number in range(100_000):
        code = right[number % 20] if number >= most else f"{chance.randrange(10**9):09d}"
        inside += typed(step, code, SOURCES[source](number), shut=shut).participant_id > 0

    assert inside == 0
    assert len(asked) == most
    with step.world.db.reading() as tx:
        there = [hosted_codes.by_token(tx, TEAM, step.vault, guest.token).id for guest in guests]
    assert there == [guest.id for guest in guests]
    honest = typed(step, right[0], "203.0.113.9", shut=shut)
    assert honest.wait == (most == 200)
    later = typed(step, right[0], SOURCES[source](0), now=NOW + 10 * MINUTE, shut=shut)
    assert later.participant_id == guests[0].id


def test_a_hundred_thousand_tries_in_an_hour_let_nobody_in_either(quick):
    """From a thousand addresses: in no ten minutes more than two hundred are compared."""
    (joey,) = quick.book()
    shut, asked, inside = Shut(), compared(quick), []
    for number in range(100_000):
        now = NOW + timedelta(hours=1) * (number / 100_000)
        code = f"{(int(joey.code) + 1 + number) % 10**9:09d}"
        inside.append(typed(quick, code, SOURCES["a thousand addresses"](number), now=now, shut=shut))

    assert not any(found.token for found in inside)
    assert len(asked) == 6 * 200
    assert alarms(quick) == [(ADMIN, "codes")]
    honest = typed(quick, joey.code, "203.0.113.9", now=now + 10 * MINUTE, shut=shut)
    assert honest.participant_id == joey.id


def test_codes_are_drawn_until_one_is_free(step):
    """A code that is somebody's, stored or about to be, is never given to another."""
    joey, ann = step.book("Joey", "Ann")
    free = ["123123123", ann.code, joey.code, joey.code]

    class Stubborn:
        def code(self):
            return free.pop()

        token = step.world.deps.chance.token

    with step.world.db.transaction() as tx:
        row = tx.get(HostedParticipant, joey.id)
        old, link = row.code_hash, row.link_hash
        assert hosted_codes.issue(tx, step.vault, Stubborn(), row, STARTS) == "123123123"
        assert row.code_hash != old
        assert row.link_hash == link


def test_a_new_key_seals_codes_and_links_anew(step):
    """Old ones are found under either key, and read with the new one alone afterwards."""
    (joey,) = step.book()
    both, new = KeyVault(["the new key of tests", KEY]), KeyVault(["the new key of tests"])

    assert hosted_codes.find(step.world.db, TEAM, both, joey.code, "", now=NOW).token == joey.token
    with step.world.db.transaction() as tx:
        row = tx.get(HostedParticipant, joey.id)
        assert hosted_codes.reseal(tx, both, row)
        assert not hosted_codes.reseal(tx, both, row)
    assert hosted_codes.find(step.world.db, TEAM, new, joey.code, "", now=NOW).token == joey.token
