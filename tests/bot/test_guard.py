"""The door under attack: raw requests to the real server, with a real Bolt app behind it.

Numbers are those of the attack list: a request that is not Slack's gets 401, one that cannot be read 400,
none gets 500, and the log has one line about it that does not hold its body.
"""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

MARK = "do-not-log-this"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Headers = list[tuple[str, bytes]]


def press(value: str = MARK) -> bytes:
    """The body of a button press."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "actions": [{"type": "button", "block_id": "b", "action_id": "press", "value": value}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def event(kind: str = "team_join") -> bytes:
    """The body of an event."""
    inner = {"type": kind, "user": {"id": MARK}}
    return json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": inner}).encode()


def headers(signed: dict[str, str], body: bytes, content_type: str = FORM) -> Headers:
    """What Slack would send along."""
    found = [(name, value.encode("latin-1")) for name, value in signed.items()]
    return [*found, ("Content-Type", content_type.encode()), ("Content-Length", str(len(body)).encode())]


def attacks(sign: Callable[..., dict[str, str]]) -> dict[str, tuple[int, bytes, Headers]]:
    """Name of the attack -> status it must get, body, headers."""
    body, now = press(), time.time()
    good = sign(body)
    stamp, signature = good["X-Slack-Request-Timestamp"], good["X-Slack-Signature"]
    large = press("x" * (1024 * 1024))
    chunk = b"x" * 65536
    chunked = (b"10000\r\n" + chunk + b"\r\n") * 17 + b"0\r\n\r\n"

    def changed(**fields: str) -> Headers:
        return headers(good | {name.replace("_", "-"): value for name, value in fields.items()}, body)

    def signed(body: bytes, content_type: str = FORM) -> tuple[bytes, Headers]:
        return body, headers(sign(body), body, content_type)

    def unsigned(body: bytes, content_type: str) -> tuple[bytes, Headers]:
        return body, headers({}, body, content_type)

    nested = b'{"type": "event_callback", "event": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    odd_team = {"type": "block_actions", "team": 5, "user": 5, "actions": 5, "mark": MARK}
    odd = urlencode({"payload": json.dumps(odd_team)}).encode()
    return {
        "a1_none": (401, body, headers({}, body)),
        "a1_no_timestamp": (401, body, headers({"X-Slack-Signature": signature}, body)),
        "a1_no_signature": (401, body, headers({"X-Slack-Request-Timestamp": stamp}, body)),
        "a2_wrong_secret": (401, body, headers(sign(body, secret="another"), body)),
        "a2_wrong_digest": (401, body, changed(X_Slack_Signature="v0=" + "0" * 64)),
        "a2_other_version": (401, body, changed(X_Slack_Signature=signature.replace("v0", "v1"))),
        "a2_empty_signature": (401, body, changed(X_Slack_Signature="")),
        "a3_older_than_300_s": (401, body, headers(sign(body, at=now - 305), body)),
        "a4_future": (401, body, headers(sign(body, at=now + 310), body)),
        "a6_one_byte_changed": (401, body.replace(b"T1", b"T2"), headers(good, body)),
        "a6_one_byte_less": (401, body[:-1], headers(good, body[:-1])),
        "a7_timestamp_twice": (
            401,
            body,
            [*headers(good, body), ("X-Slack-Request-Timestamp", stamp.encode())],
        ),
        "a7_signature_twice": (401, body, [*headers(good, body), ("X-Slack-Signature", signature.encode())]),
        "a8_empty_timestamp": (401, body, changed(X_Slack_Request_Timestamp="")),
        "a9_no_number": (401, body, changed(X_Slack_Request_Timestamp="yesterday")),
        "a9_negative": (401, body, changed(X_Slack_Request_Timestamp="-" + stamp)),
        "a9_decimal": (401, body, changed(X_Slack_Request_Timestamp=stamp + ".0")),
        "a9_superscript_digits": (401, body, changed(X_Slack_Request_Timestamp="\xb2" * 10)),
        "a9_very_long": (401, body, changed(X_Slack_Request_Timestamp="9" * 5000)),
        "a10_signature_not_ascii": (401, body, changed(X_Slack_Signature="v0=" + "é" * 64)),
        "a11_over_1_mb": (401, large, headers(sign(large), large)),
        "a11_over_1_mb_in_chunks": (
            401,
            chunked,
            [*headers(sign(chunk * 17), b"")[:-1], ("Transfer-Encoding", b"chunked")],
        ),
        "a12_text": (400, *signed(body, "text/plain")),
        "a12_no_content_type": (400, body, [h for h in headers(good, body) if h[0] != "Content-Type"]),
        "a12_json_said_to_be_a_form": (400, *signed(event(), FORM)),
        "a12_form_said_to_be_json": (400, *signed(body, JSON)),
        "a13_ssl_check_unsigned": (401, *unsigned(f"ssl_check=1&token={MARK}".encode(), FORM)),
        "a14_url_verification_unsigned": (
            401,
            *unsigned(json.dumps({"type": "url_verification", "challenge": MARK}).encode(), JSON),
        ),
        "a15_malformed_json_unsigned": (401, *unsigned(b'{"type": ' + MARK.encode(), JSON)),
        "malformed_json": (400, *signed(b'{"type": ' + MARK.encode(), JSON)),
        "json_that_is_no_object": (400, *signed(json.dumps([MARK]).encode(), JSON)),
        "json_with_nan": (400, *signed(b'{"type": "event_callback", "event": NaN}', JSON)),
        "json_nested_too_deep": (400, *signed(nested, JSON)),
        "json_of_unknown_type": (400, *signed(json.dumps({"type": MARK}).encode(), JSON)),
        "json_with_an_event_that_is_none": (400, *signed(b'{"type": "event_callback", "event": 5}', JSON)),
        "not_utf8": (400, *signed(b'{"type": "\xff"}', JSON)),
        "empty_json": (400, *signed(b"", JSON)),
        "empty_form": (400, *signed(b"", FORM)),
        "form_without_payload": (400, *signed(f"text={MARK}".encode(), FORM)),
        "form_with_malformed_payload": (400, *signed(b"payload=%7B" + MARK.encode(), FORM)),
        "form_with_a_payload_that_is_no_object": (400, *signed(b"payload=%5B%5D", FORM)),
        "form_with_a_payload_of_unknown_type": (400, *signed(b"payload=%7B%22type%22%3A5%7D", FORM)),
        "form_with_a_payload_of_odd_types": (400, odd, headers(sign(odd), odd)),
        "form_with_too_many_fields": (400, *signed(b"&".join([b"a=b"] * 500), FORM)),
    }


@pytest.mark.parametrize(
    "name", sorted(attacks(lambda *_, **__: {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""}))
)
def test_an_attack_is_turned_away(door: Any, sign: Callable[..., dict[str, str]], name: str) -> None:
    """The right status, no note by the app, and one line in the log without the body."""
    status, body, sent = attacks(sign)[name]
    before, noted = len(door.lines()), len(door.noted())

    assert door.send(body, sent) == status
    new = door.lines()[before:]
    assert [(line["event"], line["status"]) for line in new] == [("slack_request_turned_away", status)]
    assert MARK not in json.dumps(new)
    assert len(door.noted()) == noted
