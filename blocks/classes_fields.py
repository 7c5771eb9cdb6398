"""Inputs of the forms of class staff, and what is typed in them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from blocks import kit
from blocks.ids import Ids as Shared
from blocks.kit import Json

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def text(value: str, most: int, *, lines: bool = False) -> Json:
    """One line of text, or several."""
    found: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}
    if lines:
        found["multiline"] = True
    return found | ({"initial_value": value[:most]} if value else {})


def day(value: date | None) -> Json:
    """A date."""
    found: Json = {"type": "datepicker", "action_id": Shared.INPUT}
    return found | ({"initial_date": value.isoformat()} if value else {})


def clock(minute: int | None) -> Json:
    """A time of day; *minute* counts from midnight."""
    found: Json = {"type": "timepicker", "action_id": Shared.INPUT}
    if minute is not None:
        found["initial_time"] = f"{minute // 60:02}:{minute % 60:02}"
    return found


def person(user_id: str = "") -> Json:
    """Somebody of the workspace."""
    found: Json = {"type": "users_select", "action_id": Shared.INPUT}
    return found | ({"initial_user": user_id} if user_id else {})


def people(user_ids: Sequence[str]) -> Json:
    """Some people of the workspace."""
    found: Json = {"type": "multi_users_select", "action_id": Shared.INPUT}
    return found | ({"initial_users": list(user_ids)} if user_ids else {})


def choice(
    options: Sequence[tuple[str, str]],
    chosen: str = "",
    *,
    action_id: str = Shared.INPUT,
    kind: str = "static_select",
) -> Json:
    """One of some values, each with its label; Slack takes a hundred."""
    shown = {value: kit.option(label, value) for value, label in options[:100]}
    found: Json = {"type": kind, "action_id": action_id, "options": list(shown.values())}
    return found | ({"initial_option": shown[chosen]} if chosen in shown else {})


def choices(
    options: Sequence[tuple[str, str]], chosen: Sequence[str] = (), *, kind: str = "checkboxes", most: int = 0
) -> Json:
    """Any of some values, each with its label; *most* of them where it is given."""
    shown = {value: kit.option(label, value) for value, label in options[:100]}
    found: Json = {"type": kind, "action_id": Shared.INPUT, "options": list(shown.values())}
    if most:
        found["max_selected_items"] = most
    ticked = [shown[one] for one in chosen if one in shown]
    return found | ({"initial_options": ticked} if ticked else {})


# --- Reading -------------------------------------------------------------------------------------------


def typed(values: Values, name: str) -> str:
    """What was typed or chosen in an input: a text, a date, a time, a person or an option's value; or ""."""
    held = _held(values, name)
    option = held.get("selected_option") or {}
    kinds = ("value", "selected_date", "selected_time", "selected_user")
    return str(next((held[one] for one in kinds if held.get(one)), option.get("value")) or "")


def ticked(values: Values, name: str) -> list[str]:
    """The values that are chosen, or the people."""
    held = _held(values, name)
    return [*(str(one) for one in held.get("selected_users") or ()), *kit.chosen(held)]


def the_day(values: Values, name: str) -> date | None:
    """A date, None where none is chosen."""
    found = typed(values, name)
    return date.fromisoformat(found) if found else None


def the_minute(values: Values, name: str) -> int:
    """The minute of the day, -1 where no time is chosen."""
    hour, _colon, minute = typed(values, name).partition(":")
    return int(hour) * 60 + int(minute) if hour.isdigit() and minute.isdigit() else -1


def the_number(values: Values, name: str) -> int:
    """A whole number of at most six digits, -1 for anything else."""
    found = typed(values, name).strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else -1


def _held(values: Values, name: str) -> Mapping[str, Any]:
    """The element of an input; its block may be numbered, as "classes.2"."""
    found = next((held for block, held in values.items() if block.partition(".")[0] == name), {})
    return next(iter(found.values()), {})
