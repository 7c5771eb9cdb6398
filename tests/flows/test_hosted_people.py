"""Whom a host invites, and how: by e-mail, by text, or by telling the code; contacts, zones, one more."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from sandbox.guests_client import CODE
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import (
    EMAIL,
    NOBODY,
    TEXT,
    book,
    close_all,
    dashboard,
    from_menu,
    host_of,
    person,
    save,
    shows,
    tile,
    under,
    when,
)


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and five others; each story has a host of its own."""
    return stage_of(7).ws


@pytest.fixture
def host(ws, request):
    """Somebody who hosts in this story only."""
    stories = sorted(name for name in globals() if name.startswith("test_"))
    return host_of(ws, stories.index(request.node.name))


def test_the_type_of_invitation_asks_for_its_address(ws, guests, host):
    """A field appears for what the type needs; what is wrong is said there, and nothing typed is lost."""
    when(host, "2027-03-03", "15:00")
    form = person(host, "J", EMAIL, "joey at home")
    assert form.submit()["errors"] == {
        "Participant Name or Initials": "Write at least 2 characters.",
        "Email address": "This is not an e-mail address.",
    }
    host.modal().choose("Session Invite and Reminders", TEXT)
    assert "Phone number" in host.modal().labels
    assert "Email address" not in host.modal().labels
    assert host.modal().values["Participant Name or Initials"] == "J"
    form = person(host, "JP", TEXT, "+1 (514) 555-0123")
    save(form)
    close_all(host)

    sent = guests.text("+15145550123")
    assert len(sent.text) <= 160
    assert sent.text.endswith("Reply STOP to end texts.")
    assert shows(dashboard(host), "JP", "Invited") == "*JP* · Text · Invited"
    assert "Accept" in guests.browse(sent.link("/join")).buttons


def test_without_an_invitation_the_host_tells_the_code(ws, guests, host):
    """A view shows the code once it is saved; the tile notes that nothing was sent, and shows it again."""
    when(host, "2027-03-03", "15:00")
    form = person(host, "Silent S.", NOBODY)
    assert "Email address" not in form.labels
    save(form)
    told = host.modal().text()
    assert "Give this code to Silent S. yourself" in told
    assert "No invitation was sent." in told
    close_all(host)

    home = dashboard(host)
    assert "E-mail/Text Not Used" in shows(home, "Silent S.", "E-mail/Text Not Used")
    from_menu(home, tile(home, "Silent S."), "Show Access Code")
    shown = host.modal().text()
    code = CODE.search(told)[0]
    assert code in shown
    close_all(host)
    page = guests.browse(f"{door(guests, host)}/join").press("Continue", code=code.replace("-", " "))
    assert "Session with" in page.text


def door(guests, host):
    """Where guests come in: as the links of any invitation say."""
    book(host, "Other O.", "other@example.com", day="2027-03-04")
    close_all(host)
    return guests.mail("other@example.com").link("/join/").partition("/join/")[0]


def test_a_saved_contact_fills_in_the_form(ws, guests, host):
    """Two letters find somebody from before: name, way, address and zone come along."""
    book(host, "Maria Ortega", "maria@example.com", **{"Participant Time Zone": "Madrid"})
    close_all(host)
    form = when(host, "2027-03-05", "09:00")
    assert form.options("Saved contact", "or") == ["Maria Ortega"]
    form.choose("Saved contact", "Maria Ortega")
    filled = host.modal().values
    assert filled["Participant Name or Initials"] == "Maria Ortega"
    assert filled["Session Invite and Reminders"] == EMAIL
    assert filled["Email address"] == "maria@example.com"
    assert filled["Participant Time Zone"] == "Europe/Madrid"
    close_all(host)

    dashboard(host).press("Contacts")
    assert "maria@example.com" in host.modal("Contacts").text()
    close_all(host)


def test_a_guest_reads_times_of_their_own_zone(ws, guests, host):
    """The zone begins with the account's, or that of My Settings; it decides what times a guest reads."""
    dashboard(host).press("My Settings")
    settings = host.modal("My Settings")
    own = settings.values["Time zone"]
    assert when_closed(host, "Participant Time Zone") == own
    dashboard(host).press("My Settings")
    host.modal("My Settings").choose("Time zone", "Asia/Kolkata")
    host.modal("My Settings").submit()
    assert when_closed(host, "Participant Time Zone") == "Asia/Kolkata"

    book(host, "Far F.", "far@example.com", at="15:00", **{"Participant Time Zone": "New_York"})
    close_all(host)
    text = guests.mail("far@example.com").text
    assert "When: Wed 3 Mar, 04:30 EST (15:00 IST)." in text


def when_closed(host, field):
    """What a field of the participant's form begins with."""
    close_all(host)
    found = when(host, "2027-03-03", "15:00").values[field]
    close_all(host)
    return found


def test_another_person_is_added(ws, guests, host):
    """Each has a link and a code of their own; nobody is in a session twice."""
    book(host, "First F.", "first@example.com")
    close_all(host)
    home = dashboard(host)
    shows(home, "First F.", "Invited")
    under(home, "First F.", "Add Participant")
    assert person(host, "Twice T.", EMAIL, "First@Example.com").submit()["errors"] == {
        "Email address": "first@example.com is already in this session."
    }
    save(person(host, "Second S.", EMAIL, "second@example.com"))
    close_all(host)
    shows(dashboard(host), "Second S.", "Invited")
    assert "2 participants" in dashboard(host).text()
    one, other = guests.mail("first@example.com"), guests.mail("second@example.com")
    assert one.code != other.code


def test_a_guest_answers_waits_and_enters(ws, guests, host):
    """From the invitation to the room, without Slack; the host hears of each step."""
    room = f"http://{urlsplit(ws.facts['control']).netloc}/"  # any address of this computer
    book(
        host, "Guest G.", "guest@example.com", day="2027-03-02", at="23:00",
        **{"Room link": room},
    )  # fmt: skip
    close_all(host)
    shows(dashboard(host), "Guest G.", "Invited")
    link = guests.mail("guest@example.com").link("/join/")
    page = guests.browse(link)
    assert "opens at" in page.text
    page.press("Accept")
    shows(dashboard(host), "Guest G.", "Accepted")
    host.dm().wait_for(text="Guest G. accepted.", timeout=PATIENCE)

    home = dashboard(host)
    zone = home.text().partition("Your time zone: ")[2].split()[0]
    ws.clock.advance_to(shortly_before(zone))
    ws.wait_until(lambda: "Enter Session" in guests.browse(link).buttons, PATIENCE)
    host.dm().wait_for(text="Your session starts at 23:00.", timeout=PATIENCE)
    assert room in guests.browse(link).press("Enter Session").links.values()
    host.dm().wait_for(text="Guest G. is here.", timeout=PATIENCE)
    shows(dashboard(host), "Guest G.", "Joined")


def shortly_before(zone):
    """Ten minutes before 23:00 on the second of March, in seconds."""
    return datetime(2027, 3, 2, 22, 50, tzinfo=ZoneInfo(zone)).timestamp()
