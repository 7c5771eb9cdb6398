"""Programs in Slack: the list, the card, settings and texts, from the signed request to the stored fact."""

import json
from typing import Any

import pytest

from blocks import program as form_blocks
from blocks import program_cards, text_modals
from blocks.ids import Ids
from domain.forms import ProgramForm
from domain.texts import Text
from handlers.access import AdminsOnly, NotYourProgram, OrganizersOnly
from services import program_cards as cards
from services import programs, texts, usergroups
from services.access import Rights, rights
from services.usergroups import Told
from store.core import Program
from tests.blocks.slack_state import as_submitted
from tests.builders import ADMIN, CHANNEL, NOW
from tests.handlers.conftest import Door, is_notice
from tests.payloads import a_view, event, press, press_in_view, submission, typed

Json = dict[str, Any]
OWNER = "U1"


@pytest.fixture
def program(door: Door) -> int:
    """A program that U1 owns."""
    return door.world.a_program(owners=(OWNER,))


def form(door: Door, program: int) -> ProgramForm:
    """The settings as they are stored."""
    return programs.form_of(door.world.db, door.world.team, program)


def the_list(door: Door, user: str = ADMIN) -> Json:
    """The modal "Programs", open."""
    page = cards.page(door.world.db, door.world.team, rights(door.world.deps, user))
    return a_view(program_cards.programs(page))


def the_card(door: Door, program: int) -> Json:
    """The card of a program, open."""
    may = Rights(ADMIN, admin=True)
    return a_view(program_cards.card(cards.sheet(door.world.db, door.world.team, program, may)))


def the_settings(door: Door, program: int, **values: Json) -> Json:
    """The modal "Settings", filled in: block id -> what its input holds."""
    view = form_blocks.render_settings(form(door, program), program)
    return filled(view, values, id="V2", previous_view_id="V1")


A_TRIO: Json = {"selected_option": {"text": {"type": "plain_text", "text": "3"}, "value": "3"}}


def filled(view: Json, values: dict[str, Json], **more: Any) -> Json:
    """An open modal with other values in some inputs."""
    held = as_submitted(view)
    for block_id, value in values.items():
        (action_id,) = held[block_id]
        held[block_id][action_id] |= value
    return a_view(view, values=held, **more)


def in_view(door: Door, action_id: str, view: Json, value: object, user: str = ADMIN) -> None:
    """Press a button of a modal."""
    assert door.send(press_in_view(action_id, view, user=user, value=str(value))).status == 200


def drawn(door: Door) -> Json:
    """The view that was drawn over an open one, last."""
    return door.slack.views("views.update")[-1]


# --- The list and the card -----------------------------------------------------------------------------


def test_the_list_opens_from_a_message_and_from_home(door: Door, program: int) -> None:
    """[Programs] opens the modal where there is none; owners see theirs and create none."""
    door.world.a_program(name="Tea")
    door.send(press(Ids.PROGRAMS_OPEN))
    door.send(press(Ids.PROGRAMS_OPEN, user=OWNER))
    for_admin, for_owner = door.slack.views("views.open")

    assert for_admin["title"]["text"] == "Programs"
    assert "*Tea*" in json.dumps(for_admin)
    assert "New program" in json.dumps(for_admin)
    assert "*Coffee*" in json.dumps(for_owner)
    assert "*Tea*" not in json.dumps(for_owner)
    assert "New program" not in json.dumps(for_owner)


def test_a_card_takes_the_place_of_the_list_and_back(door: Door, program: int) -> None:
    """One modal all along, so that three may still be stacked on it."""
    in_view(door, Ids.PROGRAM_SHOW, the_list(door), program)
    assert drawn(door)["title"]["text"] == "Program"
    assert "#coffee" in json.dumps(drawn(door))
    in_view(door, Ids.PROGRAMS_BACK, the_card(door, program), 0)

    assert drawn(door)["title"]["text"] == "Programs"
    assert door.slack.shown() == []


