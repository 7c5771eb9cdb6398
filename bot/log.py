"""Logs: one event per line on stderr, ids as fields; never bodies, never secrets."""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# what must not be in a log whatever a caller or a library put there; the most specific first
SECRETS = (
    (re.compile(r"xox[abeprs]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+"), "[token]"),
    (re.compile(r"\b[sr]k_(live|test)_\w+|whsec_\w+"), "[key]"),
    (re.compile(r"(/(?:join|pay)/)[\w~%-]{8,}"), r"\1[link]"),
    (re.compile(r"(?<![\w-])\d{3}([ -])\d{3}\1\d{3}(?![\w-])"), "[code]"),
    (re.compile(r"(code\w*\W{1,5}(?:\w+\W{1,3}){0,2}?)\d{9}(?!\d)", re.IGNORECASE), r"\1[code]"),
    (re.compile(r"(?<!\d)\d{9}(?=\W{1,5}(?:\w+\W{1,3}){0,2}?code)", re.IGNORECASE), "[code]"),
    (re.compile(r"(://[^/\s:@]*):[^@\s/]+@"), r"\1:[password]@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}"), "[e-mail]"),
    (re.compile(r"\+\d[\d\s().-]{7,}\d|(?<![\d.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d.-])"), "[phone]"),
)
NINE = re.compile(r"(?<!\d)\d{9}(?!\d)")
FIRST = ("timestamp", "level", "role", "event")
NO_NEWS = (
    "As you gave `client` as well, `token` will be unused.",  # Bolt finds SLACK_BOT_TOKEN by itself
)
LIBRARIES = ("slack_sdk", "slack_bolt", "rq", "gunicorn", "werkzeug")


def redact(text: str) -> str:
    """*text* without tokens, keys, passwords in addresses, e-mail addresses, phones and access codes."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def _clean(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(key)): _under(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return redact(repr(value))


def _under(name: str, value: object) -> object:
    """A value is next to its name: nine digits under one that speaks of a code are one."""
    if "code" in name.lower() and NINE.search(str(value)):
        return "[code]"
    return _clean(value)


def redact_event(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Redact a line; every line goes through here, ours and the libraries', just before it is written."""
    # the time is ours, and must not be taken for a phone number
    clean = {key: value if key == "timestamp" else _under(key, value) for key, value in event.items()}
    return {key: clean[key] for key in FIRST if key in clean} | clean


def setup(role: str, *, stream: TextIO | None = None, console: bool | None = None) -> None:
    """Send every log of this process to *stream* (stderr): JSON lines, or words when it is a terminal."""
    out = stream or sys.stderr
    words = out.isatty() if console is None else console
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if words
        else structlog.processors.JSONRenderer(sort_keys=False)
    )
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(role),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*before, redact_event, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    _libraries(before, renderer, out)
    sys.excepthook = _crash
    threading.excepthook = _crash_in_thread


def _named(role: str) -> Processor:
    def name(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        event["role"] = role
        return event

    return name


def _libraries(before: list[Processor], renderer: Processor, out: TextIO) -> None:
    """Lead the standard library's loggers through the same processors, from WARNING on."""
    handler = logging.StreamHandler(out)
    handler.setLevel(logging.WARNING)  # rq sets its loggers to INFO when a worker starts
    handler.addFilter(lambda record: record.msg not in NO_NEWS)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in [*LIBRARIES, *logging.root.manager.loggerDict]:
        if name.split(".")[0] in LIBRARIES:
            logger = logging.getLogger(name)
            logger.handlers = []
            logger.propagate = True  # rq and gunicorn would write past the redaction by handlers of their own
            logger.setLevel(logging.WARNING if name in LIBRARIES else logging.NOTSET)


def _crash(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().error("crashed", exc_info=(kind, error, trace))


def _crash_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        _crash(args.exc_type, args.exc_value, args.exc_traceback)
