"""The area [Classes] of App Home."""

from blocks import classes_board_members, classes_board_staff
from blocks.kit import Json
from domain.classes_board import Board


def parts(told: Board) -> list[Json]:
    """The page that is open: staff's, or a member's."""
    if told.staff and told.look.tab != "mine":
        return classes_board_staff.parts(told)
    return classes_board_members.parts(told)
