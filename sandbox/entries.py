"""What a person enters, in human words, turned into the values of inputs; and what clients refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.answers import CannotDo, Json
from sandbox.elements import LIST_TYPES, TYPED_TEXT, Field, is_empty, value_in
from sandbox.state import Person, Team, View

REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
WEB_ADDRESS = re.compile(r"https?://\S+\Z")
OPTION_TYPES = frozenset({"static_select", "radio_buttons", "overflow", "multi_static_select", "checkboxes"})


def entered(team: Team, person: Person, found: Field, human: object) -> Any:
    """The bare value of an input after *person* entered *human*; None and "" empty it."""
    if human is None or human in ("", []):
        return [] if found.type in LIST_TYPES else None
    if found.type in TYPED_TEXT:
        return str(human)
    if found.type in OPTION_TYPES:
        return _each(found, human, lambda text: pick(found.options(), text))
    if found.type.endswith("users_select"):
        return _each(found, human, lambda name: person_named(team, str(name)).id)
    if found.type.endswith(("conversations_select", "channels_select")):
        return _each(found, human, lambda name: conversation_named(team, person, str(name)))
    return _special(person, found, human)


def _special(person: Person, found: Field, human: object) -> Any:
    readers: Mapping[str, Callable[[], Any]] = {
        "datepicker": lambda: date.fromisoformat(str(human)).isoformat(),
        "timepicker": lambda: time.fromisoformat(str(human)).strftime("%H:%M"),
        "datetimepicker": lambda: _instant(person, human),
        "rich_text_input": lambda: _rich_text(human),
    }
    if found.type not in readers:
        raise CannotDo(f"Nothing can be entered into a {found.type}.")
    try:
        return readers[found.type]()
    except ValueError as wrong:
        raise CannotDo(f"{human!r} does not fit a {found.type}: {wrong}") from None


def _each(found: Field, human: object, read: Callable[[object], Any]) -> Any:
    if found.type not in LIST_TYPES:
        return read(human)
    return [read(one) for one in (human if isinstance(human, list | tuple) else [human])]


def _instant(person: Person, human: object) -> int:
    if isinstance(human, int):
        return human
    moment = datetime.fromisoformat(str(human))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(person.tz or "UTC"))
    return int(moment.timestamp())


def _rich_text(human: object) -> Any:
    if not isinstance(human, str):
        return human
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": human}]}
    return {"type": "rich_text", "elements": [section]}


def option_text(option: Json) -> str:
    """What a person reads on an option."""
    text = option.get("text")
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""


def pick(options: list[Json], text: object) -> Json:
    """The option that reads *text*; exactly one must. ``{"value": ...}`` picks by hidden value."""
    if isinstance(text, Mapping):
        return _by_value(options, text.get("value"))
    text = str(text)
    same = [o for o in options if option_text(o) == text]
    same = same or [o for o in options if option_text(o).casefold() == text.casefold()]
    if len(same) != 1:
        count = "No" if not same else "More than one"
        raise CannotDo(f"{count} option reads {text!r}.", there=[option_text(o) for o in options])
    return same[0]


def _by_value(options: list[Json], value: object) -> Json:
    for option in options:
        if option.get("value") == value:
            return option
    raise CannotDo(f"No option has the value {value!r}.", there=list(map(option_text, options)))


def person_named(team: Team, name: str) -> Person:
    """A person by id, handle (with or without @) or full name."""
    wanted = name.lstrip("@")
    if wanted in team.people:
        return team.people[wanted]
    by_handle = team.person_by_handle(wanted)
    if by_handle is not None:
        return by_handle
    same = [p for p in team.people.values() if p.name == name]
    if len(same) != 1:
        count = "Nobody" if not same else "More than one person"
        raise CannotDo(f"{count} here is called {name!r}.")
    return same[0]


def conversation_named(team: Team, person: Person, name: str) -> str:
    """The id of a conversation the person can see, by id or name (with or without #)."""
    wanted = name.lstrip("#")
    for conv in team.conversations.values():
        visible = conv.kind == "channel" or person.id in conv.members
        if visible and wanted in {conv.id, conv.name} and wanted:
            return conv.id
    raise CannotDo(f"{person.handle} sees no conversation called {name!r}.")


def complaints(view: View, found: Field, state: Json) -> str:
    """What the client says under an input before it would submit; "" when all is well."""
    if is_empty(state):
        return "" if found.block.get("optional") else REQUIRED
    value, element = value_in(state), found.element
    checks: Mapping[str, Callable[[], str]] = {
        "plain_text_input": lambda: _length(element, str(value)),
        "number_input": lambda: _number(element, str(value)),
        "email_text_input": lambda: "" if EMAIL.match(str(value)) else "Enter a valid email.",
        "url_text_input": lambda: "" if WEB_ADDRESS.match(str(value)) else "Enter a valid URL.",
    }
    if found.type in checks:
        return checks[found.type]()
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Choose at most {most}."
    return ""


def _length(element: Json, text: str) -> str:
    least, most = element.get("min_length"), element.get("max_length")
    if least and len(text) < least:
        return f"Enter at least {least} characters."
    if most and len(text) > most:
        return f"Enter at most {most} characters."
    return ""


def _number(element: Json, text: str) -> str:
    try:
        number = float(text) if element.get("is_decimal_allowed") else int(text)
    except ValueError:
        return "Enter a number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"Enter {least} or more."
    if most is not None and number > float(most):
        return f"Enter {most} or less."
    return ""
