"""What arrived for guests: e-mails and text messages, in the order of their arrival."""

from __future__ import annotations

import email
import email.policy
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage

from sandbox.answers import Json

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted")

SMS_TOKEN = "local-texts"  # noqa: S105 - of the local workspace alone


@dataclass(frozen=True)
class Mail:
    """An e-mail that a mailbox took."""

    n: int
    at: float  # by the workspace's clock
    to: str
    sender: str
    subject: str
    text: str
    html: str
    calendar: str  # the calendar entry that came with it, or ""
    method: str  # what the entry asks for: REQUEST or CANCEL
    message_id: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Text:
    """A text message that a telephone took."""

    n: int
    at: float
    to: str
    text: str
    id: str  # what the sender calls it: the same one comes once


@dataclass
class Post:
    """All that arrived, and who wants no texts any more."""

    mails: list[Mail] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    count: int = 0

    def next(self) -> int:
        """A number that nothing before it has."""
        self.count += 1
        return self.count

    def text_with(self, key: str) -> Text | None:
        """The text message that its sender calls *key*."""
        return next((one for one in self.texts if key and one.id == key), None)

    def newest_first(self) -> list[Mail | Text]:
        """Everything, as a person wants to see it."""
        return sorted([*self.mails, *self.texts], key=lambda one: one.n, reverse=True)

    def as_json(self) -> Json:
        """Everything, for tests."""
        return {
            "mails": [asdict(one) for one in self.mails],
            "texts": [asdict(one) for one in self.texts],
            "stopped": sorted(self.stopped),
        }


def read_mail(raw: bytes, *, n: int, at: float, to: str) -> Mail:
    """Take a message apart, as a mail program does."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    calendar, method = _calendar(message)
    return Mail(
        n=n,
        at=at,
        to=to,
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        calendar=calendar,
        method=method,
        message_id=str(message["Message-ID"] or ""),
        headers={name: str(message[name]) for name in SHOWN_HEADERS if message[name] is not None},
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _calendar(message: EmailMessage) -> tuple[str, str]:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            method = part.get_param("method", "")
            return str(part.get_content()), str(method).upper()
    return "", ""
