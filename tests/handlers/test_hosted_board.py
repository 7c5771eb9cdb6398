"""The dashboard of a host by its labels: each button, each entry of a menu, each submission."""

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks.hosted_ids import HostedIds as Ids
from domain.hosted import Channel, Stage
from store.database import Database
from store.payments import Refund
from tests.builders import ADMIN
from tests.conftest import Copies
from tests.handlers.conftest import TinySlack
from tests.handlers.hosted_door import FEE, HostDoor, error_of
from tests.hosting import DANA, JOEY, OMAR, START, Hosting, somebody

PAYER = replace(JOEY, fee=FEE)


@pytest.fixture
def door(sqlite_copies: Copies, tiny_slack: TinySlack) -> HostDoor:
    """Dana hosts, and nobody is booked yet."""
    return HostDoor(Hosting(Database(sqlite_copies.fresh())), tiny_slack)


# --- How it is looked at -------------------------------------------------------------------------------


def test_a_host_looks_around(door: HostDoor) -> None:
    """[1:1 Sessions], the pages, [Past Sessions], and back."""
    for day in range(12):
        door.hosting.book(start=START + timedelta(days=day))
    first = next(one for one in door.texts() if "Scheduled" in one)
    assert first == "*Tue 3 Mar, 21:00-21:50 · 1 participant · Scheduled*"
    door.at_home(Ids.NEXT, "1")
    assert "Page 2 of 2" in str(door.slack.views("views.publish")[-1])
    door.at_home(Ids.PAST)
    assert "No session is past yet." in str(door.slack.views("views.publish")[-1])
    door.at_home(Ids.UPCOMING)
    assert "Page 1 of 2" in str(door.slack.views("views.publish")[-1])
    door.at_home(Ids.BACK)
    assert "hosted.top" not in str(door.slack.views("views.publish")[-1])


def test_administrators_look_at_everybody(door: HostDoor) -> None:
    """They see all sessions without any button in them; nobody else does."""
    door.hosting.book()
    door.at_home(Ids.AREA, user=ADMIN)
    door.at_home(Ids.EVERYBODY, "1", user=ADMIN)
    drawn = str(door.slack.views("views.publish")[-1])
    assert "Person 1" in drawn
    assert Ids.SESSION_MENU not in drawn
    assert Ids.TILE_MENU not in drawn
    door.at_home(Ids.EVERYBODY, "1", user=OMAR)
    assert door.said == "Only administrators see the sessions of all hosts."


def test_the_lines_of_what_is_off_are_the_same_from_web_and_worker(door: HostDoor) -> None:
    """A Home that the outbox draws says what the press said."""
    door.world.deps = replace(door.world.deps, reach=replace(door.world.deps.reach, mail=False))
    door.__init__(door.hosting, door.slack)  # type: ignore[misc]
    assert "E-mail is off: ask an administrator." in str(door.home())
    door.hosting.book(somebody(1, Channel.NONE))
    door.world.run()
    drawn = door.world.messenger.homes[DANA]
    assert "E-mail is off: ask an administrator." in str(drawn.blocks)
    assert "E-mail/Text Not Used" in str(drawn.blocks)


# --- The menu of a session -----------------------------------------------------------------------------


def test_reschedule(door: HostDoor) -> None:
    """The modal shows when it is; another day and time are stored, on the host's clock."""
    session = door.hosting.book()
    view = door.of_session("move", session)
    assert view["title"]["text"] == "Reschedule"
    assert view["blocks"][1]["element"]["initial_date"] == "2026-03-03"
    assert "Your time zone: Europe/Paris" in str(view)

    answer = door.submit(view, day={"selected_date": "2026-03-05"}, time={"selected_time": "16:30"})
    assert answer == {}
    assert f"{door.hosting.session(session).starts_at:%d %H:%M}" == "05 15:30"
    assert door.submit(view) != {}  # what was looked at is old now


