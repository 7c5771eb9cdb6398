"""Which values of a rule break it, as the table that the matching reads."""

from collections.abc import Callable

import numpy as np

from domain.matching.problem import Bools


def table(values: int, clash: Callable[[int, int], bool]) -> Bools:
    """A table of ``clash(a, b)``, which is symmetric, for so many values, numbered from 0."""
    said = [clash(a, b) for a in range(values) for b in range(values)]
    return np.array(said, dtype=bool).reshape(values, values)
