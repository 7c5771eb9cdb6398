"""Orientations: asked for, taken once, moved to another time by either side, declined, or nobody's."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.vault import KeyVault
from domain.hosted import Done, Presence, Stage
from domain.messages import Kind
from domain.presses import Press
from services import hosted_orientation as orientations
from services import hosted_settings
from services.hosted import Held, hold
from services.hosted_orientation import NoSupport, NotAsked, Passed, Wish
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder, HostedSession
from tests.builders import ADMIN, NOW, TEAM, World

VAULT = KeyVault(["a key for the tests of vaults"])
START = NOW + timedelta(days=3)
ASKER, ONE, TWO = "U1", "U2", "U3"
SUPPORT = [ONE, TWO]


class Request:
    """An orientation that U1 asks U2 and U3 for."""

    def __init__(self, world: World, starts_at: datetime = START) -> None:
        self.world, self.db = world, world.db
        self.key = f"form-{world.key()}"
        self.id = self.ask(starts_at).session_id

    @property
    def now(self) -> datetime:
        return self.world.deps.clock()

    def ask(self, starts_at: datetime = START) -> Done:
        wish = Wish(starts_at, "How do I send invitations?", self.key)
        return orientations.ask(self.db, TEAM, wish, by=ASKER, support=SUPPORT, now=self.now)

    def accept(self, by: str) -> Done:
        chance = self.world.deps.chance
        return orientations.accept(
            self.db, TEAM, self.id, press=Press(), by=by, vault=VAULT, chance=chance, now=self.now
        )

    def suggest(self, by: str, starts_at: datetime) -> Done:
        return orientations.suggest(self.db, TEAM, self.id, starts_at, press=Press(), by=by, now=self.now)

    def decline(self, by: str, note: str = "") -> Done:
        return orientations.decline(self.db, TEAM, self.id, note, press=Press(), by=by, now=self.now)

    def time_passes(self) -> None:
        with self.db.transaction() as tx:
            orientations.come_due(Held(tx, self.db, hold(tx, TEAM, self.id), self.now))

    @property
    def row(self) -> HostedSession:
        with self.db.reading() as tx:
            found = tx.get_one(HostedSession, self.id)
            tx.expunge(found)
            return found

    def told(self) -> list[tuple[str, str]]:
        """Who was told what, in the order of telling."""
        return [(one.recipient, one.params["what"]) for one in self.world.owed(Kind.HOSTED_ORIENTATION)]


@pytest.fixture
def request_(db: Database) -> Request:
    """A request that waits."""
    world = World(db)
    world.read_people()
    return Request(world)


def test_everybody_of_the_support_is_asked_once(request_: Request) -> None:
    """The same form again asks nobody."""
    assert request_.ask() == Done(changed=False, session_id=request_.id)
    assert request_.told() == [(ONE, "asked"), (TWO, "asked")]
    assert request_.row.state == Stage.REQUESTED
    assert request_.row.next_at == START - timedelta(days=1)


def test_the_first_who_takes_it_is_the_host(request_: Request) -> None:
    """The others read who has it; the asker takes part by a link, and is reminded."""
    assert request_.accept(TWO).changed
    late = request_.accept(ONE)

    assert (late.changed, late.said) == (False, f"Taken by <@{TWO}>.")
    assert (request_.row.state, request_.row.host_id) == (Stage.SCHEDULED, TWO)
    assert request_.told()[2:] == [(ASKER, "set"), (TWO, "set")]
    with request_.db.reading() as tx:
        (asker,) = tx.scalars(select(HostedParticipant)).all()
        assert (asker.user_id, asker.state, asker.code_hash) == (ASKER, Presence.ACCEPTED, None)
        assert asker.link_hash
        assert {one.before for one in tx.scalars(select(HostedReminder))} == {1440, 60, 10}


def test_another_time_is_set_once_the_asker_takes_it(request_: Request) -> None:
    """The one who suggested it is the host."""
    later = START + timedelta(hours=2)
    request_.suggest(ONE, later)
    assert request_.told()[-1] == (ASKER, "suggested")

    request_.accept(ASKER)

    assert (request_.row.host_id, request_.row.starts_at) == (ONE, later)


def test_the_asker_may_wish_for_another_time_in_turn(request_: Request) -> None:
    """Then all of the support is asked again, with that time."""
    request_.suggest(ONE, START + timedelta(hours=2))
    wished = START + timedelta(days=1)
    request_.suggest(ASKER, wished)

    assert request_.told()[-2:] == [(ONE, "asked"), (TWO, "asked")]
    assert request_.accept(TWO).changed
    assert (request_.row.host_id, request_.row.starts_at) == (TWO, wished)


def test_it_is_over_when_nobody_is_left_who_could_take_it(request_: Request) -> None:
    """One who declines is asked no more; the last one's note goes to the asker."""
    request_.decline(ONE, "Not my field.")
    assert request_.row.state == Stage.REQUESTED
    with pytest.raises(NotAsked):
        request_.accept(ONE)

    request_.decline(TWO, "I am away.")

    assert (request_.row.state, request_.row.note) == (Stage.CANCELLED, "I am away.")
    assert request_.told()[-1] == (ASKER, "declined")


