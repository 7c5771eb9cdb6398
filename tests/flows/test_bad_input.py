"""Bad input: each refusal stands at its field, says what is wrong, and keeps all that was typed."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.flows.conftest import PATIENCE, program, schedule_now
from tests.flows.test_review import groups, opened

SERIAL = count(1)
PAST = r"This is in the past \(it is now \d\d:\d\d in Europe/Paris\)\."
ORDER = r"The matching date must be after the opt-in date\."
CALENDAR = r"Choose a date between 2000 and 2099\."
LONG_AGO, TODAY, TOMORROW, LATER, FAR = -3, 0, 1, 20, 60_000  # days from the workspace's today


@pytest.fixture(scope="module")
def ws(stage_of):
    """One session that is open, one that is planned, and one in review."""
    ws = stage_of(6).ws
    program(ws, "Open")
    schedule_now(ws, day(ws, 9), repeat="Every 2 weeks on same days")
    program(ws, "Planned")
    ws.user("ana").modal("Schedule a session").submit()
    program(ws, "Draft")
    modal = ws.user("ana").modal("Schedule a session")
    modal.choose("Groups", "Review before sending")
    modal.submit()
    opened(ws.user("ana"), "Draft").close(everything=True)
    return ws


def day(ws, days):
    """A date so many days after the workspace's today."""
    return (datetime.fromtimestamp(ws.clock.now(), UTC) + timedelta(days=days)).date().isoformat()


# --- Where one types -------------------------------------------------------------------------------------


def schedule(ana, **form):
    """The modal "Schedule a session" on a new program."""
    program(ana.ws, f"New {next(SERIAL):02}", **form)
    return ana.modal("Schedule a session")


def without_opt_in(ana):
    """The same, of a program that asks nobody."""
    return schedule(ana, **{"Opt-in messages": "Off"})


def in_review(ana):
    """The same, with groups to be reviewed and people to be asked first."""
    modal = schedule(ana)
    modal.choose("Groups", "Review before sending")
    return modal.fill({"Opt-in": ["Ask people to opt in first"]})


def on_card(name, button):
    """The modal that a button of a session's card opens."""

    def there(ana):
        ana.slash("/sessions list", channel="general")
        modal = ana.modal("Planning")
        modal.choose("Program", name)
        block = next(one["block_id"] for one in modal.facts["blocks"] if f"*{name}*" in str(one))
        ana.act("use", label="Open", block_id=block, action_id="card.show.open")
        ana.modal("Session").press(button)
        return ana.modal(button)

    return there


def new_program(ana):
    """The modal "New program"."""
    ana.slash("/sessions programs", channel="general")
    ana.modal("Programs").press("New program")
    return ana.modal("New program")


def settings(ana):
    """[Settings] of the program "Open"."""
    ana.slash("/sessions programs", channel="general")
    modal = ana.modal("Programs")
    while "*Open*" not in modal.text():
        modal.press("Next page")
    block = next(one["block_id"] for one in modal.facts["blocks"] if "*Open*" in str(one))
    ana.act("use", label="Open", block_id=block, action_id="program.card.show")
    ana.modal("Program").press("Settings")
    return ana.modal("Settings")


def text_of(label):
    """The modal of one message text."""

    def there(ana):
        settings(ana).close()
        ana.modal("Program").press("Message texts")
        modal = ana.modal("Message texts")
        block = next(one["block_id"] for one in modal.facts["blocks"] if f"*{label}*" in str(one))
        ana.act("use", label="Edit", block_id=block, action_id="program.text.open")
        return ana.modal(label)

    return there


def a_break(ana):
    """The modal "Pause until a date"."""
    ana.slash("/sessions me", channel="general")
    ana.modal("My sessions").press("Pause until a date")
    return ana.modal("Pause until a date")


# --- What is refused -------------------------------------------------------------------------------------

