"""Modals: golden files, Slack's limits, and what is shown is what is read."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import menu, program, schedule
from blocks.ids import Ids
from domain.facts import ProgramCard
from domain.forms import REPEATS, ProgramForm, ReminderForm, ScheduleForm
from domain.schedule import zone_names
from sandbox.limits import check_blocks, check_message, check_view
from tests.blocks.followup_cases import FOLLOW_UP_VIEWS
from tests.blocks.member_cases import MEMBER_VIEWS
from tests.blocks.program_views import PROGRAM_VIEWS
from tests.blocks.review_cases import REVIEW_VIEWS
from tests.blocks.slack_state import as_submitted
from tests.blocks.test_messages import HOSTILE
from tests.conftest import Golden

COFFEE = ProgramCard(1, "Coffee", True, "Europe/Paris", "#coffee", 9)
TEA = ProgramCard(2, "Tea", False, "Asia/Tokyo", "everyone in the workspace", None)
FORM = ScheduleForm(
    program_id=1,
    opt_in_date=date(2027, 3, 11),
    opt_in_time=time(9),
    match_date=date(2027, 3, 17),
    match_time=time(9, 30),
    zone="Europe/Paris",
    weeks=2,
)
WARNING = "Another session of this program is open in the same days."

VIEWS: dict[str, dict[str, Any]] = {
    "view-schedule": schedule.render(FORM, [COFFEE, TEA]),
    "view-schedule-without-programs": schedule.render(ScheduleForm(zone="Europe/Paris"), []),
    "view-schedule-now": schedule.render(replace(FORM, now=True), [COFFEE]),
    "view-schedule-without-questions": schedule.render(replace(FORM, program_id=2), [COFFEE, TEA]),
    "view-schedule-warning": schedule.render(FORM, [COFFEE], warning=WARNING),
    "view-schedule-edit": schedule.render(replace(FORM, series_id=7), [COFFEE, TEA]),
    "view-schedule-redrawn": schedule.render(FORM, [COFFEE, TEA], edition=2),
    "view-schedule-review": schedule.render(replace(FORM, groups="review"), [COFFEE]),
    "view-schedule-review-asked": schedule.render(replace(FORM, groups="review", ask_first=True), [COFFEE]),
    "view-reminder": schedule.render_reminder(ReminderForm(date(2027, 3, 14), time(9)), 7, "Europe/Paris"),
    **{name: draw() for name, draw in PROGRAM_VIEWS.items()},
    **REVIEW_VIEWS,
    **FOLLOW_UP_VIEWS,
    **MEMBER_VIEWS,
}
MENUS = {
    "menu-admin": menu.menu(organizes=True),
    "menu-member": menu.menu(organizes=False),
    "menu-unknown": menu.menu(organizes=True, unknown="shedule", closest="schedule"),
    "menu-senseless": menu.menu(organizes=False, unknown="xyzzy"),
}


def label_of(view: dict[str, Any]) -> dict[str, str]:
    """The inputs of a view and their labels."""
    return {b["block_id"]: b["label"]["text"] for b in view["blocks"] if b["type"] == "input"}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str, golden: Golden) -> None:
    """The modal is the one of the golden file, and within Slack's limits."""
    assert check_view(VIEWS[name]) == []
    golden.check(name, VIEWS[name])


@pytest.mark.parametrize("name", MENUS)
def test_a_menu_looks_as_agreed(name: str, golden: Golden) -> None:
    """The private menu is the one of the golden file."""
    text, blocks = MENUS[name]
    assert check_message({"text": text, "blocks": blocks}) == []
    golden.check(name, {"text": text, "blocks": blocks})


# --- Labels --------------------------------------------------------------------------------------------


def test_the_labels_of_the_schedule_are_exact() -> None:
    """People find things by their words."""
    view = VIEWS["view-schedule"]

    assert (view["title"]["text"], view["submit"]["text"]) == ("Schedule a session", "Save")
    assert label_of(view) == {
        "program_id": "Program",
        "groups": "Groups",
        "opt_in_date": "Opt-in date",
        "opt_in_time": "Opt-in time",
        "now": "Or at once",
        "match_date": "Matching date",
        "match_time": "Matching time",
        "zone": "Time zone",
        "weeks": "Repeat",
    }
    assert VIEWS["view-schedule-warning"]["submit"]["text"] == "Save anyway"
    assert list(REPEATS.values()) == [
        "One time only",
        "Every week on same days",
        "Every 2 weeks on same days",
        "Every 3 weeks on same days",
        "Every 4 weeks on same days",
    ]


def test_the_labels_of_a_program_are_exact() -> None:
    """Name, audience, size, opt-in messages, zone; and the button says "Create"."""
    view = VIEWS["view-program"]

    assert (view["title"]["text"], view["submit"]["text"]) == ("New program", "Create")
    labels = label_of(view)
    for label in ("Name", "Channels", "People", "Group size", "Opt-in messages", "Time zone"):
        assert label in labels.values()
    assert "Everyone in the workspace" in str(view)
    assert "Include guests" in str(view)


def test_the_labels_of_a_reminder_are_exact() -> None:
    """Date, time, and "Send it now"."""
    view = VIEWS["view-reminder"]

    assert (view["title"]["text"], view["submit"]["text"]) == ("Send a reminder", "Save")
    assert list(label_of(view).values())[:2] == ["Reminder date", "Reminder time"]
    assert "Send it now" in str(view)