def test_support_is_reminded_a_day_before_and_the_asker_told_at_the_start(request_: Request) -> None:
    """Each of it once, however often time passes."""
    clock = request_.world.clock
    for _ in range(2):
        request_.time_passes()
    assert len(request_.told()) == 2

    clock.now = START - timedelta(days=1)
    for _ in range(2):
        request_.time_passes()
    assert request_.told()[2:] == [(ONE, "nudge"), (TWO, "nudge")]

    clock.now = START
    for _ in range(2):
        request_.time_passes()
    assert request_.told()[4:] == [(ASKER, "nobody")]
    assert request_.row.state == Stage.CANCELLED


def test_what_is_asked_for_within_a_day_is_not_asked_twice(db: Database) -> None:
    """A second message at once would only annoy."""
    world = World(db)
    world.read_people()
    request = Request(world, NOW + timedelta(hours=20))
    request.time_passes()

    assert request.told() == [(ONE, "asked"), (TWO, "asked")]


def test_nobody_else_decides(request_: Request) -> None:
    """Neither a member nor an administrator who was not asked; nor the asker about their own wish."""
    for other in ("U4", ADMIN, ASKER):
        with pytest.raises(NotAsked):
            request_.accept(other)
        if other != ASKER:
            with pytest.raises(NotAsked):
                request_.suggest(other, START)
        with pytest.raises(NotAsked):
            request_.decline(other)
    assert request_.told() == [(ONE, "asked"), (TWO, "asked")]


def test_times_that_have_passed_are_refused(request_: Request) -> None:
    """When it is asked for, suggested or taken."""
    with pytest.raises(Passed):
        orientations.ask(
            request_.db,
            TEAM,
            Wish(NOW - timedelta(hours=1), "Help", "other"),
            by=ASKER,
            support=[ONE],
            now=NOW,
        )
    with pytest.raises(Passed):
        request_.suggest(ONE, NOW - timedelta(minutes=1))
    request_.world.clock.now = START + timedelta(minutes=1)
    with pytest.raises(Passed):
        request_.accept(ONE)


def test_who_gives_orientations_is_set_by_administrators(db: Database) -> None:
    """A person or a user group; never the asker, nor somebody who has left."""
    world = World(db)
    world.read_people()
    with pytest.raises(NoSupport, match="Ask an administrator"):
        orientations.supporters(world.deps, ASKER)
    with pytest.raises(NoSupport, match="Choose one in My Settings"):
        orientations.supporters(world.deps, ADMIN)

    every = hosted_settings.for_all(db, TEAM)
    hosted_settings.save_for_all(db, TEAM, replace(every, support=ONE), by=ADMIN, now=NOW)
    assert orientations.supporters(world.deps, ASKER) == [ONE]
    with pytest.raises(NoSupport, match="You are the support person yourself"):
        orientations.supporters(world.deps, ONE)
