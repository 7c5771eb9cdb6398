"""Watching a mentoring program, by its labels: active matches, digest, ends, exports, health, questions."""

from csv import DictReader
from datetime import datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from tests.flows.conftest import PATIENCE
from tests.flows.mentoring_page import (
    ALONE,
    LEAD,
    a_program,
    add,
    choose_mentors,
    content_of,
    name_of,
    others,
    page_of,
    press_in_row,
    row_of,
    turned_on,
)

PARIS = ZoneInfo("Europe/Paris")
MATCHED = "Mentorship assignment"
MANY = 21  # matches: more than one page of 20 shows
EACH = 3  # mentees of one mentor, the most by default


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and 41 others; every story has a program, and people, of its own."""
    return stage_of(42).ws


def people(ws, start, count):
    """So many handles, always the same."""
    return others(ws)[start : start + count]


def matched(ws, name, start, count):
    """A program with so many active matches, each (mentee, mentor)."""
    mentees, mentors = people(ws, start, count), people(ws, start + count, count)
    a_program(ws, name, **ALONE)
    add(ws, name, "Mentee", *mentees)
    add(ws, name, "Mentor", *mentors)
    turned_on(ws, name)
    two = [tuple(map(ws.user, one)) for one in zip(mentees, mentors, strict=True)]
    for mentee, mentor in two:
        choose_mentors(mentee, mentor.name)
        for one in (mentee, mentor):
            one.dm().wait_for(text=f"matched in *{name}*", label="Log a Session", timeout=PATIENCE)
    return two


def monday(ws):
    """Next Monday at nine in Paris."""
    now = datetime.fromtimestamp(ws.clock.now(), PARIS)
    day = now.date() + timedelta(days=7 - now.weekday())
    return datetime.combine(day, time(9), PARIS)


def test_active_matches_are_listed_and_told_weekly(ws, ana):
    """Each has its row; the digest comes on Monday at nine of the program's zone, to its organizers alone."""
    ((mentee, mentor),) = matched(ws, "Listed", 0, 1)
    home = page_of(ana, "Listed")
    home.press("Active Matches")
    home.wait_for("Since ", PATIENCE)
    assert "Since " in str(row_of(home, mentee.name, mentor.name))

    nine = monday(ws)
    ws.clock.advance_to(nine - timedelta(minutes=1))
    ws.wait_until(lambda: ws.clock.next() == nine.timestamp(), PATIENCE)
    assert not ana.dm().text_has("The week of Listed")
    ws.clock.to_next()

    told = ana.dm().wait_for(text="The week of Listed", timeout=PATIENCE)
    assert "1 active match," in told.text
    assert "Not Started" in told.text
    assert not mentor.dm().text_has("The week of")
    told.press("Monitor Health")
    assert ana.modal("Monitor Health").text_has("Health of Listed")


def test_a_match_is_ended(ws, ana):
    """⋮ End Matching tells both, and the place is free again."""
    ((mentee, mentor),) = matched(ws, "Ended", 2, 1)
    home = page_of(ana, "Ended")
    home.press("Active Matches")
    home.wait_for("Since ", PATIENCE)
    press_in_row(home, "End Matching", mentee.name, mentor.name)
    modal = ana.modal("End match")
    assert modal.values["And then"] == ["Tell both people", "Back to the unmatched list"]
    modal.fill({"Reason": "No time"})
    assert modal.submit()["status"] == "ok"

    for one in (mentee, mentor):
        told = one.dm().wait_for(text="in *Ended* has ended. Thank you for taking part.", timeout=PATIENCE)
        assert {"1", "2", "3", "4"} <= set(told.labels)
    mentor.group_dms()[0].wait_for(text="has ended. This conversation stays yours.", timeout=PATIENCE)
    home = page_of(ana, "Ended").wait_for("Active Matches *0* · Ended *1*", PATIENCE)
    assert home.text_has("Unmatched Mentees *1* · Available Mentees *1* · Available Mentors *1*")


