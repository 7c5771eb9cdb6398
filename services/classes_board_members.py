"""What members see: memberships for sale, and their classes, a page at a time, in a few statements."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes_board import PER_PAGE, Board, ClassesLook
from domain.classes_mine import MemberBoard
from services import classes_memberships, classes_mine
from services.cards import zone_of
from store.core import PersonRow


def board(tx: Session, team_id: str, user_id: str, look: ClassesLook, *, staff: bool, now: datetime) -> Board:
    """The page."""
    empty = MemberBoard(look, staff=staff, zone=zone_of(tx, team_id, user_id))
    if look.open_id:
        found = classes_mine.opened(tx, team_id, user_id, look.open_id, look.page, now=now)
        if found is not None:
            opened, page, pages = found
            return replace(empty, opened=opened, page=page, pages=pages)
    offers = classes_memberships.on_sale(tx, team_id, user_id, now=now)
    pages = max(1, -(-len(offers) // PER_PAGE))
    page = min(max(look.page, 0), pages - 1)
    mine, more = classes_mine.all_of(tx, team_id, user_id, now=now)
    return replace(
        empty,
        offers=tuple(offers[page * PER_PAGE : (page + 1) * PER_PAGE]),
        mine=tuple(mine),
        waits=tuple(classes_mine.waits(tx, team_id, user_id)),
        page=page,
        pages=pages,
        member=_may_buy(tx, team_id, user_id),
        more=more,
    )


def _may_buy(tx: Session, team_id: str, user_id: str) -> bool:
    person = tx.get(PersonRow, (team_id, user_id))
    return person is not None and not (person.deleted or person.is_bot or person.is_stranger)
