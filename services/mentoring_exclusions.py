"""Two people who must not be matched from now on: it is noted, and what one has asked the other is closed."""

from sqlalchemy import and_, or_, select

from domain.mentoring import (
    OPEN,
    Asking,
    News,
)
from services import mentoring_asking as asking
from services.mentoring import (
    Held,
    participant_of,
)
from store import queries
from store.mentoring import Exclusion, Request


def exclude(held: Held, one: str, other: str, *, reason: str) -> bool:
    """Keep two people (user ids) apart; False if they were already. Matches they have stay as they are."""
    low, high = sorted((one, other))
    row = {
        "team_id": held.team_id, "program_id": held.setup.program_id, "low_id": low, "high_id": high,
        "reason": reason, "created_by": held.by, "created_at": held.now,
    }  # fmt: skip
    if not queries.insert_new(held.tx, Exclusion, [row], keys=["team_id", "program_id", "low_id", "high_id"]):
        return False
    held.note(f"program {held.setup.program_id}", "people.excluded", low=low, high=high)
    _close_requests(held, one, other)
    return True


def _close_requests(held: Held, one: str, other: str) -> None:
    two = [participant_of(held.tx, held.setup, user_id) for user_id in (one, other)]
    if two[0] is None or two[1] is None:
        return
    here, there = two[0].id, two[1].id
    between = or_(
        and_(Request.mentee_id == here, Request.mentor_id == there),
        and_(Request.mentee_id == there, Request.mentor_id == here),
    )
    wanted = select(Request).where(between, Request.state.in_([state.value for state in OPEN]))
    for request in held.tx.scalars(wanted.order_by(Request.id)).all():
        asking.close(held, request, Asking.CLOSED_UNAVAILABLE, news=News.UNAVAILABLE)
