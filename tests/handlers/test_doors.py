"""What people can do in Slack, from the signed request to the stored fact and the shown view."""

import json
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest

from blocks import program as program_blocks
from blocks import schedule as schedule_blocks
from blocks.classes_ids import ClassesIds
from blocks.hosted_ids import HostedIds
from blocks.ids import Ids
from blocks.mentoring_ids import MentoringIds
from domain.facts import ProgramCard
from domain.forms import ProgramForm, ReminderForm, ScheduleForm
from domain.messages import Kind, Verdict
from handlers.access import AdminsOnly, NotYourProgram, OrganizersOnly
from services import people, programs, scheduling
from tests.blocks.hosted_form_cases import FORM_VIEWS
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import CASES, message
from tests.blocks.test_views import MENUS, VIEWS
from tests.builders import ADMIN, CHANNEL, OPT_IN, World, a_form, a_person
from tests.handlers.conftest import Door, is_notice
from tests.payloads import (
    a_slack_user,
    a_view,
    command,
    event,
    press,
    press_in_view,
    shortcut,
    submission,
    typed,
)

REFUSALS = (str(AdminsOnly()), str(OrganizersOnly()), str(NotYourProgram()))


def cards(door: Door) -> list[ProgramCard]:
    """The programs of the workspace."""
    return programs.cards(door.world.db, door.world.team)


def opened(door: Door, form: ScheduleForm, **more: Any) -> dict[str, Any]:
    """The schedule modal as it stands open."""
    view = schedule_blocks.render(form, cards(door), **more)
    return a_view(view, values=as_submitted(view))


# --- /sessions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "help", "  HELP  ", "Help me please"])
def test_the_menu_is_private_and_fits_the_person(door: Door, text: str) -> None:
    """Admins see what they can do; members see only what is theirs."""
    assert "Schedule a session" in json.dumps(door.answer(command(text)))
    member = json.dumps(door.answer(command(text, user="U1")))

    assert "Schedule a session" not in member
    assert "Only admins and owners of a program schedule sessions" in member
    assert door.slack.calls == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [("shedule", "`/sessions schedule`"), ("hlep", "`/sessions help`"), ("xyzzy", ""), ("<!channel>", "")],
)
def test_an_unknown_word_is_never_met_with_silence(door: Door, text: str, hint: str) -> None:
    """The help and the closest word, and what was typed does nothing."""
    said = json.dumps(door.answer(command(text)), ensure_ascii=False)

    assert "I do not know" in said
    assert hint in said
    assert "<!" not in said


@pytest.mark.parametrize(
    "ask",
    [
        lambda: command("schedule"),
        lambda: command("  Schedule "),
        lambda: shortcut(Ids.SCHEDULE_OPEN),
        lambda: press(Ids.SCHEDULE_OPEN),
    ],
    ids=["typed", "spaced", "shortcut", "button"],
)
def test_schedule_opens_the_modal(door: Door, ask: Callable[[], BoltRequest]) -> None:
    """Command, shortcut and button open the same modal, with dates that would pass."""
    door.world.a_program()
    assert door.send(ask()).status == 200  # signed now: collected requests would be too old by then
    (view,) = door.slack.views("views.open")

    assert view["title"]["text"] == "Schedule a session"
    assert view["submit"]["text"] == "Save"
    assert "2027-03-11" in json.dumps(view)


def test_schedule_names_a_program(door: Door) -> None:
    """``/sessions schedule tea`` opens the modal on that program."""
    door.world.a_program()
    door.world.a_program(name="Tea")
    door.send(command("schedule tea"))
    (view,) = door.slack.views("views.open")
    (select,) = [b["element"] for b in view["blocks"] if b.get("block_id") == "program_id"]

    assert select["initial_option"]["text"]["text"] == "Tea"


def test_an_empty_workspace_is_offered_a_program(door: Door) -> None:
    """Without a program the modal has no form, only the way to one."""
    door.send(command("schedule"))
    (view,) = door.slack.views("views.open")

    assert "submit" not in view
    assert "New program" in json.dumps(view)


def test_an_expired_trigger_is_said(door: Door) -> None:
    """When Slack does not open the modal, the person reads so instead of nothing."""
    door.slack.errors["views.open"] = "expired_trigger_id"
    door.world.a_program()

    assert "could not be shown" in door.says(command("schedule"))


