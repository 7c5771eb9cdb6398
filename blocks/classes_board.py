"""The area [Classes] of App Home."""

from blocks import classes_board_members, classes_board_staff, kit
from blocks.kit import Json
from domain.classes_board import Board


def parts(told: Board) -> list[Json]:
    """The page that is open: staff's, or a member's."""
    of_staff = told.staff and told.look.tab != "mine"
    found = classes_board_staff.parts(told) if of_staff else classes_board_members.parts(told)
    return [*([kit.context(told.look.said)] if told.look.said else []), *found]
