"""Everybody's mailbox: a mail server that takes what it is given, as strictly as any.

A mailbox whose name begins with "nobody" does not exist, and one that begins with "full" is.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.doors import HOST, listen
from sandbox.faults import Rule
from sandbox.guests.post import read_mail

if TYPE_CHECKING:
    from sandbox.hub import Hub

LARGEST = 10_000_000  # bytes of a message
METHOD = "mail.send"
NO_MAILBOX = "550 5.1.1 There is no such mailbox"
FULL = "552 5.2.2 This mailbox is full"


class Mailbox:
    """What the mail server does with a message."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def open(self, port: int) -> int:
        """Listen on a loopback port, 0 for a free one; returns it."""
        loop = asyncio.get_running_loop()
        listener = listen(HOST, port)
        self._server = await loop.create_server(self._connection, sock=listener)
        return int(listener.getsockname()[1])

    def close(self) -> None:
        """Take no more."""
        self._server.close()

    def _connection(self) -> SMTP:
        loop = asyncio.get_running_loop()
        return SMTP(self, hostname="guests.local", ident="local mailbox", data_size_limit=LARGEST,
                    enable_SMTPUTF8=True, loop=loop)  # fmt: skip

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether there is such a mailbox."""
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", address):
            return "501 5.1.3 This is no address"
        if address.rpartition("@")[0].lower().startswith("nobody"):
            self._hub.journal.add("mail_refused", to=address, why=NO_MAILBOX)
            return NO_MAILBOX
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, unless a fault strikes."""
        if any(to.lower().startswith("full") for to in envelope.rcpt_tos):
            return FULL
        rule = self._hub.faults.for_call(METHOD, outside=("guests",), user=tuple(envelope.rcpt_tos))
        return await self._struck(rule, server, envelope) if rule else self._take(envelope)

    async def _struck(self, rule: Rule, server: SMTP, envelope: Envelope) -> str:
        deed, how = rule.deed, rule.how
        if deed in ("status", "rate_limited", "error"):
            code = int(how.get("status", 451))
            return f"{code} {code // 100}.0.0 {how.get('name', 'Not now')}"
        if deed in ("slow", "late"):
            await asyncio.sleep(float(how.get("ms", 0)) / 1000)
        if deed not in ("drop_before", "refuse"):
            said = self._take(envelope)
            if deed in ("slow", "status_after"):
                return said if deed == "slow" else f"{int(how.get('status', 451))} 4.3.0 Not now"
        transport: Any = server.transport
        transport.abort()
        return "421 4.3.0 Gone"

    def _take(self, envelope: Envelope) -> str:
        post = self._hub.world.post
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        for to in envelope.rcpt_tos:
            mail = read_mail(raw, n=post.next(), at=self._hub.clock.now(), to=to)
            post.mails.append(mail)
            self._hub.journal.add("mail", to=to, subject=mail.subject, number=mail.n)
        return "250 2.0.0 OK"