# --- The modal -----------------------------------------------------------------------------------------


def test_saving_stores_and_closes(door: Door) -> None:
    """[Save] stores the session, hints, and closes the modal; Slack telling it twice is one session."""
    program = door.world.a_program()
    view = opened(door, a_form(program, weeks=2))
    for _ in range(2):
        assert door.answer(submission(view)) == {"response_action": "clear"}

    assert len(door.world.occurrences()) == 6
    assert len(door.world.owed(Kind.SCHEDULED)) == 1
    assert door.world.queue.hints[-1] == ("T1", -1)


def test_a_problem_is_shown_at_its_field(door: Door) -> None:
    """What the rule says stands under the field, and nothing is stored."""
    program = door.world.a_program()
    form = a_form(program, match_date=a_form(program).opt_in_date, match_time=a_form(program).opt_in_time)
    answer = door.answer(submission(opened(door, form)))

    assert answer["errors"] == {"match_date": "The matching date must be after the opt-in date."}
    assert door.world.occurrences() == []


def test_a_warning_asks_once_more(door: Door) -> None:
    """Another session in the same days: the modal asks, and [Save anyway] saves."""
    program = door.world.a_program()
    door.world.save(program)
    answer = door.answer(submission(opened(door, a_form(program))))
    assert answer["response_action"] == "update"
    assert answer["view"]["submit"]["text"] == "Save anyway"
    assert len(door.world.occurrences()) == 1
    sure = a_view(answer["view"], values=as_submitted(answer["view"]), hash="new")

    assert door.answer(submission(sure)) == {"response_action": "clear"}
    assert len(door.world.occurrences()) == 2


def test_a_choice_redraws_the_modal(door: Door) -> None:
    """Choosing a program without questions hides the opt-in; what was typed elsewhere stays."""
    door.world.a_program()
    tea = door.world.a_program(name="Tea", opt_in="off")
    view = opened(door, a_form(tea, weeks=3))
    door.send(press_in_view(Ids.SCHEDULE_PROGRAM, view, kind="static_select"))
    (drawn,) = door.slack.views("views.update")
    ids = [block.get("block_id") for block in drawn["blocks"]]

    assert "opt_in_date" not in ids
    assert "Every 3 weeks on same days" in json.dumps(drawn)
    ((_, call),) = door.slack.calls
    assert (call["view_id"], call["hash"]) == ("V1", "1800000000.abc")


def test_dates_that_a_choice_hides_come_back_with_the_next(door: Door) -> None:
    """Review and back, at once and back: each field holds what was typed, and not a suggestion."""
    program = door.world.a_program()
    form = a_form(
        program, opt_in_date=date(2027, 4, 5), match_date=date(2027, 4, 20), match_time=time(7), weeks=3
    )
    view = opened(door, form)
    review, automatic = [
        {"groups": {Ids.SCHEDULE_GROUPS: {"type": "radio_buttons", "selected_option": {"value": value}}}}
        for value in ("review", "automatic")
    ]
    at_once = {"now": {Ids.SCHEDULE_NOW: {"type": "checkboxes", "selected_options": [{"value": "now"}]}}}
    later = {"now": {Ids.SCHEDULE_NOW: {"type": "checkboxes", "selected_options": []}}}
    for chosen in (at_once, review, automatic, later):
        view = a_view(view, values={**as_submitted(view), **chosen})
        door.send(press_in_view(Ids.SCHEDULE_GROUPS, view, kind="radio_buttons"))
        view = a_view(door.slack.views("views.update")[-1])

    held = as_submitted(view)
    assert schedule_blocks.read(held, {}) == form


def test_two_quick_choices_do_not_alarm_anybody(door: Door) -> None:
    """When a newer choice has already redrawn the modal, the older redraw is dropped in silence."""
    program = door.world.a_program()
    door.slack.errors["views.update"] = "hash_conflict"
    view = opened(door, a_form(program))
    assert door.send(press_in_view(Ids.SCHEDULE_NOW, view, kind="checkboxes")).status == 200

    assert door.slack.whispers() == []


def test_typing_finds_a_zone(door: Door) -> None:
    """The select asks, and gets zones that it can show."""
    for action_id in (Ids.SCHEDULE_ZONE, Ids.PROGRAM_ZONE):
        options = door.answer(typed(action_id, "par"))["options"]
        assert options[0] == {
            "text": {"type": "plain_text", "text": "Europe/Paris", "emoji": True},
            "value": "Europe/Paris",
        }
        assert door.answer(typed(action_id, "zzz"))["options"] == []


