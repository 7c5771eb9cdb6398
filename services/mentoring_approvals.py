"""The dry run of [Approve All]: exactly who would be told, and the approval of exactly that."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from domain import reasons
from domain.mentoring_runs import LINES_A_PAGE, Alone, Approval, Planned, Together
from domain.text import Said
from services.mentoring import changing, program_of, setup_of
from services.mentoring_auto import ListChanged
from services.mentoring_bulk import choose, kept_apart
from services.mentoring_matches import CannotMatch, already_matched, fit, refuse_apart
from services.mentoring_staging import said, why
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Mentoring, Participant


@dataclass(frozen=True)
class Checked:
    """A staged match, its two people, and why it could not be approved now."""

    match: Match
    mentee: Participant
    mentor: Participant
    problem: Said | None


def dry(db: Database, team_id: str, program_id: int, *, page: int = 0) -> Approval:
    """What [Approve All] would do now. Raises NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        found, names = check(tx, setup)
        good = sum(one.problem is None for one in found)
        plan = Planned(len(found), 0, digest_of(found), ())
        page = max(0, min(page, plan.pages - 1))
        lines: tuple[Together | Alone, ...] = tuple(
            Together(
                names.get(one.mentee.user_id, ""),
                names.get(one.mentor.user_id, ""),
                one.match.score,
                tuple(reasons.told(kept) for kept in one.match.why),
                one.problem,
            )
            for one in found[page * LINES_A_PAGE : (page + 1) * LINES_A_PAGE]
        )
        plan = replace(plan, lines=lines, page=page)
        return Approval(program_id, program_of(tx, setup).name, plan, 2 * good, len(found) - good)


def apply(db: Database, team_id: str, program_id: int, digest: str, *, actor: str, now: datetime) -> int:
    """Have approved what that dry run showed, if nothing changed; how many matches.

    Raises ListChanged and MatchingPaused.
    """
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        found, _ = check(held.tx, held.setup)
        if digest_of(found) != digest:
            raise ListChanged
        count = choose(held, [one.match.id for one in found if one.problem is None])
        if count:
            said(held, "approved", todo=count)
        return count


def digest_of(found: list[Checked]) -> str:
    """What a plan was made from, and says."""
    whole: list[Any] = [(one.match.id, str(one.problem or "")) for one in found]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def check(tx: Session, setup: Mentoring) -> tuple[list[Checked], dict[str, str]]:
    """All staged matches as an approval would find them, one after the other; and the names of the people."""
    matches = list(tx.scalars(_staged(setup)))
    people = {row.id: row for row in tx.scalars(_people(setup))}
    persons = {row.user_id: row for row in tx.scalars(_persons(setup))}  # held, so names are not read singly
    apart = kept_apart(tx, setup, persons)
    slots = {one: setup.mentors_per_mentee - row.matched for one, row in people.items()}
    found = []
    for match in matches:
        mentee, mentor = people[match.mentee_id], people[match.mentor_id]
        low, high = sorted((mentee.user_id, mentor.user_id))
        problem = None
        try:
            fit(tx, mentee, mentor)
            refuse_apart(None if match.anyway else apart.get((low, high)))
            if slots[mentee.id] < 1:
                raise already_matched(tx, mentee)
            slots[mentee.id] -= 1
        except CannotMatch as refusal:
            problem = why(refusal)
        found.append(Checked(match, mentee, mentor, problem))
    return found, {one: row.name for one, row in persons.items()}


def _staged(setup: Mentoring) -> Select[Match]:
    return (
        select(Match)
        .where(Match.team_id == setup.team_id, Match.program_id == setup.program_id)
        .where(Match.state == "staged", Match.approving == "")
        .order_by(Match.id)
        .execution_options(populate_existing=True)
    )


def _people(setup: Mentoring) -> Select[Participant]:
    """Those of the staged matches."""
    mine = _staged(setup).subquery()
    return (
        select(Participant)
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(
            or_(Participant.id.in_(select(mine.c.mentee_id)), Participant.id.in_(select(mine.c.mentor_id)))
        )
        .execution_options(populate_existing=True)
    )


def _persons(setup: Mentoring) -> Select[PersonRow]:
    mine = _people(setup).subquery()
    return select(PersonRow).where(
        PersonRow.team_id == setup.team_id, PersonRow.user_id.in_(select(mine.c.user_id))
    )
