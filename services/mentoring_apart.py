"""Who must not be matched: an organizer says so, or one of the two wishes it."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.mentoring import Exclusion, Mentoring
from store.people import NeverMatch


def kept_apart(tx: Session, setup: Mentoring, one: str, other: str, *, anyway: bool = False) -> str | None:
    """Why these two people must not be matched: an organizer's reason, "" for a wish of theirs.

    A wish is confidential, so it has no reason. None: they may. *anyway* passes over what organizers said,
    never over a wish.
    """
    low, high = sorted((one, other))
    found = None if anyway else tx.get(Exclusion, (setup.team_id, setup.program_id, low, high))
    if found is not None:
        return found.reason or "an organizer keeps them apart"
    wish = select(NeverMatch.user_id).where(
        NeverMatch.team_id == setup.team_id,
        or_(
            and_(NeverMatch.user_id == one, NeverMatch.other_id == other),
            and_(NeverMatch.user_id == other, NeverMatch.other_id == one),
        ),
    )
    return None if tx.execute(wish).first() is None else ""


def apart_from(tx: Session, setup: Mentoring, user_id: str) -> set[str]:
    """Everybody this person must not be matched with, whoever says so."""
    mine = (Exclusion.team_id == setup.team_id) & (Exclusion.program_id == setup.program_id)
    rows = tx.execute(
        select(Exclusion.low_id, Exclusion.high_id).where(
            mine, or_(Exclusion.low_id == user_id, Exclusion.high_id == user_id)
        )
    )
    found = {low if high == user_id else high for low, high in rows}
    wishes = tx.execute(
        select(NeverMatch.user_id, NeverMatch.other_id).where(
            NeverMatch.team_id == setup.team_id,
            or_(NeverMatch.user_id == user_id, NeverMatch.other_id == user_id),
        )
    )
    return found | {one if other == user_id else other for one, other in wishes}
