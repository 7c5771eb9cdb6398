"""E-mail by SMTP: one connection a message, encrypted unless the server is on this computer."""

import hashlib
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import structlog

from bot.checks import is_loopback
from domain import letters
from domain.letters import Mail
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction

log = structlog.get_logger()

PORTS = {"smtp": 587, "smtps": 465}
REST = 30.0  # seconds that all mail rests when the server let us wait in vain
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+")
NO_AUTH = 530  # it wants a name and a password, and has none of us


class Refused(Exception):
    """The server said no; *outcome* is what it means."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class SmtpMailer:
    """See ``services.outside.Mailer``. *wait* is in seconds, from the connection to the answer.

    *trust* says whose certificates are believed; the system's, where it is not given.
    """

    def __init__(self, url: str, sender: str, *, wait: float, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.tls = parts.scheme == "smtps"
        self.port = parts.port or PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender = sender
        self.wait = wait
        self.trust = trust

    def send(self, mail: Mail) -> Outcome:
        """Hand it to the server."""
        refuse_network_inside_transaction()
        try:
            to = address_of(mail.to)
            letter = compose(mail, self.sender)
        except (ValueError, MessageError):
            return Outcome(Verdict.REFUSED, reason=letters.NO_MAILBOX)
        handed_over = threading.Event()
        began = time.monotonic()
        try:
            with self._connected() as server:
                self._address(server, to)
                return self._hand_over(server, letter, handed_over)
        except Refused as refused:
            return refused.outcome
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail_server", error=type(error).__name__, handed_over=handed_over.is_set())
            if handed_over.is_set():
                return Outcome(Verdict.UNKNOWN, reason=letters.MAIL_UNSURE)
            in_vain = time.monotonic() - began > self.wait * 0.9
            return Outcome(Verdict.LATER, reason=letters.MAIL_AWAY, retry_after=REST if in_vain else None)

    def trouble(self) -> str:
        """Why nothing could be sent now; "" where the server takes our name and password."""
        try:
            with self._connected():
                return ""
        except Refused as refused:
            return refused.outcome.reason
        except (OSError, smtplib.SMTPException):
            return letters.MAIL_AWAY

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """The server, encrypted and logged in."""
        try:
            server = _Line(self, self._trusting() if self.tls else None)
        except ssl.SSLError as error:
            raise _later(letters.MAIL_NO_TLS) from error
        except smtplib.SMTPConnectError as error:
            raise _later(letters.MAIL_LATER) from error
        with server:
            self._encrypt(server)
            self._log_in(server)
            yield server

    def _trusting(self) -> ssl.SSLContext:
        return self.trust or ssl.create_default_context()

    def _encrypt(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        local = is_loopback(self.host)
        if self.tls or (local and not server.has_extn("starttls")):
            return
        context = self._trusting()
        if local and self.trust is None:  # nobody stands between; such servers sign for themselves
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            server.starttls(context=context)
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
            raise _later(letters.MAIL_NO_TLS) from error
        server.ehlo()

    def _log_in(self, server: smtplib.SMTP) -> None:
        if not self.user:
            return
        try:
            server.login(self.user, self.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ValueError) as error:
            raise _later(letters.MAIL_PASSWORD) from error

    def _address(self, server: smtplib.SMTP, to: str) -> None:
        options = [] if to.isascii() else ["SMTPUTF8"]
        if options and not server.has_extn("smtputf8"):
            raise Refused(Outcome(Verdict.REFUSED, reason=letters.NO_MAILBOX))
        code, _said = server.mail(parseaddr(self.sender)[1], options)
        if code // 100 != 2:  # that is about us, and no host can mend it
            raise _later(letters.MAIL_SENDER if code // 100 == 5 else letters.MAIL_LATER)
        code, said = server.rcpt(to)
        if code // 100 != 2:
            raise Refused(_said_no(code, said))

    def _hand_over(self, server: smtplib.SMTP, letter: bytes, handed_over: threading.Event) -> Outcome:
        code, said = server.docmd("DATA")
        if code != 354:
            return _said_no(code, said)
        handed_over.set()
        server.send(re.sub(rb"(?m)^\.", b"..", letter) + b".\r\n")
        code, said = server.getreply()
        if code == -1:  # a connection that broke off, as smtplib has it
            return Outcome(Verdict.UNKNOWN, reason=letters.MAIL_UNSURE)
        return Outcome(Verdict.SENT) if code // 100 == 2 else _said_no(code, said)


def compose(mail: Mail, sender: str) -> bytes:
    """The message as it goes over the wire. Raises ValueError or MessageError for an address that is none.

    No header can be broken out of: line breaks in names and subjects become spaces, and an address with one
    is refused.
    """
    name, address = parseaddr(sender)
    to = address_of(mail.to)
    letter = EmailMessage(policy.SMTP.clone(cte_type="7bit") if to.isascii() else policy.SMTPUTF8)
    letter["From"] = Address(_line(name), addr_spec=address)
    letter["To"] = Address(_line(mail.to_name), addr_spec=to)
    letter["Subject"] = _line(mail.subject)
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = message_id(mail.key, sender)
    letter["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is announced to us
    letter.set_content(mail.text)
    letter.add_alternative(mail.html, subtype="html")
    if mail.calendar is not None:
        # programs that know calendars look at the alternative; the others show the file
        entry = mail.calendar.decode()
        letter.add_alternative(entry, subtype="calendar", params={"method": mail.method})
        letter.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="invite.ics")
    return letter.as_bytes()


def address_of(written: str) -> str:
    """An address as servers take it, its domain in ASCII. Raises ValueError for one that is none."""
    local, _at, domain = written.rpartition("@")
    if not ADDRESS.fullmatch(written):
        raise ValueError("no address")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def message_id(key: str, sender: str) -> str:
    """What names a message for ever: the same for the same key, and nothing can be read in it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_domain(sender)}>"


