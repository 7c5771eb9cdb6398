"""The card's buttons through Bolt's door: who may, what opens, what is refused, and what is drawn anew."""

import json
from typing import Any

import pytest

from blocks import card as card_blocks
from blocks import card_modals
from blocks.ids import Ids
from domain.forms import ReminderForm
from services import cards, rescheduling
from store.people import Owner
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, World
from tests.handlers.conftest import Door
from tests.payloads import a_view, press, press_in_view, submission

BUTTONS = (
    Ids.CARD_SHOW, Ids.CARD_UPDATE, Ids.CARD_REMIND, Ids.CARD_REMIND_CANCEL, Ids.CARD_MATCH, Ids.CARD_CANCEL,
    Ids.CARD_CANCEL_ASK, Ids.CARD_SEND_ANYWAY, Ids.CARD_PEOPLE, Ids.CARD_DRY_RUN,
)  # fmt: skip


def session(world: World) -> int:
    """The first session's id."""
    return world.occurrences()[0].id


def state(world: World) -> list[Any]:
    """All that a press could change."""
    return [
        [(row.state, row.match_at, row.moved) for row in world.occurrences()],
        world.reminders(),
        [(row.key, row.version) for row in world.owed()],
    ]


def opened(door: Door, **more: Any) -> dict[str, Any]:
    """The modal that was opened last, as Slack shows it."""
    return a_view(door.slack.shown()[-1], **more)


def update_view(world: World, user_id: str = ADMIN) -> dict[str, Any]:
    """ "Update schedule", as it was opened."""
    found = rescheduling.start(world.db, world.team, session(world), reader=user_id)
    return card_modals.update(found.card, found.form)


@pytest.fixture
def world(world: World) -> World:
    """An open session of a series, with a reminder, and an owner of another program."""
    world.recall(asked)
    return world


def asked(world: World) -> None:
    """Ask everybody, plan a reminder, and found the other program."""
    series_id = world.an_open_round(weeks=2)
    world.remind(series_id, _reminder(world))
    tea = world.a_program(name="Tea")
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=tea, user_id="U2"))
    world.run()


def _reminder(world: World) -> ReminderForm:
    wall = world.occurrences()[0].match_at
    return ReminderForm(wall.date().replace(day=wall.day - 2), wall.time())


@pytest.mark.parametrize("user", ["U1", "U2", "UNKNOWN"])
def test_c10_only_the_programs_organizers_act_on_a_card(door: Door, world: World, user: str) -> None:
    """A member, an owner of another program and a stranger are refused, and nothing changes."""
    value, before = str(session(world)), state(world)
    update, cancel = update_view(world), card_modals.cancel(cards.card(world.db, world.team, session(world)))
    people = opened_people(door, value)
    requests = [
        *(press(action_id, value, user=user) for action_id in BUTTONS),
        submission(a_view(update, values=as_submitted(update)), user=user),
        submission(a_view(cancel, values=as_submitted(cancel)), user=user),
        press_in_view(Ids.CARD_PEOPLE_PAGE, people, user=user, value="1"),
    ]
    for request in requests:
        door.slack.calls.clear()
        body = door.send(request).body
        told = [body, *door.slack.whispers()]
        assert any("Only admins and owners" in one or "somebody else" in one for one in told), told
        assert door.slack.views("views.update") == []

    assert state(world) == before


def opened_people(door: Door, value: str) -> dict[str, Any]:
    """The modal "People", opened by an admin."""
    door.send(press(Ids.CARD_PEOPLE, value))
    return opened(door)


def test_an_owner_acts_on_their_own(door: Door, world: World) -> None:
    """An owner of the program needs no admin."""
    with world.db.transaction() as tx:
        tx.add(Owner(team_id=world.team, program_id=world.occurrences()[0].program_id, user_id="U3"))
    world.all_join(["U1", "U2"])
    door.send(press(Ids.CARD_MATCH, str(session(world)), user="U3"))

    assert door.slack.whispers() == []
    assert world.occurrences()[0].state == "matching"


def test_a_stale_card_is_refused_and_drawn_anew(door: Door, world: World) -> None:
    """What cannot be done any more is said privately, and the card shows why."""
    (card,) = [one for one in world.messenger.to(ADMIN) if one.key.startswith("card-")]
    with world.db.transaction() as tx:
        row = tx.merge(world.occurrences()[0])
        row.state = "cancelled"
    for action_id in (Ids.CARD_MATCH, Ids.CARD_CANCEL, Ids.CARD_UPDATE, Ids.CARD_REMIND, Ids.CARD_CANCEL_ASK):
        door.slack.calls.clear()
        assert door.send(press(action_id, str(session(world)), ts=card.ts)).status == 200
        assert len(door.slack.whispers()) == 1
    world.run()

    assert "Cancelled: nothing more is sent." in card.words
    assert card.buttons == ["People", "Delivery"]


