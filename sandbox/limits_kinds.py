"""The words in which Slack's limits are written down: kinds of value, things, faults."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Surface = Literal["message", "modal", "home"]

EVERYWHERE: tuple[Surface, ...] = ("message", "modal", "home")
MESSAGES: tuple[Surface, ...] = ("message",)
PLAIN = ("plain_text",)
EITHER = ("plain_text", "mrkdwn")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a payload: where it is, which rule it breaks, and by how much.

    A fault in a value points at the value. A missing attribute points at the object that lacks it,
    and a type that is unknown or out of place at the object that carries it.
    """

    pointer: str
    code: str
    message: str
    limit: int | None = None
    # The measured size for a limit (characters, items, bytes), else the value itself.
    value: object = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a payload, with the words that describe it to a developer."""

    pointer: str
    what: str
    source: str

    def at(self, key: object, what: str | None = None) -> "Spot":
        """Step into attribute or position *key*."""
        return Spot(f"{self.pointer}/{key}", what or f"`{key}` of {self.what}", self.source)

    def fault(self, code: str, says: str, *, limit: int | None = None, value: object = None) -> Problem:
        """Report a fault here; *says* continues the sentence after the place's name."""
        sentence = f"{self.what} {says} ({self.source})."
        return Problem(self.pointer, code, sentence[0].upper() + sentence[1:], limit, value)


Rule = Callable[[Mapping[str, object], Spot], Iterator[Problem]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of JSON value, with the fewest and the most it may hold; None is no limit.

    A value of another JSON type is reported with the code *otherwise*.
    """

    least: int | None = None
    most: int | None = None
    otherwise: str = "bad_format"


@dataclass(frozen=True, kw_only=True)
class Characters(Kind):
    """A string; the limits count characters, *form* names a format."""

    form: str | None = None


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    """A text object of one of the types *of*; the limits count the characters of its text."""

    of: tuple[str, ...] = PLAIN
    least: int | None = 1
    most: int | None = 3000


@dataclass(frozen=True, kw_only=True)
class Amount(Kind):
    """A number between the limits, whole unless *fractions* are allowed."""

    fractions: bool = False
    form: str | None = None


@dataclass(frozen=True, kw_only=True)
class Flag(Kind):
    """True or false."""


@dataclass(frozen=True)
class Word(Kind):
    """One of the strings *of*."""

    of: tuple[str, ...]


@dataclass(frozen=True)
class Items(Kind):
    """A list of *each*; the limits count its items."""

    each: Kind


@dataclass(frozen=True)
class Typed(Kind):
    """An object whose `type` says which of the things named in *of* it is."""

    of: tuple[str, ...]


@dataclass(frozen=True)
class Part(Kind):
    """An object without a `type`, always the thing called *name*; null too where *or_null*."""

    name: str
    or_null: bool = False


@dataclass(frozen=True, kw_only=True)
class Mapped(Kind):
    """Any JSON object; nothing inside is looked at."""


@dataclass(frozen=True)
class Thing:
    """A block, element or object: what its attributes hold and where it may show."""

    name: str
    type: str | None
    source: str
    attributes: Mapping[str, Kind]
    needed: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = EVERYWHERE
    rules: tuple[Rule, ...] = ()
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One limit of the table: *bound* "least" or "most" of *unit* at *path* of *thing*."""

    thing: str
    path: str
    kind: Kind = field(repr=False)
    bound: Literal["least", "most"]
    limit: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Total:
    """A limit on a whole payload, counted over all its blocks."""

    name: str
    most: int
    unit: str
    code: str
    source: str


UNITS: Mapping[type[Kind], str] = {
    Characters: "characters",
    Text: "characters",
    Amount: "value",
    Items: "items",
}


def rows_of(thing: Thing) -> Iterator[Row]:
    """List every limit of *thing* as rows of the table."""
    for name, kind in thing.attributes.items():
        yield from _rows(thing, name, kind)


def _rows(thing: Thing, path: str, kind: Kind) -> Iterator[Row]:
    unit = UNITS.get(type(kind))
    if unit is not None and kind.least is not None:
        yield Row(thing.name, path, kind, "least", kind.least, unit, thing.source)
    if unit is not None and kind.most is not None:
        yield Row(thing.name, path, kind, "most", kind.most, unit, thing.source)
    if isinstance(kind, Items):
        yield from _rows(thing, f"{path}/*", kind.each)


def part(
    called: str,
    /,
    *,
    needed: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
    **attributes: Kind,
) -> Thing:
    """Describe an object that carries no `type`."""
    source = f"Slack's reference for the {called}"
    return Thing(called, None, source, attributes, needed, rules=rules)


def block(
    type_: str,
    surfaces: tuple[Surface, ...] = EVERYWHERE,
    *,
    needed: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
    **attributes: Kind,
) -> Thing:
    """Describe a block and the surfaces that draw it; each has a `block_id`."""
    held = {"block_id": Characters(most=255), **attributes}
    source = f"Slack's reference for the {type_} block"
    name = "image block" if type_ == "image" else type_
    return Thing(name, type_, source, held, needed, surfaces, rules, is_block=True)


def catalogue(*groups: tuple[Thing, ...]) -> dict[str, Thing]:
    """Index things by name; a name stands for one thing only."""
    things = list(itertools.chain(*groups))
    named = {thing.name: thing for thing in things}
    if len(named) != len(things):
        raise ValueError("Two things of the table have the same name.")
    return named