def test_the_active_list_is_exported_whole(ws, ana):
    """[Export] brings all rows, not only the page that is shown, to the organizer alone."""
    mentees, mentors = people(ws, 4, MANY), people(ws, 4 + MANY, MANY // EACH)
    a_program(ws, "Exported", **LEAD)
    page_of(ana, "Exported").press("Settings")
    ana.modal("Settings").fill({"Default mentees per mentor": str(EACH)}).submit()
    ana.modal("Settings").close(everything=True)
    add(ws, "Exported", "Mentee", *mentees)
    add(ws, "Exported", "Mentor", *mentors)
    turned_on(ws, "Exported").press("Run Auto-Matching")
    ana.modal("Run Auto-Matching").submit()
    ana.modal("Run Auto-Matching").wait_for(f"{MANY} matches", PATIENCE).close(everything=True)
    home = page_of(ana, "Exported")
    home.press("Staged by Admin")
    home.wait_for("Approve All", PATIENCE).press("Approve All")
    home = page_of(ana, "Exported").wait_for(f"Active Matches *{MANY}*", PATIENCE)

    home.press("Active Matches")
    home.wait_for("Page 1 of 2", PATIENCE)
    home.press("Export")

    def arrived():
        return next((one for one in ana.files() if one["name"] == "sessions-active.csv"), None)

    file = ws.wait_until(arrived, PATIENCE)
    rows = list(DictReader(StringIO(content_of(ws, file), newline="")))
    assert [row["state"] for row in rows] == ["active"] * MANY
    assert {row["mentee_name"] for row in rows} == {name_of(ws, one) for one in mentees}
    assert ws.user(mentors[0]).files() == []


def test_health_says_how_matches_go(ws, ana):
    """Sessions are logged and proposed, both people are asked afterwards; numbers and views tell of it."""
    met, planned, silent = matched(ws, "Health", 32, 3)
    met[0].dm().wait_for(label="Log a Session", timeout=PATIENCE).press("Log a Session")
    assert met[0].modal("Log a Session").fill({"Time": "00:00"}).submit()["status"] == "ok"
    planned[1].dm().wait_for(label="Propose a Time", timeout=PATIENCE).press("Propose a Time")
    planned[1].modal("Propose a Time").submit()
    for one in planned:
        one.dm().wait_for(label="Calendar file", timeout=PATIENCE)

    ws.clock.advance(timedelta(days=8).total_seconds())
    asked = [one.dm().wait_for(text="Did your session take place?", timeout=PATIENCE) for one in planned]
    assert {"Yes", "No"} == set(asked[0].labels)
    assert planned[1].home().text_has("Did your session take place?")
    asked[1].press("No")
    asked[0].press("Yes")
    rated = asked[0].wait_for("How was it?", PATIENCE)
    assert {"1", "2", "3", "4", "Good Fit", "Still Deciding", "Not a Good Fit"} < set(rated.labels)
    rated.press("2")
    rated.wait_for("Noted: it took place.", PATIENCE)

    page_of(ana, "Health").press("Monitor Health")
    modal = ana.modal("Monitor Health")
    for number in ("Active:* 3 (now)", "Sessions completed:* 2 (from", "Sessions missed:* 0 (from"):
        assert modal.text_has(number)
    assert modal.text_has("Not Started: *1* · Needs Check-in: *0* · Low Score: *1*")
    assert modal.text_has("Ending Soon: *0* · On Track: *1*")
    modal.press("Not Started")
    modal.press("Nudge")
    assert modal.text_has("Both will be reminded now.")
    for one in silent:
        one.dm().wait_for(text="When do you meet next?", timeout=PATIENCE)


def test_questions_can_be_asked_at_any_time(ws, ana):
    """[Message Support] at Home, and below the organizer's page, reaches the support contact."""
    mentee, stranger, contact = map(ws.user, people(ws, 38, 3))
    a_program(ws, "Questions", **ALONE)
    add(ws, "Questions", "Mentee", mentee.name)
    page_of(ana, "Questions").press("Settings")
    ana.modal("Settings").fill({"Support contact": [contact.name]}).submit()
    ana.modal("Settings").close(everything=True)

    for one in (mentee, stranger):
        press_below(one.home(), "Message Support", "*Questions*")
        ask(one, f"May I ask, says {one.name}?")
    press_below(page_of(ana, "Questions"), "Message Support", "Do you have a question? Ask at any time.")
    ask(ana, "Where are the templates?")

    for one, text in ((mentee, f"says {mentee.name}?"), (stranger, f"says {stranger.name}?"), (ana, "Where")):
        told = contact.dm().wait_for(text=text, timeout=PATIENCE)
        assert f"{name_of(ws, one.name)} writes about *Questions*" in told.text


def press_below(home, label, text):
    """Press the first *label* below a line that begins with *text*."""
    shown = home.facts["blocks"]
    at = next(n for n, one in enumerate(shown) if text_of(one).startswith(text))
    block = next(one for one in shown[at:] if label in map(text_of, one.get("elements", ())))
    element = next(one for one in block["elements"] if text_of(one) == label)
    spot = {"block_id": block["block_id"], "action_id": element["action_id"], "home": True}
    home.user.act("use", label=label, **spot)


def text_of(block):
    """The text of a section, a button, or the first line of a context."""
    first = (block.get("elements") or [{}])[0] if block.get("type") == "context" else block
    text = first.get("text") or ""
    return text if isinstance(text, str) else text["text"]


def ask(person, text):
    """Write into the open modal "Message Support"."""
    modal = person.modal("Message Support").fill({"Your message": text})
    assert modal.submit()["status"] == "ok"
    person.modal("Message Support").close(everything=True)
