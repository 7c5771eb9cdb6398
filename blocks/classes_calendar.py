"""A member's classes for their own calendar: one weekly entry per class, as RFC 5545 has it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from blocks import kit
from blocks.classes_pieces import Drawn, put
from blocks.words import _, retold
from domain.classes_facts import CalendarFile, Moved, Weekly
from domain.files import File
from domain.text import Said, on_one_line


def message(told: CalendarFile) -> Drawn:
    """What stands above the file."""
    name = put(told.membership)
    if all(one.cancelled for one in told.entries):
        text = _("This file takes *{membership}* out of your calendar.", membership=name)
    else:
        text = _("*{membership}* for your calendar. Open the file to add it.", membership=name)
    return text, [kit.section(text)]


def file(told: CalendarFile) -> File:
    """The file; imported again, each entry replaces the one with the same id."""
    return File("classes.ics", entries(told), _("Your classes"))


def entries(told: CalendarFile) -> bytes:
    """All classes of a purchase in one calendar, in the zone of their session.

    A weekly time is that of the wall clock, so its zone goes along, with the changes of its clocks. There is
    no alarm: reminders come in Slack, and those of a calendar are its owner's to set.
    """
    whole = Calendar()
    whole.add("prodid", "-//Sessions//Classes//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    gone = bool(told.entries) and all(one.cancelled for one in told.entries)
    whole.add("method", "CANCEL" if gone else "PUBLISH")
    for one in told.entries:
        for event in _events(one, told):
            whole.add_component(event)
    whole.add_missing_timezones()
    written: bytes = whole.to_ical()
    return written


def _events(one: Weekly, told: CalendarFile) -> list[Event]:
    """The weekly entry, and one more for each of its dates that is at another time."""
    zone = ZoneInfo(told.zone)
    weekly = _event(one, told, one.first_at, one.minutes)
    if not one.cancelled:
        weekly.add("rrule", {"freq": "WEEKLY", "until": one.last_at.astimezone(UTC)})
        if one.left_out:
            weekly.add("exdate", [slot.astimezone(zone) for slot in one.left_out])
        if one.extra:
            weekly.add("rdate", [extra.starts_at.astimezone(zone) for extra in one.extra])
    longer = [extra for extra in one.extra if extra.minutes != one.minutes]
    apart = [] if one.cancelled else [*one.moved, *longer]
    return [weekly, *(_moved(one, told, found) for found in apart)]


def _moved(one: Weekly, told: CalendarFile, found: Moved) -> Event:
    event = _event(one, told, found.starts_at, found.minutes)
    event.add("recurrence-id", found.slot.astimezone(ZoneInfo(told.zone)))
    return event


def _event(one: Weekly, told: CalendarFile, starts_at: datetime, minutes: int) -> Event:
    zone = ZoneInfo(told.zone)
    title = retold(one.class_) if isinstance(one.class_, Said) else one.class_
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", told.at.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(zone))
    event.add("dtend", (starts_at + timedelta(minutes=minutes)).astimezone(zone))
    event.add("summary", on_one_line(title))
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    if one.place:
        event.add("location", on_one_line(one.place))
    return event


RENDERERS: dict[type, Callable[[Any], Drawn]] = {CalendarFile: message}
FILES: dict[type, Callable[[Any], File]] = {CalendarFile: file}
