"""The walk over one payload, guided by the table of limits: it reports every fault it meets."""

import math
import re
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from sandbox.limits_kinds import (
    Amount,
    Characters,
    Flag,
    Items,
    Kind,
    Mapped,
    Part,
    Problem,
    Spot,
    Surface,
    Text,
    Thing,
    Typed,
    Word,
)
from sandbox.limits_table import THINGS

SHOWN_IN = {"message": "messages", "modal": "modals", "home": "Home tabs"}


@dataclass(frozen=True)
class Found:
    """A block met on the way."""

    thing: Thing
    value: Mapping[str, object]
    spot: Spot


@dataclass
class Walk:
    """One walk over one payload; remembers the blocks and the focused elements it met."""

    surface: Surface
    blocks: list[Found] = field(default_factory=list)
    focused: list[Spot] = field(default_factory=list)

    def thing(self, thing: Thing, value: Mapping[str, object], spot: Spot) -> Iterator[Problem]:
        """Check an object against everything the table says about it."""
        spot = replace(spot, source=thing.source)
        if thing.is_block:
            self.blocks.append(Found(thing, value, spot))
        if value.get("focus_on_load") is True:
            self.focused.append(spot.at("focus_on_load"))
        if self.surface not in thing.surfaces:
            says = f"does not show in {SHOWN_IN[self.surface]}"
            yield spot.fault("wrong_surface", says, value=thing.type)
        yield from self.attributes(thing.attributes, thing.needed, value, spot)
        for rule in thing.rules:
            yield from rule(value, spot)

    def attributes(
        self,
        kinds: Mapping[str, Kind],
        needed: tuple[str, ...],
        value: Mapping[str, object],
        spot: Spot,
    ) -> Iterator[Problem]:
        """Check the attributes the table knows; others are ignored, and null counts as absent."""
        for name in needed:
            if value.get(name) is None:
                yield spot.fault("missing", f"needs `{name}`")
        for name, kind in kinds.items():
            if value.get(name) is not None:
                yield from self.value(kind, value[name], spot.at(name))

    def value(self, kind: Kind, value: object, spot: Spot) -> Iterator[Problem]:
        """Check one value against its kind."""
        return CHECKS[type(kind)](self, kind, value, spot)


def _text(walk: Walk, kind: Text, value: object, spot: Spot) -> Iterator[Problem]:
    known = _identify(kind.of, value, spot)
    if isinstance(known, Problem):
        yield known
    elif isinstance(value, Mapping):
        kinds = {**known.attributes, "text": Characters(least=kind.least, most=kind.most)}
        yield from walk.attributes(kinds, known.needed, value, spot)


def _typed(walk: Walk, kind: Typed, value: object, spot: Spot) -> Iterator[Problem]:
    known = _identify(kind.of, value, spot)
    if isinstance(known, Problem):
        yield known
    elif isinstance(value, Mapping):
        name = f"the {known.type} block" if known.is_block else f"the {known.name}"
        yield from walk.thing(known, value, replace(spot, what=name))


def _part(walk: Walk, kind: Part, value: object, spot: Spot) -> Iterator[Problem]:
    if value is None and kind.or_null:
        return
    if isinstance(value, Mapping):
        yield from walk.thing(THINGS[kind.name], value, spot)
    else:
        yield _wrong_type("an object", value, spot, kind.otherwise)


def _items(walk: Walk, kind: Items, value: object, spot: Spot) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield _wrong_type("a list", value, spot, kind.otherwise)
        return
    yield from _bounds(kind, len(value), spot, codes=("too_few", "too_many"), says="has {:,} items")
    for i, item in enumerate(value):
        yield from walk.value(kind.each, item, spot.at(i, f"item {i} of {spot.what}"))


