"""What the values of environment variables are checked with; each refusal is a sentence with the remedy."""

import json
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|::1)")


def is_loopback(host: str | None) -> bool:
    """Whether *host* is this computer, by its name alone."""
    return LOOPBACK.fullmatch(host or "") is not None


def refuse(sentence: str) -> PydanticCustomError:
    """Make the error that carries *sentence* through pydantic."""
    return PydanticCustomError("settings", "{sentence}", {"sentence": sentence})


def split(value: str) -> SplitResult | None:
    """Take an address apart; None if it is none."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        return None
    return parts


def web_address(value: str, variable: str) -> str:
    """Check a web address; the result ends with a slash. Refuses http:// to other computers."""
    parts = split(value)
    if parts is None or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise refuse(f"{variable} is no web address: write it like https://host/path/.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise refuse(
            f"{variable} must begin with https://; only an address of this computer may use http://."
        )
    return value.rstrip("/") + "/"


def mail_server(value: str) -> str:
    """Check the address of a mail server. Refuses a password without TLS to other computers by its scheme."""
    parts = split(value)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise refuse(
            "SMTP_URL is no mail server: write smtp://user:password@host:587, or smtps://user:password@host:465."
        )
    return value


def sender(value: str, *, needed: bool) -> str:
    """Check who e-mails come from: "Name <address>" or an address."""
    _name, address = parseaddr(value)
    if (value or needed) and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
        raise refuse("MAIL_FROM is no sender: write an address, or Sessions <sessions@example.com>.")
    return value


def comma_list(value: object) -> object:
    """Read a list of words separated by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Lab(BaseModel):
    """The laboratory: a clock that can be moved, delivery at another speed, planned faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clock: str | None = None  # address that tells the product's time
    # factor of our own waiting times, 1 = as in production
    speed: float = Field(default=1.0, gt=0, le=100_000)
    faults: Path | None = None  # directory of planned faults and of what happened
    pace: Literal["real", "off"] = "real"  # whether Slack's posting rates are kept
    off: Literal["", "fence", "retry"] = ""  # a guard that is missing, to see what it prevents


def read_lab(value: object) -> object:
    """Read the laboratory's JSON."""
    if not isinstance(value, str):
        return value
    try:
        return Lab.model_validate(json.loads(value))
    except ValueError:
        shape = '{"clock": address, "speed": number, "faults": directory, "pace": "real" or "off"}'
        raise refuse(f"SESSIONS_LAB is not a JSON object like {shape}.") from None
