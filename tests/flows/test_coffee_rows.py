"""What coffee rounds can do, as docs/coffee.md lists it: each test presses the labels of its row."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now
from tests.flows.test_review import edit, groups, opened

SERIAL = count(1)
OPT_IN = {"Opt-in date", "Opt-in time"}
MATCHING = {"Matching date", "Matching time"}
COLOURS = set("🟥🟧🟨🟩🟦🟪🟫⬛")


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace of six for the module; every test makes a program of its own."""
    return stage_of(6).ws


def day(ws, days):
    """A date so many days after the workspace's today."""
    return (datetime.fromtimestamp(ws.clock.now(), UTC) + timedelta(days=days)).date().isoformat()


def shown(iso):
    """A date as confirmations write it."""
    date = datetime.fromisoformat(iso)
    return f"{date:%b} {date.day}, {date.year}"


def fresh(ws, **form):
    """The modal "Schedule a session" on a program of this test alone; the program's name."""
    name = f"Row {next(SERIAL):02}"
    program(ws, name, **form)
    modal = ws.user("ana").modal("Schedule a session")
    assert modal.values["Program"] == name
    return name, modal


def save(modal, label="Save"):
    """Press the button of a modal; it reads *label*."""
    assert modal.facts["submit"] == label
    assert modal.submit()["status"] == "ok"


def confirmed(ana, name):
    """The confirmation of a saved session."""
    return ana.dm().wait_for(f"Session scheduled: {name}\n", PATIENCE)


def asking(ws, days=8, repeat="One time only", **form):
    """A session that asks now; its program's name and its card."""
    name, _ = fresh(ws, **form)
    schedule_now(ws, day(ws, days), repeat=repeat)
    return name, ws.user("ana").dm().wait_for(f"Session: {name}\n", PATIENCE, label="Match now")


def card_of(ana, name):
    """The card of a program, opened from the list of all, on whichever page it stands."""
    ana.slash("/sessions programs", channel="general")
    modal = ana.modal("Programs")
    while f"*{name}*" not in str(modal.facts["blocks"]):
        assert modal.press("Next page")["status"] == "ok"
    line = next(one["block_id"] for one in modal.facts["blocks"] if f"*{name}*" in str(one))
    ana.act("use", label="Open", block_id=line, action_id="program.card.show")
    return ana.modal("Program")


def in_review(ws):
    """Pairs in review without a date: the program's name, and the confirmation."""
    name, modal = fresh(ws)
    modal.choose("Groups", "Review before sending")
    save(modal)
    ana = ws.user("ana")
    return name, ana.dm().wait_for(f"Session scheduled: {name}\n", PATIENCE, label="Review your matches")


def dated(person, when, *, at="10:00"):
    """Fill the modal "Update matching date" in and press [Update]."""
    modal = person.modal("Update matching date")
    assert set(modal.values) == MATCHING | {"Time zone"}
    modal.fill({"Matching date": when, "Matching time": at, "Time zone": "Europe/Paris"})
    save(modal, "Update")


def listed(ana, name):
    """The lines of the planning's list with a program's sessions, the next one first."""
    ana.slash("/sessions list", channel="general")
    modal = ana.modal("Planning")
    modal.choose("Program", name)
    lines = [line for line in modal.refresh().text().splitlines() if f"*{name}* · " in line]
    modal.close()
    return lines


def test_scheduling_is_choosing_two_dates(ws, ana):
    """When people are asked, and when the groups are made: both are confirmed."""
    name, modal = fresh(ws)
    first, second = day(ws, 3), day(ws, 9)
    modal.fill({"Opt-in date": first, "Opt-in time": "09:00"})
    modal.fill({"Matching date": second, "Matching time": "14:30", "Time zone": "Europe/Paris"})
    save(modal)

    told = confirmed(ana, name)

    assert f"opt-in {shown(first)} at 9:00 AM → groups {shown(second)} at 2:30 PM" in told.text


