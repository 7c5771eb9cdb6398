"""What members see: memberships for sale, and their classes, a page at a time, in a few statements."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes_board import Board, ClassesLook


def board(tx: Session, team_id: str, user_id: str, look: ClassesLook, *, staff: bool, now: datetime) -> Board:
    """The page."""
    return Board(look, staff=staff, zone="UTC")
