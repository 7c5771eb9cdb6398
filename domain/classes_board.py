"""The area [Classes] of App Home: what staff see of terms and memberships, and what members see of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

AREA = "classes"
PER_PAGE = 20
TABS = ("classes", "types", "memberships", "requests", "members")  # of staff; members: ""


@dataclass(frozen=True)
class ClassesLook:
    """How somebody looks at the area: a tab of *TABS* as staff, or "mine" as a member.

    *open_id* is the term, membership or class that is open there, 0 for the list; *picked* are classes ticked
    for [Assign to Session], *words* what members are searched by.
    """

    tab: str = ""
    open_id: int = 0
    page: int = 0
    picked: tuple[int, ...] = ()
    words: str = ""

    def stored(self) -> dict[str, Any]:
        """As ``look.board`` keeps it."""
        found = {"area": AREA, "tab": self.tab, "open": self.open_id, "page": self.page}
        return found | {"picked": list(self.picked), "words": self.words}


def classes_look_of(look: Mapping[str, Any]) -> ClassesLook:
    """How somebody looks at the area, read from what is stored."""
    return ClassesLook(
        tab=str(look.get("tab") or ""),
        open_id=int(look.get("open") or 0),
        page=int(look.get("page") or 0),
        picked=tuple(int(one) for one in look.get("picked") or ()),
        words=str(look.get("words") or ""),
    )


@dataclass(frozen=True)
class Board:
    """What every page of the area begins with; ``StaffBoard`` and ``MemberBoard`` are the two of them."""

    look: ClassesLook
    staff: bool
    zone: str  # of the reader
