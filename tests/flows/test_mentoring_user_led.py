"""Mentees choose, and mentors answer: user-led mentoring from the invitation to the match, by its labels."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.flows.conftest import PATIENCE
from tests.flows.mentoring_page import (
    ALONE,
    APPROVAL,
    a_program,
    add,
    choose_mentors,
    others,
    page_of,
    press_in_row,
    submit_mentors,
    turned_on,
)

ASKED = "New mentorship request"
MATCHED = "Mentorship assignment"


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and 24 others; every story has a program, and people, of its own."""
    return stage_of(25).ws


def cast(ws, name, start, mentees, mentors, **form):
    """A program with matching on; its mentees and its mentors, as handles."""
    found = others(ws)[start : start + mentees + mentors]
    a_program(ws, name, **form)
    add(ws, name, "Mentee", *found[:mentees])
    if mentors:
        add(ws, name, "Mentor", *found[mentees:])
    turned_on(ws, name)
    return found[:mentees], found[mentees:]


def asked(mentor):
    """The request in a mentor's direct message."""
    return mentor.dm().wait_for(text=ASKED, label="Approve", timeout=PATIENCE)


def zone_of(person):
    """Somebody's time zone."""
    world = next(iter(person.ws.snapshot().values()))
    return ZoneInfo(world["people"][person.name]["tz"])


def last_day(person, days=3):
    """The last day on which somebody may answer what reaches them now: so many working days on."""
    day = datetime.fromtimestamp(person.ws.clock.now(), zone_of(person)).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def shown(day):
    """A day as messages show it: "Thu 4 Mar"."""
    return f"{day:%a} {day.day} {day:%b}"


def end_of(day, person):
    """The instant at which somebody's *day* is over."""
    return datetime.combine(day + timedelta(days=1), time(0), zone_of(person))


def move_clock(home, instant):
    """Go to an instant of a later day, and wait until Sessions, whose clock lags by moments, knows it too."""
    home.user.ws.clock.advance_to(instant)
    today = instant.astimezone(ZoneInfo("Europe/Paris"))
    home.press("Monitor Health")
    modal = home.user.modal("Monitor Health")
    home.user.ws.wait_until(
        lambda: modal.press("Numbers") and modal.text_has(f"to {today:%-d %B %Y}"), PATIENCE
    )
    modal.close()


# --- Invitations ---------------------------------------------------------------------------------------


def test_all_mentees_are_invited(ws, ana):
    """[Invite all Mentees] says how many, shows the message and its templates, and sends one to each."""
    mentees, _mentors = cast(ws, "Invited", 0, 3, 1, **APPROVAL)
    home = page_of(ana, "Invited")
    assert home.text_has("Not Invited by Admin *3* · Invited by Admin *0*")

    home.press("Invite all Mentees")
    modal = ana.modal("Invite mentees")
    assert "3 invitations will be sent." in modal.text()
    modal.press("Preview Message")
    shown = ana.modal("Preview Message")
    assert "Choose up to 3 mentors in the order you prefer." in shown.text()
    shown.close()
    ana.modal("Invite mentees").press("Edit Templates")
    assert "Submit your mentor preferences" in ana.modal("Templates").text()
    ana.modal("Templates").close()
    ana.modal("Invite mentees").submit()
    assert "3 sent." in ana.modal("Invite mentees").text()

    for mentee in mentees:
        told = ws.user(mentee).dm().wait_for(text="Submit your mentor preferences", timeout=PATIENCE)
        assert "*Invited* is ready for you" in told.text
        assert {"Choose Mentors", "Not Now"} <= set(told.labels)
    ana.modal("Invite mentees").close(everything=True)
    home = page_of(ana, "Invited").wait_for("Not Invited by Admin *0* · Invited by Admin *3*", PATIENCE)
    assert "Invite to Match" not in home.labels
    home.press("Invited by Admin")
    ws.wait_until(lambda: home.refresh().labels.count("Invite to Match") == 3, PATIENCE)