def test_pages_are_turned(door: Door) -> None:
    """[Next page] draws the next twenty."""
    for number in range(21):
        door.world.a_program(name=f"Program {number:02}")
    in_view(door, Ids.PROGRAMS_NEXT, the_list(door), 1)

    assert "Program 20" in json.dumps(drawn(door))
    assert "Program 00" not in json.dumps(drawn(door))


def test_schedule_opens_on_this_program(door: Door) -> None:
    """[Schedule a session] chooses the very program, whatever others are called."""
    door.world.a_program()
    tea = door.world.a_program(name="Coffee and tea")
    in_view(door, Ids.PROGRAM_SCHEDULE, the_card(door, tea), tea)
    (view,) = door.slack.views("views.open")
    (select,) = [b["element"] for b in view["blocks"] if b.get("block_id") == "program_id"]

    assert select["initial_option"]["value"] == str(tea)


def test_sessions_open_the_planning_of_this_program(door: Door, program: int) -> None:
    """[Sessions] shows what is planned and what took place of this program alone."""
    door.world.save(program)
    tea = door.world.a_program(name="Tea")
    door.world.save(tea)
    in_view(door, Ids.PROGRAM_SESSIONS, the_card(door, program), program, OWNER)
    (view,) = door.slack.views("views.push")
    lines = json.dumps([block for block in view["blocks"] if block["type"] == "section"])

    assert "Coffee" in lines
    assert "Tea" not in lines


@pytest.mark.parametrize("user", [ADMIN, OWNER])
def test_pausing_and_going_on(door: Door, program: int, user: str) -> None:
    """Both are seen on the card at once; pressing twice does it once."""
    for _ in range(2):
        in_view(door, Ids.PROGRAM_PAUSE, the_card(door, program), program, user)
    assert "Resume" in json.dumps(drawn(door))
    for _ in range(2):
        in_view(door, Ids.PROGRAM_RESUME, the_card(door, program), program, user)

    assert "Pause" in json.dumps(drawn(door))
    with door.world.db.reading() as tx:
        assert tx.get_one(Program, program).state == "active"


def test_a_modal_that_was_closed_meanwhile_alarms_nobody(door: Door, program: int) -> None:
    """What was pressed is done, although there is nothing left to draw."""
    card = the_card(door, program)
    door.slack.errors["views.update"] = "not_found"
    in_view(door, Ids.PROGRAM_PAUSE, card, program)

    assert door.slack.whispers() == []
    with door.world.db.reading() as tx:
        assert tx.get_one(Program, program).state == "paused"


def test_archiving_says_so(door: Door, program: int) -> None:
    """The card shows it; a second press is told the truth."""
    before = the_card(door, program)
    in_view(door, Ids.PROGRAM_ARCHIVE, before, program)
    assert "Archived" in json.dumps(drawn(door))
    in_view(door, Ids.PROGRAM_ARCHIVE, before, program)

    assert door.slack.whispers() == ["This program is archived, so it cannot be changed any more."]


# --- New program ---------------------------------------------------------------------------------------


def test_a_program_made_from_the_list_shows_its_card(door: Door) -> None:
    """[New program] over the list; [Create] closes it, and the list below becomes the card."""
    in_view(door, Ids.PROGRAM_NEW, the_list(door), "")
    (view,) = door.slack.views("views.push")
    owners = next(b["element"] for b in view["blocks"] if b.get("block_id") == "owners")
    assert owners["initial_users"] == [ADMIN]
    chosen = {"name": {"value": "Coffee"}, "channels": {"selected_conversations": [CHANNEL]}}
    answer = door.answer(submission(filled(view, chosen, id="V2", previous_view_id="V1")))

    assert answer == {}
    assert drawn(door)["title"]["text"] == "Program"
    assert "Schedule a session" in json.dumps(drawn(door))
    assert door.slack.calls[-1][1]["view_id"] == "V1"


def test_new_program_opens_where_there_is_no_modal(door: Door) -> None:
    """From App Home and from messages too."""
    door.send(press(Ids.PROGRAM_NEW))

    assert [view["title"]["text"] for view in door.slack.views("views.open")] == ["New program"]


