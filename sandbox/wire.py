"""Signed HTTP to the bot, with the standard library alone."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from urllib.parse import urlencode, urlsplit

from sandbox.answers import Json
from sandbox.clock import real_now, ticks
from sandbox.parcels import Outcome, Tamper

FORM = "application/x-www-form-urlencoded"
OLD_TIMESTAMP_SECONDS = 600  # receivers refuse anything older than five minutes


def json_of(payload: Json) -> tuple[bytes, str]:
    """An event's body and its content type."""
    return json.dumps(payload).encode(), "application/json"


def form_of(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of a command, or of an interaction, which travels as JSON in a form field."""
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), FORM


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature over timestamp and raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, tamper: Tamper) -> dict[str, str]:
    """The two signature headers, spoiled where *tamper* asks for it."""
    age = OLD_TIMESTAMP_SECONDS if tamper.timestamp else 0
    timestamp = str(int(real_now()) - age)
    sealed = signature(secret, timestamp, body)
    if tamper.signature:
        sealed = "v0=" + "0" * 64
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sealed}


def post_signed(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    secret: str,
    timeout: float,
    tamper: Tamper,
) -> Outcome:
    """Send one signed request and wait for the answer, up to *timeout* real seconds in all."""
    head = {
        "User-Agent": "Slackbot 1.0 (local sandbox)",
        "Accept": "application/json,*/*",
        **headers,
        **signed_headers(secret, body, tamper),
    }
    if tamper.body:
        body = body[:-1] + bytes([body[-1] ^ 1])
    return post(url, body, head, timeout)


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> Outcome:
    """Send one request; whatever goes wrong becomes an outcome, never an exception."""
    address = urlsplit(url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    deadline = ticks() + timeout
    connection = http.client.HTTPConnection(
        address.hostname or "127.0.0.1", address.port or 80, timeout=timeout
    )
    try:
        connection.request("POST", path, body, headers)
        if connection.sock is not None:
            connection.sock.settimeout(max(0.01, deadline - ticks()))
        answer = connection.getresponse()
        return Outcome(
            "answered",
            status=answer.status,
            body=answer.read(),
            content_type=answer.getheader("Content-Type") or "",
            no_retry=answer.getheader("X-Slack-No-Retry") == "1",
        )
    except TimeoutError:
        return Outcome("timeout")
    except ConnectionRefusedError:
        return Outcome("refused")
    except (OSError, http.client.HTTPException):
        return Outcome("reset")
    finally:
        connection.close()