def test_the_chart_of_an_open_session_follows_the_answers(ws, ana):
    """The card's bars are the answers so far, without anybody asking for them."""
    # early in this file: cards rest the longer, the more sessions are open
    name, card = asking(ws)

    def bars():
        chart = next(one["chart"] for one in card.again().blocks if one["type"] == "data_visualization")
        return {bar["label"]: bar["value"] for bar in chart["series"][0]["data"]}

    assert bars() == {"Joined": 0, "Declined": 0, "No answer": 6}
    ws.user("ben").dm().wait_for(name, PATIENCE, label="Join").press("Join")
    ana.dm().wait_for(name, PATIENCE, label="Decline").press("Decline")

    ws.wait_until(lambda: bars() == {"Joined": 1, "Declined": 1, "No answer": 4}, PATIENCE)


def test_all_ways_lead_to_the_modal(ws, ana):
    """From the program's card, from its sessions, by the command and by the shortcut."""
    name, modal = fresh(ws)
    modal.close(everything=True)

    def leads_here():
        modal = ana.modal("Schedule a session")
        there = modal.values["Program"]
        modal.close(everything=True)
        return there

    card_of(ana, name).press("Schedule a session")
    assert leads_here() == name
    card_of(ana, name).press("Sessions")
    ana.modal("Planning").press("Schedule a session")
    assert leads_here() == name
    ana.slash(f"/sessions schedule {name}", channel="general")
    assert leads_here() == name
    ana.shortcut("Schedule a session")
    assert leads_here()


def test_groups_are_automatic_unless_one_wants_to_review_them(ws, ana):
    """The radio stands at "Automatic", and comes back to it with the dates."""
    _, modal = fresh(ws)
    assert modal.values["Groups"] == "Automatic"

    modal.choose("Groups", "Review before sending")
    assert not (OPT_IN | MATCHING) & set(modal.refresh().values)
    modal.choose("Groups", "Automatic")

    assert set(modal.refresh().values) >= OPT_IN | MATCHING


def test_a_program_without_opt_in_has_no_opt_in_date(ws, ana):
    """The inputs stand there if the program asks first, and not if it does not; then all take part."""
    _, modal = fresh(ws)
    assert set(modal.values) >= OPT_IN
    modal.close(everything=True)

    name, modal = fresh(ws, **{"Opt-in messages": "Off"})
    assert not OPT_IN & set(modal.values)
    save(modal.fill({"Matching date": day(ws, 5), "Matching time": "09:00"}))

    assert f"groups {shown(day(ws, 5))} at 9:00 AM" in confirmed(ana, name).text


def test_people_are_asked_now(ws, ana):
    """The checkbox takes the place of date and time, and the question is out."""
    name, modal = fresh(ws)
    modal.fill({"Or at once": ["Send opt-in messages now"]})
    assert not OPT_IN & set(modal.values)
    save(modal.fill({"Matching date": day(ws, 8)}))

    asked = ws.user("ben").dm().wait_for(name, PATIENCE, label="Join")

    assert asked.labels == ["Join", "Decline"]


def test_each_session_draws_a_colour_and_keeps_it(ws, ana):
    """Of twelve sessions not all have the same colour, and each is shown in its own again."""
    drawn = {}
    for _ in range(2):
        name, modal = fresh(ws)
        save(modal.fill({"Repeat": "Every week on same days"}))
        confirmed(ana, name)
        drawn[name] = [line[0] for line in listed(ana, name)][:6]

    colours = {colour for found in drawn.values() for colour in found}

    assert colours <= COLOURS
    assert len(colours) > 1
    assert {name: [line[0] for line in listed(ana, name)][:6] for name in drawn} == drawn


def test_a_session_is_open_until_its_matching(ws, ana):
    """Answers count and may change; at that hour the groups are made, and answering is over."""
    name, card = asking(ws, days=1)
    assert "Open: answers count until" in card.text
    ben = ws.user("ben")
    for label, then in (("Decline", "Not this time"), ("Change my answer", name), ("Join", "You're in")):
        question = ben.dm().wait_for(name, PATIENCE, label=label)
        question.press(label)
        question.wait_for(then, PATIENCE)
    ana.dm().wait_for(name, PATIENCE, label="Join").press("Join")

    ws.clock.advance_to(f"{day(ws, 1)}T09:01:00Z")

    card.wait_for("Matched: 1 group was made.", PATIENCE)
    intro = f"Meet your group: {name}"
    ws.wait_until(lambda: any(one.text_has(intro) for one in ben.group_dms()), PATIENCE)
    ws.wait_until(lambda: question.again().labels == [], PATIENCE)


