"""Who organizes a session, and so is told about it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.core import Occurrence, PersonRow, SeriesRow
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