def test_mixed_shows_who_takes_part_automatically(door: Door) -> None:
    """Choosing it redraws the modal with the field; what was typed and chosen stays."""
    view = form_blocks.render(ProgramForm(zone="Europe/Paris"))
    mixed = {"selected_option": {"value": "mixed", "text": {"type": "plain_text", "text": "Mixed"}}}
    groups = {"selected_options": [{"value": "S1", "text": {"type": "plain_text", "text": "@mentors"}}]}
    values = {"opt_in": mixed, "usergroups": groups, "name": {"value": "Tea"}}
    door.send(press_in_view(Ids.PROGRAM_OPT_IN, filled(view, values), kind="radio_buttons"))
    found = json.dumps(drawn(door))

    assert "Take part automatically" in found
    assert '"initial_value": "Tea"' in found
    assert "@mentors" in found


def test_problems_of_a_new_program_stand_at_their_fields(door: Door) -> None:
    """Each sentence under its input, and nothing is stored."""
    view = form_blocks.render(ProgramForm(zone="Europe/Paris"))
    answer = door.answer(submission(a_view(view, values=as_submitted(view))))

    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"name", "channels"}
    assert programs.cards(door.world.db, door.world.team) == []


def test_user_groups_are_found_by_typing(door: Door) -> None:
    """The select asks, and gets the handles that match."""
    for one, handle in (("S1", "mentors"), ("S2", "cooks")):
        usergroups.changed(door.world.db, door.world.team, Told(one, handle), event_id=one, now=NOW)
    options = door.answer(typed(Ids.PROGRAM_USERGROUPS, "men"))["options"]

    assert [(option["value"], option["text"]["text"]) for option in options] == [("S1", "@mentors")]
    assert door.answer(typed(Ids.PROGRAM_USERGROUPS, "zzz"))["options"] == []
    assert door.answer(typed(Ids.PROGRAM_TEAMS, "men"))["options"] == options


# --- Settings ------------------------------------------------------------------------------------------


def test_settings_open_as_they_are(door: Door, program: int) -> None:
    """On top of the card, filled in."""
    in_view(door, Ids.PROGRAM_SETTINGS, the_card(door, program), program, OWNER)
    (view,) = door.slack.views("views.push")

    assert form_blocks.read(as_submitted(view)) == form(door, program)


def test_saved_settings_are_seen_on_the_card(door: Door, program: int) -> None:
    """[Save] stores them once, closes the modal and redraws the card below."""
    view = the_settings(door, program, name={"value": "Tea"}, follow_up={"value": "3"})
    for _ in range(2):
        assert door.answer(submission(view, user=OWNER)) == {}

    assert (form(door, program).name, form(door, program).follow_up_days) == ("Tea", 3)
    assert "After 3 days" in json.dumps(drawn(door))


def test_a_rule_is_set_in_the_settings(door: Door, program: int) -> None:
    """One about teams is refused at their field while there are none; what was chosen keeps its handle."""
    usergroups.changed(door.world.db, door.world.team, Told("S1", "sales"), event_id="E", now=NOW)
    must = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": "team-must"}}
    view = the_settings(door, program, rule_2=must)
    assert list(door.answer(submission(view, user=OWNER))["errors"]) == ["teams"]
    sales = {"selected_options": [{"text": {"type": "plain_text", "text": "@sales"}, "value": "S1"}]}
    view = the_settings(door, program, rule_2=must, teams=sales)
    in_view(door, Ids.PROGRAM_OPT_IN, view, "on", OWNER)
    redrawn = as_submitted(drawn(door))
    assert form_blocks.handles_in(redrawn) == {"S1": "@sales"}
    assert form_blocks.read(redrawn).rules == ("", "team-must")
    assert door.answer(submission(view, user=OWNER)) == {}

    assert (form(door, program).rules, form(door, program).teams) == (("team-must",), ("S1",))
    assert "Must be of different teams" in json.dumps(drawn(door))
    in_view(door, Ids.PROGRAM_SETTINGS, the_card(door, program), program, OWNER)
    (opened,) = door.slack.views("views.push")
    assert form_blocks.handles_in(as_submitted(opened)) == {"S1": "@sales"}


