"""Meetings of a match: proposed, logged, cancelled, and what both say of them."""

from sqlalchemy import update

from domain.messages import Kind
from services.mentoring import Held, redraw
from store.mentoring import Match, Meeting


def cancel_all(held: Held, match: Match) -> int:
    """Call off the meetings of a match that lie ahead; how many. Their calendar entries get a new version."""
    ahead = (
        update(Meeting)
        .where(Meeting.team_id == match.team_id, Meeting.match_id == match.id)
        .where(Meeting.state == "planned", Meeting.starts_at > held.now)
        .values(state="cancelled", sequence=Meeting.sequence + 1)
        .returning(Meeting.id)
    )
    gone = held.tx.scalars(ahead, execution_options={"synchronize_session": False}).all()
    redraw(held, [Kind.MENTORING_MEETING], gone)
    return len(gone)