@pytest.mark.parametrize(
    ("day", "at", "sentence"),
    [
        ("2026-03-29", "02:30", "02:30 does not exist on 29 Mar 2026 in Europe/Paris. Choose another time."),
        ("2026-02-28", "10:00", "This time has passed. Choose a later time or use New Session Now."),
        ("", "10:00", "Choose a date."),
        ("2026-03-05", "", "Choose a time."),
    ],
)
def test_a_time_that_is_none_is_refused(door: HostDoor, day: str, at: str, sentence: str) -> None:
    """With the sentence at the field."""
    session = door.hosting.book()
    view = door.of_session("move", session)
    answer = door.submit(view, day={"selected_date": day or None}, time={"selected_time": at or None})
    assert error_of(answer) == sentence
    assert door.hosting.session(session).starts_at == START


def test_a_time_that_comes_twice_is_told(door: HostDoor) -> None:
    """The first one is taken, and the modal says so."""
    session = door.hosting.book()
    view = door.of_session("move", session)
    answer = door.submit(view, day={"selected_date": "2026-10-25"}, time={"selected_time": "02:30"})
    assert error_of(answer) == "02:30 happens twice that night; we took the first."
    assert f"{door.hosting.session(session).starts_at:%H:%M}" == "00:30"


def test_a_clash_is_a_warning(door: HostDoor) -> None:
    """The same [Save] again saves; another time that clashes is warned of anew."""
    door.hosting.book(start=START + timedelta(days=1))
    session = door.hosting.book()
    view = door.of_session("move", session)
    answer = door.submit(view, day={"selected_date": "2026-03-04"}, time={"selected_time": "21:15"})
    assert "You have another session at 21:00." in str(answer["view"])
    assert door.hosting.session(session).starts_at == START
    other = door.submit(answer["view"], time={"selected_time": "20:30"})
    assert "You have another session at 21:00." in str(other["view"])
    assert door.submit(other["view"]) == {}
    assert door.hosting.session(session).starts_at == START + timedelta(days=1, minutes=-30)


def test_edit_session(door: HostDoor) -> None:
    """Name, duration and room are stored; a link that is none is refused."""
    session = door.hosting.book()
    view = door.of_session("edit", session)
    wrong = door.submit(view, room={"value": "meet.example.com"})
    assert error_of(wrong) == "Write a full link, for example https://meet.example.com/room."
    option = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": "90"}}
    room = "https://meet.example.com/dana"
    assert door.submit(view, name={"value": " Coaching \n one "}, minutes=option, room={"value": room}) == {}
    one = door.hosting.session(session)
    assert (one.name, one.minutes, one.room) == ("Coaching one", 90, room)


def test_an_edit_of_what_changed_meanwhile_is_kept(door: HostDoor) -> None:
    """The modal says when, shows the new state on top, and what was typed below; then it saves."""
    session = door.hosting.book()
    view = door.of_session("edit", session)
    door.hosting.clock.move(minutes=2)
    door.hosting.edit(session, name="Theirs")
    answer = door.submit(view, name={"value": "Mine"})
    drawn = answer["view"]
    assert "This session changed at 11:02. Your changes are kept below." in drawn["blocks"][0]["text"]["text"]
    assert "*Theirs*" in drawn["blocks"][1]["text"]["text"]
    assert drawn["blocks"][2]["element"]["initial_value"] == "Mine"
    assert door.submit(drawn) == {}
    assert door.hosting.session(session).name == "Mine"


def test_cancel_and_undo(door: HostDoor) -> None:
    """The row says by whom; [Undo] brings the session back; a second press of both changes nothing."""
    session = door.hosting.book()
    view = door.of_session("cancel", session)
    assert "Refund in full" not in str(view)
    assert door.submit(view) == {}
    row = next(one for one in door.texts() if "Cancelled" in one)
    assert row.endswith("Cancelled on 1 Mar by you.")
    assert door.submit(view) == {}

    door.of_session("move", session)  # a button that was drawn before
    assert door.said == "Cancelled on 1 Mar by you."
    door.at_home(Ids.UNDO, str(session))
    assert door.hosting.session(session).state == Stage.SCHEDULED
    sequence = door.hosting.session(session).sequence
    door.at_home(Ids.UNDO, str(session))
    assert door.hosting.session(session).sequence == sequence

    door.submit(door.of_session("cancel", session))
    door.hosting.pass_by(minutes=11)
    door.at_home(Ids.UNDO, str(session))
    assert door.said == "A cancellation can be undone for 10 minutes."
    assert door.hosting.session(session).state == Stage.CANCELLED