def test_stale_settings_are_refused_at_a_field(door: Door, program: int) -> None:
    """What was typed stays in the modal, also after a choice drew it anew."""
    in_view(door, Ids.PROGRAM_SETTINGS, the_card(door, program), program, OWNER)
    (opened,) = door.slack.views("views.push")
    open_one = filled(opened, {"name": {"value": "Tea"}})
    in_view(door, Ids.PROGRAM_OPT_IN, open_one, "", OWNER)
    redrawn = filled(drawn(door), {})
    assert door.answer(submission(the_settings(door, program, group_size=A_TRIO))) == {}

    answer = door.answer(submission(redrawn, user=OWNER))

    assert "Ada Admin changed this meanwhile: Group size." in answer["errors"]["name"]
    assert (form(door, program).name, form(door, program).group_size) == ("Coffee", 3)


def test_an_admin_brings_an_archived_program_back(door: Door, program: int) -> None:
    """[Restore] on its card; owners and members are refused."""
    in_view(door, Ids.PROGRAM_ARCHIVE, the_card(door, program), program)
    archived = the_card(door, program)
    for user in (OWNER, "U2"):
        in_view(door, Ids.PROGRAM_RESTORE, archived, program, user)
    assert len(door.slack.whispers()) == 2
    in_view(door, Ids.PROGRAM_RESTORE, archived, program)

    assert "The program is back." in json.dumps(drawn(door))
    assert "Schedule a session" in json.dumps(drawn(door))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": {"value": " "}}, "name"),
        ({"channels": {"selected_conversations": []}}, "channels"),
        ({"follow_up": {"value": "61"}}, "follow_up"),
        ({"follow_up": {"value": "many"}}, "follow_up"),
        ({"icebreakers": {"value": "x" * 201}}, "icebreakers"),
        ({"owners": {"selected_users": ["UROBO"]}}, "owners"),
        ({"zone": {"selected_option": {"value": "Mars/Base"}}}, "zone"),
        ({"group_size": {"selected_option": {"value": "99"}}}, "group_size"),
        ({"leftover": {"selected_option": {"value": "none"}}}, "leftover"),
    ],
)
def test_a_refusal_stands_at_its_field(door: Door, program: int, values: dict[str, Json], field: str) -> None:
    """Everything else is kept, in the modal and in the database."""
    robot = {"id": "UROBO", "name": "robo", "is_bot": True, "updated": 5, "profile": {"real_name": "Robo"}}
    door.send(event({"type": "user_change", "user": robot}))
    before = form(door, program)
    answer = door.answer(submission(the_settings(door, program, **values)))

    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {field}
    assert form(door, program) == before


def test_an_owner_who_leaves_a_program_sees_it_no_more(door: Door, program: int) -> None:
    """Taking oneself off the owners closes the modals instead of showing what is not theirs."""
    view = the_settings(door, program, owners={"selected_users": [ADMIN]})

    assert door.answer(submission(view, user=OWNER)) == {"response_action": "clear"}
    in_view(door, Ids.PROGRAM_SHOW, the_list(door), program, OWNER)
    assert door.slack.whispers() == [str(OrganizersOnly())]


def test_without_a_card_below_the_modal_turns_into_it(door: Door, program: int) -> None:
    """All is stored, so the modal goes on as the card."""
    door.slack.errors["views.update"] = "not_found"
    answer = door.answer(submission(the_settings(door, program, name={"value": "Tea"})))

    assert answer["response_action"] == "update"
    assert answer["view"]["title"]["text"] == "Program"


# --- Message texts -------------------------------------------------------------------------------------


def the_text(door: Door, program: int, written: str, kind: Text = Text.OPT_IN, **more: Any) -> Json:
    """The modal in which a text is written, with *written* in it."""
    sheet = texts.sheet(door.world.db, door.world.team, program, ADMIN, now=NOW)
    view = text_modals.render_one(sheet, kind)
    return filled(view, {"text": {"value": written}}, id="V3", previous_view_id="V2", **more)


