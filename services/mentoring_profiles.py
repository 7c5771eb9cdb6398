"""What the people of a mentoring program state of themselves, as the matching compares it."""

from collections.abc import Collection

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from domain import mentor_rules
from domain.mentor_profiles import Profile
from domain.mentor_rules import MentorRules
from domain.mentoring import Taking
from store import queries
from store.core import PersonRow
from store.mentoring import Mentoring, Participant


def rules_of(setup: Mentoring) -> MentorRules:
    """The organizer's rules of this program; ours where none were saved."""
    return mentor_rules.read(setup.rules)


def profiles(
    tx: Session,
    setup: Mentoring,
    *,
    mentees: bool = False,
    mentors: bool = False,
    ids: Collection[int] | None = None,
) -> list[Profile]:
    """The active mentees and/or mentors of a program, by id; or those of *ids*, whatever became of them.

    With *ids* and a role, those of them who are active in that role. One statement for up to ``CHUNK`` ids.
    """
    roles = [column for column, on in ((Participant.mentee, mentees), (Participant.mentor, mentors)) if on]
    wanted = (
        select(Participant, PersonRow.tz)
        .outerjoin(
            PersonRow,
            and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id),
        )
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .order_by(Participant.id)
    )
    if roles or ids is None:
        wanted = wanted.where(Participant.state == Taking.ACTIVE, or_(false(), *roles))
    if ids is None:
        return [_profile(row, tz) for row, tz in tx.execute(wanted)]
    numbers = sorted(set(ids))
    chunks = (numbers[at : at + queries.CHUNK] for at in range(0, len(numbers), queries.CHUNK))
    return [
        _profile(row, tz)
        for chunk in chunks
        for row, tz in tx.execute(wanted.where(Participant.id.in_(chunk)))
    ]


def _profile(row: Participant, tz: str | None) -> Profile:
    return Profile(
        id=row.id,
        user_id=row.user_id,
        skills_offered=tuple(row.offers),
        skills_wanted=tuple(row.wants),
        languages=tuple(row.languages),
        zone=tz or "",
        department=row.department,
        seniority=row.seniority,
    )