# --- Programs ------------------------------------------------------------------------------------------


def a_program_view(**more: Any) -> dict[str, Any]:
    """The modal "New program", filled in."""
    view = program_blocks.render(ProgramForm(zone="Europe/Paris"))
    values = as_submitted(view)
    values["name"][Ids.INPUT]["value"] = "Coffee"
    values["channels"][Ids.INPUT]["selected_conversations"] = [CHANNEL]
    return a_view(view, values=values, **more)


def test_a_new_program_opens_on_top(door: Door) -> None:
    """[New program] pushes its modal onto the one that offered it."""
    view = opened(door, ScheduleForm(zone="Europe/Paris"))
    door.send(press_in_view(Ids.PROGRAM_NEW, view))
    (pushed,) = door.slack.views("views.push")

    assert pushed["title"]["text"] == "New program"


def test_a_program_created_on_top_is_chosen_below(door: Door) -> None:
    """[Create] stores it once, and the modal below shows it chosen."""
    view = a_program_view(id="V2", previous_view_id="V1", root_view_id="V1")
    for _ in range(2):
        assert door.answer(submission(view)) == {}

    assert [card.name for card in cards(door)] == ["Coffee"]
    below = door.slack.views("views.update")[0]
    assert "Coffee" in json.dumps(below)
    assert door.slack.calls[0][1]["view_id"] == "V1"


def test_a_program_created_alone_goes_on_to_its_dates(door: Door) -> None:
    """Without a modal below, the same modal turns into the schedule."""
    answer = door.answer(submission(a_program_view()))

    assert answer["response_action"] == "update"
    assert answer["view"]["title"]["text"] == "Schedule a session"


# --- Buttons of the confirmation -----------------------------------------------------------------------


def test_edit_opens_the_modal_on_the_series(door: Door) -> None:
    """[Edit] shows the next planned dates, and saving changes the series."""
    series_id = door.world.a_series(weeks=2)
    door.send(press(Ids.SCHEDULE_EDIT, str(series_id)))
    (view,) = door.slack.views("views.open")
    assert f'"series":{series_id}' in view["private_metadata"]
    values = as_submitted(view)
    values["weeks"][Ids.INPUT]["selected_option"] = {"value": "4"}

    assert door.answer(submission(a_view(view, values=values))) == {"response_action": "clear"}
    first, second, *_ = door.world.occurrences()
    assert second.opens_at - first.opens_at == timedelta(weeks=4) - timedelta(hours=1)


def test_cancel_cancels(door: Door) -> None:
    """[Cancel session] cancels, redraws the confirmation, and a second press is told so."""
    series_id = door.world.a_series()
    door.world.run()
    (shown,) = door.world.messenger.to(ADMIN)
    door.send(press(Ids.SCHEDULE_CANCEL, str(series_id), ts=shown.ts))
    door.send(press(Ids.SCHEDULE_CANCEL, str(series_id), ts=shown.ts))
    door.world.run()

    assert [row.state for row in door.world.occurrences()] == ["cancelled"]
    assert "Session cancelled" in shown.words
    assert door.slack.whispers() == ["This session is over or was cancelled, so it cannot be changed."]


@pytest.mark.parametrize("now", [True, False])
def test_a_reminder_is_planned(door: Door, *, now: bool) -> None:
    """[Send a reminder] opens its modal; saving plans it and says when it goes out."""
    series_id = door.world.an_open_round()
    door.send(press(Ids.REMINDER_OPEN, str(series_id)))
    (view,) = door.slack.views("views.open")
    values = as_submitted(view)
    if now:
        values["now"][Ids.INPUT]["selected_options"] = [{"value": "now"}]
    answer = door.answer(submission(a_view(view, values=values)))

    assert answer["response_action"] == "update"
    assert ("goes out now" in json.dumps(answer)) is now
    assert ("14 March 2027, 09:00 (Europe/Paris)" in json.dumps(answer)) is not now
    assert door.world.reminders() == ["planned"]


