"""Invitations and matching by hand in Slack: from the signed request to the stored fact, and who may."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from blocks.ids import Ids as Core
from blocks.mentoring_ids import MentoringIds as Ids
from domain.messages import Kind
from handlers.mentoring_match import NobodySelected
from services import mentoring_people
from store.mentoring import Exclusion
from store.people import Home
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, press, press_in_view, submission

Json = dict[str, Any]
OWNER, OTHER = "U1", "U2"
REFUSED = "Only organizers of Mentoring can do this."


@pytest.fixture
def program(door: Door) -> Mentorship:
    """A program that U1 organizes, with the mentor U3 and the mentees U4 to U6."""
    door.world.read_people()
    return Mentorship(door.world, mentors=["U3"], mentees=["U4", "U5", "U6"], organizers=(OWNER,))


def opened(door: Door) -> Json:
    """The modal that was opened or pushed last."""
    return door.slack.shown()[-1]


def says(view: Json) -> str:
    """All that a view says, as text."""
    return json.dumps(view, ensure_ascii=False)


def submit(door: Door, view: Json, *, user: str = OWNER, **values: Json) -> Json:
    """Submit a modal as it was opened, with other values in some inputs."""
    held = as_submitted(view)
    for name, value in values.items():
        (action_id,) = held[name]
        held[name][action_id] |= value
    return door.answer(submission(a_view(view, values=held, previous_view_id="V0"), user=user))


def in_modal(door: Door, action: str, value: str, *, user: str = OWNER, view: Json | None = None) -> None:
    """Press a button of a modal."""
    shown = a_view(view or {"type": "modal", "callback_id": "x"})
    assert door.send(press_in_view(action, shown, user=user, value=value)).status == 200


def select_people(program: Mentorship, *users: str) -> None:
    """Tick people on the Matching page of U1."""
    look = {"board": {"program": program.id, "selected": [program.who(one) for one in users]}}
    with program.db.transaction() as tx:
        now = program.db.instant(tx)
        tx.merge(Home(id=1, team_id=program.team, user_id=OWNER, look=look, seen_until=now))


# --- Invite all Mentees --------------------------------------------------------------------------------


def test_all_are_invited_after_the_number_was_seen(door: Door, program: Mentorship) -> None:
    """The prompt says how many, and the modal then what came of it."""
    mentoring_people.pause(program.db, program.team, program.id, "U6", until=None, now=program.now)
    door.send(press(Ids.INVITE_ALL, str(program.id), user=OWNER))
    view = opened(door)
    assert (view["title"]["text"], view["submit"]["text"]) == ("Invite mentees", "Send Messages")
    assert "2 invitations will be sent." in says(view)
    assert "1 skipped (1 paused)." in says(view)
    for label in ("Preview Message", "Edit Templates", "Dry Run"):
        assert f'"{label}"' in says(view)

    assert "2 sent, 1 skipped (1 paused)." in says(submit(door, view)["view"])
    assert program.told(Kind.MENTORING_INVITE) == ["U4", "U5"]


def test_a_second_press_sends_nothing_more(door: Door, program: Mentorship) -> None:
    """The same submission is answered the same; another one finds nobody."""
    door.send(press(Ids.INVITE_ALL, str(program.id), user=OWNER))
    view = opened(door)
    first = submit(door, view)

    assert submit(door, view) == first
    assert "0 sent." in says(submit(door, {**view, "hash": "another"}))
    assert len(program.told(Kind.MENTORING_INVITE)) == 3


def test_it_is_said_why_nobody_can_be_invited(door: Door, program: Mentorship) -> None:
    """While matching is off; there is nothing to send then."""
    program.turn(on=False)
    door.send(press(Ids.INVITE_ALL, str(program.id), user=OWNER))

    assert "Turn on matching first" in says(opened(door))
    assert "submit" not in opened(door)


def test_matching_that_was_turned_off_meanwhile_is_said(door: Door, program: Mentorship) -> None:
    """The modal has no input at which a refusal could stand, so it says it itself."""
    door.send(press(Ids.INVITE_ALL, str(program.id), user=OWNER))
    program.turn(on=False)

    assert "Turn on matching first" in says(submit(door, opened(door))["view"])
    assert program.told(Kind.MENTORING_INVITE) == []


def test_the_message_is_shown_as_it_will_look(door: Door, program: Mentorship) -> None:
    """On top of the prompt; the templates too."""
    in_modal(door, Ids.INVITE_PREVIEW, str(program.id))
    assert opened(door)["title"]["text"] == "Preview Message"
    assert "Submit your mentor preferences" in says(opened(door))
    assert "Choose Mentors" in says(opened(door))

    in_modal(door, Core.PROGRAM_TEXTS, str(program.id))
    assert opened(door)["title"]["text"] == "Templates"


def test_a_dry_run_names_everybody_and_can_be_applied(door: Door, program: Mentorship) -> None:
    """Exactly the plan that was seen."""
    mentoring_people.pause(program.db, program.team, program.id, "U6", until=None, now=program.now)
    in_modal(door, Ids.INVITE_DRY, f"{program.id}.all")
    view = opened(door)
    assert (view["title"]["text"], view["submit"]["text"]) == ("Dry Run", "Apply This Plan")
    assert "Person 4, Person 5" in says(view)
    assert "Person 6 was not invited: paused." in says(view)
    assert program.told(Kind.MENTORING_INVITE) == []

    assert "2 sent, 1 skipped (1 paused)." in says(submit(door, view))


def test_a_plan_of_another_list_is_not_applied(door: Door, program: Mentorship) -> None:
    """The list changed."""
    in_modal(door, Ids.INVITE_DRY, f"{program.id}.all")
    view = opened(door)
    mentoring_people.pause(program.db, program.team, program.id, "U6", until=None, now=program.now)

    assert "The list changed. Run again." in says(submit(door, view))
    assert program.told(Kind.MENTORING_INVITE) == []


# --- One, and those who were selected ------------------------------------------------------------------


def test_one_is_invited_by_the_button_of_a_row(door: Door, program: Mentorship) -> None:
    """Two deliveries of a press send once; who is skipped, it is said why."""
    for at in ("1803888002.000001", "1803888002.000001"):
        door.send(press(Ids.INVITE_ONE, str(program.who("U4")), user=OWNER, at=at))
    assert program.told(Kind.MENTORING_INVITE) == ["U4"]
    program.world.clock.now += timedelta(hours=1)
    door.send(press(Ids.INVITE_ONE, str(program.who("U4")), user=OWNER, at="1803888099.000001"))

    assert "Person 4 was not invited: invited lately." in door.slack.whispers()[-1]
    assert program.told(Kind.MENTORING_INVITE) == ["U4"]


def test_those_who_were_selected_are_invited(door: Door, program: Mentorship) -> None:
    """The bulk action has a choice, and says who was skipped."""
    program.assign("U5", "U3")
    select_people(program, "U4", "U5")
    door.send(press(Ids.BULK_OPEN, str(program.id), user=OWNER))
    view = opened(door)
    assert "2 mentees are selected." in says(view)
    assert "Invite to Match" in says(view)

    assert "1 sent, 1 skipped (1 matched)." in says(submit(door, view))
    assert program.told(Kind.MENTORING_INVITE) == ["U4"]


def test_nobody_selected_is_said(door: Door, program: Mentorship) -> None:
    """Who is selected on another program's page does not count."""
    other = Mentorship(door.world, mentees=["U4"], name="Other", organizers=(OWNER,))
    select_people(other, "U4")
    door.send(press(Ids.BULK_OPEN, str(program.id), user=OWNER))

    assert door.slack.whispers() == [NobodySelected.__doc__]


