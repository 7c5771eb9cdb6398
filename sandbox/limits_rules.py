"""Rules of Slack that look at more than one attribute of a thing at once."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import chain

from sandbox.limits_kinds import Problem, Rule, Spot

Json = Mapping[str, object]


def at_least_one(*names: str) -> Rule:
    """Require one or more of the attributes."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        if not _present(value, names):
            yield spot.fault("missing", f"needs {_listed(names, 'or')}")

    return rule


def exactly_one(*names: str) -> Rule:
    """Require one of the attributes, and no other of them."""
    some = at_least_one(*names)

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        yield from some(value, spot)
        for extra in _present(value, names)[1:]:
            others = _listed([name for name in names if name != extra], "and")
            yield spot.at(extra).fault("bad_format", f"excludes {others}")

    return rule


def at_most_one(*names: str) -> Rule:
    """Refuse more than one of the attributes."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        for extra in _present(value, names)[1:]:
            others = _listed([name for name in names if name != extra], "and")
            yield spot.at(extra).fault("bad_format", f"excludes {others}")

    return rule


def unique(items: str, key: str) -> Rule:
    """Refuse the same string at *key* in two objects of the list *items*."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        where = spot.at(items)
        pairs = ((item.get(key), where.at(i).at(key)) for i, item in _objects(value.get(items)))
        yield from repeated(pairs)

    return rule


def in_order(low: str, high: str) -> Rule:
    """Refuse a number at *low* greater than the one at *high*."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        least, most = _number(value.get(low)), _number(value.get(high))
        if least is not None and most is not None and least > most:
            yield spot.at(low).fault("bad_format", f"is greater than `{high}`", value=value[low])

    return rule


def excluded_when(name: str, flag: str) -> Rule:
    """Refuse *name* while *flag* is true."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        if value.get(name) is True and value.get(flag) is True:
            yield spot.at(name).fault("bad_format", f"cannot go with `{flag}`", value=True)

    return rule


def only_when(name: str, flag: str) -> Rule:
    """Refuse *name* unless *flag* is true."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        if value.get(name) is True and value.get(flag) is not True:
            yield spot.at(name).fault("bad_format", f"needs `{flag}`", value=True)

    return rule


def absent(*names: str) -> Rule:
    """Refuse attributes that this surface does not have."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        for name in _present(value, names):
            yield spot.at(name).fault("wrong_surface", "does not exist here")

    return rule


def repeated(pairs: Iterable[tuple[object, Spot]]) -> Iterator[Problem]:
    """Report every string met before; empty strings stand for no name at all."""
    seen: dict[str, str] = {}
    for name, spot in pairs:
        if not isinstance(name, str) or not name:
            continue
        if name in seen:
            yield spot.fault("duplicate", f"repeats the one at {seen[name]}", value=name)
        else:
            seen[name] = spot.pointer


