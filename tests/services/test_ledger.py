"""The ledger of a session, and [Send again]: once, under a new key, and never to who must not get it."""

import pytest

from domain.invitations import Answer
from domain.ledger import FAILED, SENT, NothingFailed
from domain.messages import Kind, Verdict
from services import ledger
from services.ledger import Again
from services.series import NoSuchSession
from store.database import Database
from tests.builders import ADMIN, OPT_IN, World, a_person
from tests.plays import Plays
from tests.races import meanwhile


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """Six people, of whom two cannot be messaged."""
    world = World(db, plays=plays)
    world.messenger.fail("post", Verdict.REFUSED, at="U1", reason="cannot_dm_bot")
    world.messenger.fail("post", Verdict.REFUSED, at="U2", reason="messages_tab_disabled")
    world.an_open_round()
    return world


def again(world: World, outbox_id: int = 0, db: Database | None = None) -> Again:
    """An admin presses [Send again]."""
    return ledger.send_again(
        db or world.db, world.team, session(world), outbox_id=outbox_id, actor=ADMIN, now=world.clock()
    )


def session(world: World) -> int:
    """The session's id."""
    return world.occurrences()[0].id


def page(world: World, number: int = 0) -> ledger.Ledger:
    """A page of the ledger, as the admin sees it."""
    return ledger.ledger(world.db, world.team, session(world), page=number, reader=ADMIN)


def test_the_ledger_says_what_became_of_each_message(world: World) -> None:
    """The failed come first, with the reason; what was sent is sent, and nobody claims that it was read."""
    found = page(world)

    assert (found.asked, found.counts) == (6, {FAILED: 2, SENT: 4})
    assert [(entry.people, entry.fate, entry.reason) for entry in found.entries[:2]] == [
        (("Person 1",), FAILED, "cannot_dm_bot"),
        (("Person 2",), FAILED, "messages_tab_disabled"),
    ]
    assert [entry.again for entry in found.entries] == [True, True, False, False, False, False]


def test_the_failed_are_sent_again(world: World) -> None:
    """All of them by one press; a second press finds nothing left."""
    assert again(world) == Again(2, 0)
    with pytest.raises(NothingFailed):
        again(world)
    world.run()

    assert page(world).counts == {SENT: 6}
    assert [len(world.messenger.to(who)) for who in world.members] == [1] * 6
    world.press("U1")
    assert world.states()["U1"] == "accepted"


def test_one_of_them_is_sent_again(world: World) -> None:
    """The others stay as they are."""
    first = page(world).entries[0].outbox_id
    assert again(world, first) == Again(1, 0)
    world.run()

    assert [entry.people for entry in page(world).entries if entry.fate == FAILED] == [("Person 2",)]


def test_what_fails_again_can_be_sent_again(world: World) -> None:
    """Each time under a key of its own."""
    world.messenger.fail("post", Verdict.REFUSED, times=2, at="U1", reason="cannot_dm_bot")
    for _ in range(2):
        again(world)
        world.run()
        assert [entry.people for entry in page(world).entries if entry.fate == FAILED] == [("Person 1",)]
    again(world)
    world.run()

    keys = [row.key for row in world.owed(Kind.COFFEE_OPT_IN)]
    assert len(keys) == len(set(keys))
    assert page(world).counts[SENT] == 6


def test_two_admins_at_once_send_once(world: World, db_url: str) -> None:
    """Whoever is second is told that there is nothing left."""
    results = meanwhile(
        db_url, lambda db: again(world, db=db), before="UPDATE outbox", second=lambda db: again(world, db=db)
    )

    assert {type(one) for one in results} == {Again, NothingFailed}
    world.run()
    assert [len(world.messenger.to(who)) for who in world.members] == [1] * 6


def test_somebody_who_left_gets_nothing(world: World) -> None:
    """The row stays as failed, and the press says so."""
    world.directory.everybody["U1"] = a_person("U1", deleted=True, updated=2)
    world.clock.move(days=1)
    world.run()

    assert again(world).owed == 1
    world.run()
    assert world.messenger.to("U1") == []


def test_nobody_is_asked_after_the_matching(world: World) -> None:
    """A question that could not be delivered is not sent when the session is over."""
    world.all_join(["U3", "U4"])
    world.to_match()

    assert again(world) == Again(0, 2)
    world.run()
    assert not any("Join" in shown.buttons for shown in world.messenger.to("U1"))


def test_whoever_declined_is_not_asked_again(world: World) -> None:
    """A failed reminder to somebody who has answered meanwhile is not owed anew."""
    series_id = world.occurrences()[0].series_id
    again(world)
    world.run()
    world.messenger.fail("post", Verdict.REFUSED, at="U3", reason="cannot_dm_bot")
    world.clock.now = OPT_IN.replace(day=13)
    world.remind(series_id)
    world.run()
    world.press("U3", Answer.DECLINE)
    world.run()

    assert again(world) == Again(0, 1)


def test_a_group_message_is_sent_again(db: Database) -> None:
    """Refused by Slack, sent anew by a press, in the same conversation, once."""
    world = World(db, size=2)
    world.messenger.fail("post", Verdict.REFUSED, at="G-", reason="restricted_action")
    world.an_open_round()
    world.all_join()
    world.to_match()
    assert world.messenger.groups() == []

    assert again(world) == Again(1, 0)
    world.run()

    assert len(world.messenger.groups()) == 1


def test_a_group_that_was_mended_is_not_introduced_twice(db: Database) -> None:
    """Who is left was brought together in another message: the failed one stays failed."""
    world = World(db, size=3)
    world.an_open_round(program={"group_size": 3})
    world.all_join()
    world.messenger.fail("open", Verdict.REFUSED, reason="user_not_found")
    world.messenger.before = lambda method, _: leave(world) if method == "open" else None
    world.to_match()
    assert len(world.messenger.groups()) == 1

    assert again(world) == Again(0, 1)


def leave(world: World) -> None:
    """U3 leaves the workspace, and we do not know it yet."""
    world.directory.everybody["U3"] = a_person("U3", deleted=True, updated=2)


def test_the_ledger_has_pages(db: Database) -> None:
    """Fifteen messages on each; a page that is not there is the last one."""
    world = World(db, size=20)
    world.an_open_round()

    assert (page(world).pages, len(page(world).entries)) == (2, 15)
    assert len(page(world, 1).entries) == 5
    assert page(world, 99).page == 1


def test_a_session_of_another_workspace_is_not_there(world: World) -> None:
    """Neither to be read nor to be sent."""
    with pytest.raises(NoSuchSession):
        ledger.ledger(world.db, "T2", session(world))
    with pytest.raises(NoSuchSession):
        ledger.send_again(world.db, "T2", session(world), actor=ADMIN, now=world.clock())
