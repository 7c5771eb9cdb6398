"""How many more purchases of a membership fit: places count by class, a custom value is one limit more."""

from collections.abc import Sequence


def fits(places: Sequence[int], k: int) -> int:
    """How many people can choose *k* different ones of classes with so many places each."""
    raise NotImplementedError


def left(places: Sequence[int], k: int, *, custom: int | None, sold: int) -> int:
    """How many more can be sold: *places* are those left of each class, *sold* those sold and held."""
    raise NotImplementedError


def warning(places: Sequence[int], k: int, custom: int | None) -> str:
    """What does not fit between a custom value and the places of all classes; "" where it fits."""
    raise NotImplementedError
