"""What people type about somebody they invite: a name, an e-mail address, a telephone number, a link."""

import re
import unicodedata
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.errors import Refusal
from domain.hosted import Channel
from domain.text import on_one_line

SHORTEST, LONGEST = 2, 80  # characters of a name
LONGEST_KEY = 240
LONGEST_ROOM = 500
# letters that no decomposition takes apart, as people type them without their accents
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_UNFIT = re.compile(r"[\s<>\"\\]")  # what no link has, and some programs take for its end
_PARTS = re.compile(r"[^\w]+|_+")


class ShortName(Refusal):
    """Write at least 2 characters."""


class LongName(Refusal):
    """Write at most 80 characters."""


class NoEmail(Refusal):
    """This is not an e-mail address."""


class NoPhone(Refusal):
    """Write the number with country code, for example +1 514 555 0123."""


class NoLink(Refusal):
    """Write a full link, for example https://meet.example.com/room."""


def name(typed: str) -> str:
    """A name, or initials, of 2 to 80 characters. Raises ShortName and LongName."""
    found = unicodedata.normalize("NFC", on_one_line(typed))
    if len(found) < SHORTEST:
        raise ShortName
    if len(found) > LONGEST:
        raise LongName
    return found


def email(typed: str) -> str:
    """An e-mail address in lower case, its domain as the mail knows it. Nobody is asked whether it exists.

    Raises NoEmail.
    """
    try:
        found = validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise NoEmail from None
    return (found.ascii_email or found.normalized).lower()


def phone(typed: str, country: str = "") -> str:
    """A telephone number in E.164: "+15145550123". *country*, as "CA", is whose national numbers are meant.

    Raises NoPhone.
    """
    try:
        found = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        raise NoPhone from None
    if not phonenumbers.is_valid_number(found) or found.extension:
        raise NoPhone
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def address(channel: Channel, typed: str, country: str = "") -> str:
    """What stands in the address field of *channel*, read. Raises NoEmail and NoPhone."""
    if channel is Channel.EMAIL:
        return email(typed)
    return phone(typed, country) if channel is Channel.TEXT else ""


def room(typed: str) -> str:
    """The link of a room, or "" where none is given. Raises NoLink."""
    found = typed.strip()
    if not found:
        return ""
    try:
        parts = urlsplit(found)
        host = parts.hostname or ""
        _ = parts.port  # raises if it is no number
    except ValueError:
        raise NoLink from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise NoLink
    if len(found) > LONGEST_ROOM or on_one_line(found) != found or _UNFIT.search(found):
        raise NoLink
    return found


def words(typed: str) -> str:
    """A name as it is searched: its words without case and accents, parted by single spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", typed).casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one)).translate(_PLAIN)
    return " ".join(_PARTS.sub(" ", plain).split())[:LONGEST_KEY]


def begins(key: str, typed: str) -> bool:
    """Whether a name, as ``words`` folds it, or any word of it, begins with what was typed."""
    wanted = words(typed)
    return bool(wanted) and f" {key}".find(f" {wanted}") >= 0
