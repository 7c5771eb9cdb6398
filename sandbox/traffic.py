"""The inspector's side of the journal: entries without bodies but in words, and one entry in full."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sandbox.answers import CannotDo, Json
from sandbox.journal import HEAVY_FIELDS

if TYPE_CHECKING:
    from sandbox.hub import Hub
    from sandbox.state import Team

LISTED_AT_MOST = 10_000
NAMED_AT_MOST = 8  # pointers to elements without a name

# What the inspector lists, beside effects, which are what a call did and not traffic themselves.
KINDS = (
    "call", "answered", "delivery", "ack", "fault", "bad_ack", "early", "unknown_method",
    "unknown_arguments", "crash", "no_options", "late_ack", "event_given_up", "warning",
    "response_url", "socket", "connected", "clock", "reset", "restored",
)  # fmt: skip
INTERACTIVE = frozenset(
    {
        "button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker",
        "plain_text_input", "rich_text_input", "email_text_input", "number_input", "url_text_input",
        "file_input", "static_select", "external_select", "users_select", "conversations_select",
        "channels_select", "multi_static_select", "multi_external_select", "multi_users_select",
        "multi_conversations_select", "multi_channels_select",
    }
)  # fmt: skip


def about(args: Json) -> Json:
    """What a call's entry keeps of its arguments for good: whom and what place, elements without a name."""
    users = args.get("users") or args.get("user") or args.get("user_id")
    if isinstance(users, list):
        users = ",".join(map(str, users))
    facts = {"channel": args.get("channel"), "user": users}
    kept: Json = {name: value for name, value in facts.items() if isinstance(value, str)}
    pointers = nameless(args)
    return kept | {"nameless": pointers} if pointers else kept


def link(entry: Json, made: Iterable[Json]) -> None:
    """Tie what a call left in the journal to the call, which then tells whose view it was about."""
    for other in made:
        other["call"] = entry["n"]
        for name in ("user", "title"):
            if other["kind"] == "effect" and "view" in other and other.get(name):
                entry[name] = other[name]


def light(hub: Hub, entry: Json) -> Json:
    """An entry without its bodies, with people and places in words as ``who`` and ``where``."""
    shown = {key: value for key, value in entry.items() if key not in HEAVY_FIELDS}
    team = hub.world.teams.get(entry.get("team") or "")
    if team is not None and entry["kind"] in {"call", "answered", "delivery"}:
        shown |= _in_words(team, str(entry.get("user") or ""), str(entry.get("channel") or ""))
    return shown


def newest(hub: Hub, limit: int) -> Json:
    """The newest *limit* entries the inspector lists, oldest first, and the number to go on from."""
    of_traffic = (entry for entry in hub.journal.backwards() if entry["kind"] in KINDS)
    found = list(itertools.islice(of_traffic, min(limit, LISTED_AT_MOST)))
    return {"entries": [light(hub, entry) for entry in reversed(found)], "last": hub.journal.last}


def whole(hub: Hub, n: int) -> Json:
    """One entry with its bodies, if they are still kept, and what belongs to it: its ack, its marks."""
    entry = hub.journal.get(n)
    if entry is None:
        raise CannotDo(f"Entry {n} is no longer in the journal.")
    part_of = {"call": "call", "delivery": "delivery"}.get(entry["kind"])
    rest = [e for e in hub.journal.after(n) if part_of and e.get(part_of) == n]
    body = {"call": "args", "delivery": "payload"}.get(entry["kind"])
    return {"entry": entry, "rest": rest, "dropped": body is not None and body not in entry}


def nameless(args: Json) -> list[str]:
    """JSON pointers of interactive elements without an action_id: the app could not tell them apart."""
    given = {name: _parsed(args[name]) for name in ("blocks", "view") if name in args}
    return list(itertools.islice(_nameless(given, ""), NAMED_AT_MOST))


def _nameless(node: object, pointer: str) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in INTERACTIVE and not node.get("action_id"):
            yield pointer
        for key, value in node.items():
            if isinstance(value, dict | list):
                yield from _nameless(value, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _nameless(value, f"{pointer}/{index}")


def _in_words(team: Team, user: str, channel: str) -> Json:
    names = [_name(team, one) for one in user.split(",") if one]
    words: Json = {"who": ", ".join(names)} if names else {}
    conv = team.conversations.get(channel)
    if channel in team.people:
        return words | {"who": _name(team, channel), "where": "direct message"}
    if conv is None:
        return words | ({"where": channel} if channel else {})
    if conv.kind in {"channel", "group"}:
        return words | {"where": f"#{conv.name}"}
    others = ", ".join(_name(team, one) for one in conv.members if one != team.bot_user)
    return words | {"where": f"direct message with {others}"}


def _name(team: Team, user: str) -> str:
    person = team.people.get(user)
    return person.name if person else user


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
