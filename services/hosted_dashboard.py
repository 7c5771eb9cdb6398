"""The area [1:1 Sessions] of App Home: a host's sessions and their participants, a page at a time.

The same few statements for any number of sessions and participants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain import hosted
from domain.billing import Amount, Money
from domain.hosted import Channel, Kind, Presence, Stage
from domain.hosted_board import AREA, PER_PAGE, Dashboard, HostedLook, Opened, Row, Tile, hosted_look_of
from domain.messages import Kind as MessageKind
from domain.text import say
from services import hosted_rights
from services.access import Rights
from services.delivery import reach
from services.hosted import host_of, zone_of
from services.outside import Reach
from store import queries
from store.database import Database
from store.hosted import HostedParticipant, HostedReminder, HostedSession
from store.outbox import Outbox
from store.payments import Bill

STAYS = timedelta(hours=24)  # so long a cancelled session stands among the coming ones, to be seen and undone
REFUNDABLE = (Money.PAID, Money.PARTIALLY_REFUNDED, Money.PAID_UNALLOCATED)
OFF = {
    "key": say("1:1 sessions are off: ask an administrator to set SESSIONS_SECRET_KEY."),
    "mail": say("E-mail is off: ask an administrator."),
    "url": say("Guests have no page to join on: ask an administrator to set PUBLIC_URL."),
}
OFF_FOR_ADMINS = {
    "key": say("1:1 sessions are off. You can turn them on: set SESSIONS_SECRET_KEY where Sessions runs."),
    "mail": say("E-mail is off. You can turn it on: set SMTP_URL where Sessions runs."),
    "url": say("Guests have no page to join on. You can open one: set PUBLIC_URL where Sessions runs."),
}


def may_look(tx: Session, team_id: str, rights: Rights) -> bool:
    """Whether the area is offered: every full member may host, or at least ask for an orientation."""
    return hosted_rights.is_member(tx, team_id, rights.user_id)


def dashboard(
    tx: Session, team_id: str, rights: Rights, look: Mapping[str, Any], *, now: datetime
) -> Dashboard | None:
    """The area as it stands; None where the look is not of this area, or the reader has no part in it."""
    if look.get("area") != AREA or not may_look(tx, team_id, rights):
        return None
    wanted = hosted_look_of(look)
    everybody = wanted.everybody and rights.admin
    sessions, page, pages = _page(tx, team_id, rights.user_id, wanted, now, everybody=everybody)
    zone = zone_of(tx, team_id, rights.user_id)
    draft_at = host_of(tx, team_id, rights.user_id).draft_at
    return Dashboard(
        zone=zone,
        rows=rows(tx, team_id, rights.user_id, sessions, now=now),
        page=page,
        pages=pages,
        past=wanted.past,
        draft=draft_at is not None and now < draft_at + hosted.DRAFT_KEPT,
        hosts=hosted_rights.may_host(tx, team_id, rights.user_id),
        admin=rights.admin,
        everybody=everybody,
        off=_off(reach(tx), admin=rights.admin),
        year=now.astimezone(ZoneInfo(zone)).year,
    )


def _off(found: Reach, *, admin: bool) -> tuple[str, ...]:
    """What is switched off here, and who can change it."""
    off = {"key": not found.vault, "mail": not found.mail, "url": not found.url}
    said = OFF_FOR_ADMINS if admin else OFF
    # without a key there is nothing that the others could be missing for
    return (said["key"],) if off["key"] else tuple(said[one] for one, is_off in off.items() if is_off)


# --- Which sessions ------------------------------------------------------------------------------------


def _page(
    tx: Session, team_id: str, user_id: str, look: HostedLook, now: datetime, *, everybody: bool
) -> tuple[Sequence[HostedSession], int, int]:
    """One page of sessions, which it is, and how many there are. A page past the end is the last one."""
    mine: ColumnElement[bool] = HostedSession.team_id == team_id
    if not everybody:
        mine &= or_(HostedSession.host_id == user_id, HostedSession.asked_by == user_id)
    ahead = or_(
        HostedSession.state.in_([Stage.REQUESTED, *hosted.AHEAD]),
        and_(HostedSession.state == Stage.CANCELLED, HostedSession.over_at > now - STAYS),
    )
    which = mine & (~ahead if look.past else ahead)
    count = tx.scalar(select(func.count()).select_from(HostedSession).where(which)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(look.page, pages - 1)
    order = (
        (HostedSession.starts_at.desc(), HostedSession.id.desc())
        if look.past
        else (HostedSession.starts_at, HostedSession.id)
    )
    found = select(HostedSession).where(which).order_by(*order).limit(PER_PAGE).offset(page * PER_PAGE)
    return tx.scalars(found.execution_options(populate_existing=True)).all(), page, pages


def opened(db: Database, team_id: str, session_id: int, reader: str, *, now: datetime) -> Opened:
    """One session as *reader* sees it, with what its forms hold. Raises NoSuchSession."""
    with db.reading() as tx:
        wanted = select(HostedSession).where(HostedSession.team_id == team_id, HostedSession.id == session_id)
        found = tx.scalars(wanted).one_or_none()
        if found is None:
            raise hosted.NoSuchSession
        zone = zone_of(tx, team_id, reader)
        return Opened(
            row=rows(tx, team_id, reader, [found], now=now)[0],
            zone=zone,
            year=now.astimezone(ZoneInfo(zone)).year,
            version=found.version,
            room=found.room,
        )


# --- What they say -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Around:
    """What is read once for all sessions of a page."""

    people: Mapping[int, Sequence[HostedParticipant]]  # by session
    bills: Mapping[int, Bill]  # by participant
    missed: frozenset[int]
    waiting: frozenset[int]
    names: Mapping[str, str]


def rows(
    tx: Session, team_id: str, reader: str, sessions: Sequence[HostedSession], *, now: datetime
) -> tuple[Row, ...]:
    """These sessions as *reader* sees them."""
    around = _around(tx, team_id, sessions)
    return tuple(_row(one, reader, around, now) for one in sessions)


def _around(tx: Session, team_id: str, sessions: Sequence[HostedSession]) -> _Around:
    ids = [one.id for one in sessions]
    people = tx.scalars(
        select(HostedParticipant)
        .where(HostedParticipant.session_id.in_(ids), HostedParticipant.removed_at.is_(None))
        .order_by(HostedParticipant.id)
        .execution_options(populate_existing=True)
    ).all()
    by_session: dict[int, list[HostedParticipant]] = {}
    for one in people:
        by_session.setdefault(one.session_id, []).append(one)
    everybody = [one.id for one in people]
    bills = select(Bill).where(Bill.participant_id.in_(everybody)).execution_options(populate_existing=True)
    missed = (
        select(HostedReminder.participant_id)
        .join(HostedSession, HostedSession.id == HostedReminder.session_id)
        .where(HostedReminder.session_id.in_(ids), HostedReminder.state == "missed")
        .where(HostedReminder.plan == HostedSession.sequence)
    )
    waiting = select(Outbox.subject_id).where(
        Outbox.team_id == team_id, Outbox.kind == MessageKind.HOSTED_INVITE,
        Outbox.subject_id.in_(everybody), Outbox.state.in_(["pending", "leased", "unknown"]),
    )  # fmt: skip
    named = {user for one in sessions for user in (one.host_id, one.asked_by, one.over_by) if user}
    known = queries.people_by_id(tx, team_id, named)
    return _Around(
        people=by_session,
        bills={one.participant_id or 0: one for one in tx.scalars(bills)},
        missed=frozenset(tx.scalars(missed)),
        waiting=frozenset(tx.scalars(waiting)),
        names={user: row.name for user, row in known.items()},
    )


def _row(one: HostedSession, reader: str, around: _Around, now: datetime) -> Row:
    stage, hosts = Stage(one.state), one.host_id == reader
    undoable = stage is Stage.CANCELLED and one.over_at is not None and now < one.over_at + hosted.UNDO
    people = around.people.get(one.id, ())
    return Row(
        id=one.id,
        title=one.name,
        stage=stage,
        starts_at=one.starts_at,
        minutes=one.minutes,
        tiles=tuple(_tile(each, around, now, hosts=hosts) for each in people),
        may_cancel=hosts and hosted.may_cancel(stage, one.starts_at, now),
        may_remove=hosts and hosted.may_remove(stage, one.starts_at, now),
        may_move=hosts and hosted.may_move(stage, one.starts_at, one.minutes, now),
        may_undo=hosts and undoable and bool(one.undo),
        over_at=one.over_at,
        over_by=around.names.get(one.over_by, one.over_by),
        by_reader=one.over_by == reader,
        host="" if hosts else around.names.get(one.host_id, one.host_id),
        mine=hosts,
        kind=Kind(one.kind),
    )


def _tile(one: HostedParticipant, around: _Around, now: datetime, *, hosts: bool) -> Tile:
    bill = around.bills.get(one.id)
    presence = Presence(one.state)
    return Tile(
        id=one.id,
        name=one.name,
        channel=Channel(one.channel),
        presence=presence,
        waiting=one.id in around.waiting and presence is Presence.ADDED,
        trouble=one.trouble if hosts else "",
        money=Money(bill.state).value if bill else "",
        amount=Amount(bill.amount, bill.currency) if bill else None,
        refunded=Amount(bill.refunded, bill.currency) if bill and bill.refunded else None,
        refunding=bool(bill and bill.refunding),
        left=_left(bill) if bill else None,
        missed=one.id in around.missed,
        coded=hosts and one.code_until is not None and one.code_until > now,
        knocks=one.knocked_at is not None and one.admitted_at is None and one.joined_at is None,
    )


def _left(bill: Bill) -> Amount | None:
    """What can be given back: nothing while something is on its way, or the payer's bank asks for it."""
    rest = 0 if bill.refunding else bill.paid - bill.refunded
    return Amount(rest, bill.currency) if rest > 0 and bill.state in REFUNDABLE else None
