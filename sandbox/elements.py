"""Interactive elements of blocks: where they are, what they are called, and the state they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sandbox.answers import Json
from sandbox.state import Team

# Element type -> the key of its value, and the fields of the element that hold a first value.
STATE_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}
LIST_TYPES = frozenset(k for k in STATE_KEYS if k.startswith("multi_")) | {
    "checkboxes",
    "file_input",
}
TYPED_TEXT = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
PRESSED = frozenset({"button", "workflow_button"})


@dataclass(frozen=True)
class Field:
    """One element somebody can use, with the block it stands in."""

    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        """block_id and action_id, which name a value in state.values."""
        return str(self.block.get("block_id", "")), str(self.element.get("action_id", ""))

    @property
    def type(self) -> str:
        """The element's type."""
        return str(self.element.get("type", ""))

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block."""
        return self.block.get("type") == "input"

    @property
    def acts_at_once(self) -> bool:
        """Whether using it tells the app at once, rather than at submit."""
        return not self.is_input or bool(self.block.get("dispatch_action"))

    @property
    def holds_state(self) -> bool:
        """Whether state.values has an entry for it."""
        return self.type in STATE_KEYS

    def names(self) -> list[str]:
        """The texts by which a person finds it, best first."""
        block, element = self.block, self.element
        found = [_text(block.get("label"))] if self.is_input else []
        found.append(_text(element.get("text")))
        if block.get("type") == "section":
            found.append(_text(block.get("text")))
        found.append(_text(element.get("placeholder")))
        return [name for name in found if name]

    def options(self) -> list[Json]:
        """The element's own options, groups opened; external selects have none of their own."""
        options = list(self.element.get("options") or [])
        for group in self.element.get("option_groups") or []:
            options += group.get("options") or []
        return options


def _text(value: object) -> str:
    return str(value.get("text", "")) if isinstance(value, Mapping) else ""


def fields(blocks: list[Json]) -> Iterator[Field]:
    """Every usable element, in reading order."""
    for block in blocks:
        for element in _elements(block):
            if element.get("type") in STATE_KEYS or element.get("type") in PRESSED:
                yield Field(block, element)
        yield from fields(_inner_blocks(block))


def _elements(block: Json) -> list[Json]:
    kind = block.get("type")
    if kind == "input":
        return [block["element"]] if isinstance(block.get("element"), dict) else []
    if kind == "section":
        return [block["accessory"]] if isinstance(block.get("accessory"), dict) else []
    if kind in {"actions", "context_actions"}:
        return [e for e in block.get("elements") or [] if isinstance(e, dict)]
    if kind in {"card", "alert"}:
        return [e for e in block.get("actions") or [] if isinstance(e, dict)]
    return []


def _inner_blocks(block: Json) -> list[Json]:
    key = {"carousel": "elements", "container": "child_blocks"}.get(str(block.get("type")), "")
    return [b for b in block.get(key) or [] if isinstance(b, dict)]


def with_ids(team: Team, blocks: list[Json]) -> list[Json]:
    """A copy of *blocks* in which every block and every usable element has an id, as Slack adds."""
    copy: list[Json] = deepcopy(blocks)
    for block in copy:
        block.setdefault("block_id", team.secret(5))
    for found in fields(copy):
        found.block.setdefault("block_id", team.secret(5))
        found.element.setdefault("action_id", team.secret(5))
    return copy


def first_value(element: Json, *, conversation: str | None = None) -> Json:
    """The state of an element nobody touched: its initial value, or empty."""
    kind = element["type"]
    initial = STATE_KEYS[kind][1]
    value: Any = element.get(initial) if initial else None
    if value is None and element.get("default_to_current_conversation") and conversation:
        value = [conversation] if kind in LIST_TYPES else conversation
    if value is None:
        value = [] if kind in LIST_TYPES else None
    elif kind == "number_input":
        value = str(value)
    return state_of(element, value)


def state_of(element: Json, value: Any) -> Json:
    """The entry of state.values for an element that holds *value*."""
    key, _ = STATE_KEYS[element["type"]]
    state: Json = {"type": element["type"], key: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def value_in(state: Json) -> Any:
    """The bare value of an entry of state.values."""
    return state.get(STATE_KEYS[state["type"]][0])


def is_empty(state: Json) -> bool:
    """Whether nothing was entered; a text of no characters counts as nothing."""
    return value_in(state) in (None, "", [])


def carry_over(
    blocks: list[Json],
    old: Mapping[tuple[str, str], Json],
    *,
    conversation: str | None = None,
) -> dict[tuple[str, str], Json]:
    """First values of *blocks*, except where the same input was there before and keeps its own."""
    values: dict[tuple[str, str], Json] = {}
    for found in fields(blocks):
        if not found.holds_state:
            continue
        before = old.get(found.key)
        if before is not None and before["type"] == found.type:
            values[found.key] = before
        else:
            values[found.key] = first_value(found.element, conversation=conversation)
    return values


def state_values(blocks: list[Json], values: Mapping[tuple[str, str], Json], *, sparse: bool = False) -> Json:
    """state.values of a message or view. Sparse leaves out what is optional and empty."""
    wire: Json = {}
    for found in fields(blocks):
        if not found.holds_state:
            continue
        block_id, action_id = found.key
        state = values.get(found.key) or first_value(found.element)
        if is_empty(state):
            if sparse and (not found.is_input or found.block.get("optional")):
                continue
            state = state_of(found.element, [] if found.type in LIST_TYPES else None)
        wire.setdefault(block_id, {})[action_id] = state
    return wire
