"""The area [Classes] of App Home: which page somebody sees there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.classes_board import AREA, Board, classes_look_of
from services import classes_board_members, classes_board_staff
from services.access import Rights
from services.classes import is_staff
from store.classes import Term
from store.core import PersonRow
from store.database import Database


def may_look(tx: Session, team_id: str, rights: Rights) -> bool:
    """Whether the area is offered: to staff always, to others once there are classes."""
    person = tx.get(PersonRow, (team_id, rights.user_id))
    if person is None or person.deleted or person.is_bot or person.is_stranger:
        return rights.admin
    if is_staff(tx, team_id, rights.user_id, admin=rights.admin):
        return True
    return bool(tx.scalar(select(exists().where(Term.team_id == team_id, Term.state != "draft"))))


def may_open(db: Database, team_id: str, rights: Rights) -> bool:
    """The same for a door."""
    with db.reading() as tx:
        return may_look(tx, team_id, rights)


def board(
    tx: Session, team_id: str, rights: Rights, look: Mapping[str, Any], *, now: datetime
) -> Board | None:
    """The area as it stands; None where the look is not of this area, or the reader has no part in it."""
    if look.get("area") != AREA or not may_look(tx, team_id, rights):
        return None
    wanted = classes_look_of(look).at(now)
    staff = is_staff(tx, team_id, rights.user_id, admin=rights.admin)
    if staff and wanted.tab != "mine":
        return classes_board_staff.board(tx, team_id, rights.user_id, wanted, now=now)
    return classes_board_members.board(tx, team_id, rights.user_id, wanted, staff=staff, now=now)
