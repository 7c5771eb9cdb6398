"""[Add People]: an organizer adds people to a mentoring program."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.errors import FieldRefusal
from domain.mentoring import (
    Ended,
    Stage,
    Taking,
)
from domain.messages import Kind
from domain.text import say
from services.mentoring import (
    Held,
    changing,
)
from services.mentoring_people import (
    is_member,
)
from services.owing import Owed, owe
from store import queries
from store.database import Database
from store.mentoring import Participant


@dataclass(frozen=True)
class Adding:
    """Whom an organizer adds, as what, and whether each is asked to complete the profile first."""

    users: tuple[str, ...]
    mentee: bool = False
    mentor: bool = False
    ask: bool = False


def add(
    db: Database, team_id: str, program_id: int, form: Adding, *, actor: str, now: datetime
) -> tuple[int, int]:
    """[Add People]: how many were added, and how many cannot take part (apps, guests, deactivated people).

    Whoever is asked for the profile is registered until they have completed it; all others take part at once.
    Who takes part already gets the role too, and is asked nothing. Raises FieldRefusal and Ended.
    """
    if not (form.mentee or form.mentor):
        raise FieldRefusal({"roles": say("Choose mentee, mentor, or both.")})
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        if held.setup.stage == Stage.ENDED:
            raise Ended
        known = queries.people_by_id(held.tx, team_id, form.users).values()
        fit = sorted(one.user_id for one in known if is_member(one))
        rows = {row.user_id: row for row in _of_users(held, fit)}
        added = [
            row for user_id in fit if (row := _added(held, user_id, rows.get(user_id), form)) is not None
        ]
        held.tx.flush()
        if form.ask:
            at = int(now.timestamp())
            owe(
                held.tx,
                db,
                team_id,
                [
                    Owed(
                        Kind.MENTORING_PROFILE,
                        row.id,
                        f"mentoring-profile-{row.id}-{at}",
                        recipient=row.user_id,
                    )
                    for row in added
                ],
            )
        held.note(f"program {program_id}", "people.added", count=len(added))
        return len(added), len(set(form.users) - set(fit))


def _added(held: Held, user_id: str, row: Participant | None, form: Adding) -> Participant | None:
    """Their row, if they were not part of the program before."""
    peers = held.setup.roles == "peers"
    if row is None:
        row = Participant(
            team_id=held.team_id, program_id=held.setup.program_id, user_id=user_id, joined_at=held.now,
            mentee=False, mentor=False, state=Taking.LEFT.value,
        )  # fmt: skip
        held.tx.add(row)
    row.mentee, row.mentor = row.mentee or form.mentee or peers, row.mentor or form.mentor or peers
    if row.state != Taking.LEFT:
        return None
    row.state = Taking.REGISTERED.value if form.ask else Taking.ACTIVE.value
    row.left_at, row.left_why = None, ""
    return row


def _of_users(held: Held, users: Collection[str]) -> list[Participant]:
    wanted = sorted(users)
    found: list[Participant] = []
    for start in range(0, len(wanted), queries.CHUNK):
        found += held.tx.scalars(
            select(Participant).where(
                Participant.team_id == held.team_id,
                Participant.program_id == held.setup.program_id,
                Participant.user_id.in_(wanted[start : start + queries.CHUNK]),
            )
        )
    return found
