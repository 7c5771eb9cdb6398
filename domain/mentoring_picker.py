"""Matching by hand: the mentors an organizer is offered for a mentee, and what was done with one of them."""

from dataclasses import dataclass
from enum import StrEnum

from domain.mentoring import Pairing
from domain.text import Said


class Way(StrEnum):
    """How two people are put together."""

    STAGE = "stage"
    ASSIGN = "assign"
    ASK = "ask"

    @property
    def state(self) -> Pairing:
        """The state of their match afterwards."""
        return {Way.STAGE: Pairing.STAGED, Way.ASSIGN: Pairing.ACTIVE, Way.ASK: Pairing.PROPOSED}[self]


@dataclass(frozen=True)
class Candidate:
    """A mentor for a mentee. *apart*: why organizers keep the two apart; None where they do not."""

    id: int
    user_id: str
    name: str
    score: int
    reasons: tuple[Said, ...]
    free: int
    cap: int
    live: str = ""  # the state of the match that the two have now
    apart: str | None = None


@dataclass(frozen=True)
class Picker:
    """The modal [Match with Mentor]: the best mentors for a mentee, or those whose names were searched."""

    program_id: int
    mentee_id: int
    mentee: str
    wording: str
    candidates: tuple[Candidate, ...]
    typed: str = ""
    more: int = 0  # mentors who are not shown
    wants: tuple[str, ...] = ()  # the skills that the mentee wants
    goals: str = ""  # the mentee's own word


@dataclass(frozen=True)
class MentorSheet:
    """The modal [Mentor Profile]: a mentor as a mentee's organizer reads of them."""

    program_id: int
    mentee_id: int
    mentee: str
    wording: str
    matching_on: bool
    candidate: Candidate
    goals: str = ""
    offers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    department: str = ""
    zone: str = ""
    seniority: int | None = None
    state: str = "active"  # how the mentor takes part
