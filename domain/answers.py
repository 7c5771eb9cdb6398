"""Who answered what to a session: a page of it, as organizers read it."""

from dataclasses import dataclass
from datetime import datetime

from domain.text import N_

PAGE = 20  # people on a page

# what can be looked for, and what it is called
SHOWN = {
    "all": N_("Everybody"),
    "joined": N_("Joined"),
    "declined": N_("Declined"),
    "silent": N_("No answer"),
    "failed": N_("Failed"),
    "left": N_("Paused or left"),
}


@dataclass(frozen=True)
class AnswerLine:
    """One person, and what they answered; *reason* says why they could not be asked."""

    name: str
    what: str  # one of SHOWN but "all"
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class AnswerPage:
    """A page of people. *page* counts from 0."""

    program: str
    occurrence_id: int
    shown: str
    page: int
    total: int
    lines: tuple[AnswerLine, ...]
    zone: str
    reader_zone: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))
