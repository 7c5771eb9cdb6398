"""What a session's participants were told, and what of it has not left yet and may still be taken back."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.hosted import Channel, Presence
from domain.messages import UNSURE, Kind
from services.hosted import Held, hold, settle_clock
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder
from store.outbox import Outbox

PEOPLE = (Kind.HOSTED_INVITE, Kind.HOSTED_MOVED, Kind.HOSTED_CANCELLED)  # about a participant


@dataclass(frozen=True)
class Messages:
    """The messages to the participants of one session, whose rows are locked."""

    rows: Sequence[Outbox]

    def about(self, kind: Kind, subject_id: int) -> list[Outbox]:
        """Those of one kind about one participant, or one reminder, the oldest first."""
        return [row for row in self.rows if row.kind == kind and row.subject_id == subject_id]

    def invited(self, one: HostedParticipant) -> bool:
        """Whether an invitation may have reached somebody: what is not known here may have."""
        if one.channel == Channel.NONE:
            return False
        rows = self.about(Kind.HOSTED_INVITE, one.id)
        if one.state == Presence.INVITE_FAILED:  # the newest copy was given up, perhaps not knowing its fate
            return any(map(may_stand, rows[-1:]))
        return one.invited_at is not None or not rows or any(map(may_stand, rows))

    def take_back(self, kinds: Collection[Kind], subject_ids: Collection[int], why: str) -> list[Outbox]:
        """Let messages that have surely not left yet never leave; which ones."""
        found = [
            row for row in self.rows
            if row.kind in kinds and row.subject_id in subject_ids and waits(row)
        ]  # fmt: skip
        for row in found:
            row.state, row.reason, row.lease_token = "skipped", why, None
        return [row for row in found if not row.repeated]


def waits(row: Outbox) -> bool:
    """Whether a message has not left: nobody has it in hand, or not further than before its last look."""
    return row.state == "pending" or (row.state == "leased" and row.fenced_at is None)


def may_stand(row: Outbox) -> bool:
    """Whether a message was sent, or may have been."""
    fenced = row.state == "leased" and row.fenced_at is not None
    unsure = row.state == "dead" and row.reason == UNSURE
    return row.state in ("sent", "unknown") or row.repeated or fenced or unsure


@contextmanager
def changing_messages(
    db: Database, team_id: str, session_id: int, *, now: datetime, by: str = ""
) -> Iterator[tuple[Held, Messages]]:
    """As ``hosted.changing``, for changes that take messages back: their rows are locked first.

    What is owed between the two locks is not among them, so the last look before a message leaves has to
    agree with what is decided here.
    """
    with db.transaction() as tx:
        messages = Messages(_locked(tx, team_id, session_id))
        held = Held(tx, db, hold(tx, team_id, session_id), now, by)
        yield held, messages
        settle_clock(held)


def _locked(tx: Session, team_id: str, session_id: int) -> Sequence[Outbox]:
    people = select(HostedParticipant.id).where(HostedParticipant.session_id == session_id)
    reminders = select(HostedReminder.id).where(HostedReminder.session_id == session_id)
    wanted = (
        select(Outbox)
        .where(
            Outbox.team_id == team_id,
            or_(
                and_(Outbox.kind.in_(PEOPLE), Outbox.subject_id.in_(people)),
                and_(Outbox.kind == Kind.HOSTED_REMINDER, Outbox.subject_id.in_(reminders)),
            ),
        )
        .order_by(Outbox.id)
    )
    return tx.scalars(queries.locked(wanted)).all()
