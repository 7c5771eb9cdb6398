"""What goes to people outside Slack: e-mails and text messages."""

from dataclasses import dataclass


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
