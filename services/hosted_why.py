"""[Why?]: what is known of one session's participants, and of all that was sent to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.billing import Money
from domain.hosted import Channel, Kind, NoSuchSession, Presence
from domain.hosted_why import Facts, Paying, Reminding, Sent, Why, lines
from domain.messages import Kind as MessageKind
from services.hosted import participants, zone_of
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder, HostedSession
from store.outbox import Outbox
from store.payments import Bill, Refund

# by what their subject is
OF_PARTICIPANT = (MessageKind.HOSTED_INVITE, MessageKind.HOSTED_MOVED, MessageKind.HOSTED_CANCELLED)


def why(db: Database, team_id: str, session_id: int, reader: str) -> tuple[Why, ...]:
    """Everybody of a session, in the order they were added, in *reader*'s zone. Raises NoSuchSession."""
    with db.reading() as tx:
        wanted = select(HostedSession).where(HostedSession.team_id == team_id, HostedSession.id == session_id)
        session = tx.scalars(wanted).one_or_none()
        if session is None:
            raise NoSuchSession
        people = participants(tx, session_id)
        ids = [one.id for one in people]
        reminders = tx.scalars(
            select(HostedReminder)
            .where(HostedReminder.participant_id.in_(ids))
            .order_by(HostedReminder.due_at, HostedReminder.id)
        ).all()
        bills = {
            one.participant_id or 0: one
            for one in tx.scalars(select(Bill).where(Bill.participant_id.in_(ids)))
        }
        sent = _sent(tx, team_id, ids, reminders, bills)
        waivers = {one.waived_by for one in bills.values() if one.waived_by}
        names = {user: row.name for user, row in queries.people_by_id(tx, team_id, waivers).items()}
        zone = ZoneInfo(zone_of(tx, team_id, reader))
        return tuple(
            _why(one, session, reminders, bills.get(one.id), sent.get(one.id, []), names, zone)
            for one in people
        )  # fmt: skip


def _sent(
    tx: Session,
    team_id: str,
    ids: Sequence[int],
    reminders: Sequence[HostedReminder],
    bills: Mapping[int, Bill],
) -> dict[int, list[Outbox]]:
    """All messages to these participants, by participant, in the order they were owed."""
    of_bill = {bill.id: one for one, bill in bills.items()}
    refunds = tx.execute(select(Refund.id, Refund.bill_id).where(Refund.bill_id.in_(of_bill)))
    owner = {
        MessageKind.HOSTED_REMINDER: {one.id: one.participant_id for one in reminders},
        MessageKind.HOSTED_RECEIPT: of_bill,
        MessageKind.HOSTED_REFUNDED: {one: of_bill[bill] for one, bill in refunds},
        **{kind: {one: one for one in ids} for kind in OF_PARTICIPANT},
    }
    rows = tx.scalars(
        select(Outbox)
        .where(
            Outbox.team_id == team_id,
            or_(*(and_(Outbox.kind == kind, Outbox.subject_id.in_(of)) for kind, of in owner.items())),
        )
        .order_by(Outbox.id)
    )
    found: dict[int, list[Outbox]] = {}
    for row in rows:
        found.setdefault(owner[MessageKind(row.kind)][row.subject_id], []).append(row)
    return found


def _why(
    one: HostedParticipant,
    session: HostedSession,
    reminders: Sequence[HostedReminder],
    bill: Bill | None,
    rows: Sequence[Outbox],
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> Why:
    sent = tuple(
        Sent(MessageKind(row.kind), row.state, row.first_attempt_at or row.due_at, row.reason) for row in rows
    )
    mine = [row for row in reminders if row.participant_id == one.id and row.plan == session.sequence]
    facts = Facts(
        kind=Kind(session.kind),
        channel=Channel(one.channel),
        presence=Presence(one.state),
        added_at=one.created_at,
        invited_at=one.invited_at,
        trouble=one.trouble,
        reminders=[Reminding(row.due_at, row.state, row.reason) for row in mine],
        sent=sent,
        paying=_paying(bill, names),
    )

    def local(instant: datetime) -> datetime:
        return instant.astimezone(zone)

    return Why(one.name, lines(facts, local), sent)


def _paying(bill: Bill | None, names: Mapping[str, str]) -> Paying | None:
    if bill is None:
        return None
    return Paying(
        state=Money(bill.state),
        at=bill.paid_at,
        until=bill.checkout_until,
        by=names.get(bill.waived_by, bill.waived_by),
        why=bill.waived_why,
        trouble=bill.trouble,
    )