def test_a_session_has_a_zone_of_its_own(ws, ana):
    """It is found by typing, and the dates are meant and confirmed there."""
    name, modal = fresh(ws)
    modal.choose("Time zone", "new y")
    assert modal.refresh().values["Time zone"] == "America/New_York"
    save(modal.fill({"Matching date": day(ws, 9), "Matching time": "09:00"}))

    told = confirmed(ana, name)

    assert "America/New_York" in told.text
    # six hours to Paris, and five while only one of the two has summer time
    assert any(f"groups {shown(day(ws, 9))} at {hour}:00 PM" in told.text for hour in (2, 3))


def test_review_needs_no_dates_unless_people_are_asked_first(ws, ana):
    """Only the zone is left; "Ask people to opt in first" brings the dates back."""
    _, modal = fresh(ws)
    modal.choose("Groups", "Review before sending")
    assert not (OPT_IN | MATCHING | {"Repeat"}) & set(modal.refresh().values)

    modal.fill({"Opt-in": ["Ask people to opt in first"]})

    assert set(modal.refresh().values) >= OPT_IN | MATCHING


def test_groups_in_review_have_no_date(ws, ana):
    """The confirmation says so, and nobody hears of anything."""
    name, told = in_review(ws)

    assert "In review, no matching date" in told.text
    assert not any(name in message["text"] for message in keyed(ws, "-opt-in") + keyed(ws, "group-"))
    assert not ws.user("ben").dm().text_has(name)


def test_save_and_exit_keeps_the_draft(ws, ana):
    """[Review your matches] shows the groups; what was changed stands there again."""
    name, _ = in_review(ws)
    draft = opened(ana, name)
    first, second = (people[0] for people in list(groups(draft).values())[:2])
    edit(draft, "Swap two people", "Swap two people", {"First person": first, "Second person": second})
    changed = groups(draft.refresh())
    assert second in changed[1]

    save(draft, "Save & Exit")

    assert ana.modals() == []
    assert groups(opened(ana, name)) == changed


def test_the_matching_date_of_reviewed_groups_is_set(ws, ana):
    """[Update matching date] under the message: the session says when the groups get their messages."""
    name, _ = in_review(ws)
    opened(ana, name).close(everything=True)
    when = day(ws, 4)

    ana.dm().wait_for(name, PATIENCE, label="Update matching date").press("Update matching date")
    dated(ana, when)

    card = ana.dm().wait_for(name, PATIENCE, label="Update matching date")
    card.wait_for("the groups get their messages on", PATIENCE)


def test_dated_groups_may_change_until_they_are_sent(ws, ana):
    """After [Update] two people are swapped and the date is moved; then exactly these groups are sent."""
    name, _ = in_review(ws)
    draft = opened(ana, name)
    draft.press("Update matching date")
    dated(ana, day(ws, 4))
    assert shown(day(ws, 4)) in draft.refresh().text()
    first, second = (people[0] for people in list(groups(draft).values())[:2])
    edit(draft, "Swap two people", "Swap two people", {"First person": first, "Second person": second})
    draft.refresh().press("Update matching date")
    dated(ana, day(ws, 5))
    assert shown(day(ws, 5)) in draft.refresh().text()
    reviewed = {frozenset(people) for people in groups(draft).values()}
    save(draft, "Save & Exit")

    ws.clock.advance_to(f"{day(ws, 5)}T09:01:00Z")

    names = {one["id"]: one["name"] for one in ws.get("/control/see/page", user="ana")["people"]}

    def sent():
        mine = [one for one in keyed(ws, "group-") if name in one["text"]]
        found = [frozenset(names[person] for person in one["recipients"]) for one in mine]
        return len(found) == len(reviewed) and set(found) == reviewed

    ws.wait_until(sent, PATIENCE)


