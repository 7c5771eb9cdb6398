"""Terms, which people read as sessions: saved, edited, cancelled, and what time does to them."""

from dataclasses import dataclass
from datetime import datetime

from domain.classes import Done, NewTerm
from services.classes import Held
from services.ports import Deps
from store.database import Database


@dataclass(frozen=True)
class EditPlan:
    """What other days of a term do. *key* goes back into ``edit``; *said* is empty: no date changes."""

    said: str
    key: str
    version: int
    adds: int = 0
    cancels: int = 0
    registrations: int = 0


def save(db: Database, team_id: str, new: NewTerm, *, key: str, by: str, now: datetime) -> Done:
    """Save a term, a draft until classes are assigned; the same form again gives the same one.

    Raises FieldRefusal at "name", "starts_on", "ends_on", "zone".
    """
    raise NotImplementedError


def plan_edit(db: Database, team_id: str, term_id: int, new: NewTerm, *, now: datetime) -> EditPlan:
    """What ``edit`` would do: "Adds 2 dates, cancels 1 date with 9 registrations. Members will be told."

    Raises what ``edit`` raises.
    """
    raise NotImplementedError


def edit(
    db: Database,
    team_id: str,
    term_id: int,
    new: NewTerm,
    *,
    by: str,
    now: datetime,
    version: int,
    plan: str,
) -> Done:
    """Do exactly what a plan said. *version* and *plan* are its ``version`` and ``key``.

    Raises Stale where it would do anything else now, FieldRefusal as ``save`` does, NoSuchTerm, and TermOver.
    """
    raise NotImplementedError


def cancel(deps: Deps, term_id: int, *, by: str, now: datetime) -> Done:
    """Cancel a term with its classes: members are told and get back what is left. Raises NoSuchTerm."""
    raise NotImplementedError


def next_term(
    db: Database,
    team_id: str,
    term_id: int,
    new: NewTerm,
    *,
    members_first: int,
    key: str,
    by: str,
    now: datetime,
) -> Done:
    """Copy a term with its classes and memberships to new dates (Next Session); ``Done.id`` is the new one.

    Members of the old one are told; for *members_first* days only they may buy. Raises what ``save`` does.
    """
    raise NotImplementedError


def step_due(held: Held) -> bool:
    """What time brings to a term: dates that are over are done, the term runs, and ends; whether it did."""
    raise NotImplementedError
