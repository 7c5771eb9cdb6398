"""Is this request Slack's, and can it be read? Decided before Bolt sees a byte of it.

Bolt answers 500 to a timestamp that is no number, to a signature that is not ASCII and to unsigned JSON
that cannot be parsed, 200 to an unsigned ``ssl_check``, and writes the body of a badly signed request to
its log. Here all of these are 401 or 400, and one word says why.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl

LARGEST = 1024 * 1024  # bytes of a body
WINDOW = 300  # seconds between Slack's clock and ours
FIELDS = 100  # of a form; Slack's commands have about fifteen

INTERACTIONS = {
    "block_actions",
    "block_suggestion",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",
}
CHECKED = {"block_actions", "view_closed", "view_submission"}  # their shape is looked at


class Turned(Exception):
    """A request that is not served. *status* is 401 or 400, *reason* a fixed word for log and metrics."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Call:
    """A request of Slack's: what kind it is, and its fields as Slack means them."""

    kind: str
    body: dict[str, Any]


def verify(environ: Mapping[str, Any], secret: str, *, now: float) -> bytes:
    """Return the body of a request that carries a fresh and right signature; *now* in seconds since 1970.

    Raises Turned with 401.
    """
    # a header sent twice arrives here as one value with a comma, which neither pattern lets through
    sent_at = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
    if not sent_at or not signature:
        raise Turned(401, "unsigned")
    if not re.fullmatch(r"[0-9]{1,12}", sent_at):
        raise Turned(401, "timestamp_unreadable")
    if not re.fullmatch(r"v0=[0-9a-f]{64}", signature):
        raise Turned(401, "signature_unreadable")
    if abs(now - int(sent_at)) > WINDOW:
        raise Turned(401, "timestamp_old")
    body = _body(environ)
    expected = hmac.new(secret.encode(), b"v0:" + sent_at.encode() + b":" + body, hashlib.sha256)
    if not hmac.compare_digest(f"v0={expected.hexdigest()}", signature):
        raise Turned(401, "signature_wrong")
    return body


def _body(environ: Mapping[str, Any]) -> bytes:
    declared = str(environ.get("CONTENT_LENGTH") or "")
    if declared and not re.fullmatch(r"[0-9]{1,12}", declared):
        raise Turned(401, "length_unreadable")
    if not declared and not environ.get("wsgi.input_terminated"):
        return b""  # nothing tells where the body would end
    if declared and int(declared) > LARGEST:
        raise Turned(401, "body_too_large")
    try:
        body: bytes = environ["wsgi.input"].read(int(declared) if declared else LARGEST + 1)
    except OSError:
        raise Turned(401, "body_cut_off") from None
    if len(body) > LARGEST:
        raise Turned(401, "body_too_large")
    return body


def read(body: bytes, content_type: str) -> Call:
    """Read a verified body. Raises Turned with 400 for what Slack would not send."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == "application/json":
            return _event(_object(text))
        if kind == "application/x-www-form-urlencoded":
            return _form(dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS)))
    except (ValueError, RecursionError):
        raise Turned(400, "body_unreadable") from None
    raise Turned(400, "content_type_unknown")


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise Turned(400, "body_no_object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _event(body: dict[str, Any]) -> Call:
    match body:
        case {"type": "url_verification", "challenge": str()}:
            return Call("url_verification", body)
        case {"type": "event_callback", "event_id": str(), "event": {"type": str()}}:
            return Call("event", body)
        case {"type": "app_rate_limited"}:
            return Call("app_rate_limited", body)
    raise Turned(400, "event_unknown")


def _interaction(payload: dict[str, Any]) -> Call:
    """Check what every listener relies on; the rest is looked up, and may be anything."""
    match payload:
        case {"type": "block_actions", "user": {"id": str()}, "actions": [{"action_id": str()}, *_]}:
            return Call("block_actions", payload)
        case {
            "type": "view_submission" | "view_closed" as kind,
            "user": {"id": str()},
            "view": {"type": str(), "id": str(), "callback_id": str(), "blocks": list()},
        }:
            return Call(kind, payload)
        case {"type": str() as kind} if kind in INTERACTIONS - CHECKED:
            return Call(kind, payload)
    raise Turned(400, "payload_unknown")


def _form(fields: dict[str, str]) -> Call:
    if "payload" in fields:
        return _interaction(_object(fields["payload"]))
    if fields.get("ssl_check") == "1":
        return Call("ssl_check", fields)
    if fields.get("command", "").startswith("/"):
        return Call("command", fields)
    raise Turned(400, "form_unknown")
