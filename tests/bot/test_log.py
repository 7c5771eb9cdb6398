"""Logs: one line per event, and nothing in it that must not be there."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from slack_bolt import App
from slack_sdk import WebClient

from bot import log

SECRETS = [
    "xoxb-1234-abcd",
    "xoxe.xoxp-1-Mi0yL",
    "xapp-1-A1-2-ff",
    "sk_live_abc123",
    "whsec_abc123",
    "ana.lima+x@mail.example.com",
    "+49 170 1234567",
    "+14155550123",
    "(415) 555-0123",
    "415-555-0123",
    "postgresql://me:pa55word@db.internal/name",
    "redis://:pa55word@cache:6379/0",
    "sk_test_abc123",
    "rk_live_abc123",
    "123-456-789",
    "000 000 007",
    "code 123456789",
    "Access code: 123456789",
    "123456789 is no code",
    "https://sessions.example.com/join/0000000000000000000000000000002a",
    "/pay/0000000000000000000000000000002a",
]


@pytest.fixture
def lines() -> Iterator[Any]:
    """Set logging up as a process does, and give back what it wrote."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook, structlog.get_config())
    written = io.StringIO()
    log.setup("test", stream=written, console=False)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    sys.excepthook = before[2]
    structlog.configure(**before[3])


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_redacted_wherever_they_stand(lines: Any, secret: str) -> None:
    """In the event, in a field, inside a list, inside an object, in an exception, from a library."""
    own = structlog.get_logger()
    own.info(f"told {secret}")
    own.info("field", value=secret, nested={"list": [secret, {secret: 1}]}, thing=ValueError(secret))
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        own.exception("raised")
        logging.getLogger("slack_sdk.web").exception("library %s", secret)
    text = json.dumps(lines())

    assert len(lines()) == 4
    assert secret not in text
    assert "123456789" not in text
    assert "0000000000000000000000000000002a" not in text
    assert "pa55word" not in text
    assert "[" in text


def test_a_code_is_known_by_the_name_of_its_field(lines: Any) -> None:
    """As a text or as a number, however deep."""
    structlog.get_logger().info(
        "typed", code="123456789", said={"access_code": 123456789, "codes": ["123456789"]}
    )

    assert "123456789" not in json.dumps(lines())


def test_what_is_no_secret_stays(lines: Any) -> None:
    """Ids, instants, versions and amounts of our own are readable."""
    fields = {
        "ts": "1700000000.123456",
        "at": "2026-03-01T09:00:00+00:00",
        "team": "T012ABC",
        "pid": 31337,
        "key": "coffee-123-456-7890",
        "took": 0.25,
        "none": None,
        "id": "5f0c2a8e-1234-5678-9012-123456789012",
        "code": 550,
        "bytes": 123456789,
        "path": "/join/answer",
    }
    structlog.get_logger().info("sent", **fields)
    (line,) = lines()

    assert {name: line[name] for name in fields} == fields
    assert (line["event"], line["role"], line["level"]) == ("sent", "test", "info")
    assert list(line)[:4] == ["timestamp", "level", "role", "event"]


@pytest.mark.parametrize(
    "name", ["slack_sdk", "slack_bolt.App", "rq.worker", "gunicorn.error", "werkzeug", "else"]
)
def test_libraries_speak_from_warning_on_and_once(lines: Any, name: str) -> None:
    """Also those whose loggers had handlers of their own, as rq's and gunicorn's do."""
    library = logging.getLogger(name)
    library.handlers, library.propagate = [logging.StreamHandler(io.StringIO())], False
    log.setup("test", stream=(written := io.StringIO()), console=False)
    if name == "else":  # not ours to change
        library.handlers, library.propagate = [], True
    library.setLevel(logging.INFO)  # as rq does when a worker starts
    library.info("the whole body")
    library.warning("careful")
    found = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [(line["event"], line["logger"], line["level"]) for line in found] == [
        ("careful", name, "warning")
    ]
    library.handlers, library.propagate = [], True
    library.setLevel(logging.NOTSET)


def test_bolt_does_not_complain_of_a_token_it_finds(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks into the environment by itself, and would warn at each start that it needs no token."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    App(signing_secret="s", client=WebClient(), authorize=lambda: None, process_before_response=True)

    assert lines() == []


def test_a_crash_is_a_redacted_line(lines: Any) -> None:
    """Python's own traceback would go past the redaction."""
    try:
        raise RuntimeError("xoxb-1-secret")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    (line,) = lines()

    assert line["event"] == "crashed"
    assert "RuntimeError: [token]" in line["exception"]


def test_a_terminal_gets_words(lines: Any) -> None:
    """People read words, programs read JSON; both are redacted."""
    written = io.StringIO()
    log.setup("test", stream=written, console=True)
    structlog.get_logger().info("sent", to="ana@example.com")

    assert "sent" in written.getvalue()
    assert "[e-mail]" in written.getvalue()
    assert not written.getvalue().startswith("{")
