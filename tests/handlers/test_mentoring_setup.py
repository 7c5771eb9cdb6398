"""Setting a mentoring program up in Slack: from the signed request to the stored fact, and who may."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from blocks import mentoring_settings as form_blocks
from blocks import mentoring_setup as blocks
from blocks import program as coffee_form
from blocks.ids import Ids as Core
from blocks.mentoring_ids import MentoringIds as Ids
from domain.forms import ProgramForm
from domain.mentor_rules import DEFAULT_RULES
from domain.mentoring import Settings
from domain.messages import Kind
from handlers.access import AdminsOnly
from services import mentoring_changes, mentoring_settings, usergroups
from services.usergroups import Told
from store.core import Program
from store.people import Home
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, NOW
from tests.handlers.conftest import Door
from tests.mentoring import Mentorship
from tests.payloads import a_view, event, press, press_in_view, submission

Json = dict[str, Any]
OWNER, OTHER = "U1", "U2"
REFUSED = "Only organizers of Mentoring can do this."


@pytest.fixture
def program(door: Door) -> Mentorship:
    """A program that U1 organizes, with the mentor U3 and the mentee U4."""
    door.world.read_people()
    return Mentorship(door.world, mentors=["U3"], mentees=["U4"], organizers=(OWNER,))


def filled(view: Json, **values: Any) -> Json:
    """An open modal with other values in some inputs."""
    held = as_submitted(view)
    for name, value in values.items():
        (action_id,) = held[name]
        held[name][action_id] |= value
    return a_view(view, values=held)


def option(value: str) -> Json:
    """A chosen option."""
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


def ticks(*values: str) -> Json:
    """Ticked boxes."""
    return {"selected_options": [option(one)["selected_option"] for one in values]}


def submit(door: Door, view: Json, *, user: str = OWNER) -> Json:
    """Submit a modal; what Slack is answered."""
    return door.answer(submission(view, user=user))


def settings(program: Mentorship) -> Settings:
    """As they are stored."""
    return mentoring_settings.settings(program.db, program.team, program.id)[0]


def the_settings(program: Mentorship, **values: Any) -> Json:
    """The modal "Settings", filled in."""
    form, seen = mentoring_settings.settings(program.db, program.team, program.id)
    return filled(form_blocks.render(form, program.id, seen=seen), **values)


def board_of(door: Door, user: str) -> int:
    """The program whose page somebody's Home shows."""
    with door.world.db.reading() as tx:
        look = tx.scalars(select(Home.look).where(Home.user_id == user)).one()
    return int(look["board"]["program"])


# --- Create --------------------------------------------------------------------------------------------


def test_a_program_is_created_and_its_page_is_shown(door: Door) -> None:
    """Name, type, process, roles, zone and organizers; Home shows the page at once."""
    door.world.read_people()
    door.send(press(Ids.NEW_OPEN))
    (view,) = door.slack.views("views.open")
    assert (view["title"]["text"], view["submit"]["text"]) == ("New Mentoring Program", "Create")

    answer = submit(door, filled(view, name={"value": "Mentors 2027"}, process=option("user")), user=ADMIN)

    assert "Mentors 2027" in json.dumps(answer["view"])
    with door.world.db.reading() as tx:
        (made,) = tx.scalars(select(Program)).all()
    assert (made.kind, made.name, made.zone) == ("mentoring", "Mentors 2027", "Europe/Paris")
    stored = mentoring_settings.settings(door.world.db, door.world.team, made.id)[0]
    assert (stored.process, stored.organizers) == ("user", (ADMIN,))
    assert board_of(door, ADMIN) == made.id
    assert len(door.slack.views("views.publish")) == 1


def test_a_submission_that_comes_twice_makes_one_program(door: Door) -> None:
    """Slack delivers again what it got no answer to."""
    view = filled(form_blocks.new(Settings(name="Once", zone="Europe/Paris")))
    submit(door, view, user=ADMIN)
    submit(door, view, user=ADMIN)

    with door.world.db.reading() as tx:
        assert len(tx.scalars(select(Program)).all()) == 1


