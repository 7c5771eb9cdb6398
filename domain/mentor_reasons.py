"""Why This Match? and Why Not?: what two people have in common, and what became of a mentee's choices.

Organizers and the two people may read all of it: a mentor who was not available is never told apart by the
reason, be it a rule, a refusal or an exclusion.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from domain import hours
from domain.mentor_profiles import Profile, in_common, offsets, word, words
from domain.mentor_rules import MentorRules
from domain.text import N_, Said, say, say_n

if TYPE_CHECKING:  # the engine is loaded by who matches, not by who reads
    from domain.matching.reasons import Matched, Unmatched

MOST_NAMED = 5  # skills or languages
NOTHING = N_("Their profiles have nothing to compare yet")
CHOICES = (
    N_("First choice of the mentee"),
    N_("Second choice of the mentee"),
    N_("Third choice of the mentee"),
    N_("Fourth choice of the mentee"),
    N_("Fifth choice of the mentee"),
)
NOT_FIRST: Mapping[str, str] = {  # by ``matching.reasons.NotFirst``
    "unavailable": N_("The first choice was not available"),
    "full": N_("The first choice had no free place"),
    "gave_way": N_("With the first choice, somebody else would have lost theirs"),
}
MISSING: Mapping[str, str] = {  # what a must asks for
    "skills": N_("A must is missing: a skill that the mentee wants"),
    "languages": N_("A must is missing: a language in common"),
    "hours": N_("A must is missing: a shared working hour"),
    "department": N_("A must is missing: another department"),
    "seniority": N_("A must is missing: a mentor who is more senior"),
}
NO_SLOT = N_("Why not: they have all the mentors they may have.")


def of_pair(mentee: Profile, mentor: Profile, rules: MentorRules, *, on: date) -> tuple[Said, ...]:
    """What the rules see between two people, the weightiest first; missing musts before all."""
    seen = {
        "skills": _skills(mentee, mentor),
        "languages": _languages(mentee, mentor),
        "hours": _hours(mentee, mentor, on),
        "department": _department(mentee, mentor),
        "seniority": _seniority(mentee, mentor),
    }
    missing = [say(MISSING[name]) for name in seen if name in rules.musts and not (seen[name] or (0,))[0]]
    ordered = sorted(seen, key=lambda name: -rules.weights[name])
    told = [found[1] for name in ordered if rules.weights[name] and (found := seen[name])]
    return (*missing, *(told or [say(NOTHING)]))


def of_choice(found: "Matched") -> Iterator[Said]:
    """Which choice of the mentee a match is, and why it is not the first."""
    if 0 < found.choice <= len(CHOICES):
        yield say(CHOICES[found.choice - 1])
    if found.not_first:
        yield say(NOT_FIRST[found.not_first])


def why_not(found: "Unmatched", rules: MentorRules, *, mentors: int) -> Said:
    """Why a mentee has no mentor, of so many *mentors* of the program."""
    if not mentors:
        return say("Why not: there is no mentor yet.")
    if not found.eligible and rules.musts:
        return say("Why not: no mentor has all that must hold and may be matched with them.")
    if not found.eligible:
        return say("Why not: no mentor may be matched with them.")
    if found.code == "not_seen":
        return say("Why not: the best mentors for them have no free place. Run again to look further.")
    if found.enough < found.eligible:
        return say("Why not: no free mentor at or above the minimum {minimum}.", minimum=rules.minimum)
    return say("Why not: no free place.")


# Each part: whether a must would hold, and what is told; None where either does not state it.
Seen = tuple[bool, Said] | None


def _skills(mentee: Profile, mentor: Profile) -> Seen:
    if not (words(mentee.skills_wanted) and words(mentor.skills_offered)):
        return None
    common = in_common(mentee.skills_wanted, mentor.skills_offered)
    if not common:
        return False, say("None of the skills that the mentee wants")
    more = len(common) - MOST_NAMED
    named = ", ".join(common[:MOST_NAMED])
    if more <= 0:
        return True, say("Shared skills: {skills}", skills=named)
    return True, say_n(
        "Shared skills: {skills} and {count} more",
        "Shared skills: {skills} and {count} more",
        more,
        skills=named,
    )


def _languages(mentee: Profile, mentor: Profile) -> Seen:
    if not (words(mentee.languages) and words(mentor.languages)):
        return None
    common = in_common(mentee.languages, mentor.languages)
    if not common:
        return False, say("No language in common")
    return True, say("Shared languages: {languages}", languages=", ".join(common[:MOST_NAMED]))


def _hours(mentee: Profile, mentor: Profile, on: date) -> Seen:
    ahead = offsets((mentee.zone, mentor.zone), on)
    if mentee.zone not in ahead or mentor.zone not in ahead:
        return None
    count = hours.shared(ahead[mentee.zone], ahead[mentor.zone])
    if not count:
        return False, say("No shared working time")
    return True, say_n("{count} hour of shared working time", "{count} hours of shared working time", count)


def _department(mentee: Profile, mentor: Profile) -> Seen:
    one, other = word(mentee.department), word(mentor.department)
    if not (one and other):
        return None
    return (False, say("The same department")) if one == other else (True, say("Another department"))


def _seniority(mentee: Profile, mentor: Profile) -> Seen:
    if mentee.seniority is None or mentor.seniority is None:
        return None
    gap = mentor.seniority - mentee.seniority
    if gap <= 0:
        return False, say("The mentor is not more senior")
    return True, say_n("The mentor is {count} level above", "The mentor is {count} levels above", gap)
