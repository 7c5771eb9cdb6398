"""The planning and App Home by the labels people see: calendar, list, zones, the picture, answers."""

import pytest

from tests.flows.conftest import PATIENCE, program, schedule_now


@pytest.fixture(scope="module")
def ws(stage_of):
    """A program called Coffee that repeats weekly, opened now, and one called Tea that comes later."""
    ws = stage_of(8).ws
    program(ws, "Coffee")
    schedule_now(ws, "2027-03-05", "23:30", "Every week on same days")
    program(ws, "Tea")
    ws.user("ana").modal("Schedule a session").fill(
        {
            "Opt-in date": "2027-03-22",
            "Opt-in time": "09:00",
            "Matching date": "2027-03-29",
            "Matching time": "09:00",
            "Time zone": "Europe/Paris",
        }
    ).submit()
    ws.user("ana").dm().wait_for(text="Session scheduled: Tea", timeout=PATIENCE)
    ws.user("ben").dm().wait_for(text="Coffee", label="Join", timeout=PATIENCE)
    return ws


def test_the_planning_shows_all_programs_as_a_calendar(ana):
    """Planned and open sessions of all programs; ◀ and ▶ turn the month, [Today] comes back."""
    ana.slash("/sessions planning", channel="general")
    modal = ana.modal("Planning")
    assert "March 2027" in modal.text()
    assert {"◀", "Today", "▶", "List view", "Schedule a session", "Picture"} <= set(modal.labels)
    assert "Coffee groups 23:30" in modal.text()
    assert "Tea opt-in 09:00" in modal.text()

    modal.press("▶")
    modal.press("▶")
    modal.press("▶")

    assert "June 2027" in modal.refresh().text()
    fridays = ("4", "11", "18", "25", "2")  # none of these is stored: six are
    assert modal.text().count("Coffee groups 23:30") == len(fridays)
    assert all(f"`Fri {day}` ⬜ Coffee groups 23:30" in modal.text() for day in fridays)
    assert "Tea opt-in" not in modal.text()
    modal.press("Today")
    assert "March 2027" in modal.refresh().text()
    modal.press("◀")
    assert "February 2027" in modal.refresh().text()


def test_another_zone_may_mean_another_day(ana):
    """Half past eleven in the evening in Paris is the next morning in Tokyo, in both views."""
    ana.slash("/sessions planning", channel="general")
    modal = ana.modal("Planning")
    assert day_of(modal, "Coffee groups 23:30") == "`Fri 5`"
    modal.choose("Time zone", "Tokyo")

    assert day_of(modal.refresh(), "Coffee groups 07:30") == "`Sat 6`"
    modal.press("List view")
    assert "groups Sat 6 March, 07:30 (23:30 in Europe/Paris)" in modal.refresh().text()


def day_of(modal, mark):
    """The day on whose line something first stands."""
    line = next(line for line in modal.text().splitlines() if mark in line)
    return line.partition(" ")[0] + " " + line.split(" ")[1]


def test_one_button_switches_to_the_list_and_back(ana):
    """The list is next first or newest first, narrowed by the program filter, and in pages."""
    ana.slash("/sessions list", channel="general")
    modal = ana.modal("Planning")
    assert "Next first" in modal.text()
    assert "· open" in modal.text()
    assert "without an answer" in modal.text()

    modal.press("▶")
    assert "page 2 of" in modal.refresh().text()
    modal.press("Newest first")
    assert "*Tea* · planned" not in modal.refresh().text()
    modal.choose("Program", "Tea")
    assert "No session has begun yet." in modal.refresh().text()
    modal.press("Calendar view")
    assert "Tea opt-in 09:00" in modal.refresh().text()
    assert "Coffee groups" not in modal.text()


def test_a_session_can_be_scheduled_from_the_planning(ana):
    """[Schedule a session] opens the modal."""
    ana.slash("/sessions planning", channel="general")
    ana.modal("Planning").press("Schedule a session")

    assert ana.modal("Schedule a session")


def test_the_picture_comes_as_a_direct_message(ws, ana):
    """[Picture] says that it is coming; then a PNG with its text stands in the messages with the bot."""
    ana.slash("/sessions planning", channel="general")
    modal = ana.modal("Planning")
    modal.press("Picture")

    assert "The picture is on its way" in modal.refresh().text()
    told = ana.dm().wait_for(text="Planning of March 2027", timeout=PATIENCE)
    assert "Tea opt-in 09:00" in told.text
    assert "planning-2027-03.png" in [file["name"] for file in ana.files()]


def test_a_member_answers_at_home(ws):
    """What waits for an answer can be answered there; Home says so by itself, and the organizer's too."""
    ana, ben = ws.user("ana"), ws.user("ben")
    overview = ana.home()
    assert "Open sessions" in overview.text()
    assert {"Programs", "Planning"} <= set(overview.labels)
    home = ben.home()
    assert "Waiting for you" in home.text()
    assert "Programs" not in home.labels

    home.press("Join")

    home.wait_for("you're in", timeout=PATIENCE)
    assert "Waiting for you" not in home.text()
    ben.dm().wait_for(text="You're in", timeout=PATIENCE)
    ws.wait_until(lambda: joined(overview.refresh()) == "1", PATIENCE)


def joined(home):
    """The figure beside the text bar of those who joined."""
    bars = [line for line in home.text().splitlines() if line.startswith("Joined ")]
    return bars[0].split()[-1] if bars else ""


def test_the_planning_stands_at_home_too(ana):
    """It turns where it stands, and stays as it was left."""
    home = ana.home()
    home.press("▶")

    home.wait_for("April 2027", timeout=PATIENCE)
    assert "April 2027" in ana.home().text()
