"""A member's page of the area [Classes]."""

from blocks.kit import Json
from domain.classes_board import Board


def parts(told: Board) -> list[Json]:
    """The page."""
    return []
