"""Pages and cursors: opaque, bound to one method and its arguments, stable while people come and go."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import TypeVar

from sandbox.answers import SlackError
from sandbox.api.call import Call

Item = TypeVar("Item")

# Slack may return fewer than asked for; every third page does, so that nobody relies on the number.
SHORT_EVERY = 3


def page(
    call: Call, items: Sequence[tuple[str, Item]], limit: int, *, bound: Sequence[str] = ()
) -> tuple[list[Item], str]:
    """One page of *items*, each with its stable key in rising order, and the next cursor."""
    after, number = read_cursor(call, bound)
    rest = [pair for pair in items if after is None or pair[0] > after]
    size = page_size(call, limit, number)
    shown = rest[:size]
    if len(rest) <= size:
        return [item for _, item in shown], ""
    return [item for _, item in shown], write_cursor(call, bound, shown[-1][0], number + 1)


def page_size(call: Call, limit: int, number: int) -> int:
    """How many items page *number* holds, the first page being number 1."""
    if call.hub.settings.short_pages and number % SHORT_EVERY == 0:
        return max(1, limit * 2 // 3)
    return limit


def write_cursor(call: Call, bound: Sequence[str], key: str, number: int) -> str:
    """A cursor that continues after *key*."""
    content = json.dumps([key, number])
    sealed = json.dumps([content, _seal(call, bound, content)])
    return base64.b64encode(sealed.encode()).decode()


def read_cursor(call: Call, bound: Sequence[str]) -> tuple[str | None, int]:
    """Where the caller's cursor continues, and the number of the page it asks for."""
    cursor = call.text("cursor")
    if not cursor:
        return None, 1
    try:
        content, seal = json.loads(base64.b64decode(cursor, validate=True))
        key, number = json.loads(content)
    except (ValueError, TypeError):
        raise SlackError("invalid_cursor") from None
    if seal != _seal(call, bound, content):
        raise SlackError("invalid_cursor")
    return str(key), int(number)


def _seal(call: Call, bound: Sequence[str], content: str) -> str:
    facts = "\n".join([call.method.name, call.team.id, *bound, content])
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def by_number(number: int) -> str:
    """A key that sorts like the number it is made from."""
    return f"{number:012d}"
