"""[People]: who answered what to a session, page by page."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true

from domain.answers import PAGE, SHOWN, AnswerLine, AnswerPage
from domain.ledger import SENT_AGAIN
from domain.messages import Kind
from services.cards import gone, lost, zone_of
from services.series import NoSuchSession, program_of
from store import queries
from store.core import Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.outbox import Outbox


def page(
    db: Database, team_id: str, occurrence_id: int, *, shown: str = "all", number: int = 0, reader: str = ""
) -> AnswerPage:
    """One page of the people of a session who are *shown*, by name. Raises NoSuchSession."""
    with db.reading() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if row is None:
            raise NoSuchSession
        program = program_of(tx, team_id, row.program_id)
        what = _what(row, program)
        wanted = _people(row, what).where(true() if shown not in SHOWN or shown == "all" else what == shown)
        total = tx.scalars(select(func.count()).select_from(wanted.subquery())).one()
        number = max(0, min(number, -(-total // PAGE) - 1))
        rows = tx.execute(
            wanted.order_by(func.lower(PersonRow.name), PersonRow.user_id).limit(PAGE).offset(number * PAGE)
        )
        lines = tuple(AnswerLine(*found) for found in rows)
        zone = zone_of(tx, team_id, reader)
        return AnswerPage(program.name, row.id, shown, number, total, lines, row.zone, zone)


def _people(row: Occurrence, what: ColumnElement[str]) -> Select[str, str, datetime | None, str]:
    asked = and_(
        Outbox.kind == Kind.COFFEE_OPT_IN,
        Outbox.subject_id == Invitation.id,
        Outbox.reason != SENT_AGAIN,  # another one stands for it
    )
    return (
        select(PersonRow.name, what, Invitation.answered_at, func.coalesce(Outbox.reason, ""))
        .select_from(Invitation)
        .join(
            PersonRow,
            and_(PersonRow.team_id == Invitation.team_id, PersonRow.user_id == Invitation.user_id),
        )
        .outerjoin(Outbox, asked)
        .where(Invitation.occurrence_id == row.id)
    )


def _what(row: Occurrence, program: Program) -> ColumnElement[str]:
    """What somebody is counted as: the first that holds, as a word of ``domain.answers.SHOWN``."""
    return case(
        (Invitation.state == "declined", literal("declined")),
        (or_(Invitation.state == "withdrawn", gone(row, program)), literal("left")),
        (Invitation.state == "accepted", literal("joined")),
        (lost(), literal("failed")),
        else_=literal("silent"),
    )