def test_a_reminder_outside_its_time_is_refused_at_its_field(door: Door) -> None:
    """The sentence stands under the field it is about."""
    series_id = door.world.an_open_round()
    start = ReminderForm(door.world.occurrences()[0].match_at.date(), None)
    view = schedule_blocks.render_reminder(start, series_id, "Europe/Paris")
    answer = door.answer(submission(a_view(view, values=as_submitted(view))))

    assert answer["errors"] == {"reminder_date": "Choose a date and a time, or “Send it now”."}


# --- Answers -------------------------------------------------------------------------------------------


def test_answers_are_stored_for_the_person_who_presses(door: Door) -> None:
    """Join, change, decline: the envelope says who, the value says which question."""
    door.world.an_open_round()
    (asked,) = door.world.messenger.to("U1")
    value = asked.value("Join")

    def pressed(action_id: str, user: str, at: str) -> str:
        door.send(press(action_id, value, user=user, channel="DU1", ts=asked.ts, at=f"18038880{at}.000000"))
        return door.world.states()["U1"]

    assert pressed(Ids.COFFEE_JOIN, "U2", "01") == "pending"
    assert door.slack.whispers()[-1].startswith("This question was sent to somebody else")
    assert pressed(Ids.COFFEE_JOIN, "U1", "02") == "accepted"
    assert pressed(Ids.COFFEE_CHANGE, "U1", "03") == "accepted"
    assert pressed(Ids.COFFEE_DECLINE, "U1", "05") == "declined"
    assert pressed(Ids.COFFEE_JOIN, "U1", "04") == "declined"
    door.world.run()
    assert "Not this time" in asked.words


def test_a_late_answer_whispers_and_redraws(door: Door) -> None:
    """After the matching the presser reads the truth, beside the message and in it."""
    door.world.an_open_round()
    (asked,) = door.world.messenger.to("U1")
    value = asked.value("Join")
    door.world.to_match()
    door.send(press(Ids.COFFEE_JOIN, value, user="U1", channel="DU1", ts=asked.ts))

    assert door.slack.whispers() == [
        "This session was matched on 17 March at 09:00 (Europe/Paris). Your answer can no longer change it."
    ]
    assert door.world.queue.hints[-1] == ("T1", -1)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "1",
        "1.x",
        ".",
        "-1.1",
        "٣.1",
        "9" * 40,
        "1.1.1",
        "0.0",
        "1.999999",
        "<script>",
        "2147483648.2147483648",
        "9" * 18,
    ],
)
def test_a_senseless_value_is_refused_in_words(door: Door, value: str) -> None:
    """Whatever a button carries, nothing but a sentence comes of it."""
    door.world.an_open_round()
    for action_id in (Ids.COFFEE_JOIN, Ids.SCHEDULE_EDIT, Ids.REMINDER_OPEN, Ids.DOUBT_SEND):
        assert door.send(press(action_id, value)).status == 200

    assert set(door.world.states().values()) == {"pending"}
    assert not any("went wrong" in said for said in door.slack.whispers())


# --- A doubt -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
def test_an_organizer_settles_a_doubt(door: Door, *, arrived: bool) -> None:
    """[It arrived] and [Send it] do what they say, once; members are told that it is not theirs to say."""
    world: World = door.world
    world.messenger.history = False
    world.an_open_round()
    world.all_join(["U1", "U2"])
    world.messenger.fail("post", Verdict.UNKNOWN, at="G-", effect=arrived)
    world.to_match()
    world.leases_run_out()
    world.run()
    (asked,) = [shown for shown in world.messenger.to(ADMIN) if "Send it" in shown.buttons]
    action, value = (Ids.DOUBT_ARRIVED if arrived else Ids.DOUBT_SEND), asked.value("Send it")
    door.send(press(action, value, user="U1"))
    assert world.outbox_states(Kind.COFFEE_GROUP) == {"dead"}
    assert len(door.slack.whispers()) == 1
    for _ in range(2):
        door.send(press(action, value))
    world.run()

    assert door.slack.whispers()[1:] == [
        "Thank you, noted." if arrived else "It is being sent again.",
        "This was settled already.",
    ]
    assert len(world.messenger.groups()) == 1
    assert world.outbox_states(Kind.COFFEE_GROUP) == {"sent"}