@pytest.mark.parametrize("value", ["", "x", "0", "999999", "9" * 30])
def test_a_senseless_value_is_refused_in_words(door: Door, world: World, value: str) -> None:
    """Whatever a button carries, nothing but a sentence comes of it."""
    for action_id in BUTTONS:
        assert door.send(press(action_id, value)).status == 200

    assert not any("went wrong" in said for said in door.slack.whispers())


def test_the_schedule_is_updated(door: Door, world: World) -> None:
    """[Update schedule] opens on the present dates; saving moves the session, and twice is once."""
    door.send(press(Ids.CARD_UPDATE, str(session(world))))
    view = opened(door)
    values = as_submitted(view)
    assert values["match_date"][Ids.INPUT]["selected_date"] == "2027-03-17"
    assert "opt_in_date" not in values
    values["match_date"][Ids.INPUT]["selected_date"] = "2027-03-18"
    for _ in range(2):
        assert door.answer(submission({**view, "state": {"values": values}})) == {}

    assert world.occurrences()[0].match_at.day == 18
    assert door.world.queue.hints[-1] == ("T1", -1)


def test_a_wrong_date_stands_at_its_field_and_a_doubtful_one_is_asked(door: Door, world: World) -> None:
    """A date in the past is an error under its input; one after the next opening asks once more."""
    view = update_view(world)
    values = as_submitted(view)
    values["match_date"][Ids.INPUT]["selected_date"] = "2027-03-01"
    answer = door.answer(submission(a_view(view, values=values)))
    assert answer["errors"]["match_date"].startswith("This is in the past")

    values["match_date"][Ids.INPUT]["selected_date"] = "2027-03-26"
    asked = door.answer(submission(a_view(view, values=values, hash="2")))["view"]
    assert asked["submit"]["text"] == "Update anyway"
    assert "still be open on 25 March" in json.dumps(asked, ensure_ascii=False)
    assert door.answer(submission(a_view(asked, values=as_submitted(asked), hash="3"))) == {}
    assert world.occurrences()[0].match_at.day == 26


def test_a_session_of_a_series_asks_which(door: Door, world: World) -> None:
    """[Cancel session] opens a modal; "This session only" leaves the series."""
    door.send(press(Ids.CARD_CANCEL_ASK, str(session(world))))
    view = opened(door)
    assert view["close"]["text"] == "Keep it"

    assert door.answer(submission({**view, "state": {"values": as_submitted(view)}})) == {}
    assert [row.state for row in world.occurrences()][:2] == ["cancelled", "planned"]


def test_a_reminder_is_edited_and_called_off(door: Door, world: World) -> None:
    """The modal is filled in with the planned date; [Cancel reminder] calls it off, once."""
    door.send(press(Ids.CARD_REMIND, str(session(world))))
    view = opened(door)
    values = as_submitted(view)
    assert values["reminder_date"][Ids.INPUT]["selected_date"] == "2027-03-15"
    values["reminder_date"][Ids.INPUT]["selected_date"] = "2027-03-14"
    answer = door.answer(submission({**view, "state": {"values": values}}))
    assert "14 March" in json.dumps(answer)
    assert world.reminders() == ["planned"]

    for _ in range(2):
        door.send(press(Ids.CARD_REMIND_CANCEL, str(session(world))))
    assert world.reminders() == ["cancelled"]
    (said,) = door.slack.whispers()
    assert said.startswith("No reminder is planned any more")


def test_a_card_in_a_modal_is_drawn_there(door: Door, world: World) -> None:
    """Buttons of a card in a modal open on top of it, and redraw it where it is."""
    view = a_view(card_blocks.view(cards.card(world.db, world.team, session(world))))
    value = str(session(world))
    door.send(press_in_view(Ids.CARD_UPDATE, view, value=value))
    assert len(door.slack.views("views.push")) == 1

    door.send(press_in_view(Ids.CARD_REMIND_CANCEL, view, value=value))
    (drawn,) = door.slack.views("views.update")
    assert "Send a reminder" in json.dumps(drawn)
    door.send(press_in_view(Ids.CARD_MATCH, view, value=value))
    assert "Fewer than two people" in door.slack.whispers()[-1]


def test_people_are_looked_through(door: Door, world: World) -> None:
    """[People] opens the list; choosing an answer narrows it."""
    world.all_join(["U1"])
    view = opened_people(door, str(session(world)))
    assert "6 people" in json.dumps(view)

    chosen = {"selected_option": {"value": "joined"}}
    door.send(press_in_view(Ids.CARD_PEOPLE_SHOW, view, kind="static_select", **chosen))
    (drawn,) = door.slack.views("views.update")
    assert "1 person" in json.dumps(drawn)
    assert "Person 1" in json.dumps(drawn)
    assert "Person 2" not in json.dumps(drawn)
