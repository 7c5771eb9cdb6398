"""The same messages as text messages: 160 characters where that can be, because each further part costs.

The alphabet is that of 3GPP TS 23.038 (GSM 7-bit): one character outside it, and a message holds 70.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from blocks import hosted_sentences as sentences
from blocks.hosted_times import briefly
from blocks.words import _
from domain.hosted_facts import Called, Due, Invite, Moved, Receipt, Refunded, Remind, ToParticipant
from domain.letters import TextMessage
from domain.text import on_one_line

ONE_PART = 160
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("^{}\\[~]|€")  # each takes two places
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
                       "\u202f": " ", "œ": "oe", "Œ": "OE", "`": "'"})  # fmt: skip


def size(text: str) -> int:
    """How many places a text takes, of 160; more than any limit where the alphabet does not hold it."""
    if not all(letter in BASIC or letter in DOUBLE for letter in text):
        return len(text.encode("utf-16-be")) // 2 + ONE_PART - 70
    return len(text) + sum(letter in DOUBLE for letter in text)


def spelled(text: str) -> str:
    """The text in the alphabet, accents left out where it has none for them; other scripts as they are."""
    return "".join(map(_letter, on_one_line(text).translate(PLAIN)))


def _letter(letter: str) -> str:
    if letter in BASIC or letter in DOUBLE:
        return letter
    bare = unicodedata.normalize("NFKD", letter)[0]
    return bare if bare in BASIC else letter


def fitted(told: ToParticipant, make: Callable[[str], str]) -> TextMessage:
    """A text with the host's name as long as one part allows. Codes, links and times are never cut."""
    name = spelled(told.meeting.host)
    first = name.split(" ")[0]
    shorter = [name, first, *(first[:length].rstrip() + "." for length in range(len(first) - 2, 1, -1))]
    texts = [spelled(make(one)) for one in shorter]
    text = next((one for one in texts if size(one) <= ONE_PART), texts[0])
    return TextMessage(told.meeting.to, text, told.meeting.key)


def invite(told: Invite) -> TextMessage:
    """H1. What is to be paid stands on the page that the link opens."""
    at, way = briefly(told.meeting.starts_at, told.meeting.zone), told.way

    def make(host: str) -> str:
        found = [_("Session with {host} {time}.", host=host, time=at)]
        if way.link:
            found.append(_("Join {link}", link=way.link))
        if way.link and way.code:
            found.append(_("Code {code}.", code=sentences.code(way.code)))
        return " ".join([*found, _("Reply STOP to end texts.")])

    return fitted(told, make)


def remind(told: Remind) -> TextMessage:
    """H2."""

    def make(host: str) -> str:
        found = [sentences.reminder(told, lambda _name: host)]
        if told.way.link:
            found.append(_("Join: {link}.", link=told.way.link))
        if told.way.link and told.way.code:
            found.append(_("Code {code}.", code=sentences.code(told.way.code)))
        return " ".join([*found, *_money(told.due, sentences.still_due)])

    return fitted(told, make)


def moved(told: Moved) -> TextMessage:
    """H3."""

    def make(host: str) -> str:
        moved = sentences.moved(told, lambda _name: host, both=False)
        return " ".join([moved, *_money(told.due, sentences.to_pay)])

    return fitted(told, make)


def _money(due: Due | None, sentence: Callable[[Due], str]) -> list[str]:
    return [f"{sentence(due)} {due.link}.".replace(" .", ".")] if due is not None else []


def called(told: Called) -> TextMessage:
    """H4."""
    return fitted(told, lambda host: sentences.called(told, lambda _name: host, both=False))


def receipt(told: Receipt) -> TextMessage:
    """Somebody paid."""
    return fitted(told, lambda host: sentences.paid(told, lambda _name: host))


def refunded(told: Refunded) -> TextMessage:
    """Money comes back."""
    return fitted(told, lambda host: sentences.refunded(told, lambda _name: host))


TEXTS: dict[type, Callable[[Any], TextMessage]] = {
    Invite: invite,
    Remind: remind,
    Moved: moved,
    Called: called,
    Receipt: receipt,
    Refunded: refunded,
}
