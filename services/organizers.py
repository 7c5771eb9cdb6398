"""Who organizes a session, and so is told about it."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.core import Card, Occurrence, PersonRow, Program, SeriesRow
from store.people import Owner


def organizers(tx: Session, occurrence_id: int) -> list[str]:
    """The person who scheduled a session and the owners of its program; the admins if all of them have left.

    Never nobody: somebody has to hear of it.
    """
    creator, team_id, program_id = tx.execute(
        select(SeriesRow.created_by, SeriesRow.team_id, SeriesRow.program_id)
        .join(Occurrence, Occurrence.series_id == SeriesRow.id)
        .where(Occurrence.id == occurrence_id)
    ).one()
    owners = tx.scalars(select(Owner.user_id).where(Owner.team_id == team_id, Owner.program_id == program_id))
    wanted = {creator, *owners}
    rows = tx.scalars(
        select(PersonRow).where(
            PersonRow.team_id == team_id, PersonRow.user_id.in_(wanted) | PersonRow.is_admin
        )
    ).all()
    left = {row.user_id for row in rows if row.deleted}
    here = wanted - left  # whoever we have not read yet is taken for present
    admins = {row.user_id for row in rows if row.is_admin and not row.deleted}
    return sorted(here or admins or {creator})


def hand_over(tx: Session, program: Program, leaving: Collection[str], *, to: str) -> None:
    """Whoever manages a program no more is told nothing more of it: *to* takes on what they scheduled.

    Admins of the workspace manage it all the same.
    """
    wanted = select(PersonRow.user_id).where(
        PersonRow.team_id == program.team_id, PersonRow.user_id.in_(leaving), PersonRow.is_admin
    )
    gone = set(leaving) - set(tx.scalars(wanted)) - {to}
    if not gone:
        return
    theirs = (SeriesRow.team_id == program.team_id) & (SeriesRow.program_id == program.id)
    tx.execute(update(SeriesRow).where(theirs, SeriesRow.created_by.in_(gone)).values(created_by=to))
    sessions = select(Occurrence.id).where(
        Occurrence.team_id == program.team_id, Occurrence.program_id == program.id
    )
    tx.execute(delete(Card).where(Card.user_id.in_(gone), Card.occurrence_id.in_(sessions)))