def test_an_owner_settles_a_doubt_of_their_own_program(door: Door) -> None:
    """Whoever scheduled the session is asked, and may answer; the owner of another program may not."""
    world: World = door.world
    world.messenger.history = False
    program = world.a_program(owners=("U1",))
    world.a_program(name="Tea", owners=("U2",))
    scheduling.save(
        world.db, world.team, a_form(program), actor="U1", key="k", chance=world.chance, now=world.clock()
    )
    world.clock.now = OPT_IN
    world.run()
    world.all_join(["U3", "U4"])
    world.messenger.fail("post", Verdict.UNKNOWN, at="G-", effect=True)
    world.to_match()
    world.leases_run_out()
    world.run()
    (asked,) = [shown for shown in world.messenger.to("U1") if "Send it" in shown.buttons]
    for user in ("U2", "U1"):
        door.send(press(Ids.DOUBT_ARRIVED, asked.value("Send it"), user=user))

    assert door.slack.whispers() == [str(NotYourProgram()), "Thank you, noted."]
    assert world.outbox_states(Kind.COFFEE_GROUP) == {"sent"}


def test_a_doubt_is_never_left_to_somebody_who_is_gone(door: Door) -> None:
    """The organizer was deactivated meanwhile: an admin is asked."""
    world: World = door.world
    world.messenger.history = False
    program = world.a_program(owners=("U1",))
    scheduling.save(
        world.db, world.team, a_form(program), actor="U1", key="k", chance=world.chance, now=world.clock()
    )
    world.clock.now = OPT_IN
    world.run()
    world.all_join(["U3", "U4"])
    world.directory.everybody["U1"] = a_person("U1", deleted=True, updated=2)
    world.messenger.fail("post", Verdict.UNKNOWN, at="G-", effect=True)
    world.to_match()
    world.leases_run_out()
    world.run()

    assert any("Send it" in shown.buttons for shown in world.messenger.to(ADMIN))


# --- Who may -------------------------------------------------------------------------------------------


def admin_requests(door: Door, user: str) -> list[BoltRequest]:
    """Everything that only admins may do."""
    series_id = door.world.an_open_round(weeks=2)
    (card,) = cards(door)
    form = opened(door, a_form(card.id, series_id=series_id))
    reminder = schedule_blocks.render_reminder(ReminderForm(), series_id, "Etc/UTC")
    now = as_submitted(reminder)
    now["now"][Ids.INPUT]["selected_options"] = [{"value": "now"}]
    value = str(series_id)
    return [
        command("schedule", user=user),
        shortcut(Ids.SCHEDULE_OPEN, user=user),
        press(Ids.SCHEDULE_OPEN, user=user),
        press(Ids.SCHEDULE_EDIT, value, user=user),
        press(Ids.SCHEDULE_CANCEL, value, user=user),
        press(Ids.REMINDER_OPEN, value, user=user),
        press_in_view(Ids.SCHEDULE_PROGRAM, form, user=user),
        press_in_view(Ids.SCHEDULE_NOW, form, user=user),
        press_in_view(Ids.PROGRAM_NEW, form, user=user),
        submission(opened(door, a_form(card.id, weeks=1, sure=True)), user=user),
        submission(form, user=user),
        submission(a_program_view(), user=user),
        submission(a_view(reminder, values=now), user=user),
    ]


@pytest.mark.parametrize("user", ["U1", "UNKNOWN"])
def test_c1_members_cannot_do_what_admins_do(door: Door, user: str) -> None:
    """Every door refuses in words, and nothing is stored, opened or sent."""
    requests = admin_requests(door, user)
    world = door.world
    before = ([row.state for row in world.occurrences()], world.reminders(), len(world.owed()), cards(door))
    for number, request in enumerate(requests):
        door.slack.calls.clear()
        response = door.send(request)
        assert response.status == 200
        said = [response.body, *door.slack.whispers()]
        assert any(refusal in one for refusal in REFUSALS for one in said), number
        assert all(is_notice(view) for view in door.slack.shown()), number

    after = ([row.state for row in world.occurrences()], world.reminders(), len(world.owed()), cards(door))
    assert after == before


@pytest.mark.parametrize("user", [ADMIN, "UNAMED"])
def test_admins_can(door: Door, user: str) -> None:
    """Slack's admins, and those named in the settings, may do all of it."""
    for request in admin_requests(door, user):
        response = door.send(request)
        assert not any(refusal in str(response.body) for refusal in REFUSALS)

    assert set(REFUSALS).isdisjoint(door.slack.whispers())