NOW = {"Or at once": ["Send opt-in messages now"]}
NINE = {"Opt-in time": "09:00", "Matching time": "09:00"}
CASES = {
    "order": (schedule, {"Opt-in date": 9, "Matching date": 8}, {"Matching date": ORDER}),
    "same": (schedule, {"Opt-in date": 9, "Matching date": 9, **NINE}, {"Matching date": ORDER}),
    "past": (schedule, {"Opt-in date": LONG_AGO, "Matching date": 8}, {"Opt-in date": PAST}),
    "both": (
        schedule,
        {"Opt-in date": LONG_AGO, "Matching date": LONG_AGO},
        {"Opt-in date": PAST, "Matching date": PAST},
    ),
    "now": (schedule, {**NOW, "Matching date": LONG_AGO}, {"Matching date": PAST}),
    "empty": (
        schedule,
        {"Opt-in date": ""},
        {"Opt-in date": r"Choose a date and a time, or “Send opt-in .*"},
    ),
    "calendar": (schedule, {"Matching date": FAR}, {"Matching date": CALENDAR}),
    "no-opt-in": (without_opt_in, {"Matching date": LONG_AGO}, {"Matching date": PAST}),
    "review": (in_review, {"Opt-in date": 9, "Matching date": 8}, {"Matching date": ORDER}),
    "update-past": (
        on_card("Open", "Update schedule"),
        {"Matching date": LONG_AGO, "Apply to": "This and all following"},
        {"Matching date": PAST},
    ),
    "update-order": (
        on_card("Planned", "Update schedule"),
        {"Opt-in date": 9, "Matching date": 8},
        {"Matching date": ORDER},
    ),
    "update-far": (on_card("Open", "Update schedule"), {"Matching date": FAR}, {"Matching date": CALENDAR}),
    "reminder-past": (
        on_card("Open", "Send a reminder"),
        {"Reminder date": LONG_AGO, "Reminder time": "09:00"},
        {"Reminder date": PAST},
    ),
    "reminder-late": (
        on_card("Open", "Send a reminder"),
        {"Reminder date": LATER, "Reminder time": "09:00"},
        {"Reminder date": r"The reminder must be after the opt-in date and before the matching date\."},
    ),
    "reminder-empty": (
        on_card("Open", "Send a reminder"),
        {"Reminder date": ""},
        {"Reminder date": r"Choose a date and a time, or “Send it now”\."},
    ),
    "reminder-early": (
        on_card("Planned", "Send a reminder"),
        {"Or at once": ["Send it now"]},
        {"Or at once": r"The session is not open now, so nobody can be reminded yet\."},
    ),
    "send-past": (
        on_card("Draft", "Update matching date"),
        {"Matching date": LONG_AGO, "Time zone": "Europe/Paris"},
        {"Matching date": PAST},
    ),
    "send-far": (
        on_card("Draft", "Update matching date"),
        {"Matching date": FAR},
        {"Matching date": CALENDAR},
    ),
    "name": (
        new_program,
        {"Name": "oPen", "Channels": ["coffee"], "Group size": "5"},
        {"Name": r"There is already a program called “Open”\."},
    ),
    "nobody": (
        new_program,
        {"Name": "Nobody's", "Owners": ["ben"]},
        {"Channels": r"Choose channels, user groups, people, or everyone in the workspace\."},
    ),
    "app": (
        new_program,
        {"Name": "Robots", "Channels": ["coffee"], "Owners": ["sessions"]},
        {"Owners": r"Sessions is an app, so it cannot own a program\."},
    ),
    "settings-name": (
        settings,
        {"Name": "Planned", "Left over": "Sit out in turn"},
        {"Name": r"There is already a program called “Planned”\."},
    ),
    "settings-nobody": (
        settings,
        {"Channels": []},
        {"Channels": r"Choose channels, user groups, people, .*"},
    ),
    "icebreaker": (
        settings,
        {"Icebreakers": "Tea?\n" + "why " * 51},
        {"Icebreakers": r"Question 2 is longer than 200 characters\."},
    ),
    "icebreakers": (
        settings,
        {"Icebreakers": "Tea?\n" * 101},
        {"Icebreakers": r"These are 101 questions; 100 can be kept\."},
    ),
    "variable": (
        text_of("Opt-in message"),
        {"Text": "Dear {nickname}, {match_date}?"},
        {"Text": r"\{nickname\} means nothing here\. You can use .*"},
    ),
    "missing": (
        text_of("Opt-in message"),
        {"Text": "Coffee, anybody?"},
        {"Text": r"\{match_date\} is missing: this message must say it\."},
    ),
    "break-today": (a_break, {"Back on": TODAY}, {"Back on": r"Choose a day after today\."}),
    "break-far": (a_break, {"Back on": FAR}, {"Back on": r"Choose a day in the next two years, or .*"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(ws, ana, case):
    """Nothing is saved; the modal stays open with all its fields as they were."""
    where, form, problems = CASES[case]
    typed = {label: day(ws, what) if isinstance(what, int) else what for label, what in form.items()}
    modal = where(ana).fill(typed)
    before = modal.values

    told = modal.submit()

    assert told["status"] == "errors"
    assert set(told["errors"]) == set(problems)
    assert all(re.fullmatch(text, told["errors"][label]) for label, text in problems.items())
    assert modal.refresh().is_open
    assert modal.errors == told["errors"]
    assert modal.values == before


def test_an_edit_that_cannot_be_is_refused_at_its_field(ana):
    """Two people of one group are not swapped, and nobody moves to where they are."""
    draft = opened(ana, "Draft")
    first, second = groups(draft)[1]
    draft.press("Swap two people")
    swap = ana.modal("Swap two people").fill({"First person": first, "Second person": second})
    before = swap.values
    refused = "They are in the same group. Choose somebody of another group."
    assert swap.submit()["errors"] == {"Second person": refused}
    assert swap.refresh().values == before
    swap.close()

    draft.press("Move")
    move = ana.modal("Move").fill({"Person": first, "To group": "Group 1"})
    before = move.values

    assert move.submit()["errors"] == {"To group": f"{first} is in this group already."}
    assert move.refresh().values == before


def test_a_warning_keeps_what_was_typed(ana):
    """Another session in the same days: the modal asks once more, with the same dates in it."""
    name = schedule(ana).values["Program"]
    form = {"Opt-in date": day(ana.ws, TOMORROW), "Matching date": day(ana.ws, 8), "Matching time": "16:45"}
    ana.modal("Schedule a session").fill(form).submit()
    ana.dm().wait_for(f"Session scheduled: {name}\n", PATIENCE)
    ana.slash(f"/sessions schedule {name}", channel="general")
    modal = ana.modal("Schedule a session").fill({**form, "Repeat": "Every 4 weeks on same days"})
    before = modal.values

    modal.submit()

    assert modal.refresh().text_has("open in the same days")
    assert modal.values == before
    assert modal.facts["submit"] == "Save anyway"


def test_a_date_more_than_a_year_ahead_is_accepted(ana):
    """Only the calendar's end is refused."""
    modal = schedule(ana).fill({"Matching date": day(ana.ws, 800)})
    name = modal.values["Program"]

    assert modal.submit()["status"] == "ok"

    assert "2029" in ana.dm().wait_for(f"Session scheduled: {name}\n", PATIENCE).text
