"""The modals of orientation sessions: asking for one, suggesting another time, declining with a note."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.when import StateValues, date_input, read_date, read_time, time_input
from blocks.words import _

MOST = 1000  # characters of a need or a note


@dataclass(frozen=True)
class When:
    """What a form with a date, a time and a text holds."""

    day: date | None
    at: time | None
    text: str = ""


def ask(day: date, *, zone: str) -> Json:
    """[Orientation session]."""
    blocks = [
        *_when(day, None, zone),
        kit.field_input("text", _("What do you need?"), _lines()),
    ]
    return kit.modal(_("Orientation session"), blocks, callback_id=Ids.ORIENTATION_SAVE, submit=_("Save"))


def suggest(day: date, at: time, *, zone: str, metadata: Mapping[str, Any]) -> Json:
    """[Suggest Another Time]."""
    blocks = _when(day, at, zone)
    return kit.modal(
        _("Suggest another time"),
        blocks,
        callback_id=Ids.ORIENT_SUGGEST_SAVE,
        submit=_("Suggest"),
        metadata=metadata,
    )


def decline(*, metadata: Mapping[str, Any]) -> Json:
    """[Decline], with a note."""
    note = kit.field_input(
        "text", _("Note"), _lines(), optional=True, hint=_("The person who asked reads it.")
    )
    return kit.modal(
        _("Decline orientation"),
        [note],
        callback_id=Ids.ORIENT_DECLINE_SAVE,
        submit=_("Decline"),
        metadata=metadata,
    )


def read(values: StateValues) -> When:
    """What was filled in."""
    held = values.get("text", {}).get(Shared.INPUT) or {}
    return When(read_date(values, "day"), read_time(values, "time"), str(held.get("value") or "").strip())


def _when(day: date, at: time | None, zone: str) -> list[Json]:
    return [
        kit.context(_("Your time zone: {zone}", zone=zone)),
        kit.field_input("day", _("Date"), date_input(day)),
        kit.field_input("time", _("Time"), time_input(at)),
    ]


def _lines() -> Json:
    return {
        "type": "plain_text_input",
        "action_id": Shared.INPUT,
        "multiline": True,
        "max_length": MOST,
    }
