"""The Matching page of organizers, read for one page of one tab."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.mentoring_board import Board
from services.access import Rights


def board(
    tx: Session, team_id: str, rights: Rights, look: Mapping[str, Any], *, now: datetime
) -> Board | None:
    """The page as somebody looks at it; None where they manage no such program."""
    return None
