"""The same messages as e-mails: plain text, and simple HTML of the same words that loads nothing.

A template under ``blocks/letters/`` says nothing of its own: its words are said here, in the language of
whoever reads it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from blocks import calendars, hosted_sms, words
from blocks import hosted_sentences as sentences
from blocks.hosted_times import when
from blocks.words import _
from domain.hosted_facts import (
    Called,
    Due,
    Entry,
    Invite,
    Meeting,
    Moved,
    Receipt,
    Refunded,
    Remind,
    ToParticipant,
    Way,
)
from domain.letters import Mail, TextMessage
from domain.text import N_, on_one_line

LINK = "\ufffc"  # where the address stands in a line
SESSION = N_("Session with {host}: {time}")
REMINDER = N_("Reminder: session with {host}: {time}")
MOVED = N_("Moved: session with {host}: {time}")
CANCELLED = N_("Cancelled: session with {host}: {time}")


@dataclass(frozen=True)
class Line:
    """One line: words, with an address in between or none; *strong* is what is looked for."""

    before: str
    link: str = ""
    after: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Button:
    """Something to follow."""

    label: str
    link: str
    first: bool = False  # what most people want

    @property
    def told(self) -> str:
        """The same in plain text."""
        return words.labelled(self.label, self.link)


@dataclass(frozen=True)
class Letter:
    """An e-mail before it is written: what it is about, paragraphs of lines, and buttons below them."""

    subject: str
    hello: str
    lead: str
    parts: Sequence[Sequence[Line]]
    buttons: Sequence[Button] = ()
    foot: Sequence[str] = ()

    @property
    def further(self) -> list[Button]:
        """Buttons whose address no line tells."""
        told = {line.link for part in self.parts for line in part}
        return [button for button in self.buttons if button.link not in told]


def lines(*texts: str) -> list[Line]:
    """A paragraph of plain lines."""
    return [Line(text) for text in texts if text]


def linked(text: str, link: str) -> Line:
    """A line with an address where LINK stands."""
    before, _found, after = text.partition(LINK)
    return Line(before, link, after)


# --- The messages --------------------------------------------------------------------------------------


def invite(told: Invite) -> Mail:
    """H1."""
    meeting, way = told.meeting, told.way
    about = [
        *_title(meeting),
        Line(_("When: {time}.", time=sentences.time(meeting)), strong=True),
        *_entrance(way),
    ]
    parts = [about, *_money(told.due, sentences.to_pay)]
    buttons: list[Button] = []
    if way.link:
        buttons = [
            Button(_("Accept"), f"{way.link}?answer=accept", first=True),
            Button(_("Decline"), f"{way.link}?answer=decline"),
            Button(_("Join"), way.link),
        ]
    buttons += _pay(told.due)
    subject = _subject(SESSION, meeting)
    keep = [_("Keep link and code to yourself: they let in whoever has them.")] if way.link else []
    foot = [*_foot(meeting), *keep]
    letter = Letter(subject, _hello(meeting), sentences.invited(meeting), parts, buttons, foot)
    return _written(letter, meeting, told.entry, way.link)


def remind(told: Remind) -> Mail:
    """H2."""
    meeting, way = told.meeting, told.way
    about = [*_other_clock(meeting), *_title(meeting), *_entrance(way)]
    parts, buttons = [about, *_money(told.due, sentences.still_due)], [*_join(way), *_pay(told.due)]
    lead = sentences.reminder(told)
    letter = Letter(_subject(REMINDER, meeting), _hello(meeting), lead, parts, buttons, _foot(meeting))
    return _written(letter, meeting)


def moved(told: Moved) -> Mail:
    """H3."""
    meeting, way = told.meeting, told.way
    elsewhen = told.was_at != meeting.starts_at and not told.undone
    subject = _subject(MOVED if elsewhen else SESSION, meeting)
    lead, buttons = sentences.moved(told), [*_join(way), *_pay(told.due)]
    parts = [[*_title(meeting), *_entrance(way)], *_money(told.due, sentences.to_pay)]
    letter = Letter(subject, _hello(meeting), lead, parts, buttons, _foot(meeting))
    return _written(letter, meeting, told.entry, way.link)


def called(told: Called) -> Mail:
    """H4."""
    meeting = told.meeting
    parts, lead = [_title(meeting)], sentences.called(told)
    letter = Letter(_subject(CANCELLED, meeting), _hello(meeting), lead, parts, foot=_foot(meeting))
    return _written(letter, meeting, told.entry)


def receipt(told: Receipt) -> Mail:
    """Somebody paid: to them, or to their host (H5)."""
    meeting, amount = told.meeting, sentences.price(told.amount)
    about = lines(
        _("Service: {service}.", service=on_one_line(told.service)) if told.service else "",
        _("Paid on {time}.", time=when(told.paid_at, meeting.zone)),
    )
    lead = sentences.paid(told)
    if told.for_host:
        subject = _("{name} paid {amount}", name=on_one_line(meeting.name), amount=amount)
        hello = _("Hello {name},", name=_host(meeting))
        return _written(Letter(subject, hello, lead, [about]), meeting, to_name=meeting.host)
    subject = _("Payment of {amount} for your session with {host}", amount=amount, host=_host(meeting))
    return _written(Letter(subject, _hello(meeting), lead, [about], foot=_foot(meeting)), meeting)


def refunded(told: Refunded) -> Mail:
    """Money comes back."""
    meeting, amount = told.meeting, sentences.price(told.amount)
    subject = _("Refund of {amount} for your session with {host}", amount=amount, host=_host(meeting))
    about = lines(_("It may take your bank some days to show it."))
    lead = sentences.refunded(told)
    return _written(Letter(subject, _hello(meeting), lead, [about], foot=_foot(meeting)), meeting)


# --- Their pieces --------------------------------------------------------------------------------------


def _subject(pattern: str, meeting: Meeting) -> str:
    return _(pattern, host=_host(meeting), time=when(meeting.starts_at, meeting.zone))


def _host(meeting: Meeting) -> str:
    return on_one_line(meeting.host)


def _hello(meeting: Meeting) -> str:
    return _("Hello {name},", name=on_one_line(meeting.name))


def _title(meeting: Meeting) -> list[Line]:
    return lines(_("Session: {title}.", title=on_one_line(meeting.title)) if meeting.title else "")


def _other_clock(meeting: Meeting) -> list[Line]:
    """Both zones, where H2 names one."""
    both = sentences.time(meeting)
    if both == when(meeting.starts_at, meeting.zone):
        return []
    return [Line(_("When: {time}.", time=both))]


def _entrance(way: Way) -> list[Line]:
    """How to get in."""
    found = [linked(_("Join: {link}.", link=LINK), way.link)] if way.link else []
    if way.link and way.code:
        found.append(Line(_("Access code: {code}.", code=sentences.code(way.code))))
    return found or lines(_("Your host will send you the room."))


def _money(due: Due | None, sentence: Callable[[Due], str]) -> list[list[Line]]:
    if due is None:
        return []
    pay = linked(_("{sentence} {link}.", sentence=sentence(due), link=LINK), due.link)
    paid_for = _("Service: {service}.", service=on_one_line(due.service)) if due.service else ""
    return [[pay, *lines(paid_for, on_one_line(due.rule))]]


def _join(way: Way) -> list[Button]:
    return [Button(_("Join"), way.link, first=True)] if way.link else []


def _pay(due: Due | None) -> list[Button]:
    return [Button(_("Pay {amount}", amount=sentences.price(due.amount)), due.link)] if due else []


def _foot(meeting: Meeting) -> list[str]:
    return [_("Nobody reads answers to this e-mail: please ask {host} directly.", host=_host(meeting))]


# --- Written -------------------------------------------------------------------------------------------


def _written(
    letter: Letter, meeting: Meeting, entry: Entry | None = None, link: str = "", *, to_name: str = ""
) -> Mail:
    filled = {"letter": letter, "language": words.language()}
    return Mail(
        to=meeting.to,
        subject=on_one_line(letter.subject),
        text=_templates(escape=False).get_template("mail.txt").render(filled),
        html=_templates(escape=True).get_template("mail.html").render(filled),
        key=meeting.key,
        to_name=on_one_line(to_name or meeting.name),
        calendar=calendars.entry(meeting, entry, link) if entry is not None else None,
        method=calendars.method(entry) if entry is not None else calendars.REQUEST,
    )


@cache
def _templates(*, escape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("blocks", "letters"),
        autoescape=escape,  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


MAILS: dict[type, Callable[[Any], Mail]] = {
    Invite: invite,
    Remind: remind,
    Moved: moved,
    Called: called,
    Receipt: receipt,
    Refunded: refunded,
}
TEXTS: dict[type, Callable[[Any], TextMessage]] = hosted_sms.TEXTS

__all__ = ["MAILS", "TEXTS", "Button", "Letter", "Line", "ToParticipant"]