def options_are_unique(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse two options of one menu with the same value, whichever group they are in."""
    options = ((option.get("value"), where.at("value")) for option, where in _options(value, spot))
    yield from repeated(options)


def initials_are_options(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse an initial option that is not, to the letter, one of the options."""
    options = [option for option, _ in _options(value, spot)]
    initial = value.get("initial_option")
    chosen: list[tuple[object, Spot]] = [(initial, spot.at("initial_option"))]
    initials = spot.at("initial_options")
    chosen += [(item, initials.at(i)) for i, item in _objects(value.get("initial_options"))]
    for item, where in chosen:
        if isinstance(item, Mapping) and item not in options:
            yield where.fault("not_in_options", "is none of the options", value=item.get("value"))


def no_dispatch_for_files(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse a file input that dispatches actions."""
    element = value.get("element")
    if not isinstance(element, Mapping) or value.get("dispatch_action") is not True:
        return
    if element.get("type") == "file_input":
        says = "cannot be a file_input while `dispatch_action` is true"
        yield spot.at("element").fault("unknown_type", says, value="file_input")


def rows_are_even(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse a row of a data table with more or fewer cells than its header."""
    rows = [(i, row) for i, row in enumerate(_list(value.get("rows"))) if isinstance(row, list)]
    for i, row in rows[1:]:
        if len(row) != len(rows[0][1]):
            says = f"has {len(row)} cells, its header has {len(rows[0][1])}"
            yield spot.at("rows").at(i).fault("bad_format", says, value=len(row))


def cells_hold(most: int) -> Rule:
    """Refuse a table whose cells hold more characters than *most* in all."""

    def rule(value: Json, spot: Spot) -> Iterator[Problem]:
        length = text_length(value.get("rows"))
        if length > most:
            says = f"hold {length:,} characters in all, {most:,} are allowed"
            yield spot.at("rows").fault("too_long", says, limit=most, value=length)

    return rule


def text_length(payload: object) -> int:
    """Count the characters of every `text` inside *payload*, however deep."""
    length, left = 0, [payload]
    while left:
        value = left.pop()
        if isinstance(value, Mapping):
            text = value.get("text")
            length += len(text) if isinstance(text, str) else 0
            left += value.values()
        elif isinstance(value, list):
            left += value
    return length


def header_is_raw(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse rich text in the first row of a data table."""
    for row in _list(value.get("rows"))[:1]:
        for i, cell in _objects(row):
            if cell.get("type") == "rich_text":
                where = spot.at("rows").at(0).at(i)
                yield where.fault("unknown_type", "cannot be rich_text in a header row")


def header_column_exists(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse a row header that is none of the columns."""
    column = value.get("row_header_column_index")
    widths = [len(row) for row in _list(value.get("rows"))[:1] if isinstance(row, list)]
    if isinstance(column, int) and widths and column >= widths[0]:
        where = spot.at("row_header_column_index")
        yield where.fault("not_in_options", f"is none of the {widths[0]} columns", value=column)


def series_match_categories(value: Json, spot: Spot) -> Iterator[Problem]:
    """Refuse a series without exactly one data point for every category of its chart."""
    axis = value.get("axis_config")
    if not isinstance(axis, Mapping) or not isinstance(axis.get("categories"), list):
        return
    categories = [name for name in _list(axis["categories"]) if isinstance(name, str)]
    for i, series in _objects(value.get("series")):
        if not isinstance(series.get("data"), list):
            continue
        data = spot.at("series").at(i).at("data")
        points = [(p.get("label"), data.at(j).at("label")) for j, p in _objects(series.get("data"))]
        yield from repeated(points)
        yield from _strangers(points, categories)
        labels = [label for label, _ in points]
        for category in dict.fromkeys(categories):
            if category not in labels:
                says = f"has no point for the category {category!r}"
                yield data.fault("missing", says, value=category)


def _strangers(points: list[tuple[object, Spot]], categories: list[str]) -> Iterator[Problem]:
    for label, where in points:
        if isinstance(label, str) and label not in categories:
            yield where.fault("not_in_options", "is none of the categories", value=label)


def _options(value: Json, spot: Spot) -> list[tuple[Json, Spot]]:
    own = [(option, spot.at("options").at(i)) for i, option in _objects(value.get("options"))]
    groups = ((g, spot.at("option_groups").at(i)) for i, g in _objects(value.get("option_groups")))
    nested = (
        [(option, where.at("options").at(i)) for i, option in _objects(group.get("options"))]
        for group, where in groups
    )
    return [*own, *chain.from_iterable(nested)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[tuple[int, Json]]:
    return [(i, item) for i, item in enumerate(_list(value)) if isinstance(item, Mapping)]


def _present(value: Json, names: Iterable[str]) -> list[str]:
    return [name for name in names if value.get(name) is not None]


def _listed(names: Iterable[str], word: str) -> str:
    return f" {word} ".join(f"`{name}`" for name in names)


def _number(value: object) -> Decimal | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