def _characters(_: Walk, kind: Characters, value: object, spot: Spot) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong_type("a string", value, spot)
        return
    yield from _bounds(kind, len(value), spot, codes=("missing", "too_long"), says="has {:,} characters")
    if kind.form is not None:
        form, fits = FORMS[kind.form]
        if not fits(value):
            yield spot.fault("bad_format", f"must be {form}", value=value)


def _amount(_: Walk, kind: Amount, value: object, spot: Spot) -> Iterator[Problem]:
    wanted = "a number" if kind.fractions else "a whole number"
    types = (int, float) if kind.fractions else (int,)
    finite = not isinstance(value, float) or math.isfinite(value)
    if not isinstance(value, types) or isinstance(value, bool) or not finite:
        yield _wrong_type(wanted, value, spot)
        return
    yield from _bounds(kind, value, spot, codes=("too_few", "too_many"), says="is {:,}")
    if kind.form is not None:
        form, fits = FORMS[kind.form]
        if not fits(value):
            yield spot.fault("bad_format", f"must be {form}", value=value)


def _flag(_: Walk, _kind: Flag, value: object, spot: Spot) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield _wrong_type("true or false", value, spot)


def _word(_: Walk, kind: Word, value: object, spot: Spot) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong_type("a string", value, spot)
    elif value not in kind.of:
        yield spot.fault("not_in_options", f"must be one of {', '.join(kind.of)}", value=value)


def _mapped(_: Walk, _kind: Mapped, value: object, spot: Spot) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield _wrong_type("an object", value, spot)


def _identify(names: tuple[str, ...], value: object, spot: Spot) -> Thing | Problem:
    if not isinstance(value, Mapping):
        return _wrong_type("an object", value, spot)
    type_ = value.get("type")
    if type_ is None:
        return spot.fault("missing", "needs `type`")
    if not isinstance(type_, str):
        return _wrong_type("a string", type_, spot.at("type"))
    known = _by_type(names).get(type_)
    if known is None:
        says = f"cannot be of type {type_!r}, only {', '.join(_by_type(names))}"
        return spot.fault("unknown_type", says, value=type_)
    return known


@cache
def _by_type(names: tuple[str, ...]) -> Mapping[str, Thing]:
    return {THINGS[name].type or "": THINGS[name] for name in names}


def _bounds(kind: Kind, size: float, spot: Spot, *, codes: tuple[str, str], says: str) -> Iterator[Problem]:
    few, many = codes
    if kind.least is not None and size < kind.least:
        whole = f"{says.format(size)}, at least {kind.least:,} needed"
        yield spot.fault(few, whole, limit=kind.least, value=size)
    if kind.most is not None and size > kind.most:
        whole = f"{says.format(size)}, at most {kind.most:,} allowed"
        yield spot.fault(many, whole, limit=kind.most, value=size)


def _wrong_type(wanted: str, value: object, spot: Spot, code: str = "bad_format") -> Problem:
    return spot.fault(code, f"must be {wanted}", value=value)


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


# What a format is called, and how it is recognised.
FORMS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "date": ("a date that exists, as YYYY-MM-DD", _is_date),
    "time": (
        "a time, as HH:mm",
        lambda value: bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII)),
    ),
    "zone": ("a time zone of the IANA list", lambda value: value in _zones()),
    "moment": ("a Unix time of 10 digits", lambda value: 10**9 <= value < 10**10),
    "decimal": (
        "a number in a string",
        lambda value: bool(re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII)),
    ),
    "positive": ("greater than 0", lambda value: value > 0),
    "https": (
        "an https address of at most 3,000 characters",
        lambda value: value.startswith("https://") and len(value) <= 3000,
    ),
}

CHECKS: Mapping[type[Kind], Callable[[Walk, Any, object, Spot], Iterator[Problem]]] = {
    Text: _text,
    Typed: _typed,
    Part: _part,
    Items: _items,
    Characters: _characters,
    Amount: _amount,
    Flag: _flag,
    Word: _word,
    Mapped: _mapped,
}
