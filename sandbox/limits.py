"""Slack's limits on messages and views: `limits_table` holds them, this reports what breaks them.

A payload, its blocks or its metadata may be JSON text, as in a form field of Slack's Web API.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sandbox.limits_kinds import Problem, Spot, Surface
from sandbox.limits_rules import repeated, text_length
from sandbox.limits_table import COUNTED_APART, SURFACES, TOTALS
from sandbox.limits_walk import Found, Walk

# The lists whose blocks have names of their own; rich text inside a task or a cell has none.
LISTS = ("blocks", "child_blocks", "elements")

__all__ = ["Problem", "Surface", "check_blocks", "check_message", "check_view"]


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Report every fault of a list of blocks that is to show on *surface*."""
    thing = SURFACES[surface]
    spot = Spot("", f"the {surface}", thing.source)
    walk = Walk(surface)
    faults = list(walk.value(thing.attributes["blocks"], _parsed(blocks), spot.at("blocks")))
    return [*faults, *_whole(walk, spot)]


def check_view(view: object) -> list[Problem]:
    """Report every fault of a modal or a Home tab."""
    spot = Spot("", "the view", "Slack's reference for views")
    value = _parsed(view)
    if not isinstance(value, Mapping):
        return [spot.fault("bad_json", "must be a JSON object", value=view)]
    match value.get("type"):
        case "modal":
            return list(_view(value, "modal", spot))
        case "home":
            return list(_view(value, "home", spot))
        case None:
            return [spot.fault("missing", "needs `type`")]
        case other:
            return [spot.fault("unknown_type", "must be of type modal or home", value=other)]


def check_message(payload: Mapping[str, object]) -> list[Problem]:
    """Report every fault of a message: its texts, its blocks and its metadata.

    A message that says nothing at all is left to the method called, as is the cutting of a text
    longer than 40,000 characters.
    """
    given = {**payload}
    for name in ("blocks", "metadata"):
        given[name] = _parsed(given.get(name))
    spot = Spot("", "the message", "Slack's reference for chat.postMessage")
    walk = Walk("message")
    faults = [*walk.thing(SURFACES["message"], given, spot), *_whole(walk, spot)]
    metadata = given["metadata"]
    if isinstance(metadata, Mapping):
        faults += _sized("metadata", metadata, spot.at("metadata"))
    return faults


def _view(view: Mapping[str, object], surface: Surface, spot: Spot) -> Iterator[Problem]:
    given = {**view, "blocks": _parsed(view.get("blocks"))}
    walk = Walk(surface)
    yield from _sized("view", view, spot)
    yield from walk.thing(SURFACES[surface], given, spot)
    yield from _whole(walk, spot)
    inputs = [found.spot for found in walk.blocks if found.thing.name == "input"]
    if surface == "modal" and inputs and view.get("submit") is None:
        yield inputs[0].fault("missing", "needs a modal with `submit`")


def _whole(walk: Walk, spot: Spot) -> Iterator[Problem]:
    named = [found for found in walk.blocks if found.spot.pointer.split("/")[-2] in LISTS]
    yield from repeated((found.value.get("block_id"), found.spot.at("block_id")) for found in named)
    for extra in walk.focused[1:]:
        says = f"is already set at {walk.focused[0].pointer}"
        yield extra.fault("duplicate", says, value=True)
    if walk.surface == "message":
        yield from _crowded("table", ("table", "data_table"), walk)
        yield from _crowded("data_visualization", ("data_visualization",), walk)
        yield from _markdown(walk)
        yield from _texts(walk, spot.at("blocks"))


def _crowded(total: str, types: tuple[str, ...], walk: Walk) -> Iterator[Problem]:
    found = [block for block in walk.blocks if block.thing.type in types]
    if len(found) > TOTALS[total].most:
        yield _exceeded(total, len(found), found[TOTALS[total].most].spot)


def _markdown(walk: Walk) -> Iterator[Problem]:
    found = [block for block in walk.blocks if block.thing.type == "markdown"]
    length = sum(_length(block) for block in found)
    if len(found) > 1 and length > TOTALS["markdown"].most:
        yield _exceeded("markdown", length, found[-1].spot)


def _texts(walk: Walk, spot: Spot) -> Iterator[Problem]:
    tops = (block for block in walk.blocks if block.spot.pointer.count("/") == 2)
    length = sum(_length(block) for block in tops if block.thing.type not in COUNTED_APART)
    if length > TOTALS["text"].most:
        yield _exceeded("text", length, spot)


def _length(block: Found) -> int:
    return text_length(block.value)


def _sized(total: str, value: Mapping[str, object], spot: Spot) -> Iterator[Problem]:
    try:
        size = len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace"))
    except (TypeError, ValueError, RecursionError):
        yield spot.fault("bad_json", "cannot be written as JSON")
        return
    if size > TOTALS[total].most:
        yield _exceeded(total, size, spot)


def _exceeded(total: str, size: int, spot: Spot) -> Problem:
    row = TOTALS[total]
    says = f"makes {size:,} {row.unit} in all, at most {row.most:,} allowed"
    return replace(spot, source=row.source).fault(row.code, says, limit=row.most, value=size)


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
