"""Candidates: for each mentee the mentors worth looking at, and what each pair scores. Pure and seeded.

A score is a sum of whole numbers, so that every machine finds the same, in whichever order its processor
adds: the products below are of float32, which holds whole numbers up to 2**24 exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from domain.matching.scoring import FULL, Bools, Ints, Scoring, Small

UNKNOWN = -1  # a code nobody stated: it scores nothing, and forbids nothing
_NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
_NO_WISHES = np.zeros((0, 3), dtype=np.int64)


class Compare(StrEnum):
    """How a mentee's and a mentor's attribute are compared."""

    SHARED = "shared"  # bits, people x items: the share of the mentee's items that the mentor has too
    SAME = "same"  # codes, one a person
    DIFFERENT = "different"  # codes, one a person
    NEAR = "near"  # levels, one a person: all at distance 0, nothing from *span* on


@dataclass(frozen=True)
class Part:
    """One part of the score. *mentees* and *mentors* hold its attribute, one row a person."""

    name: str
    weight: int
    compare: Compare
    mentees: NDArray[np.integer]
    mentors: NDArray[np.integer]
    span: int = 1


@dataclass(frozen=True)
class Must:
    """A condition for a match: something ``SHARED``, or the ``SAME``, or a ``DIFFERENT`` code."""

    compare: Compare
    mentees: NDArray[np.integer]
    mentors: NDArray[np.integer]


@dataclass(frozen=True)
class Rules:
    """What the owner wants. *forbidden* holds rows (mentee, mentor); *minimum* is a score."""

    parts: tuple[Part, ...]
    musts: tuple[Must, ...] = ()
    forbidden: Ints = field(default_factory=_NO_PAIRS.copy)
    minimum: int = 0


@dataclass(frozen=True)
class Wishes:
    """What mentees and mentors asked for: rows (mentee, mentor, rank), rank 1 the first choice.

    *choices* is how many names a list may hold; 0 stands for the longest rank stated.
    """

    by_mentees: Ints = field(default_factory=_NO_WISHES.copy)
    by_mentors: Ints = field(default_factory=_NO_WISHES.copy)
    choices: int = 0

    def bonuses(self) -> dict[tuple[int, int], int]:
        """What a pair's wishes count: number of choices + 1 - rank, of both sides together."""
        found: dict[tuple[int, int], int] = {}
        for rows in (self.by_mentees, self.by_mentors):
            longest = max(self.choices, int(rows[:, 2].max(initial=0)))
            for mentee, mentor, rank in rows.tolist():
                found[mentee, mentor] = found.get((mentee, mentor), 0) + longest + 1 - rank
        return found

    def ranks(self) -> dict[int, dict[int, int]]:
        """The rank of each mentor on the lists of mentees."""
        found: dict[int, dict[int, int]] = {}
        for mentee, mentor, rank in self.by_mentees.tolist():
            found.setdefault(mentee, {})[mentor] = rank
        return found


@dataclass(frozen=True)
class Candidates:
    """Pairs that may be matched, as parallel arrays sorted by mentee, then mentor.

    *wish* and *score* are whole numbers, 0 or more. *eligible* counts, for each mentee, the mentors who
    fulfil every condition; *low* those of them who are below the minimum score. *complete*: no pair that may
    be matched was left off.
    """

    mentees: int
    mentors: int
    mentee: Small
    mentor: Small
    score: Small
    wish: Small
    eligible: Ints
    low: Ints
    complete: bool


class Scorer(Scoring):
    """Scores by rules: the sum of their parts."""

    def __init__(self, rules: Rules, mentees: int, mentors: int) -> None:
        super().__init__(mentees, mentors, minimum=rules.minimum, forbidden=rules.forbidden)
        self.rules = rules
        self.points = _shares(rules.parts)
        factors = [_factors(part, points) for part, points in zip(rules.parts, self.points, strict=True)]
        self._left = _stack([left for left, _ in factors], mentees)
        self._right = np.ascontiguousarray(_stack([right for _, right in factors], mentors).T)
        self._bits = [
            (must.mentees.astype(np.float32), np.ascontiguousarray(must.mentors.T.astype(np.float32)))
            for must in rules.musts
            if must.compare is Compare.SHARED
        ]
        self._codes = [
            (must.compare is Compare.SAME, _apart(must.mentees), must.mentors.astype(np.int32))
            for must in rules.musts
            if must.compare is not Compare.SHARED
        ]

    def block(self, start: int, stop: int) -> tuple[Small, Bools]:
        """The scores of mentees *start* to *stop* with every mentor, and who fulfils the conditions."""
        score = (self._left[start:stop] @ self._right).astype(np.int32)
        fine = np.ones(score.shape, dtype=np.bool_)
        for left, right in self._bits:
            fine &= (left[start:stop] @ right) > 0
        for same, ours, theirs in self._codes:
            fine &= (ours[start:stop, None] == theirs) if same else (ours[start:stop, None] != theirs)
        self._forbid(fine, start, stop)
        return score, fine

    def parts_of(self, mentee: int, mentor: int) -> tuple[tuple[str, int, int], ...]:
        """A pair's score in parts: name, points reached, points possible."""
        found, start = [], 0
        for part, points in zip(self.rules.parts, self.points, strict=True):
            stop = start + _width(part)
            reached = self._left[mentee, start:stop] @ self._right[start:stop, mentor]
            found.append((part.name, int(reached), points))
            start = stop
        return tuple(found)


