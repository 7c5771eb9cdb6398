"""/sessions and its words, "My sessions", and scheduling by one line: signed payloads through the app."""

import json
from typing import Any

import pytest

from blocks import members as blocks
from blocks.ids import Ids
from domain.members import PauseForm
from services import members
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN
from tests.handlers.conftest import Door
from tests.payloads import a_view, command, press, press_in_view, submission

MEMBER = "U1"


def mine(door: Door, user: str = MEMBER) -> Any:
    """What belongs to somebody."""
    return members.mine(door.world.db, door.world.team, user, now=door.world.clock())


def below(door: Door) -> dict[str, Any]:
    """The newest drawing of the modal below."""
    return door.slack.views("views.update")[-1]


def texts(view: Any) -> str:
    """All of a view, to be searched."""
    return json.dumps(view, ensure_ascii=False)


def the_view(door: Door) -> dict[str, Any]:
    """ "My sessions" of the member, open."""
    return a_view(blocks.view(mine(door)))


# --- The words -----------------------------------------------------------------------------------------

TITLES = {
    "schedule": "Schedule a session",
    "planning": "Planning",
    "list": "Planning",
    "programs": "Programs",
    "me": "My sessions",
}


@pytest.mark.parametrize("word", TITLES)
def test_each_word_opens_its_view(door: Door, word: str) -> None:
    """However it is written; once."""
    door.world.a_program()
    for typed in (word, f"  {word.upper()} "):
        assert door.answer(command(typed)) == {}

    assert [view["title"]["text"] for view in door.slack.views("views.open")] == [TITLES[word]] * 2


def test_export_without_a_name_shows_which_there_are(door: Door) -> None:
    """And a member hears that it is not theirs."""
    assert "file" in door.answer(command("export"))["text"]
    assert "Only admins and owners" in door.says(command("export", user=MEMBER))


@pytest.mark.parametrize("typed", ["shedule", "schedul", "planing", "lst", "progams", "exprt"])
def test_a_member_is_never_offered_what_is_not_theirs(door: Door, typed: str) -> None:
    """The closest word is one that this person may use; the menu has no other."""
    said = texts(door.answer(command(typed, user=MEMBER)))

    for word in ("schedule", "planning", "list", "programs", "export"):
        assert f"/sessions {word}" not in said
    assert "/sessions me" in said


def test_an_admin_is_offered_the_closest(door: Door) -> None:
    """A slip of the finger costs nothing."""
    assert "Did you mean `/sessions planning`?" in texts(door.answer(command("planing")))
    assert "Did you mean `/sessions me`?" in texts(door.answer(command("mee", user=MEMBER)))


@pytest.mark.parametrize("word", ["schedule", "planning", "list", "programs", "export"])
def test_a_member_who_types_it_all_the_same_is_refused(door: Door, word: str) -> None:
    """With a sentence that says whom to ask; nothing opens."""
    assert "Ask one of them" in door.says(command(word, user=MEMBER))
    assert door.slack.shown() == []


@pytest.mark.parametrize(
    ("action", "title"),
    [
        (Ids.SCHEDULE_OPEN, "Schedule a session"),
        (Ids.PLANNING_OPEN, "Planning"),
        (Ids.MENU_LIST, "Planning"),
        (Ids.PROGRAMS_OPEN, "Programs"),
        (Ids.MENU_EXPORT, "Export"),
        (Ids.ME_OPEN, "My sessions"),
    ],
)
def test_each_button_of_the_menu_opens_its_view(door: Door, action: str, title: str) -> None:
    """The same as typing the word."""
    door.world.a_program()
    assert door.send(press(action)).status == 200
    (view,) = door.slack.views("views.open")

    assert view["title"]["text"] == title


def test_the_hint_lists_the_words(door: Door) -> None:
    """The manifest's hint is what people complete from: all words, and no others."""
    from handlers.commands import WORDS

    with open("manifest.yml", encoding="utf-8") as manifest:
        (hint,) = [line.partition(":")[2].strip() for line in manifest if "usage_hint" in line]
    assert set(hint.split(" | ")) == set(WORDS)


# --- One line --------------------------------------------------------------------------------------------

LINE = "coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris every 2 weeks"


def test_one_line_fills_the_modal_in(door: Door) -> None:
    """All of it is there, and nothing is saved yet."""
    door.world.a_program()
    door.send(command(f"schedule {LINE}"))
    (view,) = door.slack.views("views.open")
    values = as_submitted(view)

    assert values["opt_in_date"][Ids.INPUT]["selected_date"] == "2027-06-04"
    assert values["opt_in_time"][Ids.INPUT]["selected_time"] == "09:00"
    assert values["match_date"][Ids.INPUT]["selected_date"] == "2027-06-10"
    assert values["zone"][Ids.SCHEDULE_ZONE]["selected_option"]["value"] == "Europe/Paris"
    assert values["weeks"][Ids.INPUT]["selected_option"]["value"] == "2"
    assert "speech_balloon" not in texts(view)
    assert door.world.occurrences() == []


def test_what_was_not_understood_is_said_in_the_modal(door: Door) -> None:
    """With what was understood filled in; a stranger's text does nothing there."""
    door.world.a_program()
    door.send(command("schedule coffee 4/6 <!channel> match 10 June"))
    (view,) = door.slack.views("views.open")

    assert "can be read as two dates" in texts(view)
    assert "I did not understand “&lt;!channel&gt;”" in texts(view)
    assert as_submitted(view)["match_date"][Ids.INPUT]["selected_date"] == "2027-06-10"


