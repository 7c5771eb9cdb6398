"""Runs of the auto-matching as organizers see them: asked for, planned, made; and plans of [Approve All]."""

from dataclasses import dataclass
from enum import StrEnum

from domain.text import Said

LINES_A_PAGE = 10


class What(StrEnum):
    """What a run is to do."""

    RUN = "run"
    DRY = "dry"  # stage nothing: say what would be staged
    APPLY = "apply"  # stage this plan only


@dataclass(frozen=True)
class Offer:
    """What a run would look at: mentees without a match, mentors with a place, and their places."""

    program_id: int
    program: str
    wording: str
    mentees: int
    mentors: int
    places: int


@dataclass(frozen=True)
class Together:
    """Two people whom a plan puts together. *score* is 0 to 100; *problem* says why they cannot be."""

    mentee: str
    mentor: str
    score: int | None
    reasons: tuple[Said, ...] = ()
    problem: Said | None = None


@dataclass(frozen=True)
class Alone:
    """A mentee who gets nobody, by name, and why."""

    name: str
    why: Said


@dataclass(frozen=True)
class Planned:
    """One page of a plan. *digest* is what it was made from: the same again means the same plan."""

    pairs: int
    without: int
    digest: str
    lines: tuple[Together | Alone, ...]
    page: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-(self.pairs + self.without) // LINES_A_PAGE))


@dataclass(frozen=True)
class Staged:
    """What a run came to: matches that were staged, and how many mentees have nobody, by reason."""

    count: int
    without: tuple[tuple[Said, int], ...] = ()


@dataclass(frozen=True)
class RunTask:
    """A run that a modal waits for; *found* is None until it is made. *problem* says why nothing was done.

    *key* names the press: it runs once. *digest* is that of the plan that was shown.
    """

    program_id: int
    program: str
    wording: str
    what: What
    actor: str
    key: str
    digest: str = ""
    page: int = 0
    found: Planned | Staged | None = None
    problem: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Approval:
    """What [Approve All] would do now: *people* are told, *attention* matches cannot be approved."""

    program_id: int
    program: str
    plan: Planned
    people: int
    attention: int
