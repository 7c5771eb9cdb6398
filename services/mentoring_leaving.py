"""Leaving a mentoring program, or the workspace."""

from datetime import datetime

from sqlalchemy import select

from domain.mentoring import (
    Done,
    NoSuchParticipant,
    NotTakingPart,
    Pairing,
    Taking,
)
from services import mentoring_asking as asking
from services import mentoring_gone
from services.mentoring import (
    Held,
    changing,
    give_place,
    participant_of,
    untouched,
)
from services.mentoring_endings import EndForm, end_in
from store.core import PersonRow
from store.database import Database
from store.mentoring import Match, Participant


def leave(db: Database, team_id: str, program_id: int, user_id: str, *, now: datetime) -> Done:
    """[Leave Program]: requests are closed and matches end; the other side hears of it."""
    with changing(db, team_id, program_id, now=now, by=user_id) as held:
        row = participant_of(held.tx, held.setup, user_id)
        if row is None:
            raise NotTakingPart
        if row.state == Taking.LEFT:
            return untouched(row.state)
        go(held, row, why="")
        return Done(changed=True, state=row.state)


def go(held: Held, row: Participant, *, why: str) -> None:
    """Somebody leaves the program, or (*why* "slack") the workspace, in the caller's transaction."""
    row.state, row.left_at, row.left_why, row.paused_until = Taking.LEFT.value, held.now, why, None
    held.tx.flush()
    asking.let_go(held, row)
    mine = (Match.mentee_id == row.id) | (Match.mentor_id == row.id)
    live = select(Match).where(mine, Match.state.in_(["staged", "proposed", "active"])).order_by(Match.id)
    for match in held.tx.scalars(live.execution_options(populate_existing=True)).all():
        if match.state == Pairing.ACTIVE:
            reason = "left_company" if why == "slack" else "other"
            end_in(held, match, EndForm(reason, back=True))
        else:
            match.state, match.over_at, match.over_by = Pairing.DISCARDED.value, held.now, held.by
            match.approving = ""
            held.tx.flush()
            give_place(held.tx, match.mentor_id)
            held.note(f"match {match.id}", "match.discarded")
    held.note(f"participant {row.id}", "participant.left", why=why)


def deactivated(db: Database, team_id: str, *, now: datetime) -> list[tuple[int, int]]:
    """(program, participant) of those who left the workspace and are not marked as gone yet."""
    with db.reading() as tx:
        rows = tx.execute(
            select(Participant.program_id, Participant.id)
            .join(
                PersonRow,
                (PersonRow.team_id == Participant.team_id) & (PersonRow.user_id == Participant.user_id),
            )
            .where(Participant.team_id == team_id, PersonRow.deleted, Participant.state != Taking.LEFT)
            .order_by(Participant.program_id, Participant.id)
            .limit(100)
        )
        return [(program_id, one) for program_id, one in rows]


def gone(db: Database, team_id: str, program_id: int, participant_id: int, *, now: datetime) -> bool:
    """Somebody left the workspace: requests close, matches end. Organizers hear of it once a day."""
    with changing(db, team_id, program_id, now=now) as held:
        row = held.tx.get(Participant, participant_id, populate_existing=True)
        if row is None:
            raise NoSuchParticipant
        person = held.tx.get(PersonRow, (team_id, row.user_id))
        if row.state == Taking.LEFT or person is None or not person.deleted:
            return False
        go(held, row, why="slack")
        mentoring_gone.expect(held)
        return True
