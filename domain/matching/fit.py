"""Scores as a weighted mean of what both people state, in whole points. Pure.

A part that either of two people leaves empty is left out of their mean, with its weight: it neither helps nor
harms. Whoever has nothing in common to compare scores 0.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.matching.scoring import FULL, Bools, Ints, Scoring, Small

Bytes = NDArray[np.uint8]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Part:
    """One part of the mean. A mentee reads rows of *worth*, and has all they want once the sum is *enough*.

    *codes*: which rows, one line a mentee, filled up with the last row, which is worth nothing. *worth*: rows
    x mentors. *ours* and *theirs*: which mentees and mentors state anything.
    """

    name: str
    weight: int
    codes: Small
    worth: Bytes
    enough: Small
    ours: Bools
    theirs: Bools

    def of(self, mentees: Ints) -> "Part":
        """The same of some mentees."""
        return replace(self, codes=self.codes[mentees], enough=self.enough[mentees], ours=self.ours[mentees])

    def values(self, start: int, stop: int) -> Small:
        """What each pair of a block reaches, 0 to ``FULL``."""
        codes = self.codes[start:stop]
        reached = np.zeros((len(codes), self.worth.shape[1]), np.uint16)
        for column in codes.T:
            if (column == len(self.worth) - 1).all():
                break  # lines are filled from the left
            reached += self.worth[column]
        enough = self.enough[start:stop, None]
        return np.asarray(np.minimum(reached, enough) * FULL // enough, np.int32)

    def value(self, mentee: int, mentor: int) -> int:
        """The same of one pair."""
        reached, enough = int(self.worth[self.codes[mentee], mentor].sum()), int(self.enough[mentee])
        return min(reached, enough) * FULL // enough


def shared(
    name: str,
    weight: int,
    wanted: Sequence[Collection[str]],
    offered: Sequence[Collection[str]],
    *,
    most: int | None = None,
) -> Part:
    """A part about items: the share of those *wanted* that is *offered*; *most* of them are enough."""
    common = sorted(set(chain.from_iterable(wanted)) & set(chain.from_iterable(offered)))
    at = {item: number for number, item in enumerate(common)}
    worth = np.zeros((len(common) + 1, len(offered)), np.uint8)
    has = [(at[item], mentor) for mentor, items in enumerate(offered) for item in items if item in at]
    rows, columns = np.array(has, np.int64).reshape(-1, 2).T
    worth[rows, columns] = 1
    lines = [[at[item] for item in items if item in at] for items in wanted]
    codes = np.full((len(lines), max(map(len, lines), default=0)), len(common), np.int32)
    for number, line in enumerate(lines):
        codes[number, : len(line)] = line
    count = np.array([len(items) for items in wanted], np.int32)
    enough = np.minimum(np.maximum(count, 1), most or FULL)
    return Part(name, weight, codes, worth, enough, count > 0, np.array([bool(items) for items in offered]))


def compared(
    name: str,
    weight: int,
    mentees: Sequence[Value | None],
    mentors: Sequence[Value | None],
    worth: Callable[[Value, Value], int],
    *,
    enough: int,
) -> Part:
    """A part about one value of each: *worth*(the mentee's, the mentor's), 0 to *enough*, at most 255."""
    ours, theirs = (
        tuple(dict.fromkeys(one for one in side if one is not None)) for side in (mentees, mentors)
    )
    table = np.zeros((len(ours) + 1, len(theirs) + 1), np.uint8)
    table[:-1, :-1] = np.array([[worth(a, b) for b in theirs] for a in ours], np.uint8).reshape(
        len(ours), len(theirs)
    )
    number, place = ({one: at for at, one in enumerate(side)} for side in (ours, theirs))
    codes = np.array([len(ours) if one is None else number[one] for one in mentees], np.int32)
    columns = np.array([len(theirs) if one is None else place[one] for one in mentors], np.int32)
    return Part(
        name,
        weight,
        codes[:, None],
        np.ascontiguousarray(table[:, columns]),
        np.full(len(codes), enough, np.int32),
        codes < len(ours),
        columns < len(theirs),
    )


class Fit(Scoring):
    """Scores by parts. Of a part that is a must something is reached, so both state it."""

    def __init__(
        self,
        parts: Sequence[Part],
        mentees: int,
        mentors: int,
        *,
        musts: Collection[str] = (),
        minimum: int = 0,
        forbidden: Collection[tuple[int, int]] = (),
    ) -> None:
        """*minimum* in points, 0 to 100; *forbidden* holds pairs (mentee, mentor)."""
        never = np.array(sorted(forbidden), np.int64).reshape(-1, 2)
        super().__init__(mentees, mentors, minimum=minimum * FULL // 100, forbidden=never)
        self.parts, self.musts, self.pairs = tuple(parts), frozenset(musts), frozenset(forbidden)
        weights = [part.weight for part in parts]
        self._ours = _columns([part.ours for part in parts], mentees, weights)
        self._theirs = np.ascontiguousarray(
            _columns([part.theirs for part in parts], mentors, [1] * len(parts)).T
        )

    def of(self, mentees: Sequence[int], forbidden: Collection[tuple[int, int]] = ()) -> "Fit":
        """The scores of some mentees, who are numbered anew, with more *forbidden* pairs."""
        number = {mentee: at for at, mentee in enumerate(mentees)}
        never = {(number[a], b) for a, b in self.pairs.union(forbidden) if a in number}
        parts = [part.of(np.array(mentees, np.int64)) for part in self.parts]
        minimum = self.minimum * 100 // FULL
        return Fit(parts, len(number), self.mentors, musts=self.musts, minimum=minimum, forbidden=never)

    def block(self, start: int, stop: int) -> tuple[Small, Bools]:
        """The scores of mentees *start* to *stop* with every mentor, and who fulfils the conditions."""
        shape = (stop - start, self.mentors)
        total, fine = np.zeros(shape, np.int32), np.ones(shape, np.bool_)
        for part in self.parts:
            value = part.values(start, stop)
            if part.name in self.musts:
                fine &= value > 0
            value *= part.weight
            total += value
        self._forbid(fine, start, stop)
        return self._mean(total, self._ours[start:stop] @ self._theirs), fine

    def parts_of(self, mentee: int, mentor: int) -> tuple[tuple[str, int, int], ...]:
        """A pair's score in parts, in hundredths before rounding: name, points reached, points possible."""
        both = self._ours[mentee] * self._theirs[:, mentor]
        whole = max(1, int(both.sum()))
        return tuple(
            (part.name, part.value(mentee, mentor) * weight // whole, FULL * weight // whole)
            for part, weight in zip(self.parts, both.astype(int).tolist(), strict=True)
        )

    @staticmethod
    def _mean(total: Small, weight: NDArray[np.float32]) -> Small:
        """``total / weight`` in whole points, halves up.

        Exact: both sides are whole numbers below 2**24, as float32 holds them, and a quotient below 101 with
        a divisor up to 50,000 is further from the next whole number than it could be rounded.
        """
        np.maximum(weight, 1, out=weight)  # in place: memory is what takes the time here
        points = total.astype(np.float32)
        points += 50 * weight
        weight *= 100
        points /= weight
        np.floor(points, out=points)
        points *= FULL // 100
        return points.astype(np.int32)


def _columns(sides: Sequence[Bools], rows: int, weights: Sequence[int]) -> NDArray[np.float32]:
    """One column a part: its weight for who states it, and 0."""
    stated = np.array(sides, np.float32).reshape(len(sides), rows)
    return np.asarray(stated.T * np.array(weights, np.float32), np.float32)
