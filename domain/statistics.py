"""What came of sessions, in numbers; for one of them or for a whole program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Figures:
    """One session in numbers."""

    occurrence_id: int
    program: str
    zone: str
    state: str
    match_at: datetime
    opt_in_at: datetime | None = None
    matched_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    asked: int = 0
    reached: int = 0  # of those asked, whose question arrived
    joined: int = 0
    said_yes: int = 0  # of those who joined, who were asked and pressed Join
    declined: int = 0
    groups: int = 0
    people: int = 0  # in groups
    groups_met: int = 0  # where somebody says so
    people_met: int = 0  # who say so themselves
    people_not_met: int = 0
    new_pairs: int = 0  # brought together for the first time in their program

    @property
    def answered(self) -> int:
        """How many of those asked gave an answer."""
        return self.said_yes + self.declined

    @property
    def answer_rate(self) -> float | None:
        """Answers of questions; None where nobody was asked."""
        return rate(self.answered, self.asked)

    @property
    def join_rate(self) -> float | None:
        """Yes of questions; None where nobody was asked."""
        return rate(self.said_yes, self.asked)


@dataclass(frozen=True)
class Report:
    """The numbers of a program, or of one of its sessions, oldest session first."""

    program_id: int
    program: str
    sessions: tuple[Figures, ...]
    different_people: int  # in groups, each once
    reader_zone: str = ""
    occurrence_id: int = 0  # 0: of the whole program
    locale: str = ""

    def total(self, name: str) -> int:
        """The sum of one number over all sessions."""
        return sum(int(getattr(one, name)) for one in self.sessions)

    @property
    def answer_rate(self) -> float | None:
        """Answers of questions over all sessions."""
        return rate(self.total("answered"), self.total("asked"))

    @property
    def join_rate(self) -> float | None:
        """Yes of questions over all sessions."""
        return rate(self.total("said_yes"), self.total("asked"))

    def last(self, count: int) -> Sequence[Figures]:
        """The newest sessions, oldest of them first."""
        return self.sessions[-count:]


def rate(part: int, whole: int) -> float | None:
    """A share between 0 and 1, to three places; None of nothing."""
    return round(part / whole, 3) if whole else None
