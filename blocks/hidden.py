"""What a choice hides in the modal "Schedule a session": kept until another choice shows it again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from blocks.kit import Json
from blocks.when import StateValues
from domain.forms import ScheduleForm

# the fields, and how each is read back from text
KEPT: dict[str, Callable[[str], Any]] = {
    "opt_in_date": date.fromisoformat,
    "opt_in_time": time.fromisoformat,
    "match_date": date.fromisoformat,
    "match_time": time.fromisoformat,
    "weeks": int,
    "ask_first": bool,
}


def kept(form: ScheduleForm, blocks: Sequence[Json]) -> dict[str, dict[str, str]]:
    """What the form holds in fields that are not among *blocks*, for the metadata of the modal."""
    shown = {block.get("block_id") for block in blocks}
    found = {name: str(held) for name in KEPT if name not in shown and (held := getattr(form, name))}
    return {"kept": found} if found else {}


def recalled(form: ScheduleForm, values: StateValues, metadata: Mapping[str, Any]) -> ScheduleForm:
    """The *form* that was read, with what the fields held that an earlier choice has hidden."""
    shown = {block_id.partition(".")[0] for block_id in values}
    held = {name: text for name, text in (metadata.get("kept") or {}).items() if name not in shown}
    return replace(form, **{name: read_back(held[name]) for name, read_back in KEPT.items() if name in held})