def _domain(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain if re.fullmatch(r"[A-Za-z0-9.-]+", domain) else "localhost"


def _line(text: str) -> str:
    """*text* on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _later(reason: str) -> Refused:
    return Refused(Outcome(Verdict.LATER, reason=reason))


def _said_no(code: int, said: bytes) -> Outcome:
    """What an answer to the recipient or the message means. The server's own words may name the address."""
    if code == -1:
        return Outcome(Verdict.LATER, reason=letters.MAIL_AWAY)
    if code == NO_AUTH:
        return Outcome(Verdict.LATER, reason=letters.MAIL_PASSWORD)
    if code // 100 != 5:
        return Outcome(Verdict.LATER, reason=letters.MAIL_LATER)
    found = re.match(rb"5\.(\d+)\.(\d+)", said)
    status = (int(found[1]), int(found[2])) if found else (0, 0)
    log.warning("mail_refused", code=code, status=f"5.{status[0]}.{status[1]}")
    if code == 552 or status == (2, 2):
        return Outcome(Verdict.REFUSED, reason=letters.FULL_MAILBOX)
    if status[0] in (1, 2) or (not found and code in (550, 551, 553)):
        return Outcome(Verdict.REFUSED, reason=letters.NO_MAILBOX)
    return Outcome(Verdict.REFUSED, reason=letters.MAIL_REFUSED)


class _Line(smtplib.SMTP):
    """A connection to a mailer's server, encrypted from its beginning with *tls*; cut when time is over."""

    def __init__(self, mailer: SmtpMailer, tls: ssl.SSLContext | None) -> None:
        self.tls = tls
        self.timer = threading.Timer(mailer.wait, self._cut)
        self.timer.daemon = True
        self.timer.start()
        here = _domain(mailer.sender)  # smtplib would ask the resolver for our name
        try:
            super().__init__(mailer.host, mailer.port, here, timeout=mailer.wait)
        except BaseException:
            self.timer.cancel()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.create_connection((host, port), timeout)
        return self.tls.wrap_socket(found, server_hostname=host) if self.tls else found

    def _cut(self) -> None:
        """Wake whoever waits; not by SSLSocket's own method, which would end the encryption first."""
        found: socket.socket | None = getattr(self, "sock", None)
        if found is not None:
            with suppress(OSError):
                socket.socket.shutdown(found, socket.SHUT_RDWR)

    def __exit__(self, *_: object) -> None:
        """Say goodbye if that is possible: what was answered before counts."""
        with suppress(OSError, smtplib.SMTPException):
            self.quit()
        self.timer.cancel()
        self.close()
