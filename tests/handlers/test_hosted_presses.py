"""Buttons in messages of hosted sessions: what a host and a colleague press in their conversations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted import Channel, Presence, Stage
from domain.messages import Kind
from store.database import Database
from store.outbox import Outbox
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.hosted_door import HostDoor
from tests.hosting import DANA, OMAR, START, Hosting, somebody

COLLEAGUE = "U3"
ROOM = "https://meet.example.com/dana"


@pytest.fixture
def door(sqlite_copies: Copies, tiny_slack: TinySlack) -> HostDoor:
    """Dana hosts, and nobody is booked yet."""
    return HostDoor(Hosting(Database(sqlite_copies.fresh())), tiny_slack)


def invited(door: HostDoor) -> tuple[int, int]:
    """A session with a colleague, who has the invitation; the session and the participant."""
    session = door.hosting.book(somebody(3, Channel.SLACK), room=ROOM)
    door.hosting.pass_by(minutes=1)
    return session, door.hosting.joey(session).id


def newest(door: HostDoor, who: str) -> str:
    """What the newest message to somebody says."""
    return door.world.messenger.to(who)[-1].words


# --- A colleague who takes part ------------------------------------------------------------------------


def test_a_colleague_answers_in_the_invitation(door: HostDoor) -> None:
    """It is stored, the host hears of it, and the message shows the answer."""
    session, one = invited(door)
    value = door.message_to(COLLEAGUE, one)
    door.in_message(Ids.ACCEPT, value, user=COLLEAGUE)
    assert door.hosting.joey(session).state == Presence.ACCEPTED
    door.world.run()
    assert "Client 3 accepted." in newest(door, DANA)
    door.in_message(Ids.DECLINE, value, user=COLLEAGUE)
    assert door.hosting.joey(session).state == Presence.DECLINED
    before = len(door.hosting.owed(Kind.HOSTED_NEWS))
    door.in_message(Ids.DECLINE, value, user=COLLEAGUE)
    assert len(door.hosting.owed(Kind.HOSTED_NEWS)) == before


def test_an_answer_after_a_cancellation_is_told(door: HostDoor) -> None:
    """The message is drawn anew, and nothing changes."""
    session, one = invited(door)
    value = door.message_to(COLLEAGUE, one)
    door.hosting.cancel(session)
    door.in_message(Ids.ACCEPT, value, user=COLLEAGUE)
    assert door.said == "It is too late for this: the session is over, or has begun."
    assert door.hosting.joey(session).state == Presence.INVITED
    assert [row.state for row in door.hosting.owed(Kind.HOSTED_REDRAW)] != []


def test_a_colleague_joins_without_a_page(door: HostDoor) -> None:
    """Where nothing is reached from outside, [Join] says when it opens, and then opens the room."""
    deps = door.world.deps
    door.world.deps = replace(deps, reach=replace(deps.reach, url=""))
    door.__init__(door.hosting, door.slack)  # type: ignore[misc]
    session, one = invited(door)
    value = door.message_to(COLLEAGUE, one)
    assert "Your session opens at Tue 3 Mar, 20:45 CET." in str(
        door.in_message(Ids.JOIN, value, user=COLLEAGUE)
    )
    door.hosting.to(START - timedelta(minutes=5))
    view = door.in_message(Ids.JOIN, value, user=COLLEAGUE)
    assert view["blocks"][1]["elements"][0]["url"] == ROOM
    assert door.hosting.joey(session).state == Presence.JOINED
    door.world.run()
    assert "Client 3 is here." in door.world.told(DANA)


def test_a_link_is_opened_by_the_browser(door: HostDoor) -> None:
    """Where there is a page, a press of [Join] opens no modal; nor does any other link."""
    _session, one = invited(door)
    assert door.in_message(Ids.JOIN, door.message_to(COLLEAGUE, one), user=COLLEAGUE) == {}
    for link in (Ids.ROOM, Ids.PAY, Ids.CALENDAR):
        assert door.in_message(link, "", user=COLLEAGUE) == {}
        assert door.said == ""


# --- A host --------------------------------------------------------------------------------------------


def test_admit(door: HostDoor) -> None:
    """Who waits at the door comes in; a second press says so."""
    door.hosting.settings(admit=True)
    session = door.hosting.book(room=ROOM)
    one = door.hosting.joey(session).id
    door.hosting.to(START - timedelta(minutes=5))
    with door.hosting.db.transaction() as tx:
        row = tx.get_one(type(door.hosting.joey(session)), one)
        row.knocked_at = door.hosting.now
    door.in_message(Ids.ADMIT, f"{one}.0")
    assert door.hosting.joey(session).admitted_at is not None
    door.in_message(Ids.ADMIT, f"{one}.0")
    assert door.said == "Joey P. was let in already."


def test_give_back(door: HostDoor) -> None:
    """Within a day; then it is too late, and the message loses its button."""
    session = door.hosting.book()
    door.hosting.give(session)
    door.hosting.pass_by(minutes=1)
    value = door.message_to(OMAR, session)
    door.in_message(Ids.GIVE_BACK, value, user=OMAR)
    assert door.hosting.session(session).host_id == DANA
    assert door.said == "The session is not yours any more."
    door.hosting.give(session)
    door.hosting.pass_by(hours=25)
    door.in_message(Ids.GIVE_BACK, value, user=OMAR)
    assert door.said == "It is too late for this: the session is over, or has begun."
    assert door.hosting.session(session).host_id == OMAR


def test_nobody_joined(door: HostDoor) -> None:
    """[It Took Place], [Reschedule] and [Schedule Next] in messages; the message follows."""
    session = door.hosting.book()
    door.hosting.to(START + timedelta(hours=1))
    value = door.message_to(DANA, session)
    assert door.in_message(Ids.MOVE, value)["title"]["text"] == "Reschedule"
    door.in_message(Ids.TOOK_PLACE, value)
    assert door.hosting.session(session).state == Stage.DONE
    door.world.run()
    assert "It Took Place" not in str([shown.wire.blocks for shown in door.world.messenger.to(DANA)])
    door.in_message(Ids.TOOK_PLACE, value)
    assert door.said == "This session changed meanwhile: see how it stands now."
    assert "2026-03-10" in str(door.in_message(Ids.AGAIN, value))


def test_an_invitation_that_failed(door: HostDoor) -> None:
    """[Edit Participant] and [Show Access Code] open what the menu opens."""
    session = door.hosting.book()
    one = door.hosting.joey(session).id
    assert door.in_message(Ids.EDIT, f"{one}.0")["title"]["text"] == "Edit participant"
    assert door.in_message(Ids.SHOW_CODE, f"{one}.0")["title"]["text"] == "Access code"


def test_a_press_on_a_cancelled_session(door: HostDoor) -> None:
    """It says by whom, and the message is drawn anew."""
    session = door.hosting.book()
    door.hosting.to(START + timedelta(hours=1))
    value = door.message_to(DANA, session)
    door.hosting.move(session, START + timedelta(days=2))
    door.hosting.cancel(session)
    door.in_message(Ids.MOVE, value)
    assert door.said == "Cancelled on 3 Mar by you."
    redraws = door.hosting.rows(Outbox, Outbox.kind == Kind.HOSTED_REDRAW)
    assert int(value.partition(".")[2]) in [row.subject_id for row in redraws]


def test_a_press_proves_that_a_message_stands(door: HostDoor) -> None:
    """One of which nobody knew whether it arrived counts as sent where it was pressed."""
    _session, one = invited(door)
    value = door.message_to(COLLEAGUE, one)
    with door.hosting.db.transaction() as tx:
        row = tx.get_one(Outbox, int(value.partition(".")[2]))
        row.state, row.channel, row.ts = "unknown", None, None
    door.in_message(Ids.ACCEPT, value, user=COLLEAGUE)
    with door.hosting.db.reading() as tx:
        row = tx.get_one(Outbox, int(value.partition(".")[2]))
    assert (row.state, row.channel) == ("sent", f"D{COLLEAGUE}")
