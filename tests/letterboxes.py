"""A mail server and a text gateway on this computer: they keep what they took, and fail when told to."""

import datetime
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ANYWHERE = "0.0.0.0"  # noqa: S104 - this computer, by a name that does not say so


@dataclass
class MailServer:
    """What the server took, and how it answers; "" as it should."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    who: str = "sessions"
    word: str = "s3cr:t/ word"
    to_sender: str = ""
    to_recipient: str = ""
    to_message: str = ""
    cut: bool = False  # break off once the message is there, instead of an answer

    def reset(self) -> None:
        """As in the beginning."""
        self.taken.clear()
        self.recipients.clear()
        self.to_sender = self.to_recipient = self.to_message = ""
        self.cut = False

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Who it comes from."""
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Who it is for."""
        if not self.to_recipient:
            envelope.rcpt_tos.append(address)
        return self.to_recipient or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """What it says."""
        if not self.to_message:
            assert isinstance(envelope.content, bytes)
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.taken.append(letter)
            self.recipients.extend(envelope.rcpt_tos)
        if self.cut:
            assert server.transport is not None
            server.transport.close()
        return self.to_message or "250 Taken"

    def knows(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, told: Any
    ) -> AuthResult:
        """Whether name and password are right."""
        assert isinstance(told, LoginPassword)
        right = (told.login, told.password) == (self.who.encode(), self.word.encode())
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, wrapped: bool = False, auth: bool = False
) -> Iterator[MailServer]:
    """A running server: plain; with *tls* by STARTTLS, or from the beginning (*wrapped*)."""
    kept = MailServer(port=free_port())
    controller = Controller(
        kept, hostname="127.0.0.1", port=kept.port, authenticator=kept.knows if auth else None,
        auth_required=auth and not wrapped,
        auth_require_tls=tls is not None and not wrapped, ssl_context=tls if wrapped else None,
        tls_context=None if wrapped else tls, require_starttls=tls is not None and not wrapped,
    )  # fmt: skip
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server on this computer shows, and what a client needs to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    hosts = [x509.IPAddress(ipaddress.ip_address(one)) for one in (ANYWHERE, "127.0.0.1")]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + pem)
    shows = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shows.load_cert_chain(file)
    return shows, ssl.create_default_context(cadata=pem.decode())


@dataclass
class Answer:
    """How the gateway answers once."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # break off instead
    keeps: bool = True  # whether it takes the message all the same
    hold: threading.Event | None = None  # not before this is set


@dataclass
class Gateway:
    """What the gateway took, with headers, and how it answers next."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def reset(self) -> None:
        """As in the beginning."""
        self.taken.clear()
        self.headers.clear()
        self.answers.clear()


@contextmanager
def text_gateway() -> Iterator[Gateway]:
    """A running gateway."""
    kept = Gateway()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = kept.answers.pop(0) if kept.answers else Answer()
            kept.headers.append(dict(self.headers.items()))
            if answer.keeps:
                kept.taken.append(json.loads(body))
            if answer.hold is not None:
                answer.hold.wait(10)
            if answer.cut:
                return
            said = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.send_response((kept.answers.pop(0) if kept.answers else Answer()).status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_HEAD(self) -> None:
            self.send_response(405)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
