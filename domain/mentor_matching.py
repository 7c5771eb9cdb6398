"""Mentors for mentees: what two people score, who fits best, and the matching of all. Pure and seeded.

A score is a mean of 0 to 100, weighted by the organizer's rules, over what both people state: an attribute
that either leaves empty is left out with its weight, so it neither helps nor harms (``matching.fit``). The
aims of a run, each before all that follow: most people matched, submitted preferences, the sum of scores,
mentors with nobody first.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from domain import hours, mentor_reasons
from domain.mentor_profiles import Profile, closeness, offsets, word
from domain.mentor_rules import MentorRules
from domain.text import Said, say

if TYPE_CHECKING:  # numpy and scipy take a third of a second: loaded by the functions that compute
    from domain.matching.fit import Fit
    from domain.matching.reasons import Matched

LONGEST = 20  # names of a shortlist
POINT = 100  # the engine counts hundredths
NONE: Mapping[int, Any] = {}
_by_id = attrgetter("id")
_stated = attrgetter(*(one.name for one in fields(Profile)))


@dataclass(frozen=True)
class Scored:
    """What two people score, 0 to 100, and why."""

    score: int
    reasons: tuple[Said, ...]


@dataclass(frozen=True)
class Pair:
    """A match that a run proposes, by participant ids."""

    mentee: int
    mentor: int
    score: int
    reasons: tuple[Said, ...]


@dataclass(frozen=True)
class Plan:
    """What a run would stage, by mentee, and why each mentee without a mentor has none.

    *digest* is the SHA-256 of the whole input, in hexadecimal digits: same digest, same plan.
    """

    pairs: tuple[Pair, ...]
    without: Mapping[int, Said]
    digest: str


def score(mentee: Profile, mentor: Profile, rules: MentorRules, *, on: date) -> Scored:
    """What two people score on a day, which decides about daylight saving time."""
    ((points, _),) = _ranked(mentee, [mentor], rules, on)
    return Scored(points, mentor_reasons.of_pair(mentee, mentor, rules, on=on))


def shortlist(
    mentee: Profile, mentors: Sequence[Profile], rules: MentorRules, *, on: date, limit: int = LONGEST
) -> tuple[tuple[int, Scored], ...]:
    """The ids of the best mentors for a mentee, the best first, with their scores.

    Of equal ones each mentee sees others first, and always the same. Musts and the minimum hide nobody here:
    a missing must is told in the reasons.
    """
    others = [mentor for mentor in mentors if mentor.user_id != mentee.user_id]
    return tuple(
        (mentor.id, Scored(points, mentor_reasons.of_pair(mentee, mentor, rules, on=on)))
        for points, mentor in _ranked(mentee, others, rules, on)[:limit]
    )


def _ranked(
    mentee: Profile, mentors: Sequence[Profile], rules: MentorRules, on: date
) -> list[tuple[int, Profile]]:
    scores, _ = _fit([mentee], mentors, rules, on).block(0, 1)
    points = (scores[0] // POINT).tolist()
    found = zip(points, mentors, strict=True)
    return sorted(found, key=lambda one: (-one[0], _lot(mentee.id, one[1].id), one[1].id))


def _lot(mentee: int, mentor: int) -> bytes:
    """Decides between equals, for each mentee differently."""
    return hashlib.blake2b(f"{mentee} {mentor}".encode(), digest_size=8).digest()


def auto_match(  # noqa: PLR0913  # all that a run depends on
    mentees: Collection[Profile],
    mentors: Collection[Profile],
    *,
    places: Mapping[int, int],
    rules: MentorRules,
    excluded: Collection[tuple[int, int]] = (),
    wishes: Mapping[int, tuple[int, ...]] = NONE,
    choices: int = 3,
    idle: Collection[int] = (),
    slots: Mapping[int, int] = NONE,
    on: date,
    seed: int = 0,
) -> Plan:
    """The best matches of all, by participant ids; the order in which people are given does not matter.

    *places*: free places of mentors, none unless given; *excluded*: pairs that are never made, whichever of
    the two is named first; *wishes*: the mentors on a mentee's list by rank, of which it may hold *choices*;
    *idle*: mentors who have nobody; *slots*: mentors a mentee may still have, 1 unless given. Nobody gets
    themselves, nor the same mentor twice; everybody's first mentor comes before anybody's second. Raises
    OverflowError where sums could not be exact any more: from about 100,000 mentees who all wish.
    """
    from domain.matching.slots import Demand, fill

    ours, theirs = sorted(mentees, key=_by_id), sorted(mentors, key=_by_id)
    at = {mentor.id: number for number, mentor in enumerate(theirs)}
    named = (enumerate(dict.fromkeys(wishes.get(mentee.id, ())), 1) for mentee in ours)
    demand = Demand(
        places=[max(0, places.get(mentor.id, 0)) for mentor in theirs],
        slots=[slots.get(mentee.id, 1) for mentee in ours],
        wishes=[[(at[mentor], rank) for rank, mentor in names if mentor in at] for names in named],
        choices=choices,
        idle=[at[mentor] for mentor in idle if mentor in at],
    )
    filled = fill(_fit(ours, theirs, rules, on, excluded), demand, seed=seed)
    pairs = (_pair(found, ours[found.mentee], theirs[found.mentor], rules, on) for found in filled.matches)
    without = {one.id: say(mentor_reasons.NO_SLOT) for one in ours if slots.get(one.id, 1) < 1}
    for number, found in filled.without.items():
        without[ours[number].id] = mentor_reasons.why_not(found, rules, mentors=len(theirs))
    people = [[_stated(one) for one in side] for side in (ours, theirs)]
    respected = [sorted(places.items()), sorted(set(excluded)), sorted(wishes.items()), choices]
    free = [sorted(set(idle)), sorted(slots.items())]
    digest = _digest([*people, rules.stored(), *respected, *free, on.isoformat(), seed])
    return Plan(tuple(sorted(pairs, key=lambda pair: pair.mentee)), without, digest)


def _pair(found: "Matched", mentee: Profile, mentor: Profile, rules: MentorRules, on: date) -> Pair:
    told = mentor_reasons.of_pair(mentee, mentor, rules, on=on)
    reasons = (*told, *mentor_reasons.of_choice(found))
    return Pair(mentee.id, mentor.id, found.score // POINT, reasons)


def _digest(whole: object) -> str:
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _fit(
    mentees: Sequence[Profile],
    mentors: Sequence[Profile],
    rules: MentorRules,
    on: date,
    excluded: Collection[tuple[int, int]] = (),
) -> "Fit":
    """The scores of all pairs, for the engine, by place in the two lists."""
    from domain.matching.fit import Fit, compared, shared

    known = cache(word)  # most words are said by many

    def each(texts: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(filter(None, map(known, texts))))

    ahead = offsets({one.zone for one in (*mentees, *mentors)}, on)
    weigh = rules.weights
    parts = (
        shared(
            "skills",
            weigh["skills"],
            [each(one.skills_wanted) for one in mentees],
            [each(one.skills_offered) for one in mentors],
        ),
        shared(
            "languages",
            weigh["languages"],
            [each(one.languages) for one in mentees],
            [each(one.languages) for one in mentors],
            most=1,
        ),
        compared(
            "hours",
            weigh["hours"],
            [ahead.get(one.zone) for one in mentees],
            [ahead.get(one.zone) for one in mentors],
            hours.shared,
            enough=hours.WORKDAY // 60,
        ),
        compared(
            "department",
            weigh["department"],
            [known(one.department) or None for one in mentees],
            [known(one.department) or None for one in mentors],
            lambda one, other: int(one != other),
            enough=1,
        ),
        compared(
            "seniority",
            weigh["seniority"],
            [one.seniority for one in mentees],
            [one.seniority for one in mentors],
            closeness,
            enough=100,
        ),
    )
    return Fit(
        [part for part in parts if part.weight or part.name in rules.musts],
        len(mentees),
        len(mentors),
        musts=rules.musts,
        minimum=rules.minimum,
        forbidden=_never(mentees, mentors, excluded),
    )


def _never(
    mentees: Sequence[Profile], mentors: Sequence[Profile], excluded: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Pairs that are not made, by place in the two lists: nobody is their own mentor."""
    ours, theirs = ({one.id: at for at, one in enumerate(side)} for side in (mentees, mentors))
    same = {mentor.user_id: at for at, mentor in enumerate(mentors)}
    either = {pair for a, b in excluded for pair in ((a, b), (b, a))}
    return {(ours[a], theirs[b]) for a, b in either if a in ours and b in theirs} | {
        (at, same[mentee.user_id]) for at, mentee in enumerate(mentees) if mentee.user_id in same
    }