def stored(door: Door, program: int) -> dict[str, Any]:
    """The texts of a program."""
    with door.world.db.reading() as tx:
        return dict(tx.get_one(Program, program).texts)


def test_texts_are_listed_and_opened(door: Door, program: int) -> None:
    """Two modals on top of the card, which is as many as Slack allows."""
    in_view(door, Ids.PROGRAM_TEXTS, the_card(door, program), program, OWNER)
    in_view(door, Ids.TEXT_EDIT, the_card(door, program), f"{program}.group", OWNER)
    shown = [view["title"]["text"] for view in door.slack.views("views.push")]

    assert shown == ["Message texts", "Group message"]


def test_a_text_is_saved_once_and_seen_in_the_list(door: Door, program: int) -> None:
    """[Save] stores it and goes back to the list, where it is marked."""
    view = the_text(door, program, "Come on {match_date}!")
    for _ in range(2):
        assert door.answer(submission(view, user=OWNER)) == {}

    assert stored(door, program) == {"opt_in": "Come on {match_date}!"}
    assert "*Opt-in message* · edited" in json.dumps(drawn(door), ensure_ascii=False)


def test_a_wrong_variable_is_refused_at_the_text(door: Door, program: int) -> None:
    """With its name; what was typed stays in the modal."""
    for written, said in (
        ("Come on {day}!", "{day} means nothing here."),
        ("Come!", "{match_date} is missing"),
        (" ", "Write a text"),
    ):
        answer = door.answer(submission(the_text(door, program, written)))
        assert list(answer["errors"]) == ["text"]
        assert answer["errors"]["text"].startswith(said)

    assert stored(door, program) == {}


def test_a_preview_shows_what_was_typed(door: Door, program: int) -> None:
    """[Preview] fills the variables in; a wrong one is named instead; nothing is stored."""
    value = f"{program}.opt_in"
    in_view(door, Ids.TEXT_PREVIEW, the_text(door, program, "Hi {first_name} {match_date}"), value)
    assert "Hi Ada <!date^" in json.dumps(drawn(door))
    assert "Hi {first_name} {match_date}" in json.dumps(drawn(door))
    in_view(door, Ids.TEXT_PREVIEW, the_text(door, program, "Hi {name}"), value)

    assert ":warning: {name} means nothing here." in json.dumps(drawn(door))
    assert stored(door, program) == {}


def test_back_to_default_brings_ours_back(door: Door, program: int) -> None:
    """Our text stands in the input again; saving it forgets the other one."""
    door.send(submission(the_text(door, program, "Come on {match_date}!")))
    in_view(door, Ids.TEXT_DEFAULT, the_text(door, program, "Come!"), f"{program}.opt_in")
    view = drawn(door)
    assert "brings you together" in text_modals.read(as_submitted(view))
    again = a_view(view, values=as_submitted(view), id="V3", hash="new", previous_view_id="V2")

    assert door.answer(submission(again)) == {}
    assert stored(door, program) == {}


def test_an_unknown_text_is_refused(door: Door, program: int) -> None:
    """An id from an old message, or from nobody, opens nothing."""
    in_view(door, Ids.TEXT_EDIT, the_card(door, program), f"{program}.nothing")

    assert door.slack.whispers() == ["This message does not exist any more."]


# --- Rights --------------------------------------------------------------------------------------------


def everything(door: Door, program: int, user: str) -> list[Any]:
    """Each request that shows or changes one program."""
    card = the_card(door, program)
    pressed = [
        (Ids.PROGRAM_SHOW, program), (Ids.PROGRAM_SCHEDULE, program), (Ids.PROGRAM_SETTINGS, program),
        (Ids.PROGRAM_SESSIONS, program),
        (Ids.PROGRAM_TEXTS, program), (Ids.TEXT_EDIT, f"{program}.opt_in"), (Ids.PROGRAM_PAUSE, program),
        (Ids.PROGRAM_RESUME, program), (Ids.TEXT_PREVIEW, f"{program}.opt_in"),
        (Ids.TEXT_DEFAULT, f"{program}.opt_in"),
    ]  # fmt: skip
    return [
        *(press_in_view(action_id, card, user=user, value=str(value)) for action_id, value in pressed),
        submission(the_settings(door, program, name={"value": "Mine"}), user=user),
        submission(the_text(door, program, "Come on {match_date}!"), user=user),
    ]