# --- Match with Mentor ---------------------------------------------------------------------------------


def pair(program: Mentorship, mentee: str = "U4", mentor: str = "U3") -> str:
    """What the buttons of the picker carry."""
    return f"{program.who(mentee)}.{program.who(mentor)}"


def drawn(door: Door) -> Json:
    """The view that was drawn over an open one, last."""
    return door.slack.views("views.update")[-1]


def test_mentors_are_offered_and_found_by_name(door: Door, program: Mentorship) -> None:
    """With score, reasons and places; by Enter and by the button."""
    program.join("U2", mentor=True, places=3)
    door.send(press(Ids.MATCH_OPEN, str(program.who("U4")), user=OWNER))
    view = opened(door)
    assert view["title"]["text"] == "Match with Mentor"
    assert "3 of 3 places left" in says(view)
    assert "Find a mentor" in says(view)
    assert says(view).count('"View Profile"') == 2

    found = submit(door, view, find={"value": "person 2"})["view"]
    assert ("Person 2" in says(found), "Person 3" in says(found)) == (True, False)
    held = as_submitted(view)
    held["find"][Ids.PICKER_FIND] |= {"value": "nobody"}
    shown = a_view(view, values=held)
    door.send(press_in_view(Ids.PICKER_FIND, shown, user=OWNER, kind="plain_text_input", value="nobody"))
    assert "No mentor is called “nobody”." in says(drawn(door))


