"""What hosts may take along of their own sessions: sessions, participants and payments, row by row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain import money
from domain.exports import Cell, Export, Form, What, stamp
from domain.messages import Kind
from domain.schedule import zone_names
from services import audit
from services.delivery import Skip
from services.hosted import zone_of
from services.owing import Owed, owe
from store.core import PersonRow
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.outbox import Outbox
from store.payments import Bill

Row = Sequence[Cell]
STREAMED = {"yield_per": 1000}


def ask(db: Database, team_id: str, user: str, what: What, form: Form, *, key: str, now: datetime) -> bool:
    """Owe a host a file of their own sessions; False if the form with this *key* asked already."""
    owed = Owed(
        Kind.EXPORT,
        0,
        f"export-hosted-{key}"[:120],
        recipient=user,
        users=(user,),  # the conversation is opened first: files go to nothing else
        params={"what": what.value, "form": form.value},
    )
    with db.transaction() as tx:
        new = owe(tx, db, team_id, [owed]) > 0
        if new:
            audit.of_hosted(tx, team_id, "hosted sessions", "export", now, actor=user, what=what.value)
        return new


def load(tx: Session, row: Outbox) -> Export | Skip:
    """What the file is about."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is None or person.deleted:
        return Skip("deactivated")
    zone = zone_of(tx, row.team_id, row.recipient)
    return Export(
        team_id=row.team_id,
        what=What(row.params["what"]),
        program_ids=(),
        locale=person.locale,
        form=Form(row.params["form"]),
        zone=zone if zone in zone_names() else "",
        host=row.recipient,
    )


def _sessions(tx: Session, wanted: Export) -> Iterator[Row]:
    here = HostedParticipant.removed_at.is_(None)
    joined = case((HostedParticipant.joined_at.is_not(None), 1))
    rows = tx.execute(
        select(
            HostedSession,
            func.count(case((here, 1))).label("people"),
            func.count(case((here, joined))).label("joined"),
        )
        .outerjoin(HostedParticipant, HostedParticipant.session_id == HostedSession.id)
        .where(HostedSession.team_id == wanted.team_id, HostedSession.host_id == wanted.host)
        .group_by(HostedSession.id)
        .order_by(HostedSession.starts_at, HostedSession.id)
    )
    for one, people, came in rows:
        yield (
            one.id, one.name, one.kind, one.state, stamp(one.starts_at), stamp(one.starts_at, wanted.zone),
            one.minutes, one.zone, people, came, stamp(one.created_at), stamp(one.over_at),
        )  # fmt: skip


def _people(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(HostedParticipant, HostedSession.starts_at)
        .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
        .where(HostedSession.team_id == wanted.team_id, HostedSession.host_id == wanted.host)
        .order_by(HostedSession.starts_at, HostedParticipant.id),
        execution_options=STREAMED,
    )
    for one, starts_at in rows:
        address = "" if one.user_id else one.address or ""
        yield (
            one.session_id, stamp(starts_at), one.id, one.name, one.user_id, one.channel, address, one.zone,
            one.state, stamp(one.invited_at), stamp(one.answered_at), stamp(one.joined_at),
            stamp(one.removed_at),
        )  # fmt: skip


def _payments(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(Bill, HostedParticipant.session_id, HostedParticipant.name, HostedSession.starts_at)
        .join(HostedParticipant, HostedParticipant.id == Bill.participant_id)
        .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
        .where(HostedSession.team_id == wanted.team_id, HostedSession.host_id == wanted.host)
        .order_by(HostedSession.starts_at, Bill.id),
        execution_options=STREAMED,
    )
    for bill, session, name, starts_at in rows:
        yield (
            session, stamp(starts_at), bill.participant_id, name, bill.service, bill.state, bill.currency,
            money.written(bill.amount, bill.currency), money.written(bill.paid, bill.currency),
            money.written(bill.refunded, bill.currency), stamp(bill.paid_at), bill.waived_why,
        )  # fmt: skip


ROWS: dict[What, Callable[[Session, Export], Iterator[Row]]] = {
    What.HOSTED: _sessions,
    What.PARTICIPANTS: _people,
    What.PAYMENTS: _payments,
}
