"""One's own data of hosted sessions: all of it in the file, and what becomes of it when it is erased.

Not in the file are codes and links, and what hosts keep about others: their guests are for [Export].
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.hosted import AHEAD, CANCEL_GRACE, Presence, Stage
from domain.messages import Kind
from services import hosted_participants, hosted_sessions
from services.hosted import changing, redraw, step
from services.my_rows import named, renamed, rows
from store.core import Audit
from store.database import Database
from store.hosted import Contact, Host, HostedParticipant, HostedSession, HostedSetup
from store.hosted_money import AccountService
from store.outbox import Outbox
from store.payments import Bill, Refund

UNSYNCED = {"synchronize_session": False}
ERASED = "…"  # stands for a name
DID = (  # columns of a session that say who did something
    HostedSession.host_id, HostedSession.created_by, HostedSession.changed_by, HostedSession.over_by,
    HostedSession.given_by, HostedSession.asked_by, HostedSession.suggested_by,
)  # fmt: skip


def collect(tx: Session, team_id: str, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is stored about somebody as a host and as a participant, by what it is; rows by their columns."""
    mine = _invited(team_id, user_id)
    bills = Bill.participant_id.in_(select(HostedParticipant.id).where(mine))
    refunds = or_(Refund.bill_id.in_(select(Bill.id).where(bills)), Refund.asked_by == user_id)
    sessions = or_(*(column == user_id for column in DID), named(HostedSession.support, user_id))
    return {
        "host_settings": rows(tx, Host, (Host.team_id == team_id) & (Host.user_id == user_id)),
        "contacts": rows(tx, Contact, (Contact.team_id == team_id) & (Contact.owner_id == user_id)),
        "account_services": rows(
            tx, AccountService,
            (AccountService.team_id == team_id)
            & or_(AccountService.owner_id == user_id, AccountService.created_by == user_id),
        ),
        "hosted_sessions": rows(tx, HostedSession, (HostedSession.team_id == team_id) & sessions),
        "invited_to_hosted_sessions": rows(tx, HostedParticipant, mine),
        "hosted_payments": rows(tx, Bill, bills),
        "hosted_refunds": rows(tx, Refund, (Refund.team_id == team_id) & refunds),
        "waived_payments": rows(tx, Bill, (Bill.team_id == team_id) & (Bill.waived_by == user_id)),
        "hosted_setup_changed": rows(
            tx, HostedSetup,
            (HostedSetup.team_id == team_id)
            & or_(HostedSetup.changed_by == user_id, HostedSetup.support == user_id),
        ),
    }  # fmt: skip


def _invited(team_id: str, user_id: str) -> ColumnElement[bool]:
    return (HostedParticipant.team_id == team_id) & (HostedParticipant.user_id == user_id)


# --- Erasing -------------------------------------------------------------------------------------------


def leave_all(db: Database, team_id: str, user_id: str, *, now: datetime) -> None:
    """Before somebody is erased: their sessions are cancelled, with refunds, and guests and hosts hear of it.

    Each in a transaction of its own; done again it goes on where it was broken off.
    """
    with db.reading() as tx:
        ahead = HostedSession.state.in_([*AHEAD, Stage.REQUESTED]) & (HostedSession.team_id == team_id)
        hosted = tx.scalars(select(HostedSession).where(ahead, HostedSession.host_id == user_id)).all()
        asked = tx.scalars(
            select(HostedSession.id).where(
                ahead, HostedSession.asked_by == user_id, HostedSession.host_id == ""
            )
        ).all()
        invited = tx.scalars(
            select(HostedParticipant.id)
            .join(HostedSession, HostedSession.id == HostedParticipant.session_id)
            .where(ahead, _invited(team_id, user_id), HostedParticipant.removed_at.is_(None))
            .where(HostedSession.host_id != user_id, HostedParticipant.state != Presence.DECLINED)
        ).all()
    for one in hosted:
        begun = now > one.starts_at + CANCEL_GRACE
        end = hosted_sessions.remove if begun and one.state == Stage.LIVE else hosted_sessions.cancel
        with suppress(Refusal):  # time, or the host, was faster
            end(db, team_id, one.id, by=user_id, now=now)
    for session_id in asked:
        _withdraw(db, team_id, session_id, user_id, now)
    for participant_id in invited:
        with suppress(Refusal):
            hosted_participants.answer(db, team_id, participant_id, False, by=user_id, now=now)


