"""Who may do what: admins everything, owners what belongs to their own programs."""

from dataclasses import dataclass

from sqlalchemy import select

from domain.messages import Kind
from services import people
from services.ports import Deps
from store.coffee import Group
from store.core import Occurrence, SeriesRow
from store.outbox import Outbox
from store.people import Owner


@dataclass(frozen=True)
class Rights:
    """What somebody may manage."""

    user_id: str
    admin: bool
    owned: frozenset[int] = frozenset()

    def manages(self, program_id: int) -> bool:
        """Whether this program is theirs to schedule and to change."""
        return self.admin or program_id in self.owned

    @property
    def organizes(self) -> bool:
        """Whether they manage anything at all."""
        return self.admin or bool(self.owned)


def rights(deps: Deps, user_id: str) -> Rights:
    """What somebody may do now. Slack is asked only about a person we have never seen."""
    if people.is_admin(deps, user_id):
        return Rights(user_id, admin=True)
    person = people.find(deps.db, deps.team_id, user_id)
    if person is None or person.deleted or person.is_stranger:
        return Rights(user_id, admin=False)
    with deps.db.reading() as tx:
        owned = tx.scalars(
            select(Owner.program_id).where(Owner.team_id == deps.team_id, Owner.user_id == user_id)
        )
        return Rights(user_id, admin=False, owned=frozenset(owned))


def program_of_series(deps: Deps, series_id: int) -> int:
    """The program that a series of this workspace belongs to; 0 if there is no such series."""
    with deps.db.reading() as tx:
        found = select(SeriesRow.program_id).where(
            SeriesRow.team_id == deps.team_id, SeriesRow.id == series_id
        )
        return tx.scalar(found) or 0


def program_of_occurrence(deps: Deps, occurrence_id: int) -> int:
    """The program that a session of this workspace belongs to; 0 if there is no such session."""
    with deps.db.reading() as tx:
        found = select(Occurrence.program_id).where(
            Occurrence.team_id == deps.team_id, Occurrence.id == occurrence_id
        )
        return tx.scalar(found) or 0


def program_of_group_message(deps: Deps, outbox_id: int) -> int:
    """The program of the group that a message of this workspace introduces; 0 if it introduces none."""
    with deps.db.reading() as tx:
        found = (
            select(Occurrence.program_id)
            .join(Group, Group.occurrence_id == Occurrence.id)
            .join(Outbox, Outbox.subject_id == Group.id)
            .where(Outbox.team_id == deps.team_id, Outbox.id == outbox_id)
            .where(Outbox.kind == Kind.COFFEE_GROUP)
        )
        return tx.scalar(found) or 0