def test_an_evergreen_program_cannot_be_admin_led(door: Door) -> None:
    """The refusal stands at the process, and the form stays open."""
    view = form_blocks.new(Settings(name="Ever", zone="Europe/Paris"))
    answer = submit(door, filled(view, type=option("evergreen"), process=option("admin")), user=ADMIN)

    assert answer["response_action"] == "errors"
    assert "user-led" in answer["errors"]["process"]


def test_only_admins_create_programs(door: Door, program: Mentorship) -> None:
    """An organizer of one program creates no other; a form that is open proves nothing."""
    door.send(press(Ids.NEW_OPEN, user=OWNER))
    assert door.slack.whispers() == [AdminsOnly.__doc__]
    answer = submit(door, filled(form_blocks.new(Settings(name="Mine", zone="Europe/Paris"))))

    assert answer["errors"] == {"name": AdminsOnly.__doc__}


def test_choosing_the_kind_leads_to_the_form(door: Door) -> None:
    """In [New program], Kind = Mentoring is the same form; the name that was typed stays."""
    door.world.read_people()
    form = ProgramForm(zone="Europe/Paris", name="Mentors")
    view = filled(coffee_form.render(form), kind=option("mentoring"))
    door.send(press_in_view(Core.PROGRAM_KIND, view, kind="static_select"))
    (drawn,) = door.slack.views("views.update")

    assert drawn["callback_id"] == Ids.NEW_SAVE
    assert as_submitted(drawn)["name"]["input"]["value"] == "Mentors"


def test_a_kind_that_was_chosen_fast_makes_no_coffee(door: Door) -> None:
    """Submitted before the form was drawn anew: it is now."""
    form = ProgramForm(zone="Europe/Paris", name="Mentors", everyone=True)
    answer = submit(door, filled(coffee_form.render(form), kind=option("mentoring")), user=ADMIN)

    assert answer["response_action"] == "update"
    assert answer["view"]["callback_id"] == Ids.NEW_SAVE
    with door.world.db.reading() as tx:
        assert tx.scalars(select(Program)).all() == []


# --- Settings ------------------------------------------------------------------------------------------


def test_settings_open_and_are_stored(door: Door, program: Mentorship) -> None:
    """From the page of the program, by one of its organizers."""
    door.send(press(Ids.SETTINGS_OPEN, str(program.id), user=OWNER))
    (view,) = door.slack.views("views.open")
    values = {"holidays": {"value": "2027-12-24\n2027-12-25"}, "support": {"selected_users": ["U5"]}}

    answer = submit(door, filled(view, choices={"value": "5"}, keep_places=ticks("keep_places"), **values))

    assert answer["view"]["blocks"][0]["text"]["text"] == "Saved."
    now = settings(program)
    assert (now.choices, now.keep_places, now.support) == (5, True, "U5")
    assert now.holidays == (date(2027, 12, 24), date(2027, 12, 25))


def test_a_lower_limit_says_who_is_over_it(door: Door, program: Mentorship) -> None:
    """Allowed, nobody ended."""
    program.join("U3", mentor=True, places=3)
    program.join("U5", mentee=True)
    for mentee in ("U4", "U5"):
        program.assign(mentee, "U3")

    answer = submit(door, the_settings(program, most_places={"value": "1"}))

    assert "1 mentor is over the new limit." in json.dumps(answer)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"holidays": {"value": "2026-12-24\n\n25"}}, "holidays", "Line 3 is not a date. Write 2026-12-25."),
        ({"weekend": ticks(*"0123456")}, "weekend", "Leave at least one working day."),
        ({"choices": {"value": "x"}}, "choices", "Choose a number from 1 to 5."),
        (
            {"support": {"selected_users": ["U5"]}, "support_channel": {"selected_conversations": ["C1"]}},
            "support_channel",
            "Choose a person or a channel, not both.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field(
    door: Door, program: Mentorship, values: Json, field: str, sentence: str
) -> None:
    """And the form stays open, so nothing that was typed is lost."""
    answer = submit(door, the_settings(program, **values))

    assert answer == {"response_action": "errors", "errors": {field: sentence}}


def test_who_was_slower_reads_who_was_faster(door: Door, program: Mentorship) -> None:
    """Two organizers with the same form."""
    view = the_settings(program, choices={"value": "2"})
    submit(door, the_settings(program, choices={"value": "4"}), user=ADMIN)

    (error,) = submit(door, {**view, "hash": "another"})["errors"].values()
    assert "Ada Admin changed this meanwhile: Choices per mentee" in error


