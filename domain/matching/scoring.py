"""What a score is to the matching: blocks of mentees against all mentors, and who may be matched at all.

A score counts hundredths of a point, 0 to ``FULL``, in whole numbers.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]  # for the arrays of all pairs: half the memory
Bools = NDArray[np.bool_]
FULL = 10_000
_CELLS = 1_500_000  # pairs looked at together: 6 MB an array, about what a processor keeps at hand


class Scoring(ABC):
    """Scores blocks of mentees.

    *minimum* is the least score of a match; *forbidden* holds rows (mentee, mentor).
    """

    def __init__(self, mentees: int, mentors: int, *, minimum: int, forbidden: Ints) -> None:
        self.mentees, self.mentors, self.minimum = mentees, mentors, minimum
        self._forbidden = forbidden[np.argsort(forbidden[:, 0], kind="stable")]

    @abstractmethod
    def block(self, start: int, stop: int) -> tuple[Small, Bools]:
        """The scores of mentees *start* to *stop* with every mentor, and who fulfils the conditions."""

    @abstractmethod
    def parts_of(self, mentee: int, mentor: int) -> tuple[tuple[str, int, int], ...]:
        """A pair's score in parts: name, points reached, points possible."""

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Ranges of mentees that are looked at together."""
        step = max(1, _CELLS // max(1, self.mentors))
        return ((start, min(start + step, self.mentees)) for start in range(0, self.mentees, step))

    def _forbid(self, fine: Bools, start: int, stop: int) -> None:
        """Rule out the forbidden pairs of a block."""
        low, high = np.searchsorted(self._forbidden[:, 0], [start, stop])
        never = self._forbidden[low:high]
        fine[never[:, 0] - start, never[:, 1]] = False
