"""[Assign to Session]: classes get their dates, and whoever is enrolled is registered to each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.classes import Done
from store.database import Database


@dataclass(frozen=True)
class PreviewClass:
    """One class of a preview: its title, the dates it would get (UTC), and how many it has already."""

    class_id: int
    title: str
    dates: tuple[datetime, ...]
    known: int = 0


@dataclass(frozen=True)
class Preview:
    """What assigning would do. *refused* and *clashes* are sentences; so many members are *told*."""

    zone: str
    classes: tuple[PreviewClass, ...] = ()
    refused: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    told: int = 0

    @property
    def dates(self) -> int:
        """How many dates would be created."""
        return sum(len(one.dates) for one in self.classes)


def preview(
    db: Database, team_id: str, term_id: int, class_ids: Collection[int], *, now: datetime
) -> Preview:
    """What ``assign`` would do; nothing is written. Raises what ``assign`` raises."""
    raise NotImplementedError


def assign(
    db: Database, team_id: str, term_id: int, class_ids: Collection[int], *, by: str, now: datetime
) -> Done:
    """Assign classes to a term and make their dates: "4 classes assigned, 58 dates created."

    Done again it adds only what is missing. Classes of another term, or without a date in this one, are left
    out and named. Raises NothingSelected, NoSuchTerm, TermOver, and Refusal where nothing can be assigned.
    """
    raise NotImplementedError
