"""What goes to people outside Slack: e-mails and text messages, and why one did not arrive."""

from dataclasses import dataclass

from domain.messages import UNSURE
from domain.text import N_, say


@dataclass(frozen=True)
class Mail:
    """An e-mail. *key* becomes its Message-ID: the same message sent twice is one to most programs."""

    to: str
    subject: str
    text: str
    html: str
    key: str
    to_name: str = ""
    calendar: bytes | None = None  # an entry for the reader's calendar, as RFC 5545 has it
    method: str = "REQUEST"  # what the calendar does with it: REQUEST or CANCEL


@dataclass(frozen=True)
class TextMessage:
    """A text message to a number in E.164; *key* tells repetitions apart for gateways that look at it."""

    to: str
    text: str
    key: str


# Why a message did not arrive. What a host can mend by another address or number:
NO_MAILBOX = N_("the mail server knows no such address")
FULL_MAILBOX = N_("the mailbox is full")
MAIL_REFUSED = N_("the mail server refused the message")
TEXT_REFUSED = N_("the text gateway refused the message")
STOPPED = "stopped"  # what a gateway calls a number that answered STOP
# and what only administrators can; these are tried again until they did
MAIL_AWAY = N_("the mail server cannot be reached")
MAIL_LATER = N_("the mail server wants us to try again later")
MAIL_PASSWORD = N_("the mail server does not accept our name and password: check SMTP_URL")
MAIL_SENDER = N_("the mail server does not accept our sender: check MAIL_FROM and SMTP_URL")
MAIL_NO_TLS = N_("the mail server offers no encryption that can be trusted: check SMTP_URL")
TEXT_AWAY = N_("the text gateway cannot be reached")
TEXT_LATER = N_("the text gateway wants us to try again later")
TEXT_TOKEN = N_("the text gateway does not accept our word: check SMS_TOKEN")
TEXT_ELSEWHERE = N_("the text gateway sends us elsewhere: check SMS_URL")
FOR_ADMINISTRATORS = frozenset([
    MAIL_AWAY, MAIL_LATER, MAIL_PASSWORD, MAIL_SENDER, MAIL_NO_TLS, TEXT_AWAY, TEXT_LATER, TEXT_TOKEN,
    TEXT_ELSEWHERE,
])  # fmt: skip
# nobody can tell
MAIL_UNSURE = N_("the mail server broke off before it said whether it took the message")
TEXT_UNSURE = N_("the text gateway did not say whether it took the message")

_CODES = {
    STOPPED: N_("this number wants no texts"),
    "switched off": N_("it is switched off: ask an administrator"),
    UNSURE: UNSURE,
}


def in_words(reason: str) -> str:
    """Why a message did not arrive, as a person says it."""
    return say(_CODES.get(reason, reason))
