"""The ledger of a session: its messages by fate, and the failed ones once more to those who may get them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from domain.ledger import (
    DEACTIVATED,
    FAILED,
    FATES,
    NOT_NEEDED,
    PAGE,
    SENT,
    SENT_AGAIN,
    WAITING,
    Entry,
    Ledger,
    NothingFailed,
)
from domain.meetings import SAID
from domain.messages import UNSURE, Kind
from services.audit import note
from services.cards import zone_of
from services.owing import Owed, owe
from services.series import NoSuchSession, program_of
from store import queries
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence
from store.database import Database
from store.outbox import Outbox

ASKED = (Kind.COFFEE_OPT_IN, Kind.COFFEE_REMINDER, Kind.COFFEE_AUTOMATIC, Kind.COFFEE_CANCELLED)
OF_GROUPS = (Kind.COFFEE_GROUP, Kind.COFFEE_FOLLOW_UP)
OF_SESSION = (Kind.COFFEE_LEFT_OUT, Kind.COFFEE_SILENT)
WHILE_OPEN = (Kind.COFFEE_OPT_IN, Kind.COFFEE_REMINDER, Kind.COFFEE_AUTOMATIC)


def of_session(occurrence_id: int) -> ColumnElement[bool]:
    """The messages of a session to those who take part in it."""
    invitations = select(Invitation.id).where(Invitation.occurrence_id == occurrence_id)
    groups = select(Group.id).where(Group.occurrence_id == occurrence_id)
    return or_(
        and_(Outbox.kind.in_(ASKED), Outbox.subject_id.in_(invitations)),
        and_(Outbox.kind.in_(OF_GROUPS), Outbox.subject_id.in_(groups)),
        and_(Outbox.kind.in_(OF_SESSION), Outbox.subject_id == occurrence_id),
    )


def failed() -> ColumnElement[bool]:
    """Messages that were given up; one to somebody who left counts as such."""
    return or_(Outbox.state == "dead", and_(Outbox.state == "skipped", Outbox.reason == DEACTIVATED))


def _fate() -> ColumnElement[str]:
    return case(
        (failed(), FAILED),
        (Outbox.state == "sent", SENT),
        (Outbox.state == "skipped", NOT_NEEDED),
        else_=WAITING,
    )


def ledger(db: Database, team_id: str, occurrence_id: int, *, page: int = 0, reader: str = "") -> Ledger:
    """One page of the ledger of a session, the failed first. Raises NoSuchSession."""
    with db.reading() as tx:
        session = queries.one_occurrence(tx, team_id, occurrence_id)
        if session is None:
            raise NoSuchSession
        mine = and_(Outbox.team_id == team_id, of_session(occurrence_id), Outbox.reason != SENT_AGAIN)
        fate = _fate().label("fate")
        rows = tx.execute(select(fate, func.count()).where(mine).group_by(fate))
        counts = {found: int(count) for found, count in rows}
        pages = max(1, -(-sum(counts.values()) // PAGE))
        page = min(max(0, page), pages - 1)
        order = case({name: place for place, name in enumerate(FATES)}, value=_fate())
        shown = tx.execute(
            select(Outbox, fate).where(mine).order_by(order, Outbox.id).limit(PAGE).offset(page * PAGE)
        ).all()
        return Ledger(
            occurrence_id=session.id,
            program=program_of(tx, team_id, session.program_id).name,
            match_at=session.send_at or session.match_at,
            zone=session.zone,
            reader_zone=zone_of(tx, team_id, reader),
            asked=sum(queries.answers(tx, session.id).values()),
            counts=counts,
            entries=_entries(tx, team_id, [(row, found) for row, found in shown]),
            page=page,
            pages=pages,
        )


def _entries(tx: Session, team_id: str, rows: Sequence[tuple[Outbox, str]]) -> tuple[Entry, ...]:
    users = {who for row, _ in rows for who in (*row.users, row.recipient) if who}
    known = queries.people_by_id(tx, team_id, users)
    return tuple(
        Entry(
            outbox_id=row.id,
            kind=row.kind,
            people=tuple(sorted(known[who].name if who in known else who for who in _to(row))),
            fate=fate,
            reason=row.reason,
            at=row.first_attempt_at,
            again=fate == FAILED and not _doubtful(row),
        )
        for row, fate in rows
    )


def _to(row: Outbox) -> list[str]:
    return list(row.users) or [row.recipient]


def _doubtful(row: Outbox) -> bool:
    """A group message that may have arrived: its organizer is asked about it, in a message of its own."""
    return row.kind == Kind.COFFEE_GROUP and row.reason == UNSURE


# --- [Send again] ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """What came of [Send again]: how many are owed anew, and to how many nothing may be sent."""

    owed: int
    not_possible: int


def send_again(
    db: Database, team_id: str, occurrence_id: int, *, outbox_id: int = 0, actor: str, now: datetime
) -> Again:
    """Owe the failed messages of a session anew, or one of them; each is given up for the new one only once.

    Raises NoSuchSession and NothingFailed.
    """
    with db.transaction() as tx:
        wanted = and_(Outbox.team_id == team_id, of_session(occurrence_id), failed())
        if outbox_id:
            wanted = and_(wanted, Outbox.id == outbox_id)
        rows = tx.scalars(queries.locked(select(Outbox).where(wanted).order_by(Outbox.id))).all()
        session = queries.one_occurrence(tx, team_id, occurrence_id)
        if session is None:
            raise NoSuchSession
        if not rows:
            raise NothingFailed
        owed = _anew(tx, session, rows, now=now)
        old = [row_id for row_id, _ in owed]
        tx.execute(
            update(Outbox).where(Outbox.id.in_(old), failed()).values(state="skipped", reason=SENT_AGAIN)
        )
        count = owe(tx, db, team_id, [one for _, one in owed])
        note(tx, session, "session.sent_again", now, actor=actor, messages=count)
        return Again(count, len(rows) - count)


def _anew(
    tx: Session, session: Occurrence, rows: Sequence[Outbox], *, now: datetime
) -> list[tuple[int, Owed]]:
    """The same messages under new keys, to those who are still to get them; with the ids of the old ones."""
    here = _here(tx, session.team_id, rows)
    waits = _still_wanted(tx, session, rows)
    settled = _settled(tx, session)
    found = []
    for row in rows:
        late = row.kind in WHILE_OPEN and session.match_at <= now
        if late or _doubtful(row) or row.id not in waits or _same(row) in settled:
            continue
        users = tuple(who for who in row.users if who in here)
        if row.recipient and row.recipient not in here:
            continue
        if row.kind == Kind.COFFEE_GROUP and len(users) < 2:
            continue
        again = Owed(
            Kind(row.kind), row.subject_id, f"again-{row.id}", recipient=row.recipient, users=users,
            params=row.params,
        )  # fmt: skip
        found.append((row.id, again))
    return found


def _same(row: Outbox) -> tuple[str, int, str]:
    return row.kind, row.subject_id, row.recipient


def _settled(tx: Session, session: Occurrence) -> set[tuple[str, int, str]]:
    """What stands somewhere, or is on its way, in another message: a group that was mended, say."""
    alive = Outbox.state.in_(["pending", "leased", "unknown", "sent"])
    rows = tx.scalars(select(Outbox).where(Outbox.team_id == session.team_id, of_session(session.id), alive))
    return {_same(row) for row in rows}


def _here(tx: Session, team_id: str, rows: Sequence[Outbox]) -> set[str]:
    known = queries.people_by_id(tx, team_id, {who for row in rows for who in _to(row)})
    return {who for who, one in known.items() if not (one.deleted or one.is_bot or one.is_stranger)}


def _still_wanted(tx: Session, session: Occurrence, rows: Sequence[Outbox]) -> set[int]:
    """The messages that still say something true. Each looks once more right before it leaves."""
    pending = set(
        tx.scalars(
            select(Invitation.id).where(
                Invitation.occurrence_id == session.id, Invitation.state.in_(["pending", "accepted"])
            )
        )
    )
    silent = {
        (group_id, user_id)
        for group_id, user_id in tx.execute(
            select(GroupMember.group_id, GroupMember.user_id).where(
                GroupMember.team_id == session.team_id,
                GroupMember.occurrence_id == session.id,
                GroupMember.met.not_in(SAID),
            )
        )
    }
    wanted = set()
    for row in rows:
        if row.kind in WHILE_OPEN:
            fits = session.state == "open" and row.subject_id in pending
        elif row.kind == Kind.COFFEE_GROUP:
            fits = session.state in ("matched", "closed")
        elif row.kind == Kind.COFFEE_FOLLOW_UP:
            fits = session.state == "matched" and (row.subject_id, row.recipient) in silent
        else:
            fits = True
        if fits:
            wanted.add(row.id)
    return wanted