@pytest.mark.parametrize(("choice", "owed"), [("refund", [4000]), ("keep", [])])
def test_cancelling_asks_what_becomes_of_the_money(door: HostDoor, choice: str, owed: list[int]) -> None:
    """Where somebody has paid; all goes back unless the host says otherwise."""
    session = door.hosting.book(PAYER)
    door.paid(door.hosting.joey(session).id)
    view = door.of_session("cancel", session)
    radio = view["blocks"][-1]["element"]
    assert [one["text"]["text"] for one in radio["options"]] == ["Refund in full", "No refund"]
    assert radio["initial_option"] == radio["options"][0]
    option = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": choice}}
    assert door.submit(view, money=option) == {}
    assert [row.amount for row in door.hosting.rows(Refund)] == owed


def test_a_session_that_has_begun_is_removed(door: HostDoor) -> None:
    """Silently, and for good: [Cancel Session] has made room for [Remove Session]."""
    session = door.hosting.book()
    cancel = door.of_session("cancel", session)
    door.hosting.to(START + timedelta(minutes=6))
    assert error_of(door.submit(cancel)) == "It is too late for this: the session is over, or has begun."
    view = door.of_session("remove", session)
    assert "This cannot be undone." in str(view)
    assert door.submit(view) == {}
    assert door.hosting.session(session).state == Stage.REMOVED


def test_change_host(door: HostDoor) -> None:
    """Only who may host can be chosen; the session is gone from one dashboard, and in the other."""
    session = door.hosting.book()
    view = door.of_session("host", session)
    refused = door.submit(view, host={"selected_user": "UNKNOWN"})
    assert error_of(refused) == "This person may not host sessions here. Choose somebody else."
    assert door.submit(view, host={"selected_user": OMAR}) == {}
    assert not any("participant" in one for one in door.texts())
    assert any("1 participant" in one for one in door.texts(OMAR))


def test_schedule_next(door: HostDoor) -> None:
    """Of a session that is done: the form of a new one, with the same people a week on."""
    session = door.hosting.book()
    door.hosting.joins(door.hosting.joey(session).id)
    door.hosting.to(START + timedelta(hours=1))
    view = door.of_session("again", session)
    assert "2026-03-10" in str(view)
    assert "Joey P." in str(view)


def test_it_took_place(door: HostDoor) -> None:
    """What nobody joined here can be done all the same, or get another time with new codes."""
    first, second = door.hosting.book(), door.hosting.book(somebody(2, Channel.NONE), start=START)
    door.hosting.to(START + timedelta(days=1))
    door.of_session("took_place", first)
    assert door.hosting.session(first).state == Stage.DONE
    view = door.of_session("move", second)
    answer = door.submit(view, day={"selected_date": "2026-03-09"}, time={"selected_time": "10:00"})
    assert "Give this code to Client 2 yourself" in str(answer["view"])


def test_open_session_shows_everybody(door: HostDoor) -> None:
    """All tiles with their menus; what is opened from there lies on top, and closes all."""
    session = door.hosting.book(*(somebody(one) for one in range(9)))
    view = door.at_home(Ids.OPEN_SESSION, str(session))
    assert sum("Client" in str(block) for block in view["blocks"]) == 9
    pushed = door.of_person("remove", door.hosting.people(session)[8].id, view=a_modal(view))
    assert door.slack.calls[-1][0] == "views.push"
    pushed = pushed | {"root_view_id": "V0"}
    answer = door.submit(pushed)
    assert answer == {"response_action": "clear"}
    assert len([one for one in door.hosting.people(session) if one.removed_at is None]) == 8


def a_modal(view: dict[str, object]) -> dict[str, object]:
    """As Slack shows an open modal."""
    return {"id": "V0", "private_metadata": "", **view}
