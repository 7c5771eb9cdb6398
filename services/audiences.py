"""What follows when an audience has grown, or is known at last."""

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from domain.messages import Kind
from services.owing import Redraw, owe_redraws
from store.core import Audience, Occurrence, Program, SeriesRow
from store.database import Database


def ask_again(tx: Session, team_id: str, part: ColumnElement[bool]) -> None:
    """Open sessions whose audience may have grown in *part* look for people who were not asked yet.

    Only where the program asks new members while a session is open.
    """
    grown = exists().where(
        Audience.team_id == Occurrence.team_id,
        Audience.program_id == Occurrence.program_id,
        part,
    )
    asks = exists().where(
        Program.team_id == Occurrence.team_id, Program.id == Occurrence.program_id, Program.ask_new
    )
    tx.execute(
        update(Occurrence)
        .where(Occurrence.team_id == team_id, Occurrence.state == "open", grown, asks)
        .values(asked_at=None)
    )


def show_again(tx: Session, db: Database, team_id: str) -> None:
    """Confirmations that said "its members are being read" can say now who they are."""
    running = select(SeriesRow.id).where(SeriesRow.team_id == team_id, SeriesRow.ended_at.is_(None))
    owe_redraws(
        tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(one, urgent=False) for one in tx.scalars(running)]
    )