def test_mentees_are_invited_one_by_one_and_in_bulk(ws, ana):
    """[Invite to Match] in a row invites one; those who are selected are invited together."""
    (one, *rest), _mentors = cast(ws, "One by One", 4, 3, 0, **APPROVAL)
    home = page_of(ana, "One by One")

    press_in_row(home, "Invite to Match", one)
    assert ws.user(one).dm().wait_for(text="*One by One* is ready for you", timeout=PATIENCE)
    home.wait_for("Not Invited by Admin *2* · Invited by Admin *1*", PATIENCE)
    for mentee in rest:
        assert not ws.user(mentee).dm().text_has("One by One")
        press_in_row(home, "Select", mentee)
    home.wait_for("2 people are selected.", PATIENCE).press("Perform Bulk Action on Selected")
    modal = ana.modal("Invite mentees")
    assert modal.values["Bulk action"] == "Invite to Match"
    modal.submit()
    assert "2 sent." in ana.modal("Invite mentees").text()
    for mentee in rest:
        ws.user(mentee).dm().wait_for(text="*One by One* is ready for you", timeout=PATIENCE)


# --- A request and its answer --------------------------------------------------------------------------


def test_a_mentee_asks_and_the_mentor_approves(ws, ana):
    """The first choice is asked in a message and at Home; with the approval both are matched."""
    (mentee,), (first, second) = cast(ws, "Approval", 7, 1, 2, **APPROVAL)
    mentee, first, second = map(ws.user, (mentee, first, second))
    press_in_row(page_of(ana, "Approval"), "Invite to Match", mentee.name)
    mentee.dm().wait_for(text="*Approval* is ready", label="Choose Mentors", timeout=PATIENCE).press(
        "Choose Mentors"
    )
    said = submit_mentors(mentee, first.name, second.name, goal="Lead a team of six")
    assert "Your request goes to" in said
    assert "Next on your list" in said

    request = asked(first)
    assert {"Approve", "Decline", "View Profile"} <= set(request.labels)
    assert "Lead a team of six" in request.text
    assert "You have 1 of 1 places left." in request.text
    told = mentee.dm().wait_for(text="Your request went to", timeout=PATIENCE)
    assert {"Withdraw Request"} == set(told.labels)
    home = first.home()
    assert home.text_has("Waiting for you")
    assert {"Approve", "Decline"} <= set(home.labels)
    request.press("View Profile")
    assert "Lead a team of six" in first.modal("Mentee Profile").text()
    first.modal().close(everything=True)

    request.press("Approve")
    request.wait_for("Approved on", PATIENCE)
    for one in (mentee, first):
        message = one.dm().wait_for(text=MATCHED, timeout=PATIENCE)
        assert {"Propose a Time", "Log a Session"} == set(message.labels)
    group = ws.wait_until(first.group_dms, PATIENCE)[0]
    assert {mentee.name, first.name} < set(group.facts["members"])
    told.wait_for("approved your request.", PATIENCE)
    assert not second.dm().text_has(ASKED)
    home = page_of(ana, "Approval")
    assert home.text_has("Requests *0* · Staged by Admin *0* · Active Matches *1*")


def test_a_decline_reaches_the_mentee_with_its_response(ws):
    """[Decline] asks for a response; the mentee reads it word for word, and who is asked next."""
    (mentee,), (first, second) = cast(ws, "Declined", 10, 1, 2, **APPROVAL)
    mentee, first, second = map(ws.user, (mentee, first, second))
    choose_mentors(mentee, first.name, second.name)

    request = asked(first)
    request.press("Decline")
    modal = first.modal("Decline request")
    modal.fill({"Response to the mentee": "I am away until May."})
    assert modal.submit()["status"] == "ok"

    request.wait_for("Declined on", PATIENCE)
    told = mentee.dm().wait_for(text="can't take your request this time.", timeout=PATIENCE)
    assert "Their response:" in told.text
    assert "I am away until May." in told.text
    assert "We asked" in told.text
    assert asked(second)


def test_no_answer_in_three_business_days_expires(ws):
    """At the end of the last day the next one is asked; after the last one the mentee chooses again."""
    (mentee,), mentors = cast(ws, "Silence", 13, 1, 2, **APPROVAL)
    mentee, (first, second) = ws.user(mentee), map(ws.user, mentors)
    day = last_day(first)
    said = choose_mentors(mentee, *mentors)
    assert f"They have until {shown(day)}, end of day (their time)." in said
    request = asked(first)
    assert f"Please answer by *{shown(day)}*, end of day." in request.text

    ws.clock.advance_to(end_of(day, first) - timedelta(minutes=1))
    reminder = first.dm().wait_for(text="is waiting for your answer", timeout=PATIENCE)
    assert {"Approve", "Decline"} < set(reminder.labels)
    assert "Approve" in request.again().labels
    ws.clock.advance_to(end_of(day, first))
    request.wait_for("Expired on", PATIENCE)
    late = first.dm().wait_for(text="expired. There is nothing to do.", timeout=PATIENCE)
    assert {"Pause Requests", "Offer Anyway"} == set(late.labels)
    told = mentee.dm().wait_for(text="did not answer in time.", timeout=PATIENCE)
    assert "We asked" in told.text

    asked(second)
    ws.clock.advance_to(end_of(last_day(second), second))
    again = mentee.dm().wait_for(text="Please request a new mentor", timeout=PATIENCE)
    assert {"Choose Mentors", "Ask the Organizer"} == set(again.labels)
    assert mentee.home().text_has("None of your choices worked out. Please choose again.")


