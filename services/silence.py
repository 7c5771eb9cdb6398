"""Three sessions in a row without any answer: whoever was asked is left in peace, with one click back."""

from datetime import datetime

from sqlalchemy import Select, String, case, cast, delete, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.meetings import SILENT_ROUNDS, NotForYou
from domain.messages import Kind
from services.audiences import follow
from services.owing import Owed, Redraw, owe, owe_redraws
from store import queries
from store.core import Invitation, Occurrence, PersonRow
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Pause

LOOKED_AT = 12  # sessions back; somebody who was away for longer begins anew


def rest(tx: Session, db: Database, team_id: str, occurrence_id: int) -> list[str]:
    """Pause those for whom this session, which was just matched, is the third in a row they left unanswered.

    Called in the transaction that matches it, which happens once. The new pauses' people.
    """
    session = tx.get_one(Occurrence, occurrence_id)
    if session.opt_in_at is None:
        return []  # nobody was asked
    now = session.matched_at or session.match_at
    silent = list(tx.scalars(_silent(session, now)))
    if not silent:
        return []
    paused: list[str] = []
    here = {"team_id": team_id, "program_id": session.program_id}
    for start in range(0, len(silent), queries.CHUNK):
        some = silent[start : start + queries.CHUNK]
        over = (Pause.program_id == session.program_id) & (Pause.until <= now)
        tx.execute(delete(Pause).where(Pause.team_id == team_id, Pause.user_id.in_(some), over))
        rows = [{**here, "user_id": who, "since": now, "silent": True} for who in some]
        keys = ["team_id", "user_id", "program_id"]
        insert = queries.insert_into(tx, Pause).values(rows).on_conflict_do_nothing(index_elements=keys)
        paused += tx.scalars(insert.returning(Pause.user_id))
        follow(tx, db, team_id, now=now, users=some)
    owed = [
        Owed(Kind.COFFEE_SILENT, session.id, f"occurrence-{session.id}-silent-{who}", recipient=who)
        for who in sorted(paused)
    ]
    owe(tx, db, team_id, owed)
    return sorted(paused)


def _silent(session: Occurrence, now: datetime) -> Select[str]:
    """Who was asked and did not answer, three times in a row. One question for the whole session.

    Only sessions whose groups were made count, and only questions that arrived: whoever was away by a
    pause was not asked, and a session that was cancelled or skipped asked for nothing. A pause of ours
    begins a new count.
    """
    recent = (
        select(Occurrence.id)
        .where(Occurrence.program_id == session.program_id, Occurrence.state.in_(["matched", "closed"]))
        .order_by(Occurrence.match_at.desc(), Occurrence.id.desc())
        .limit(LOOKED_AT)
    )
    this = Invitation.occurrence_id == session.id
    here = select(Invitation.user_id).where(this, Invitation.state == "expired")
    key = literal("occurrence-") + cast(Occurrence.id, String) + "-silent-" + Invitation.user_id
    told = exists().where(Outbox.team_id == Invitation.team_id, Outbox.key == key)  # a look-up in an index
    newest_first = func.row_number().over(
        partition_by=Invitation.user_id, order_by=(Occurrence.match_at.desc(), Occurrence.id.desc())
    )
    asked = (
        select(
            Invitation.user_id,
            newest_first.label("turn"),
            case((told, 0), (Invitation.state == "expired", 1), else_=0).label("silent"),
        )
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .where(Occurrence.id.in_(recent), Invitation.user_id.in_(here))
        .where(
            or_(
                Invitation.state.in_(["accepted", "declined"]),
                (Invitation.state == "expired") & Invitation.ts.is_not(None),
            )
        )
        .subquery()
    )
    away = exists().where(
        Pause.team_id == session.team_id,
        Pause.user_id == asked.c.user_id,
        Pause.program_id.in_([EVERY_PROGRAM, session.program_id]),
        or_(Pause.until.is_(None), Pause.until > now),
    )
    present = exists().where(
        PersonRow.team_id == session.team_id,
        PersonRow.user_id == asked.c.user_id,
        PersonRow.deleted.is_(False),
    )
    return (
        select(asked.c.user_id)
        .where(asked.c.turn <= SILENT_ROUNDS, present, ~away)
        .group_by(asked.c.user_id)
        .having(func.sum(asked.c.silent) == SILENT_ROUNDS)
        .order_by(asked.c.user_id)
    )


def ask_again(
    db: Database,
    team_id: str,
    program_id: int,
    outbox_id: int,
    *,
    actor: str,
    now: datetime,
    response_url: str | None = None,
) -> None:
    """End a pause that we began, and say so where it was pressed. Raises NotForYou."""
    with db.transaction() as tx:
        told = tx.scalars(
            select(Outbox.id)
            .where(Outbox.team_id == team_id, Outbox.id == outbox_id, Outbox.recipient == actor)
            .where(Outbox.kind == Kind.COFFEE_SILENT)
        ).one_or_none()
        if told is None:
            raise NotForYou
        tx.execute(
            delete(Pause)
            .where(Pause.team_id == team_id, Pause.user_id == actor, Pause.program_id == program_id)
            .where(Pause.silent)
        )
        follow(tx, db, team_id, now=now, users=[actor])
        redraw = Redraw(outbox_id, response_url)
        owe_redraws(tx, db, team_id, Kind.COFFEE_SILENT_REDRAW, [redraw])