def test_whoever_takes_themselves_off_manages_it_no_more(door: Door, program: Mentorship) -> None:
    """Their modals close."""
    view = the_settings(program, organizers={"selected_users": [ADMIN]})

    assert submit(door, view) == {"response_action": "clear"}


# --- Matching Rules ------------------------------------------------------------------------------------


def test_rules_open_and_are_stored(door: Door, program: Mentorship) -> None:
    """Weights, minimum and musts."""
    door.send(press(Ids.RULES_OPEN, str(program.id), user=OWNER))
    (view,) = door.slack.views("views.open")

    assert (
        submit(door, filled(view, skills={"value": "80"}, minimum={"value": "30"}, musts=ticks("hours")))
        == {}
    )
    rules, _wording = mentoring_changes.rules(program.db, program.team, program.id)
    assert (rules.weights["skills"], rules.minimum, rules.musts) == (80, 30, frozenset({"hours"}))


def test_a_weight_has_its_limits(door: Door, program: Mentorship) -> None:
    """0 to 100."""
    view = filled(blocks.rules(DEFAULT_RULES, program.id, "matching"), skills={"value": "101"})

    assert submit(door, view)["errors"] == {"skills": "Choose a number from 0 to 100."}


# --- Add People ----------------------------------------------------------------------------------------


def add(door: Door, program: Mentorship, *, user: str = OWNER, **values: Any) -> str:
    """Submit [Add People]; what it says then."""
    view = blocks.add_people(program.id, "Mentoring", peers=False, groups_known=True)
    return json.dumps(submit(door, filled(view, **values), user=user))


def test_people_are_added_as_what_was_chosen(door: Door, program: Mentorship) -> None:
    """Who cannot take part is counted; nobody is told."""
    door.send(press(Ids.PEOPLE_ADD, str(program.id), user=OWNER))
    assert door.slack.views("views.open")[0]["title"]["text"] == "Add People"

    said = add(door, program, people={"selected_users": ["U5", "U6", "UGONE"]}, roles=ticks("mentor"))

    assert "2 added, 1 cannot take part." in said
    assert (program.participant("U5").mentor, program.participant("U5").mentee) == (True, False)
    assert program.told(Kind.MENTORING_PROFILE) == []


def test_they_are_asked_for_their_profile_if_wished(door: Door, program: Mentorship) -> None:
    """One message each, and they take part once it is complete."""
    assert "1 added." in add(door, program, people={"selected_users": ["U5"]}, ask=ticks("ask"))

    assert program.told(Kind.MENTORING_PROFILE) == ["U5"]
    assert program.participant("U5").state == "registered"


def test_a_user_group_is_added_as_its_members(door: Door, program: Mentorship) -> None:
    """Whether its members were read before, or Slack is asked now."""
    door.world.directory.groups["S1"] = ("mentors", ["U5", "U6"])
    usergroups.changed(door.world.db, door.world.team, Told("S1", handle="mentors"), event_id="Ev1", now=NOW)

    assert "2 added." in add(door, program, usergroups=ticks("S1"), roles=ticks("mentee", "mentor"))
    assert program.participant("U6").mentor
    assert program.participant("U6").mentee


def test_nobody_chosen_is_said(door: Door, program: Mentorship) -> None:
    """At the field; a role too."""
    assert "Choose people or a user group." in add(door, program)
    assert "Choose mentee, mentor, or both." in add(
        door, program, people={"selected_users": ["U5"]}, roles=ticks()
    )


# --- Rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Ids.SETTINGS_OPEN, Ids.RULES_OPEN, Ids.PEOPLE_ADD])
def test_only_organizers_open_what_sets_a_program_up(door: Door, program: Mentorship, action: str) -> None:
    """Somebody who organizes another program is told so too."""
    Mentorship(door.world, name="Other", organizers=(OTHER,))
    for user in (OTHER, "U5"):
        door.send(press(action, str(program.id), user=user))

    assert door.slack.whispers() == [REFUSED, REFUSED]
    assert door.slack.shown() == []


