"""The Matching page: launch checklist, funnel, and one page of the chosen tab."""

from blocks import kit
from blocks.kit import Json
from domain.mentoring_board import Board


def parts(board: Board) -> list[Json]:
    """All of it."""
    return [kit.header(board.program)]