def test_all_following_sessions_are_moved(ws, ana):
    """[Update schedule] asks for this session only, or for all that follow, earlier or later."""
    name, card = asking(ws, repeat="Every 2 weeks on same days")
    card.press("Update schedule")
    modal = ana.modal("Update schedule")
    assert modal.values["Apply to"] == "This session only"
    modal.fill({"Matching date": day(ws, 7), "Matching time": "16:15", "Apply to": "This and all following"})
    save(modal, "Update")

    changed = ana.dm().wait_for(f"Session changed: {name}\n", PATIENCE)

    assert changed.text.count("4:15 PM") == 6
    assert f"groups {shown(day(ws, 7))} at 4:15 PM" in changed.text
    assert f"groups {shown(day(ws, 21))} at 4:15 PM" in changed.text


def test_newcomers_are_asked_only_if_the_program_says_so(ws, ana):
    """Unticked in [Settings], "Ask new members while open" leaves them out of the open session."""
    two = {"Channels": ["lonely"], "People": ["ben"]}
    closed, _ = asking(ws, **two)
    card_of(ana, closed).press("Settings")
    settings = ana.modal("Settings")
    assert settings.values["New members"] == ["Ask new members while open"]
    save(settings.fill({"New members": []}))
    ana.modal("Program").close(everything=True)
    open_, _ = asking(ws, **two)
    fay = ws.people_add(f"fay{next(SERIAL)}", name="Fay Hill", tz="Europe/London")

    fay.join("lonely")

    fay.dm().wait_for(open_, PATIENCE, label="Join")
    assert not fay.dm().text_has(closed)


def test_a_reminder_asks_those_who_have_not_answered(ws, ana):
    """[Send a reminder], now: whoever answered is left in peace."""
    name, card = asking(ws)
    ben = ws.user("ben")
    ben.dm().wait_for(name, PATIENCE, label="Decline").press("Decline")
    ben.dm().wait_for("Not this time", PATIENCE)
    card.press("Send a reminder")
    modal = ana.modal("Send a reminder")
    assert set(modal.values) >= {"Reminder date", "Reminder time"}
    mark = ws.mark()
    save(modal.fill({"Or at once": ["Send it now"]}))

    def reminded():
        later = [one for one in keyed(ws, "-reminder-") if one["n"] > mark]
        return {person for one in later for person in one["recipients"]}

    everybody = {one["recipients"][0] for one in keyed(ws, "-opt-in") if name in one["text"]}
    ws.wait_until(lambda: len(reminded()) == 5, PATIENCE)
    assert reminded() == everybody - {ws.ids()["people"]["ben"]}
    assert ana.dm().wait_for("Still time to answer", PATIENCE, label="Join").labels == ["Join", "Decline"]


def test_the_planning_shows_what_is_past_and_what_is_planned(ws, ana):
    """A matched session is ticked, the next one of its series stands beside it, in the zone one chooses."""
    name, card = asking(ws, days=5, repeat="Every week on same days")
    for handle in ("ana", "ben"):
        ws.user(handle).dm().wait_for(name, PATIENCE, label="Join").press("Join")
    card.press("Match now")
    card.wait_for("Matched: 1 group was made.", PATIENCE)

    ana.slash("/sessions planning", channel="general")
    modal = ana.modal("Planning")
    modal.choose("Program", name)
    modal.choose("Time zone", "Tokyo")

    text = modal.refresh().text()
    assert f"{name} groups" in text
    assert "✓" in text
    assert "Times are those of Asia/Tokyo." in text


def test_the_planning_of_all_programs_opens_from_home(ws, ana):
    """[Planning] in App Home, and the command, show the sessions of every program."""
    names = []
    for _ in range(2):
        name, modal = fresh(ws)
        save(modal.fill({"Matching date": day(ws, 9)}))
        confirmed(ana, name)
        names.append(name)

    ana.home().press("Planning")

    shown_there = ana.modal("Planning").text()
    ana.modal("Planning").close(everything=True)
    ana.slash("/sessions planning", channel="general")
    for text in (shown_there, ana.modal("Planning").text()):
        assert all(f"{name} " in text for name in names)
