"""The Matching page of organizers: how somebody looks at it, and what it shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class BoardLook:
    """How somebody looks at the Matching page. It is stored with their Home; *program* 0: they choose one."""

    program: int = 0
    tab: str = ""
    page: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For a column."""
        return asdict(self)


def board_look_of(found: Mapping[str, Any]) -> BoardLook:
    """The look that was stored; what makes no sense is as in the beginning."""
    program = found.get("program")
    return BoardLook(program=program if isinstance(program, int) else 0)


@dataclass(frozen=True)
class Board:
    """One program's Matching page."""

    look: BoardLook
    program: str
