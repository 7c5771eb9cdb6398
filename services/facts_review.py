"""What the messages about a review say, read at the last moment before they are sent."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.facts import Review
from domain.messages import Kind
from services.audiences import broken
from services.cards import card_of, locale_of, zone_of
from services.delivery import Skip, as_session_is, product_time
from services.series import program_of
from store.coffee import Group, GroupMember, SatOut
from store.core import Occurrence
from store.outbox import Outbox


def _review(tx: Session, row: Outbox) -> Review | Skip:
    """Asks an organizer to look: only while there is something to look at."""
    found = _of(tx, row, row.subject_id, row.recipient)
    return found if found.card.state == "review" else as_session_is(found.card.state)


def _review_again(tx: Session, row: Outbox) -> Review | Skip:
    """The same message with its newest state, wherever it stands."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or not posted.ts:
        return Skip("not posted yet, and true when it will be")
    row.channel, row.ts = posted.channel, posted.ts
    return _of(tx, posted, posted.subject_id, posted.recipient)


def _of(tx: Session, row: Outbox, occurrence_id: int, reader: str) -> Review:
    occurrence = tx.get_one(Occurrence, occurrence_id)
    mine = Group.occurrence_id == occurrence_id
    people = select(func.count()).select_from(GroupMember).where(GroupMember.occurrence_id == occurrence_id)
    without = select(func.count()).select_from(SatOut).where(SatOut.occurrence_id == occurrence_id)
    return Review(
        card=card_of(tx, occurrence, zone_of(tx, row.team_id, reader)),
        people=tx.scalars(people.where(GroupMember.team_id == row.team_id)).one(),
        repeats=tx.scalars(select(func.coalesce(func.sum(Group.repeats), 0)).where(mine)).one(),
        without=tx.scalars(without.where(SatOut.team_id == row.team_id)).one(),
        late=row.kind == Kind.REVIEW_WAITS,
        left=row.kind == Kind.REVIEW_LEFT,
        broken=broken(
            tx, occurrence, program_of(tx, row.team_id, occurrence.program_id), now=product_time(tx)
        ),
        locale=locale_of(tx, row.team_id, reader),
    )


LOADERS: dict[Kind, Callable[[Session, Outbox], Review | Skip]] = {
    Kind.REVIEW_READY: _review,
    Kind.REVIEW_WAITS: _review,
    Kind.REVIEW_LEFT: _review,
    Kind.REVIEW_REDRAW: _review_again,
}