def test_a_profile_leads_to_a_staged_match(door: Door, program: Mentorship) -> None:
    """Nobody was told, and the view says so."""
    in_modal(door, Ids.PICKER_PROFILE, pair(program))
    view = opened(door)
    assert view["title"]["text"] == "Mentor Profile"
    for label in (
        "Why This Match?", "Assign to Staged Matches", "Assign to Active Matches", "Ask the Mentor First",
    ):  # fmt: skip
        assert label in says(view)
    assert "2 people will be told now." in says(view)
    in_modal(door, Ids.PICK_STAGE, pair(program), view=view)

    assert "Staged. Nobody was told." in says(drawn(door))
    assert program.matches() == {("U4", "U3"): "staged"}
    assert program.told(Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_REQUEST) == []


def test_two_are_matched_at_once(door: Door, program: Mentorship) -> None:
    """Both are told, once for two presses."""
    in_modal(door, Ids.PICK_ASSIGN, pair(program))
    assert "Matched. 2 people are told now." in says(drawn(door))
    in_modal(door, Ids.PICK_ASSIGN, pair(program))

    assert "Matched already" in says(drawn(door))
    assert sorted(program.told(Kind.MENTORING_ASSIGNMENT)) == ["U3", "U4"]


def test_the_mentor_is_asked_first(door: Door, program: Mentorship) -> None:
    """Staged and proposed by one press."""
    in_modal(door, Ids.PICK_ASK, pair(program))

    assert "Person 3 is asked now." in says(drawn(door))
    assert program.matches() == {("U4", "U3"): "proposed"}
    assert program.told(Kind.MENTORING_REQUEST) == ["U3"]


def test_a_full_mentor_is_refused_without_a_way_around(door: Door, program: Mentorship) -> None:
    """Capacity has no override."""
    program.assign("U5", "U3")
    in_modal(door, Ids.PICK_STAGE, pair(program))

    assert "Person 3 has no place left." in says(drawn(door))
    assert "Match Anyway" not in says(drawn(door))
    in_modal(door, Ids.PICK_ANYWAY, f"{pair(program)}.stage")
    assert ("U4", "U3") not in program.matches()


def test_while_matching_is_off_only_staging_is_possible(door: Door, program: Mentorship) -> None:
    """And it is said what to do."""
    program.turn(on=False)
    for action in (Ids.PICK_ASSIGN, Ids.PICK_ASK):
        in_modal(door, action, pair(program))
        assert "Turn on matching first." in says(drawn(door))
    in_modal(door, Ids.PICK_STAGE, pair(program))

    assert program.matches() == {("U4", "U3"): "staged"}


