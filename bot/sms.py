"""Text messages through a gateway that takes our JSON; docs/operations.md describes it."""

import hmac
import http.client
import json
import re
import socket
import threading
import urllib.request
from contextlib import suppress
from email.message import Message
from typing import Any
from urllib.error import HTTPError

import structlog

from domain import letters
from domain.letters import TextMessage
from domain.messages import Outcome, Verdict
from store.database import refuse_network_inside_transaction

log = structlog.get_logger()

MOST = 4096  # bytes of an answer that are read
REST = 30.0  # seconds that all texts rest when the gateway is busy and does not say how long
LONGEST = 3600.0  # seconds that we believe it
BUSY = (429, 503)
NOT_OURS = (401, 403, 407)  # nobody but an administrator can mend these
REDIRECTS = range(300, 400)


class GatewayTexter:
    """See ``services.outside.Texter``. *wait* is in seconds, from the connection to the answer."""

    def __init__(self, url: str, token: str | None, *, wait: float) -> None:
        self.url = url
        self.token = token
        self.wait = wait

    def send(self, sms: TextMessage) -> Outcome:
        """Hand it to the gateway."""
        refuse_network_inside_transaction()
        body = json.dumps({"to": sms.to, "text": sms.text, "id": sms.key}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": sms.key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        line = _Line(self.wait)
        try:
            with line.opener().open(urllib.request.Request(self.url, body, headers), timeout=self.wait):  # noqa: S310 - https, see Settings
                return Outcome(Verdict.SENT)
        except HTTPError as answer:
            with answer:
                return _said_no(answer.code, answer.headers, answer)
        except (OSError, http.client.HTTPException) as error:
            log.warning("text_gateway", error=type(error).__name__, connected=line.connected)
            if line.connected:
                return Outcome(Verdict.UNKNOWN, reason=letters.TEXT_UNSURE)
            return Outcome(Verdict.LATER, reason=letters.TEXT_AWAY)
        finally:
            line.timer.cancel()

    def trusts(self, authorization: str) -> bool:
        """Whether this header comes from the gateway. Without a word between us nobody is believed."""
        expected = f"Bearer {self.token}".encode()
        return bool(self.token) and hmac.compare_digest(authorization.encode(), expected)


def _said_no(code: int, headers: Message, answer: Any) -> Outcome:
    """What an answer other than 2xx means. The gateway's own words may name the number."""
    if code in BUSY:
        return Outcome(Verdict.LATER, reason=letters.TEXT_LATER, retry_after=_seconds(headers))
    if code in NOT_OURS:
        return Outcome(Verdict.LATER, reason=letters.TEXT_TOKEN)
    if code in REDIRECTS:
        return Outcome(Verdict.LATER, reason=letters.TEXT_ELSEWHERE)
    log.warning("text_refused", code=code)
    if code >= 500:
        return Outcome(Verdict.UNKNOWN, reason=letters.TEXT_UNSURE)
    stopped = _error(answer) == letters.STOPPED
    return Outcome(Verdict.REFUSED, reason=letters.STOPPED if stopped else letters.TEXT_REFUSED)


def _error(answer: Any) -> object:
    """What {"error": …} says; the status has said the rest already."""
    with suppress(OSError, http.client.HTTPException, ValueError, RecursionError):
        told = json.loads(answer.read(MOST))
        return told.get("error") if isinstance(told, dict) else None
    return None


def _seconds(headers: Message) -> float:
    said = headers.get("Retry-After", "")
    return min(LONGEST, max(1.0, float(said))) if re.fullmatch(r"[0-9]{1,9}", said) else REST


class _Line:
    """One call: whether it was put through, and the end of our patience with it."""

    def __init__(self, wait: float) -> None:
        self.sock: socket.socket | None = None
        self.timer = threading.Timer(wait, self._cut)
        self.timer.daemon = True
        self.timer.start()

    @property
    def connected(self) -> bool:
        """Whether anything can have been said."""
        return self.sock is not None

    def opener(self) -> urllib.request.OpenerDirector:
        """What makes the call; it follows no redirect, because the word is for this address only."""
        return urllib.request.build_opener(_Plain(self), _Encrypted(self), _Stay)

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self.line = line

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_noted(http.client.HTTPConnection, self.line), req)


class _Encrypted(urllib.request.HTTPSHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self.line = line

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_noted(http.client.HTTPSConnection, self.line), req)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _noted(kind: type[http.client.HTTPConnection], line: _Line) -> Any:
    """A connection that says when it stands."""

    class Noted(kind):  # type: ignore[misc,valid-type]  # one of two classes of the library
        def connect(self) -> None:
            super().connect()
            line.sock = self.sock

    return Noted