def candidates(
    scorer: Scoring, has_place: Bools, *, wishes: Wishes | None = None, longest: int = 50, seed: int = 0
) -> Candidates:
    """The *longest* best mentors of each mentee who have a place, and every wish that may be fulfilled.

    Equal scores are ordered by *seed*, for each mentee differently, so that the lists are not all the same.
    """
    mentees, mentors = scorer.mentees, scorer.mentors
    eligible, low = np.zeros(mentees, np.int64), np.zeros(mentees, np.int64)
    rng = np.random.default_rng(seed)
    turns = rng.integers(0, max(1, mentors), mentees)
    ties = _turning(rng.permutation(mentors).astype(np.int32))
    bonuses = (wishes or Wishes()).bonuses()
    wished = np.array(sorted(bonuses), dtype=np.int64).reshape(-1, 2)
    found: list[Small] = []  # per block: mentees, mentors, scores
    possible = 0
    for start, stop in scorer.blocks() if mentors else ():
        score, fine = scorer.block(start, stop)
        eligible[start:stop] = fine.sum(axis=1)
        fine &= score >= scorer.minimum
        low[start:stop] = eligible[start:stop] - fine.sum(axis=1)
        fine &= has_place
        possible += int(fine.sum())
        keep = _best(score, fine, ties[turns[start:stop]], longest)
        first, last = np.searchsorted(wished[:, 0], [start, stop])
        row, column = wished[first:last, 0] - start, wished[first:last, 1]
        keep[row, column] |= fine[row, column]
        row, column = np.nonzero(keep)
        found.append(np.stack([row + start, column, score[row, column]]).astype(np.int32))
    mentee, mentor, reached = np.concatenate([np.zeros((3, 0), np.int32), *found], axis=1)
    wish = _looked_up(bonuses, mentee, mentor, mentors)
    return Candidates(mentees, mentors, mentee, mentor, reached, wish, eligible, low, possible == len(mentee))


def _best(score: NDArray[np.int32], fine: Bools, tie: NDArray[np.int32], longest: int) -> Bools:
    """Which cells hold the *longest* best of their row."""
    columns = score.shape[1]
    if longest >= columns:
        return fine
    wide = np.dtype(np.int32 if (FULL + 1) * columns < 2**31 else np.int64)
    key = score.astype(wide) * columns
    key += tie.astype(wide, copy=False)  # no two keys of a row are equal
    key[~fine] = -1
    least = np.partition(key, columns - longest, axis=1)[:, columns - longest]
    return np.asarray(key >= np.maximum(least, 0)[:, None], dtype=np.bool_)


def _turning(order: NDArray[np.int32]) -> NDArray[np.int32]:
    """Row t is *order*, turned by t places; no memory is taken for it."""
    if not len(order):
        return np.zeros((1, 0), np.int32)
    return sliding_window_view(np.concatenate([order, order[:-1]]), len(order))


def _looked_up(bonuses: Mapping[tuple[int, int], int], mentee: Small, mentor: Small, mentors: int) -> Small:
    """The bonus of each pair, 0 where nobody wished."""
    wish = np.zeros(len(mentee), np.int32)
    if not bonuses or not len(mentee):
        return wish
    keys = mentee.astype(np.int64) * mentors + mentor
    wanted = np.array([a * mentors + b for a, b in bonuses], dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    listed = keys[place] == wanted
    wish[place[listed]] = np.array(list(bonuses.values()), dtype=np.int32)[listed]
    return wish


def _shares(parts: tuple[Part, ...]) -> list[int]:
    """The points of each part: ``FULL`` by weight. What rounding leaves over goes to the first with any."""
    total = sum(part.weight for part in parts)
    points = [FULL * part.weight // total if total else 0 for part in parts]
    if any(points):
        points[next(place for place, value in enumerate(points) if value)] += FULL - sum(points)
    return points


def _apart(codes: NDArray[np.integer]) -> NDArray[np.int32]:
    """The codes, and for who stated none a code that nobody has."""
    return np.where(codes == UNKNOWN, UNKNOWN - 1, codes).astype(np.int32)


def _levels(part: Part) -> NDArray[np.integer]:
    return np.unique(part.mentees[part.mentees != UNKNOWN])


def _width(part: Part) -> int:
    return int(part.mentees.shape[1] if part.compare is Compare.SHARED else len(_levels(part)))


def _factors(part: Part, points: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Two matrices whose product of rows is this part of the score."""
    if part.compare is Compare.SHARED:
        wanted = (part.mentees != 0).astype(np.float32)
        each = points // np.maximum(wanted.sum(axis=1), 1).astype(np.int64)
        return wanted * each[:, None].astype(np.float32), (part.mentors != 0).astype(np.float32)
    levels = _levels(part)
    ours = (part.mentees[:, None] == levels[None, :]).astype(np.float32)
    theirs = part.mentors[:, None].astype(np.int64)
    known = theirs != UNKNOWN
    if part.compare is Compare.SAME:
        value = np.where(theirs == levels, points, 0)
    elif part.compare is Compare.DIFFERENT:
        value = np.where(theirs != levels, points, 0)
    else:
        value = points * np.maximum(part.span - np.abs(theirs - levels), 0) // part.span
    return ours, np.where(known, value, 0).astype(np.float32)


def _stack(arrays: list[NDArray[np.float32]], rows: int) -> NDArray[np.float32]:
    return np.concatenate([np.zeros((rows, 0), np.float32), *arrays], axis=1)
