"""A month of the planning as a picture: owed to whoever asked for it, drawn by the job that sends it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.facts import PlanningPicture
from domain.messages import Kind
from domain.planning import CALENDAR, Look, look_of
from services import planning
from services.access import Rights
from services.delivery import Skip, product_time
from services.owing import Owed, owe
from store.core import PersonRow
from store.database import Database
from store.outbox import Outbox
from store.people import Owner


def ask(db: Database, team_id: str, rights: Rights, look: Look, *, key: str) -> bool:
    """Owe the picture of what somebody looks at; False if the press with this *key* asked for it already."""
    owed = Owed(
        Kind.PLANNING_PICTURE,
        look.program,
        f"picture-{key}"[:120],
        recipient=rights.user_id,
        users=(rights.user_id,),
        params={"look": replace(look, view=CALENDAR).as_dict(), "admin": rights.admin},
    )
    with db.transaction() as tx:
        return owe(tx, db, team_id, [owed]) == 1


def rights_in(tx: Session, team_id: str, user_id: str, *, admin: bool) -> Rights:
    """What somebody may see; whether they are an *admin* was found out where they pressed."""
    if admin:
        return Rights(user_id, admin=True)
    owned = tx.scalars(select(Owner.program_id).where(Owner.team_id == team_id, Owner.user_id == user_id))
    return Rights(user_id, admin=False, owned=frozenset(owned))


def load(tx: Session, row: Outbox) -> PlanningPicture | Skip:
    """The month as it stands now, in the rights that its reader has now."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is not None and person.deleted:
        return Skip("deactivated")
    may = rights_in(tx, row.team_id, row.recipient, admin=bool(row.params["admin"]))
    if not may.organizes:
        return Skip("manages no program any more")
    found = planning.planning(tx, row.team_id, may, look_of(row.params["look"]), now=product_time(tx))
    return PlanningPicture(found, person.locale if person else "")