def _withdraw(db: Database, team_id: str, session_id: int, user_id: str, now: datetime) -> None:
    """An orientation that nobody took is not wanted any more; its supporters see that."""
    with changing(db, team_id, session_id, now=now, by=user_id) as held:
        if held.session.state == Stage.REQUESTED and step(held, Stage.CANCELLED):
            held.session.over_at, held.session.over_by = now, user_id
            redraw(held, [Kind.HOSTED_ORIENTATION], [session_id])
            held.note("orientation_withdrawn")


def unname(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    """Let rows stand for nobody in particular: times, states and amounts stay, what was written goes."""
    _unname_sessions(tx, team_id, user_id, nobody)
    _set(
        tx, HostedParticipant, _invited(team_id, user_id), user_id=nobody, name=ERASED, address=None,
        contact_id=None, locale="", trouble="", code_hash=None, code_sealed="", code_until=None,
        link_hash=None, link_sealed="",
    )  # fmt: skip
    contacts = (Contact.team_id == team_id) & (Contact.owner_id == user_id)
    known = HostedParticipant.contact_id.in_(select(Contact.id).where(contacts))
    _set(tx, HostedParticipant, known, contact_id=None)
    services = (AccountService.team_id == team_id) & (AccountService.owner_id == user_id)
    offered = Bill.service_id.in_(select(AccountService.id).where(services))
    _set(tx, Bill, (Bill.team_id == team_id) & offered, service_id=None)
    for table, which in (
        (Contact, contacts),
        (AccountService, services),
        (Host, (Host.team_id == team_id) & (Host.user_id == user_id)),
    ):
        tx.execute(delete(table).where(which), execution_options=UNSYNCED)
    made = (AccountService.team_id == team_id) & (AccountService.created_by == user_id)
    _set(tx, AccountService, made, created_by=nobody)
    _set(tx, Bill, (Bill.team_id == team_id) & (Bill.waived_by == user_id), waived_by=nobody, waived_why="")
    _set(tx, Refund, (Refund.team_id == team_id) & (Refund.asked_by == user_id), asked_by=nobody)
    setup = HostedSetup.team_id == team_id
    _set(tx, HostedSetup, setup & (HostedSetup.changed_by == user_id), changed_by=nobody)
    _set(tx, HostedSetup, setup & (HostedSetup.support == user_id), support="")
    about = (Audit.team_id == team_id) & Audit.subject.startswith("hosted ")
    _set(tx, Audit, about & (Audit.actor == user_id), actor=nobody)


def _unname_sessions(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    mine = HostedSession.team_id == team_id
    _set(tx, HostedSession, mine & (HostedSession.host_id == user_id), name="", room="", note="")
    _set(tx, HostedSession, mine & (HostedSession.asked_by == user_id), need="", note="")
    for column in DID:
        _set(tx, HostedSession, mine & (column == user_id), **{column.key: nobody})
    sessions = select(HostedSession).where(
        mine, or_(named(HostedSession.support, user_id), named(HostedSession.undo, user_id))
    )
    for row in tx.scalars(sessions.execution_options(populate_existing=True)).all():
        row.support = [nobody if one == user_id else one for one in row.support]
        row.undo = renamed(row.undo, user_id, nobody)
    told = (Outbox.team_id == team_id) & Outbox.kind.startswith("hosted.") & named(Outbox.params, user_id)
    for message in tx.scalars(select(Outbox).where(told)).all():
        message.params = renamed(message.params, user_id, nobody)
    tx.flush()


def _set(tx: Session, table: Any, which: ColumnElement[bool], **values: Any) -> None:
    tx.execute(update(table).where(which).values(**values), execution_options=UNSYNCED)
