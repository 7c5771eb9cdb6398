"""How a text reads to one person: names instead of ids, dates in that person's zone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.answers import Json
from sandbox.state import Message, Person, Team, View

ANGLED = re.compile(r"<([^<>]+)>")
DATE_TOKEN = re.compile(r"\{(\w+)\}")


def plain(team: Team, reader: Person, text: str, now: float) -> str:
    """Mrkdwn as the reader sees it, marks for bold and the like left out of account."""

    def replaced(found: re.Match[str]) -> str:
        return _angled(team, reader, found.group(1), now)

    return html.unescape(ANGLED.sub(replaced, text))


def _angled(team: Team, reader: Person, inside: str, now: float) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date^"):
        return _date(target, label, reader, now)
    if target.startswith("@"):
        person = team.people.get(target[1:])
        return "@" + (person.name if person else label or target[1:])
    if target.startswith("#"):
        conv = team.conversations.get(target[1:])
        return "#" + (conv.name if conv else label or target[1:])
    if target.startswith("!subteam^"):
        group = team.usergroups.get(target.removeprefix("!subteam^"))
        return "@" + group.handle if group else label
    if target.startswith("!"):
        return "@" + target[1:]
    return label or target.removeprefix("mailto:")


def _date(target: str, fallback: str, reader: Person, now: float) -> str:
    parts = target.split("^")
    try:
        zone = ZoneInfo(reader.tz or "UTC")
        moment = datetime.fromtimestamp(int(parts[1]), zone)
    except (ValueError, IndexError, OverflowError, ZoneInfoNotFoundError):
        return fallback
    today = datetime.fromtimestamp(now, zone)
    template = parts[2] if len(parts) > 2 else ""
    return DATE_TOKEN.sub(lambda t: _token(t.group(1), moment, today) or t.group(0), template)


def _token(token: str, at: datetime, today: datetime) -> str:
    if token.endswith("_pretty"):
        days = (at.date() - today.date()).days
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
        return near or _token(token.removesuffix("_pretty"), at, today)
    month, weekday, day = at.strftime("%B"), at.strftime("%A"), at.day
    return {
        "date_num": at.strftime("%Y-%m-%d"),
        "date_slash": at.strftime("%m/%d/%Y"),
        "date": f"{month} {day}{_ordinal(day)}, {at.year}",
        "date_short": f"{month[:3]} {day}, {at.year}",
        "date_long": f"{weekday}, {month} {day}{_ordinal(day)}, {at.year}",
        "day_divider": f"{weekday}, {month} {day}{_ordinal(day)}",
        "time": at.strftime("%I:%M %p").lstrip("0"),
        "time_secs": at.strftime("%I:%M:%S %p").lstrip("0"),
        "ago": _ago(today.timestamp() - at.timestamp()),  # real time: wall clocks may have been moved
    }.get(token, "")


def _ordinal(day: int) -> str:
    if 11 <= day % 100 <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _ago(seconds: float) -> str:
    size, unit = next(
        (size, unit)
        for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
        if abs(seconds) >= size or size == 1
    )
    count = int(abs(seconds) // size)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def block_texts(blocks: object) -> Iterator[tuple[str, bool]]:
    """Every readable text inside blocks, in order, and whether it is mrkdwn."""
    if isinstance(blocks, list):
        for item in blocks:
            yield from block_texts(item)
    elif isinstance(blocks, Mapping):
        yield from _texts_of(blocks)


# Fields people do not read as part of the text: ids, values and addresses.
UNREAD = frozenset(
    [
        "type",
        "block_id",
        "action_id",
        "value",
        "url",
        "image_url",
        "style",
        "emoji",
        "verbatim",
        "confirm",
        "initial_option",
        "initial_options",
        "initial_value",
        "initial_date",
        "initial_time",
        "dispatch_action_config",
        "metadata",
        "focus_on_load",
    ]
)


def _texts_of(part: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    kind = part.get("type")
    if kind in {"plain_text", "mrkdwn", "text", "raw_text", "markdown"} and isinstance(part.get("text"), str):
        yield part["text"], kind == "mrkdwn"
        return
    if kind in RICH_TOKENS:
        yield RICH_TOKENS[str(kind)](part), True
        return
    for key, value in part.items():
        if key in UNREAD:
            continue
        if isinstance(value, dict | list):
            yield from block_texts(value)
        elif isinstance(value, str) and key in {"alt_text", "title", "label"}:
            yield value, False


RICH_TOKENS: dict[str, Any] = {
    "user": lambda p: f"<@{p.get('user_id', '')}>",
    "usergroup": lambda p: f"<!subteam^{p.get('usergroup_id', '')}>",
    "channel": lambda p: f"<#{p.get('channel_id', '')}>",
    "broadcast": lambda p: f"<!{p.get('range', '')}>",
    "date": lambda p: f"<!date^{p.get('timestamp', 0)}^{p.get('format', '')}|>",
    "link": lambda p: f"<{p.get('url', '')}|{p.get('text') or p.get('url', '')}>",
    "emoji": lambda p: f":{p.get('name', '')}:",
}


def reads(team: Team, reader: Person, blocks: object, now: float) -> list[str]:
    """The texts of blocks as the reader sees them."""
    return [plain(team, reader, text, now) if mrkdwn else text for text, mrkdwn in block_texts(blocks)]


def message_text(team: Team, reader: Person, message: Message, now: float) -> str:
    """A message as the reader sees it: its blocks, or its text when it has none."""
    if not message.blocks:
        return plain(team, reader, message.text, now)
    return "\n".join(reads(team, reader, message.blocks, now))


def view_text(team: Team, reader: Person, view: View, now: float) -> str:
    """A view as the reader sees it."""
    payload: Json = view.payload
    return "\n".join(reads(team, reader, payload.get("blocks") or [], now))