def test_a_line_that_says_nothing_is_refused(door: Door) -> None:
    """No modal opens on what nobody meant."""
    door.world.a_program()

    assert "There is no program called “nonsense”" in door.says(command("schedule nonsense"))
    assert door.slack.shown() == []


# --- My sessions -----------------------------------------------------------------------------------------


def test_pausing_until_a_date_and_coming_back(door: Door) -> None:
    """The modal on top, the view below drawn anew, and one click back."""
    door.world.an_open_round()
    door.send(press_in_view(Ids.ME_PAUSE_OPEN, the_view(door), user=MEMBER))
    (modal,) = door.slack.views("views.push")
    assert modal["title"]["text"] == "Pause until a date"
    values = as_submitted(modal)
    values["until"][Ids.INPUT]["selected_date"] = "2027-04-01"
    filled = a_view(modal, values=values, id="V2", previous_view_id="V1")
    for _ in range(2):
        assert door.answer(submission(filled, user=MEMBER)) == {}
    assert door.world.states()[MEMBER] == "withdrawn"
    assert "You are taking a break from all programs until 1 April 2027." in texts(below(door))

    for _ in range(2):
        door.send(press_in_view(Ids.ME_BACK, a_view(below(door)), user=MEMBER, value="0"))
    assert door.world.states()[MEMBER] == "pending"
    assert "You are back already." in texts(below(door))
    assert mine(door).breaks == ()


def test_a_day_that_is_past_is_refused_at_the_date(door: Door) -> None:
    """And what was typed stays."""
    door.world.an_open_round()
    modal = blocks.pause(mine(door), PauseForm())
    values = as_submitted(modal)
    values["until"][Ids.INPUT]["selected_date"] = "2027-03-01"
    answer = door.answer(submission(a_view(modal, values=values), user=MEMBER))

    assert answer == {"response_action": "errors", "errors": {"until": "Choose a day after today."}}


def test_pausing_one_program_for_good(door: Door) -> None:
    """The modal offers one's own programs."""
    program = door.world.a_program()
    door.send(press_in_view(Ids.ME_PAUSE_GOOD_OPEN, the_view(door), user=MEMBER))
    (modal,) = door.slack.views("views.push")
    assert modal["title"]["text"] == "Pause for good"
    values = as_submitted(modal)
    values["program_id"][Ids.INPUT]["selected_option"] = {"value": str(program)}
    door.send(submission(a_view(modal, values=values), user=MEMBER))
    (rest,) = mine(door).breaks

    assert (rest.program, rest.until) == ("Coffee", None)
    assert mine(door, "U2").breaks == ()


def test_coming_back_from_the_message(door: Door) -> None:
    """[Come back] under the withdrawn question ends whatever keeps somebody away."""
    door.world.an_open_round()
    program = str(door.world.occurrences()[0].program_id)
    members.pause(door.world.db, door.world.team, MEMBER, PauseForm(good=True), now=door.world.clock())
    for _ in range(2):
        assert door.send(press(Ids.ME_BACK_TO, program, user=MEMBER)).status == 200

    assert door.world.states()[MEMBER] == "pending"
    assert door.slack.whispers() == ["Welcome back.", "You are back already."]


def test_the_list_of_people_is_shown_to_its_owner_alone(door: Door) -> None:
    """Saved, shown in one's own view, and in nobody else's."""
    door.world.a_program()
    door.send(press_in_view(Ids.ME_NEVER_OPEN, the_view(door), user=MEMBER))
    (modal,) = door.slack.views("views.push")
    values = as_submitted(modal)
    values["never"][Ids.INPUT]["selected_users"] = ["U2", "U3"]
    door.send(submission(a_view(modal, values=values, id="V2", previous_view_id="V1"), user=MEMBER))

    assert "*Person 2* and *Person 3*" in texts(below(door))
    for other in ("U2", ADMIN):
        door.send(command("me", user=other))
        assert "Person 2*" not in texts(door.slack.views("views.open")[-1])
        assert "Person 1" not in texts(door.slack.views("views.open")[-1])


def test_six_people_are_refused_at_the_field(door: Door) -> None:
    """Slack's own limit can be passed by a forged payload."""
    modal = blocks.never(mine(door))
    values = as_submitted(modal)
    values["never"][Ids.INPUT]["selected_users"] = [f"U{number}" for number in range(2, 9)]
    answer = door.answer(submission(a_view(modal, values=values), user=MEMBER))

    assert answer["errors"] == {"never": "Choose 5 people at most."}


def test_my_data_is_owed_to_me_once_per_press(door: Door) -> None:
    """A press that is delivered twice sends one file."""
    door.world.a_program()
    view = the_view(door)
    for _ in range(2):
        door.send(press_in_view(Ids.ME_DATA, view, user=MEMBER))
    door.world.run()

    ((channel, file, _words),) = door.world.uploader.files
    assert channel == f"D{MEMBER}"
    assert json.loads(file.content)["slack_id"] == MEMBER
    assert "on its way" in texts(below(door))


def test_erasing_is_confirmed_first_and_said(door: Door) -> None:
    """The button asks; then the view says what is left, twice the same."""
    door.world.an_open_round()
    view = the_view(door)
    (button,) = [
        element
        for block in view["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == Ids.ME_ERASE
    ]
    assert button["confirm"]["title"]["text"] == "Erase my data"
    for _ in range(2):
        door.send(press_in_view(Ids.ME_ERASE, view, user=MEMBER))
        assert "Your data is erased." in texts(below(door))

    assert MEMBER not in door.world.states()
    assert len(door.world.states()) == 6