@pytest.mark.parametrize(("user", "said"), [("U2", str(OrganizersOnly())), ("U3", str(NotYourProgram()))])
def test_others_cannot_touch_a_program(door: Door, program: int, user: str, said: str) -> None:
    """Neither members nor owners of another program; nothing of it is shown to them."""
    door.world.a_program(name="Tea", owners=("U3",))
    before = (form(door, program), stored(door, program))
    for number, request in enumerate(everything(door, program, user)):
        door.slack.calls.clear()
        response = door.send(request)
        assert said in response.body or door.slack.whispers() == [said], number
        assert all(is_notice(view) for view in door.slack.shown()), number
        assert door.slack.views("views.update") == [], number

    assert (form(door, program), stored(door, program)) == before


def test_owners_may_do_all_but_create_and_archive(door: Door, program: int) -> None:
    """Everything about their own program works; those two are for admins."""
    for request in everything(door, program, OWNER):
        assert door.send(request).status == 200
    assert door.slack.whispers() == []
    in_view(door, Ids.PROGRAM_ARCHIVE, the_card(door, program), program, OWNER)
    in_view(door, Ids.PROGRAM_NEW, the_card(door, program), "", OWNER)
    view = form_blocks.render(ProgramForm(zone="Europe/Paris"))
    chosen = {"name": {"value": "Tea"}, "channels": {"selected_conversations": [CHANNEL]}}
    answer = door.answer(submission(filled(view, chosen), user=OWNER))

    assert door.slack.whispers() == [str(AdminsOnly())] * 2
    assert answer["errors"] == {"name": str(AdminsOnly())}
    assert [card.name for card in programs.cards(door.world.db, door.world.team)] == ["Mine"]


@pytest.mark.parametrize("value", ["", "0", "999999", "-1", "x", "9" * 40, "1; DROP TABLE program"])
def test_ids_that_are_none_find_nothing(door: Door, program: int, value: str) -> None:
    """What comes back from Slack is looked up in this workspace, never trusted."""
    for action_id in (Ids.PROGRAM_SHOW, Ids.PROGRAM_PAUSE, Ids.PROGRAM_ARCHIVE, Ids.PROGRAM_TEXTS):
        door.slack.calls.clear()
        in_view(door, action_id, the_card(door, program), value)
        assert door.slack.whispers() == ["This program does not exist any more."]


# --- User groups ---------------------------------------------------------------------------------------


def test_user_groups_are_kept_in_step_by_events(door: Door) -> None:
    """Created, renamed, its members changed, disabled; each event once, and a broken one does no harm."""
    world = door.world
    world.directory.groups = {"S1": ("mentors", ["U1", "U2"])}
    door.send(event({"type": "subteam_created", "subteam": {"id": "S1", "handle": "mentors"}}, event_id="E1"))
    world.a_program(channels=(), usergroups=("S1",))
    moved = {"type": "subteam_members_changed", "subteam_id": "S1", "added_users": ["U3", 4]}
    for _ in range(2):
        assert door.send(event({**moved, "removed_users": ["U1"]}, event_id="E2")).status == 200
    renamed = {"id": "S1", "handle": "guides", "date_delete": 0}
    door.send(event({"type": "subteam_updated", "subteam": renamed}, event_id="E3"))
    for broken in ({}, {"subteam": "S1"}, {"subteam": {"id": "S1"}}):
        assert door.send(event({"type": "subteam_updated", **broken}, event_id=f"B{broken}")).status == 200
    (card,) = programs.cards(world.db, world.team)
    assert (card.audience, card.people) == ("@guides", 2)
    gone = {"id": "S1", "handle": "guides", "date_delete": 1803888002}
    door.send(event({"type": "subteam_updated", "subteam": gone}, event_id="E4"))

    (card,) = programs.cards(world.db, world.team)
    assert (card.audience, card.people) == ("a user group that is gone", 0)