def test_c4_an_ex_admin_with_an_old_message_is_refused(door: Door) -> None:
    """Rights are read at the press, never from the message."""
    series_id = door.world.a_series()
    door.send(event({"type": "user_change", "user": a_slack_user(ADMIN, updated=9)}))
    door.send(press(Ids.SCHEDULE_CANCEL, str(series_id)))

    assert door.slack.whispers() == [str(OrganizersOnly())]
    assert [row.state for row in door.world.occurrences()] == ["planned"]


# --- Events --------------------------------------------------------------------------------------------


def test_people_are_kept_in_step_by_events(door: Door) -> None:
    """A new colleague is known, asked when they join the channel, and gone when they are deactivated."""
    world = door.world
    world.an_open_round()
    joined = {"type": "member_joined_channel", "user": "U7", "channel": CHANNEL, "channel_type": "C"}
    for _ in range(2):
        assert (
            door.send(event({"type": "team_join", "user": a_slack_user("U7")}, event_id="E1")).status == 200
        )
        assert door.send(event(joined, event_id="E2")).status == 200
        world.run()
    assert len(world.messenger.to("U7")) == 1
    left = {"type": "member_left_channel", "user": "U1", "channel": CHANNEL, "channel_type": "C"}
    door.send(event(left, event_id="E3"))
    gone = {"type": "user_change", "user": a_slack_user("U2", deleted=True, updated=9)}
    door.send(event(gone, event_id="E4"))

    (card,) = cards(door)
    assert card.people == 5
    person = people.find(world.db, world.team, "U2")
    assert person is not None
    assert person.deleted


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_an_uninstalled_app_sends_nothing_more(door: Door, kind: str) -> None:
    """After the event all that is owed is skipped; both events may come, in any order."""
    world = door.world
    world.a_series()
    tokens = {"tokens": {"bot": ["UBOT"]}} if kind == "tokens_revoked" else {}
    for event_id in ("E1", "E2"):
        assert door.send(event({"type": kind, **tokens}, event_id=event_id)).status == 200
    world.clock.move(weeks=1)
    world.run()

    assert world.messenger.posts == []
    assert world.outbox_states() == {"skipped"}


def test_a_persons_token_is_not_ours(door: Door) -> None:
    """When only tokens of people were revoked, the bot works on."""
    door.world.a_series()
    door.send(event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}))
    door.world.run()

    assert len(door.world.messenger.to(ADMIN)) == 1


def test_an_event_without_its_person_is_given_up(door: Door) -> None:
    """An event that lacks what it should carry is acknowledged and changes nothing."""
    assert door.send(event({"type": "user_change", "user": {}})).status == 200


# --- Everything that is shown can be used --------------------------------------------------------------


def uses(found: Any, *, heard: bool = True) -> Iterator[tuple[str, str]]:
    """What a person can do with something shown: press, search, submit."""
    if isinstance(found, dict):
        heard = heard and not (found.get("type") == "input" and not found.get("dispatch_action"))
        if "action_id" in found and heard:
            yield "press", found["action_id"]
        if found.get("type") == "external_select":
            yield "search", found["action_id"]
        if "callback_id" in found and "submit" in found:
            yield "submit", found["callback_id"]
        found = list(found.values())
    if isinstance(found, list | tuple):
        for part in found:
            yield from uses(part, heard=heard)


def test_every_button_that_we_show_is_heard(door: Door) -> None:
    """Each action of each message and view has a listener, each submission and each search too."""
    views = [*VIEWS.values(), *FORM_VIEWS.values()]
    shown = set(uses([[message(told) for told in CASES.values()], views, [*MENUS.values()]]))
    view = a_view(schedule_blocks.render(ScheduleForm(), []))
    how: dict[str, Callable[[str], BoltRequest]] = {
        "press": lambda name: press(name, "0"),
        "search": lambda name: typed(name, "par"),
        "submit": lambda name: submission({**view, "callback_id": name}),
    }

    for kind, name in sorted(shown):
        assert door.send(how[kind](name)).status == 200, (kind, name)
    known = {*Ids, *MentoringIds, *HostedIds, *ClassesIds}
    # one of several in a row carries its own name behind that of all
    assert {name for _, name in shown if name.rpartition(".")[0] not in known} <= known
    assert len(shown) > 12
