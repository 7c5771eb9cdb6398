"""A dry run: the groups that a session would get if matching were now. Nothing of it is kept."""

from dataclasses import dataclass

from domain.errors import Refusal

GROUPS_A_PAGE = 10


class NotNow(Refusal):
    """There is no dry run of this session now: it shows what the answers give while they come in."""


@dataclass(frozen=True)
class Again:
    """Two people of a group who meet again, and how many rounds ago they met last."""

    first: str
    second: str
    ago: int


@dataclass(frozen=True)
class Line:
    """One group, by name; *number* counts from 0."""

    number: int
    people: tuple[str, ...]
    again: tuple[Again, ...] = ()


@dataclass(frozen=True)
class Without:
    """People who would be in no group, and why; *names* are the first of *count*."""

    reason: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What matching gives: figures of the whole, and the groups of one page."""

    groups: int
    people: int  # in groups
    repeats: int
    unavoidable: int  # no grouping has fewer repeats
    method: str
    lines: tuple[Line, ...]
    without: tuple[Without, ...] = ()


@dataclass(frozen=True)
class DryRun:
    """A page of a dry run; it counts from 0. *found* is None while the groups are being made.

    *problem* says why there is nothing to show, *locale* is its reader's.
    """

    program: str
    occurrence_id: int
    asks_first: bool
    page: int = 0
    problem: str = ""
    found: Found | None = None
    locale: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.found.groups // GROUPS_A_PAGE)) if self.found else 1
