"""What class staff see of terms, classes and memberships, a page at a time, in a few statements."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.classes_board import Board, ClassesLook


def board(tx: Session, team_id: str, user_id: str, look: ClassesLook, *, now: datetime) -> Board:
    """The page."""
    return Board(look, staff=True, zone="UTC")
