"""Messages of hosted sessions as they stand in Slack: for colleagues who take part, and the table of all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from blocks import hosted_host_messages, hosted_orientation_messages, kit
from blocks import hosted_sentences as sentences
from blocks.calendars import title
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_links import link_button
from blocks.kit import Json
from blocks.words import _
from domain import hosted_facts as facts
from domain.hosted import AHEAD, Presence, Stage
from domain.hosted_facts import Called, Due, Invite, Meeting, Moved, Receipt, Refunded, Remind, Way
from domain.meetings import calendar_link
from domain.text import N_

Drawn = tuple[str, list[Json]]
BLOCK = "hosted.invitation"

OVER = {
    Stage.CANCELLED: sentences.CANCELLED,
    Stage.REMOVED: sentences.CANCELLED,
    Stage.DONE: N_("This session is over."),
    Stage.MISSED: N_("This session is over."),
}
ANSWERED = {
    Presence.ACCEPTED: N_("You accepted."),
    Presence.DECLINED: N_("You declined."),
    Presence.JOINED: N_("You have joined."),
}


def put(text: str) -> str:
    """A name in Slack."""
    return kit.escape(text, 80)


def again(meeting: Meeting) -> list[Json]:
    """The line above a copy."""
    return [kit.context(_("You may have seen this already."))] if meeting.again else []


# --- The invitation ------------------------------------------------------------------------------------


def invite(told: Invite) -> Drawn:
    """H1, for a colleague, in whatever state it is."""
    meeting = told.meeting
    head = sentences.invited(meeting, put)
    lines = [head]
    if meeting.title:
        lines.append(f"*{kit.escape(meeting.title, 80)}*")
    lines.append(_("When: {time}.", time=sentences.time(meeting)))
    blocks = [*again(meeting), kit.section("\n".join(lines))]
    if told.stage not in AHEAD:
        return head, [*blocks, kit.context(_(OVER.get(told.stage, N_("This session is over."))))]
    if told.due is not None and told.presence is not Presence.DECLINED:
        blocks += _payment(told.due)
    if said := ANSWERED.get(told.presence):
        blocks.append(kit.context(_(said)))
    return head, [*blocks, kit.actions(*_buttons(told), block_id=BLOCK)]


def _payment(due: Due) -> list[Json]:
    sentence = _("Please pay {amount} before the session.", amount=sentences.price(due.amount))
    lines = [sentence, kit.escape(due.service, 80), kit.escape(due.rule, 500)]
    return [kit.section("\n".join(filter(None, lines)), accessory=_pay(due))]


def _pay(due: Due) -> Json | None:
    return link_button(_("Pay {amount}", amount=sentences.price(due.amount)), Ids.PAY, due.link)


def _buttons(told: Invite) -> list[Json]:
    """What can be done: an answer may be changed until the session; who is there only joins."""
    meeting, presence = told.meeting, told.presence
    found = []
    if presence not in (Presence.ACCEPTED, Presence.JOINED):
        found.append(kit.button(_("Accept"), Ids.ACCEPT, value=meeting.value, style="primary"))
    if presence not in (Presence.DECLINED, Presence.JOINED):
        found.append(kit.button(_("Decline"), Ids.DECLINE, value=meeting.value))
    if presence is not Presence.DECLINED:
        entry = link_button(_("Add to calendar"), Ids.CALENDAR, _calendar(told))
        found += [join(meeting, told.way), *([entry] if entry else [])]
    return found


def _calendar(told: Invite) -> str:
    """The entry for any calendar, from the page of the session; where there is none, for Google's."""
    if told.way.link:
        return f"{told.way.link}/calendar.ics"
    meeting = told.meeting
    return calendar_link(title(meeting), meeting.starts_at, timedelta(minutes=meeting.minutes))


def join(meeting: Meeting, way: Way) -> Json:
    """[Join]: it opens the page of the session where there is one; else who presses it is told the room."""
    opens = link_button(_("Join"), Ids.JOIN, way.link) or kit.button(_("Join"), Ids.JOIN)
    return opens | {"value": meeting.value}


# --- What else a colleague hears -----------------------------------------------------------------------


def remind(told: Remind) -> Drawn:
    """H2."""
    text = sentences.reminder(told, put)
    blocks = [*again(told.meeting), kit.section(text)]
    if told.due is not None:
        sentence = _("Payment of {amount} is still due.", amount=sentences.price(told.due.amount))
        blocks.append(kit.section(sentence, accessory=_pay(told.due)))
    return text, [*blocks, kit.actions(join(told.meeting, told.way), block_id=BLOCK)]


def moved(told: Moved) -> Drawn:
    """H3."""
    text = sentences.moved(told, put)
    blocks = [*again(told.meeting), kit.section(text), *(_payment(told.due) if told.due else [])]
    return text, [*blocks, kit.actions(join(told.meeting, told.way), block_id=BLOCK)]


def called(told: Called) -> Drawn:
    """H4."""
    text = sentences.called(told, put)
    return text, [*again(told.meeting), kit.section(text)]


def receipt(told: Receipt) -> Drawn:
    """Somebody paid."""
    text = sentences.paid(told, put)
    return text, [*again(told.meeting), kit.section(text)]


def refunded(told: Refunded) -> Drawn:
    """Money comes back."""
    text = sentences.refunded(told, put)
    return text, [*again(told.meeting), kit.section(text)]


# --- What administrators should know -------------------------------------------------------------------


def alarm(told: facts.Alarm) -> Drawn:
    """Something that no host can mend."""
    text = _alarmed(told)
    return text, [kit.section(text)]


def _alarmed(told: facts.Alarm) -> str:
    if told.what == "codes":
        text = _("Too many wrong access codes were typed: guests can only use their links now.")
        if told.until is None:
            return text
        until = kit.date(told.until, zone="Etc/UTC", reader_zone="Etc/UTC")
        return _("{sentence} {more}", sentence=text, more=_("Codes work again at {date}.", date=until))
    expected = sentences.price(told.expected) if told.expected else "?"
    if told.what == "refund":
        return _("A refund of {amount} failed: {reason}. Look at it in Stripe.", amount=expected,
                 reason=kit.escape(told.reason, 200) or "?")  # fmt: skip
    got = sentences.price(told.got) if told.got else "?"
    return _("Amount differs: expected {expected}, got {got}.", expected=expected, got=got)


RENDERERS: dict[type, Callable[[Any], Drawn]] = {
    Invite: invite,
    Remind: remind,
    Moved: moved,
    Called: called,
    Receipt: receipt,
    Refunded: refunded,
    facts.Alarm: alarm,
    **hosted_host_messages.RENDERERS,
    **hosted_orientation_messages.RENDERERS,
}