def test_a_form_proves_no_right(door: Door, program: Mentorship) -> None:
    """Whoever sends a form of a program that they do not organize changes nothing."""
    for view in (
        the_settings(program, choices={"value": "5"}),
        filled(blocks.rules(DEFAULT_RULES, program.id, "matching"), skills={"value": "1"}),
        filled(blocks.add_people(program.id, "Mentoring", peers=False, groups_known=True),
               people={"selected_users": ["U5"]}),
    ):  # fmt: skip
        assert list(submit(door, view, user=OTHER)["errors"].values()) == [REFUSED]

    assert settings(program).choices == 3
    assert mentoring_changes.rules(program.db, program.team, program.id)[0] == DEFAULT_RULES
    assert "U5" not in program.users().values()


def test_a_program_that_is_none_is_said(door: Door, program: Mentorship) -> None:
    """Its id came from elsewhere."""
    door.send(press(Ids.SETTINGS_OPEN, "999"))

    assert door.slack.whispers() == ["This program does not exist any more."]


# --- Where programs are listed -------------------------------------------------------------------------


def drawn(door: Door) -> str:
    """What was drawn over the open modal, last."""
    return json.dumps(door.slack.views("views.update")[-1])


def press_on_card(door: Door, action: str, program: Mentorship, user: str = ADMIN) -> None:
    """Press a button of the list of programs, or of a card, which is a modal."""
    door.send(
        press_in_view(action, a_view({"type": "modal", "callback_id": "x"}), user=user, value=str(program.id))
    )


def test_opening_it_shows_its_page_in_home(door: Door, program: Mentorship) -> None:
    """From Home without a modal; from the list of programs with its card, which has no button of coffee."""
    home = a_view({"type": "home", "callback_id": ""})
    door.send(press_in_view(Core.PROGRAM_SHOW, home, user=OWNER, value=str(program.id)))
    assert board_of(door, OWNER) == program.id
    assert door.slack.shown() == []
    press_on_card(door, Core.PROGRAM_SHOW, program)

    assert board_of(door, ADMIN) == program.id
    assert "Matching page is open in the Home tab" in drawn(door)
    for word in ("Schedule a session", "Pause", "Message texts", "Group size"):
        assert word not in drawn(door)


def test_home_lists_it_as_what_it_is(door: Door, program: Mentorship) -> None:
    """With its kind and whether matching is on, and no sessions."""
    door.world.a_program()
    door.send(event({"type": "app_home_opened", "user": ADMIN, "tab": "home", "channel": "D1"}))
    (view,) = door.slack.views("views.publish")
    opens = [one for one in view["blocks"] if one.get("accessory", {}).get("action_id") == Core.PROGRAM_SHOW]
    lines = {one["accessory"]["value"]: one["text"]["text"] for one in opens}

    assert lines[str(program.id)] == "*Mentoring*\nMentoring · matching is on"


def test_it_is_archived_and_comes_back(door: Door, program: Mentorship) -> None:
    """By an admin; its card says how it stands."""
    program.assign("U4", "U3")
    press_on_card(door, Core.PROGRAM_ARCHIVE, program)
    assert "*Archived.*" in drawn(door)
    assert program.matches() == {("U4", "U3"): "ended"}
    press_on_card(door, Core.PROGRAM_RESTORE, program)

    assert "The program is back, with its people." in drawn(door)
    assert '"Archive"' in drawn(door)


def test_it_is_renamed_in_its_settings(door: Door, program: Mentorship) -> None:
    """Its card leads there."""
    press_on_card(door, Ids.SETTINGS_OPEN, program, OWNER)
    assert door.slack.views("views.push")[0]["callback_id"] == Ids.SETTINGS_SAVE
    submit(door, the_settings(program, name={"value": "Sponsors"}))

    assert settings(program).name == "Sponsors"


def test_organizers_do_not_archive(door: Door, program: Mentorship) -> None:
    """Admins do."""
    press_on_card(door, Core.PROGRAM_SHOW, program, OWNER)
    assert '"Archive"' not in drawn(door)
    press_on_card(door, Core.PROGRAM_ARCHIVE, program, OWNER)

    assert door.slack.whispers() == [AdminsOnly.__doc__]