def test_opt_in_fields_are_shown_where_they_count() -> None:
    """No dates where messages go out now, and no opt-in at all where nobody is asked."""
    assert {"opt_in_date", "opt_in_time"}.isdisjoint(label_of(VIEWS["view-schedule-now"]))
    assert {"opt_in_date", "now"}.isdisjoint(label_of(VIEWS["view-schedule-without-questions"]))


def test_a_review_has_dates_only_where_people_are_asked_first() -> None:
    """Without opt-in no date is defined and nothing repeats; with it, all fields are there."""
    undated, asked = (label_of(VIEWS[f"view-schedule-review{rest}"]) for rest in ("", "-asked"))

    assert list(undated.values()) == ["Program", "Groups", "Opt-in", "Time zone"]
    assert {"Opt-in date", "Opt-in time", "Matching date", "Matching time", "Repeat"} <= {*asked.values()}
    assert "Review before sending" in str(VIEWS["view-schedule"])
    assert "Ask people to opt in first" in str(VIEWS["view-schedule-review"])
    assert "Ask people to opt in first" not in str(VIEWS["view-schedule"])


# --- What is shown is what is read ---------------------------------------------------------------------

FORMS = st.builds(
    ScheduleForm,
    program_id=st.sampled_from([1, 2]),
    opt_in_date=st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    opt_in_time=st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    now=st.booleans(),
    match_date=st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    match_time=st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(["", *zone_names()]),
    weeks=st.integers(0, 4),
    series_id=st.none() | st.integers(1, 2**31),
)


@given(form=FORMS, edition=st.integers(0, 99), warning=st.sampled_from(["", WARNING]))
def test_a_schedule_is_read_as_it_was_shown(form: ScheduleForm, edition: int, warning: str) -> None:
    """Opening the modal and saving it unchanged gives the same form; hidden fields are empty."""
    import json

    view = schedule.render(form, [COFFEE, TEA], warning=warning, edition=edition)
    read = schedule.read(as_submitted(view), json.loads(view["private_metadata"]))

    expected = replace(form, sure=bool(warning))
    if form.program_id == 2:
        expected = replace(expected, now=False, opt_in_date=None, opt_in_time=None)
    elif form.now:
        expected = replace(expected, opt_in_date=None, opt_in_time=None)
    assert read == expected
    assert check_view(view) == []


@given(day=st.dates(date(2000, 1, 1)), at=st.builds(time, st.integers(0, 23), st.integers(0, 59)))
def test_a_reminder_is_read_as_it_was_shown(day: date, at: time) -> None:
    """Opening the reminder and saving it unchanged gives the same reminder."""
    form = ReminderForm(day, at)

    assert schedule.read_reminder(as_submitted(schedule.render_reminder(form, 1, "Etc/UTC"))) == form


@given(
    size=st.integers(2, 8),
    opt_in=st.sampled_from(["on", "off"]),
    everyone=st.booleans(),
    guests=st.booleans(),
    zone=st.sampled_from(zone_names()),
)
def test_a_program_is_read_as_it_was_shown(
    size: int, opt_in: str, everyone: bool, guests: bool, zone: str
) -> None:
    """Opening the modal and saving it gives what was chosen."""
    form = ProgramForm(group_size=size, opt_in=opt_in, everyone=everyone, include_guests=guests, zone=zone)
    view = program.render(form)

    assert program.read(as_submitted(view)) == form
    assert check_view(view) == []


def test_what_people_choose_is_read() -> None:
    """Name, channels and people come back as typed and chosen."""
    values = as_submitted(VIEWS["view-program"])
    values["name"][Ids.INPUT]["value"] = "Coffee"
    values["channels"][Ids.INPUT]["selected_conversations"] = ["C1", "C2"]
    values["people"][Ids.INPUT]["selected_users"] = ["U1"]

    form = program.read(values)

    assert (form.name, form.channels, form.people) == ("Coffee", ("C1", "C2"), ("U1",))


@pytest.mark.parametrize("values", [{}, {"program_id": {}}, {"zone": {Ids.SCHEDULE_ZONE: {}}}])
def test_an_empty_form_is_read_as_empty(values: dict[str, Any]) -> None:
    """What is not there is left empty, so that the rule can say what is missing."""
    assert schedule.read(values, {}) == ScheduleForm()
    assert schedule.read_reminder(values) == ReminderForm()
    assert program.read({}) == ProgramForm()


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("nothing", "spaces", "unseen")])
def test_hostile_names_leave_the_modal_usable(name: str) -> None:
    """Whatever a program or an audience is called, the modal opens."""
    text = HOSTILE[name][:60]
    cards = [replace(COFFEE, name=text, audience=HOSTILE[name]), TEA]

    assert check_view(schedule.render(FORM, cards, warning=HOSTILE[name])) == []


def test_a_hundred_and_fifty_programs_fit() -> None:
    """More programs than a menu can hold: the chosen one is always among them."""
    cards = [replace(COFFEE, id=number, name=f"Program {number}") for number in range(1, 151)]
    view = schedule.render(replace(FORM, program_id=150), cards)

    assert check_view(view) == []
    (select,) = [b["element"] for b in view["blocks"] if b.get("block_id") == "program_id"]
    assert select["initial_option"] in select["options"]


def test_the_zones_offered_fit() -> None:
    """However many zones match, a hundred are offered, and each can be chosen."""
    options = schedule.zone_options(zone_names())

    assert len(options) == 100
    element = {"type": "static_select", "action_id": "a", "options": options}
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": element}
    assert check_blocks([block], "modal") == []
