"""Inputs for a date and a time, and what they hold."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from blocks.ids import Ids
from blocks.kit import Json

StateValues = Mapping[str, Mapping[str, Mapping[str, Any]]]


def date_input(initial: date | None) -> Json:
    """A date, to be picked."""
    found: Json = {"type": "datepicker", "action_id": Ids.INPUT}
    if initial is not None:
        found["initial_date"] = initial.isoformat()
    return found


def time_input(initial: time | None) -> Json:
    """A time of day, to be picked."""
    found: Json = {"type": "timepicker", "action_id": Ids.INPUT}
    if initial is not None:
        found["initial_time"] = f"{initial:%H:%M}"
    return found


def read_date(values: StateValues, block_id: str) -> date | None:
    """The date that was picked; None if the field is empty, or not there."""
    text = _held(values, block_id).get("selected_date")
    return date.fromisoformat(text) if text else None


def read_time(values: StateValues, block_id: str) -> time | None:
    """The time that was picked; None if the field is empty, or not there."""
    text = _held(values, block_id).get("selected_time")
    return time.fromisoformat(text) if text else None


def _held(values: StateValues, block_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(Ids.INPUT) or {}
