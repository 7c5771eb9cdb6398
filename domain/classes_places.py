"""How many more purchases of a membership fit: places count by class, a custom value is one limit more."""

from collections.abc import Sequence

from domain.text import N_, say, say_n


def fits(places: Sequence[int], k: int) -> int:
    """How many people can choose *k* different ones of classes with so many places each.

    n people can exactly if each class gives at most n of its places and these are n x k: a class cannot be
    chosen twice by one person, and people who take turns over the classes then never meet the same one.
    """
    low, high = 0, sum(places) // k
    while low < high:
        n = (low + high + 1) // 2
        low, high = (n, high) if sum(min(n, one) for one in places) >= n * k else (low, n - 1)
    return low


def left(places: Sequence[int], k: int, *, custom: int | None, sold: int) -> int:
    """How many more can be sold: *places* are those left of each class, *sold* those sold and held."""
    fit = fits([max(0, one) for one in places], k)
    return fit if custom is None else max(0, min(custom - sold, fit))


def warning(places: Sequence[int], k: int, custom: int | None) -> str:
    """What does not fit between a custom value and the places of all classes; "" where it fits."""
    fit = fits(places, k)
    if custom is None or custom == fit:
        return ""
    if custom > fit:
        return say_n("Only {count} purchase fits.", "Only {count} purchases fit.", fit)
    if custom * 2 == fit:
        return say_n("Half of the places would stay empty: {count} purchase fits.",
                     "Half of the places would stay empty: {count} purchases fit.", fit)  # fmt: skip
    empty, pattern = (fit - custom) * k, N_("{empty} of {all} places would stay empty: {fits}")
    fitting = say_n("{count} purchase fits.", "{count} purchases fit.", fit)
    return say(pattern, empty=empty, all=sum(places), fits=fitting)
