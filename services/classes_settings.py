"""What staff set for all classes of a workspace: who is staff, how waitlists work, when skipping is free."""

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.classes import Mode
from domain.errors import FieldRefusal
from domain.money import CURRENCY
from domain.text import say
from services import audit
from services.classes import setup_of
from store import queries
from store.classes import ClassSetup
from store.database import Database

MOST_HOURS = 168


@dataclass(frozen=True)
class Settings:
    """What can be set."""

    staff: tuple[str, ...] = ()  # user ids, beside the administrators
    waitlist_mode: str = "offer"
    free_hours: int = 12  # before a class; skipping is free until then
    currency: str = "USD"  # that a new membership begins with


def settings(db: Database, team_id: str) -> Settings:
    """What is set now."""
    with db.reading() as tx:
        return _of(setup_of(tx, team_id))


def _of(row: ClassSetup) -> Settings:
    staff = tuple(str(one) for one in row.staff)
    return Settings(staff, row.waitlist_mode, row.free_hours, row.currency)


def save(db: Database, team_id: str, new: Settings, *, by: str, admin: bool, now: datetime) -> None:
    """Keep it. Who is staff stays as it was, unless an administrator says otherwise.

    Raises FieldRefusal at "mode", "hours" and "currency".
    """
    _check(new)
    with db.transaction() as tx:
        kept = _of(setup_of(tx, team_id))
        values = asdict(new) | {"staff": sorted(set(new.staff)) if admin else list(kept.staff)}
        if values == asdict(kept) | {"staff": list(kept.staff)}:
            return
        values["changed_by"] = by
        statement = queries.insert_into(tx, ClassSetup).values(team_id=team_id, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id"], set_=values))
        audit.of_classes(tx, team_id, "class settings", "settings.saved", now, actor=by, **values)


def _check(new: Settings) -> None:
    problems = {}
    if new.waitlist_mode not in set(Mode):
        problems["mode"] = say("Choose a waitlist mode.")
    if not 0 <= new.free_hours <= MOST_HOURS:
        problems["hours"] = say("Write a number of hours from 0 to 168.")
    if not CURRENCY.fullmatch(new.currency):
        problems["currency"] = say("Write three letters, for example CAD.")
    if problems:
        raise FieldRefusal(problems)
