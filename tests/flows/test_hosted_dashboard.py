"""A host's dashboard: sessions now and later, found again among those ahead and those past."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.client import Home
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import (
    book,
    close_all,
    dashboard,
    from_menu,
    host_of,
    line,
    person,
    save,
    shows,
    under,
)


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and five others; each story has a host of its own."""
    return stage_of(6).ws


def sequence(mail):
    """The number of the change in a calendar entry."""
    return int(re.search(r"SEQUENCE:(\d+)", mail.calendar)[1])


def local_now(ws, home):
    """What the clock says where the host is."""
    zone = home.text().partition("Your time zone: ")[2].split()[0]
    return datetime.fromtimestamp(ws.clock.now(), UTC).astimezone(ZoneInfo(zone))


def test_a_scheduled_session_asks_for_the_time_first(ws, guests):
    """Date and time by the host's clock, then the participant; the invitation is on its way."""
    ana = host_of(ws, 0)
    home = dashboard(ana)
    home.press("New Scheduled Session")
    first = ana.modal("New session")
    assert set(first.values) == {"Date", "Time"}
    assert "Your time zone: Europe/Paris" in first.text()
    assert first.facts["submit"] == "Next"
    assert first.fill({"Date": "2027-03-03", "Time": "15:00"}).submit()["status"] == "ok"
    assert ana.modal("Add participant").text_has("15:00")

    assert ana.modal().facts["submit"] == "Save"
    save(person(ana, "Joey P.", "Email", "joey@example.com"))
    close_all(ana)
    assert shows(dashboard(ana), "Joey P.", "Invited") == "*Joey P.* · Email · Invited"
    assert "15:00-15:50 · 1 participant · Scheduled" in dashboard(ana).text()
    assert guests.mail("joey@example.com").subject.startswith("Session with Ana Lima: ")
    ana.dm().wait_for(text="Session saved for ", timeout=PATIENCE)


def test_a_session_now_begins_at_once(ws, guests):
    """Date and time are filled in, the participant stands below them, and the guest may enter at once."""
    ben = host_of(ws, 1)
    home = dashboard(ben)
    home.press("New Session Now")
    form = ben.modal("New session")
    now = local_now(ws, home)
    assert form.values["Date"] == f"{now:%Y-%m-%d}"
    assert form.values["Time"] in {f"{now:%H:%M}", f"{now:%H}:{now.minute - 1:02d}"}

    link = {"Room link": "https://meet.example.com/ben"}
    save(person(ben, "Now N.", "Email", "now@example.com", **link))
    close_all(ben)
    page = guests.browse(guests.mail("now@example.com").link("/join/"))
    assert "Enter Session" in page.buttons
    ws.wait_until(lambda: "Live" in dashboard(ben).text(), PATIENCE)


def test_the_dashboard_lists_what_is_ahead_and_what_is_past(ws, guests):
    """Upcoming sessions first, the three buttons below them; what is over stands under [Past Sessions]."""
    cleo = host_of(ws, 2)
    labels = dashboard(cleo).labels
    below = labels[labels.index("New Session Now") :]
    assert below[:3] == ["New Session Now", "New Scheduled Session", "Orientation Session"]

    book(cleo, "Later L.", "later@example.com", day="2027-03-20", at="10:00")
    close_all(cleo)
    book(cleo, "Sooner S.", "sooner@example.com", day="2027-03-05", at="10:00")
    close_all(cleo)
    shows(dashboard(cleo), "Later L.", "Invited")
    text = dashboard(cleo).text()
    assert text.index("*Sooner S.*") < text.index("*Later L.*")

    home = dashboard(cleo)
    from_menu(home, line(home, "Sooner S."), "Cancel Session")
    cleo.modal("Cancel Session").submit()
    dashboard(cleo).wait_for(" by you.", PATIENCE)
    ws.clock.advance(86_401)  # until then it stays in sight

    def past() -> Home | None:  # once the processes have read the new time
        home = dashboard(cleo)
        if "Past Sessions" in home.labels:
            home.press("Past Sessions")
        home.wait_for("Past Sessions\n", PATIENCE)
        if "*Sooner S.*" in home.text():
            return home
        home.press("Upcoming Sessions")
        return None

    home = ws.wait_until(past, PATIENCE)
    assert "*Later L.*" not in home.text()
    assert guests.mail("sooner@example.com", subject="Cancelled").method == "CANCEL"


def test_a_session_is_moved_and_everybody_told(ws, guests):
    """Link and code stay the same; the calendar entry changes."""
    dan = host_of(ws, 3)
    book(dan, "Moved M.", "moved@example.com", day="2027-03-08", at="09:00")
    close_all(dan)
    first = guests.mail("moved@example.com", subject="Session with")
    home = dashboard(dan)
    shows(home, "Moved M.", "Invited")
    from_menu(home, line(home, "Moved M."), "Reschedule")
    modal = dan.modal("Reschedule").fill({"Date": "2027-03-09", "Time": "11:00"})
    assert modal.submit()["status"] == "ok"

    moved = guests.mail("moved@example.com", text="has moved from", after=first.n)
    assert "Link and code stay the same." in moved.text
    assert sequence(moved) > sequence(first)
    assert guests.browse(first.link("/join/")).status == 200
    under(dashboard(dan), "Moved M.", "Why?")
    assert dan.modal("Why?").text()
    close_all(dan)


def test_a_cancellation_is_undone(ws, guests):
    """Within ten minutes: the guest reads that it takes place after all, and the code works again."""
    eve = host_of(ws, 4)
    book(eve, "Undone U.", "undone@example.com", day="2027-03-10", at="09:00")
    close_all(eve)
    first = guests.mail("undone@example.com")
    home = dashboard(eve)
    shows(home, "Undone U.", "Invited")
    from_menu(home, line(home, "Undone U."), "Cancel Session")
    eve.modal("Cancel Session").submit()
    guests.mail("undone@example.com", subject="Cancelled")
    under(dashboard(eve).wait_for(" by you.", PATIENCE), "Undone U.", "Undo")
    ws.wait_until(lambda: guests.mails("undone@example.com")[-1].method == "REQUEST", PATIENCE)
    join = first.link("/join/").rpartition("/")[0]
    page = guests.browse(join).press("Continue", code=first.code)
    assert "Undone U." in page.text or "Session with" in page.text
