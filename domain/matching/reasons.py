"""Why somebody was matched with this mentor, or with none. Codes and figures; sentences are made elsewhere.

Everything here may be shown to the mentee it is about: no score of another person, and no difference between
a mentor whom a rule forbids, one who refused, and one who has no place.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from domain.matching.assignment import NOBODY
from domain.matching.mentors import Matching
from domain.matching.scoring import Ints


class NotFirst(StrEnum):
    """Why the first choice was not it."""

    UNAVAILABLE = "unavailable"  # a rule, a refusal, no places, below the minimum: never told which
    FULL = "full"  # every place went to a match that serves all together better
    GAVE_WAY = "gave_way"  # a place was left, but taking it would have cost somebody else theirs


class NoMentor(StrEnum):
    """Why there is no mentor."""

    NOBODY_ELIGIBLE = "nobody_eligible"  # no mentor fulfils the conditions
    BELOW_MINIMUM = "below_minimum"  # all who fulfil them score less than the minimum
    NO_PLACE = "no_place"  # none of them had a free place to begin with
    FULL = "full"  # all of them are full, with matches that serve all together better
    NOT_SEEN = "not_seen"  # the mentors on this mentee's list are full; somebody outside it is not


@dataclass(frozen=True)
class Matched:
    """A mentee's match. *parts*: name, points reached and possible, in hundredths as *score*.

    *rank* is the mentor's place among the *seen* mentors by this mentee's scores; ties share the better one.
    *choice* is the rank that the mentee gave this mentor, 0 for none.
    """

    mentee: int
    mentor: int
    score: int
    parts: tuple[tuple[str, int, int], ...]
    rank: int
    seen: int
    choice: int
    not_first: NotFirst | None


@dataclass(frozen=True)
class Unmatched:
    """A mentee without a mentor. *eligible* fulfil the conditions, *enough* reach the *minimum* too."""

    mentee: int
    code: NoMentor
    eligible: int
    enough: int
    minimum: int


def why(matching: Matching, mentee: int) -> Matched | Unmatched:
    """The reason of this mentee's outcome."""
    mentor = int(matching.of[mentee])
    return _unmatched(matching, mentee) if mentor == NOBODY else _matched(matching, mentee, mentor)


def _matched(matching: Matching, mentee: int, mentor: int) -> Matched:
    listed = matching.candidates
    ends = np.array([mentee, mentee + 1], listed.mentee.dtype)  # of another kind, all would be copied first
    start, stop = np.searchsorted(listed.mentee, ends)
    scores = listed.score[start:stop]
    score = int(scores[listed.mentor[start:stop] == mentor][0])
    stated = matching.ranks.get(mentee, {})
    first = next((named for named, rank in stated.items() if rank == 1), None)
    return Matched(
        mentee,
        mentor,
        score,
        matching.scorer.parts_of(mentee, mentor),
        rank=1 + int((scores > score).sum()),
        seen=int(stop - start),
        choice=stated.get(mentor, 0),
        not_first=None if first in (None, mentor) else _not_first(matching, mentee, first),
    )


def _not_first(matching: Matching, mentee: int, first: int) -> NotFirst:
    if first not in _enough(matching, mentee) or not matching.capacity[first]:
        return NotFirst.UNAVAILABLE
    return NotFirst.GAVE_WAY if _free(matching)[first] else NotFirst.FULL


def _unmatched(matching: Matching, mentee: int) -> Unmatched:
    listed, enough = matching.candidates, _enough(matching, mentee)
    if not listed.eligible[mentee]:
        code = NoMentor.NOBODY_ELIGIBLE
    elif not len(enough):
        code = NoMentor.BELOW_MINIMUM
    elif not matching.capacity[enough].any():
        code = NoMentor.NO_PLACE
    else:
        code = NoMentor.NOT_SEEN if _free(matching)[enough].any() else NoMentor.FULL
    return Unmatched(mentee, code, int(listed.eligible[mentee]), len(enough), matching.scorer.minimum)


def _enough(matching: Matching, mentee: int) -> Ints:
    """The mentors who fulfil every condition and reach the minimum."""
    if not matching.scorer.mentors:
        return np.zeros(0, np.int64)
    score, fine = matching.scorer.block(mentee, mentee + 1)
    return np.flatnonzero(fine[0] & (score[0] >= matching.scorer.minimum))


def _free(matching: Matching) -> Ints:
    taken = np.bincount(matching.of[matching.of != NOBODY], minlength=len(matching.capacity))
    return np.asarray(matching.capacity - taken)