# --- Two who must not be matched -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "way", "state"),
    [
        (Ids.PICK_STAGE, "stage", "staged"),
        (Ids.PICK_ASSIGN, "assign", "active"),
        (Ids.PICK_ASK, "ask", "proposed"),
    ],
)
def test_two_who_are_kept_apart_are_matched_only_anyway(
    door: Door, program: Mentorship, action: str, way: str, state: str
) -> None:
    """The refusal names the reason, and the way around does what was refused."""
    in_modal(door, Ids.APART_OPEN, pair(program))
    view = opened(door)
    assert view["title"]["text"] == "Keep Apart"
    assert submit(door, view, reason={"value": "Her manager."}) == {}
    assert "These two are kept apart from now on." in says(drawn(door))
    in_modal(door, action, pair(program))

    assert "These two must not be matched: Her manager." in says(drawn(door))
    assert f'"{pair(program)}.{way}"' in says(drawn(door))
    assert program.matches() == {}
    in_modal(door, Ids.PICK_ANYWAY, f"{pair(program)}.{way}")
    assert program.matches() == {("U4", "U3"): state}


def test_what_keeps_two_apart_is_lifted(door: Door, program: Mentorship) -> None:
    """Also where the end of their match said so."""
    program.assign("U4", "U3")
    program.end("U4", "U3", never_again=True)
    in_modal(door, Ids.PICKER_PROFILE, pair(program))
    assert "Allow Again" in says(opened(door))
    in_modal(door, Ids.APART_LIFT, pair(program))

    assert "These two may be matched again." in says(drawn(door))
    with program.db.reading() as tx:
        assert tx.scalars(select(Exclusion)).all() == []


# --- Rights --------------------------------------------------------------------------------------------

OF_PROGRAM = (Ids.INVITE_ALL, Ids.BULK_OPEN, Ids.INVITE_PREVIEW, Ids.INVITE_DRY)
OF_PAIR = (
    Ids.PICKER_PROFILE, Ids.PICK_STAGE, Ids.PICK_ASSIGN, Ids.PICK_ASK, Ids.PICK_ANYWAY, Ids.APART_OPEN,
    Ids.APART_LIFT,
)  # fmt: skip


@pytest.mark.parametrize("user", [OTHER, "U4"])
@pytest.mark.parametrize("action", [*OF_PROGRAM, Ids.INVITE_ONE, Ids.MATCH_OPEN, *OF_PAIR])
def test_only_organizers_bring_people_together(
    door: Door, program: Mentorship, action: str, user: str
) -> None:
    """The program is found from what was pressed; who organizes another one may not either."""
    Mentorship(door.world, name="Other", organizers=(OTHER,))
    value = str(program.who("U4")) if action in (Ids.INVITE_ONE, Ids.MATCH_OPEN) else pair(program)
    value = f"{program.id}.all" if action == Ids.INVITE_DRY else value
    value = str(program.id) if action in OF_PROGRAM[:3] else value
    in_modal(door, action, value, user=user)

    assert door.slack.whispers() == [REFUSED]
    assert program.matches() == {}
    assert program.told(Kind.MENTORING_INVITE) == []


def test_a_modal_proves_no_right(door: Door, program: Mentorship) -> None:
    """Whoever submits what an organizer had opened."""
    door.send(press(Ids.INVITE_ALL, str(program.id), user=OWNER))
    assert REFUSED in says(submit(door, opened(door), user=OTHER))
    door.send(press(Ids.MATCH_OPEN, str(program.who("U4")), user=OWNER))
    assert REFUSED in says(submit(door, opened(door), user=OTHER))
    in_modal(door, Ids.APART_OPEN, pair(program))
    assert REFUSED in says(submit(door, opened(door), user=OTHER))

    assert program.told(Kind.MENTORING_INVITE) == []
    with program.db.reading() as tx:
        assert tx.scalars(select(Exclusion)).all() == []


def test_two_of_different_programs_are_no_pair(door: Door, program: Mentorship) -> None:
    """Even to somebody who organizes both."""
    other = Mentorship(door.world, mentors=["U3"], name="Other", organizers=(OWNER,))
    in_modal(door, Ids.PICK_STAGE, f"{program.who('U4')}.{other.who('U3')}", user=ADMIN)

    assert door.slack.whispers() == ["This person does not take part any more."]
