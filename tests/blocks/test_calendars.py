"""Calendar entries, as two other programs read them: icalendar and vobject."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from blocks import calendars
from blocks.hosted_letters import MAILS
from bot.mail import compose
from domain.hosted_facts import Entry, Meeting
from tests.blocks.hosted_cases import ENTRY, GONE, GUEST, LETTERS, PAGE, START
from tests.blocks.test_messages import HOSTILE


def read(meeting: Meeting, found: Entry, link: str = PAGE) -> tuple[Any, Any]:
    """The one event of an entry, as icalendar and as vobject read it."""
    written = calendars.entry(meeting, found, link)
    whole = icalendar.Calendar.from_ical(written)
    (event,) = whole.walk("VEVENT")
    other = vobject.readOne(written.decode())
    other.validate(raiseException=True)
    assert str(whole["method"]) == other.method.value == calendars.method(found)
    return event, other.vevent


def test_two_programs_read_the_same_entry() -> None:
    """Who, when, where and which: everything a calendar needs is there, and both understand it."""
    event, other = read(GUEST, ENTRY)

    assert str(event["uid"]) == other.uid.value == "hosted-5-7.t1@sessions"
    assert int(event["sequence"]) == int(other.sequence.value) == 0
    assert str(event["summary"]) == other.summary.value == "Session with Dana Coach"
    assert event["dtstart"].dt == other.dtstart.value == GUEST.starts_at
    assert event["dtend"].dt == other.dtend.value == GUEST.starts_at + timedelta(minutes=50)
    assert str(event["url"]) == other.url.value == PAGE
    assert str(event["organizer"]) == other.organizer.value == "mailto:sessions@example.com"
    assert other.organizer.cn_param == "Dana Coach"
    assert str(event["attendee"]) == other.attendee.value == "mailto:joey@example.com"
    assert (other.attendee.cn_param, other.attendee.partstat_param) == ("Joey P.", "NEEDS-ACTION")
    assert str(event["status"]) == other.status.value == "CONFIRMED"
    assert "VALARM" not in {part.name for part in event.walk()}


def test_an_entry_keeps_its_id_and_counts_its_changes() -> None:
    """Moved it is the same entry with a greater number; cancelled it is taken out under the same id."""
    first, moved, gone = (read(GUEST, one)[0] for one in (ENTRY, replace(ENTRY, sequence=2), GONE))

    assert first["uid"] == moved["uid"] == gone["uid"]
    assert first["sequence"] < moved["sequence"] < gone["sequence"]
    assert str(gone["status"]) == "CANCELLED"
    assert "url" not in gone


def test_the_access_code_is_not_in_the_calendar() -> None:
    """Calendars are shared: whoever sees the entry of somebody else must not get in by typing."""
    written = calendars.entry(GUEST, ENTRY, PAGE).decode()

    assert "123456789" not in written
    assert "123-456-789" not in written


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_every_zone_sees_the_same_instant_when_clocks_change(zone: str) -> None:
    """Around each change of the clocks within a year, the wall of the reader is the right one."""
    for hour in range(0, 24 * 365, 5):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        if _changes(start, zone):
            event, other = read(replace(GUEST, starts_at=start, zone=zone), ENTRY)
            for seen in (event["dtstart"].dt, other.dtstart.value):
                assert seen == start
                assert seen.astimezone(ZoneInfo(zone)) == start.astimezone(ZoneInfo(zone))
            assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=50)


def _changes(start: datetime, zone: str) -> bool:
    """Whether the clocks of New York or of *zone* change within a day of *start*."""
    day = timedelta(days=1)
    return any(
        (start - day).astimezone(ZoneInfo(one)).utcoffset()
        != (start + day).astimezone(ZoneInfo(one)).utcoffset()
        for one in ("America/New_York", zone)
    )


def test_nobody_adds_a_line_to_an_entry() -> None:
    """Names, titles and addresses hold no line break, quotation mark or comma that would mean something."""
    evil = [
        "a\r\nATTENDEE:mailto:evil@example.com",
        'x"\r\nURL:https://evil.example',
        "a\nb;c,d:e\\",
        '"',
        "^n^'",
    ]
    for text in [*HOSTILE.values(), *evil]:
        meeting = replace(GUEST, host=text, name=text, title=text, to=f"joey@example.com{text[-40:]}")
        event, other = read(meeting, ENTRY)
        assert str(event["url"]) == other.url.value == PAGE
        assert isinstance(event["attendee"], icalendar.vCalAddress)
        assert len(other.contents["attendee"]) == len(other.contents["url"]) == 1
        lines = calendars.entry(meeting, ENTRY, PAGE).split(b"\r\n")
        assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
        names = [line.split(b":")[0].split(b";")[0] for line in lines if line and not line.startswith(b" ")]
        assert sorted(names) == sorted(
            b"BEGIN VERSION PRODID CALSCALE METHOD BEGIN SUMMARY DTSTART DTEND DTSTAMP UID SEQUENCE ATTENDEE "
            b"DESCRIPTION ORGANIZER STATUS URL END END".split()
        )


def test_an_entry_without_a_sender_is_valid_all_the_same() -> None:
    """Where no e-mail is set up, pages give the entry; it names the place it comes from."""
    event, other = read(replace(GUEST, to=""), replace(ENTRY, organizer=""))

    assert str(event["organizer"]) == "mailto:noreply@sessions.example.com"
    assert "attendee" not in other.contents


def test_a_mail_program_finds_the_entry_as_it_was_written() -> None:
    """After the way through SMTP's lines it is still one invitation, with its method beside its type."""
    for told, method in ((LETTERS["invite-due"], "REQUEST"), (LETTERS["cancelled"], "CANCEL")):
        written = MAILS[type(told)](told)
        letter = email.message_from_bytes(compose(written, "bot@example.com"), policy=email.policy.default)
        parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
        (event,) = icalendar.Calendar.from_ical(parts[0].get_content()).walk("VEVENT")

        assert [part.get_param("method") for part in parts] == [method]
        assert event["dtstart"].dt == vobject.readOne(parts[0].get_content()).vevent.dtstart.value == START