def test_without_approval_the_match_is_live_at_once(ws):
    """[Submit] matches with the first choice that has a place; nobody is asked."""
    (mentee,), (mentor,) = cast(ws, "At Once", 16, 1, 1, **ALONE)
    mentee, mentor = ws.user(mentee), ws.user(mentor)

    mentee.home().press("Choose Mentors")
    assert "You are matched at once" in mentee.modal("Mentor preferences").text()
    assert "You are matched with" in submit_mentors(mentee, mentor.name)

    for one in (mentee, mentor):
        one.dm().wait_for(text=MATCHED, timeout=PATIENCE)
    assert not mentor.dm().text_has(ASKED)


def test_auto_matching_asks_nobody(ws, ana):
    """What a run has staged goes out as one message to both, once the organizer approves it."""
    (mentee,), (mentor,) = cast(ws, "By the Rules", 18, 1, 1, **APPROVAL)
    page_of(ana, "By the Rules").press("Run Auto-Matching")
    modal = ana.modal("Run Auto-Matching")
    assert "This stages the best matches by your matching rules. Nothing goes live." in modal.text()
    modal.submit()
    ana.modal("Run Auto-Matching").wait_for("Staged 1 match", PATIENCE).close(everything=True)
    home = page_of(ana, "By the Rules")
    home.press("Staged by Admin")
    home.wait_for("Approve All", PATIENCE)
    assert not ws.user(mentor).dm().text_has("By the Rules")

    told = press_in_row(home, "Approve", mentee, mentor)
    assert "will be told now." in str(told["confirm"])

    for one in (mentee, mentor):
        dm = ws.user(one).dm()
        dm.wait_for(text=MATCHED, timeout=PATIENCE)
        assert [m.text for m in dm.messages() if "By the Rules" in m.text and MATCHED not in m.text] == []


# --- Second thoughts -----------------------------------------------------------------------------------


def test_a_mentee_withdraws(ws):
    """[Withdraw Request] edits the mentor's message; nothing new is sent."""
    (mentee,), (mentor,) = cast(ws, "Withdrawn", 20, 1, 1, **APPROVAL)
    mentee, mentor = ws.user(mentee), ws.user(mentor)
    choose_mentors(mentee, mentor.name)
    request = asked(mentor)
    before = len(mentor.dm().messages())

    mentee.dm().wait_for(label="Withdraw Request", timeout=PATIENCE).press("Withdraw Request")

    changed = request.wait_for("Withdrawn by", PATIENCE)
    assert changed.labels == []
    assert len(mentor.dm().messages()) == before
    mentee.dm().wait_for(text="You withdrew this request.", timeout=PATIENCE)


def test_turning_off_freezes_requests(ws, ana):
    """While matching is off the buttons say so; turned on again, the request has a new date."""
    (mentee,), (mentor,) = cast(ws, "Frozen", 22, 1, 1, **APPROVAL)
    mentee, mentor = ws.user(mentee), ws.user(mentor)
    choose_mentors(mentee, mentor.name)
    request = asked(mentor)
    before = last_day(mentor)
    assert shown(before) in request.text

    told = page_of(ana, "Frozen").press("Turn off Matching")
    assert "Requests are frozen, nobody is told." in str(told["confirm"])
    pressed = mentor.press("Approve", in_=request, stale=True)
    assert "Matching is paused by the organizer." in " ".join(pressed["ephemeral"])
    request.wait_for("Matching is paused by the organizer.", PATIENCE)
    move_clock(page_of(ana, "Frozen"), end_of(before, mentor) + timedelta(hours=12))

    turned_on(ws, "Frozen")
    changed = request.wait_for("Please answer by", PATIENCE)
    assert f"*{shown(last_day(mentor))}*" in changed.text
    changed.press("Approve")
    mentee.dm().wait_for(text=MATCHED, timeout=PATIENCE)
