"""What became of the messages of hosted sessions: for a host of their own, for administrators of all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from domain.hosted import Channel
from domain.hosted_ledger import LABELS, LOOKS_BACK, PAGE, HostedEntry, HostedLedger
from domain.ledger import FAILED, FATES, NOT_NEEDED, SENT, WAITING
from domain.messages import Kind, Method
from services.hosted import zone_of
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder, HostedSession
from store.outbox import Outbox
from store.payments import Bill, Refund

OF_BILL = (Kind.HOSTED_RECEIPT, Kind.PAYMENT_EXPIRE)
OF_REFUND = (Kind.HOSTED_REFUNDED, Kind.PAYMENT_REFUND)
CHANNELS = {Method.MAIL: Channel.EMAIL, Method.TEXT: Channel.TEXT, Method.MONEY: None}


def ledger(
    db: Database, team_id: str, reader: str, *, everybody: bool = False, page: int = 0, now: datetime
) -> HostedLedger:
    """One page of the ledger of *reader*'s sessions, or of *everybody*'s; what failed comes first.

    The caller has looked whether *reader* may see everybody's.
    """
    with db.reading() as tx:
        mine = _wanted(team_id, "" if everybody else reader, now)
        fate = _fate().label("fate")
        rows = tx.execute(_joined(select(fate, func.count()), team_id).where(mine).group_by(fate))
        counts = {found: int(count) for found, count in rows}
        pages = max(1, -(-sum(counts.values()) // PAGE))
        page = min(max(0, page), pages - 1)
        order = case({name: place for place, name in enumerate(FATES)}, value=_fate())
        columns = select(Outbox, fate, HostedParticipant.name, HostedSession.starts_at, HostedSession.host_id)
        shown = tx.execute(
            _joined(columns, team_id)
            .where(mine)
            .order_by(order, Outbox.id.desc())
            .limit(PAGE)
            .offset(page * PAGE)
        ).all()
        hosts = queries.people_by_id(tx, team_id, {row.host_id for row in shown} if everybody else set())
        names = {user: person.name for user, person in hosts.items()}
        return HostedLedger(
            entries=tuple(_entry(row, names) for row in shown),
            counts=counts,
            zone=zone_of(tx, team_id, reader),
            page=page,
            pages=pages,
            everybody=everybody,
        )


def _entry(row: Any, hosts: dict[str, str]) -> HostedEntry:
    message, fate, name, starts_at, host_id = row
    return HostedEntry(
        kind=Kind(message.kind),
        name=name,
        channel=CHANNELS.get(Method(message.method), Channel.SLACK),
        session_at=starts_at,
        fate=fate,
        reason=message.reason,
        at=message.sent_at,
        host=hosts.get(host_id, ""),
    )


def _wanted(team_id: str, host_id: str, now: datetime) -> ColumnElement[bool]:
    mine = and_(
        Outbox.team_id == team_id,
        Outbox.kind.in_([kind.value for kind in LABELS]),
        HostedSession.starts_at > now - LOOKS_BACK,
    )
    return and_(mine, HostedSession.host_id == host_id) if host_id else mine


def _joined(columns: Any, team_id: str) -> Any:
    """With the participant that each message is about, and their session."""
    of_reminder = (
        select(HostedReminder.participant_id).where(HostedReminder.id == Outbox.subject_id).scalar_subquery()
    )
    of_bill = select(Bill.participant_id).where(Bill.id == Outbox.subject_id).scalar_subquery()
    of_refund = (
        select(Bill.participant_id)
        .join(Refund, Refund.bill_id == Bill.id)
        .where(Refund.id == Outbox.subject_id)
        .scalar_subquery()
    )
    who = case(
        (Outbox.kind == Kind.HOSTED_REMINDER, of_reminder),
        (Outbox.kind.in_(OF_BILL), of_bill),
        (Outbox.kind.in_(OF_REFUND), of_refund),
        else_=Outbox.subject_id,
    )
    at = and_(HostedParticipant.team_id == team_id, HostedParticipant.id == who)
    return (
        columns.select_from(Outbox)
        .join(HostedParticipant, at)
        .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
    )


def _fate() -> ColumnElement[str]:
    return case(
        (Outbox.state == "dead", FAILED),
        (Outbox.state == "sent", SENT),
        (Outbox.state == "skipped", NOT_NEEDED),
        else_=WAITING,
    )
