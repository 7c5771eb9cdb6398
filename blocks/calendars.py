"""Entries for the reader's own calendar, as RFC 5545 and RFC 5546 have them."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from blocks.words import _
from domain.hosted_facts import Entry, Meeting
from domain.text import on_one_line

REQUEST, CANCEL = "REQUEST", "CANCEL"


def method(found: Entry) -> str:
    """What a calendar does with an entry."""
    return CANCEL if found.cancelled else REQUEST


def title(meeting: Meeting) -> str:
    """What a session is called in the calendar of a participant."""
    return on_one_line(meeting.title) or _("Session with {host}", host=on_one_line(meeting.host))


def entry(meeting: Meeting, found: Entry, link: str = "") -> bytes:
    """One session in the calendar of one participant: made, changed or taken out, as *found* says.

    Instants are in UTC, so that every zone sees the same one, whatever its clocks do meanwhile. There is no
    alarm: a reminder in the reader's calendar is theirs to set. Nor is the access code in it, because
    calendars are shared.
    """
    held = Event()
    held.add("uid", found.uid)
    held.add("sequence", found.sequence)
    held.add("dtstamp", (found.at or meeting.starts_at).astimezone(UTC))
    held.add("dtstart", meeting.starts_at.astimezone(UTC))
    held.add("dtend", (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(UTC))
    held.add("summary", title(meeting))
    held.add("status", "CANCELLED" if found.cancelled else "CONFIRMED")
    held.add("organizer", _organizer(meeting, found, link))
    if meeting.to:
        held.add("attendee", _attendee(meeting, found))
    if link and not found.cancelled:
        held.add("url", on_one_line(link))
        held.add("description", _("Join: {link}", link=on_one_line(link)))
    whole = Calendar()
    whole.add("prodid", "-//Sessions//1:1 Sessions//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method(found))
    whole.add_component(held)
    written: bytes = whole.to_ical()
    return written


def _organizer(meeting: Meeting, found: Entry, link: str) -> vCalAddress:
    """The host, at the address the letter comes from: a calendar takes changes from nobody else."""
    sender = found.organizer or f"noreply@{urlsplit(link).hostname or 'localhost'}"
    address = vCalAddress(f"mailto:{on_one_line(sender)}")
    address.params["CN"] = vText(_quoted(meeting.host))
    return address


def _attendee(meeting: Meeting, found: Entry) -> vCalAddress:
    """The participant. Answers come by the letter's links: nobody reads those of a calendar."""
    address = vCalAddress(f"mailto:{on_one_line(meeting.to)}")
    address.params["CN"] = vText(_quoted(meeting.name))
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED" if found.accepted else "NEEDS-ACTION")
    address.params["RSVP"] = vText("FALSE")
    return address


def _quoted(name: str) -> str:
    """A name as a parameter can hold it: no quotation marks (RFC 5545, 3.2) and no lines."""
    return on_one_line(name).replace('"', "'")
