"""The area [Classes] of App Home: what staff see of terms and memberships, and what members see of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

AREA = "classes"
PER_PAGE = 20
STANDS = timedelta(minutes=2)  # so long it says what a press came to
TABS = ("classes", "types", "memberships", "requests", "members")  # of staff; members: ""


@dataclass(frozen=True)
class ClassesLook:
    """How somebody looks at the area: a tab of *TABS* as staff, or "mine" as a member.

    *open_id* is the term, membership or class that is open there, 0 for the list; *picked* are classes ticked
    for [Assign to Session], *words* what members are searched by. *said* is what a press came to, at
    *said_at* (a timestamp): it stands above the page, also when that is drawn anew meanwhile.
    """

    tab: str = ""
    open_id: int = 0
    page: int = 0
    picked: tuple[int, ...] = ()
    words: str = ""
    said: str = ""
    said_at: float = 0.0

    def stored(self) -> dict[str, Any]:
        """As ``look.board`` keeps it."""
        found = {"area": AREA, "tab": self.tab, "open": self.open_id, "page": self.page}
        told = {"said": self.said, "said_at": self.said_at} if self.said else {}
        return found | {"picked": list(self.picked), "words": self.words} | told

    def at(self, now: datetime) -> "ClassesLook":
        """The same without what was said a while ago."""
        old = self.said and now.timestamp() - self.said_at > STANDS.total_seconds()
        return replace(self, said="", said_at=0.0) if old else self


def classes_look_of(look: Mapping[str, Any]) -> ClassesLook:
    """How somebody looks at the area, read from what is stored."""
    return ClassesLook(
        tab=str(look.get("tab") or ""),
        open_id=int(look.get("open") or 0),
        page=int(look.get("page") or 0),
        picked=tuple(int(one) for one in look.get("picked") or ()),
        words=str(look.get("words") or ""),
        said=str(look.get("said") or ""),
        said_at=float(look.get("said_at") or 0),
    )


@dataclass(frozen=True)
class Board:
    """What every page of the area begins with; ``StaffBoard`` and ``MemberBoard`` are the two of them."""

    look: ClassesLook
    staff: bool
    zone: str  # of the reader
