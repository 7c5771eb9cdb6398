"""The area [1:1 Sessions] of App Home: how somebody looks at it, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.billing import Amount
from domain.hosted import Channel, Kind, Presence, Stage, ends

AREA = "hosted"  # how the look of a Home says that somebody is in this area
PER_PAGE = 10  # sessions
MOST_TILES = 6  # of one session; all of them are behind [Open Session]


@dataclass(frozen=True)
class HostedLook:
    """Which sessions, and which page of them. It is a wish, and proves nothing."""

    page: int = 0
    past: bool = False
    everybody: bool = False  # the sessions of all hosts; of no effect unless an administrator looks

    def as_dict(self) -> dict[str, Any]:
        """For the look of a Home."""
        return {"area": AREA, "page": self.page, "past": self.past, "everybody": self.everybody}


def hosted_look_of(found: Mapping[str, Any]) -> HostedLook:
    """The look that was stored; what makes no sense is as in the beginning."""
    page = found.get("page")
    return HostedLook(
        page=page if isinstance(page, int) and 0 <= page < 2**31 else 0,
        past=found.get("past") is True,
        everybody=found.get("everybody") is True,
    )


def fitted(tiles: Sequence[int], room: int) -> list[int]:
    """How many tiles of each session are drawn, in *room* blocks: as even as they fit, at most six each.

    *tiles* is how many each session has.
    """
    shown = [0] * len(tiles)
    for _round in range(MOST_TILES):
        for place, there in enumerate(tiles):
            if room and shown[place] < there:
                shown[place] += 1
                room -= 1
    return shown


# --- What it says --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """One participant on the dashboard."""

    id: int
    name: str
    channel: Channel
    presence: Presence
    waiting: bool  # the invitation is on its way, and late
    trouble: str = ""
    money: str = ""  # a domain.hosted.Money, "" where nothing is to pay
    amount: Amount | None = None
    refunded: Amount | None = None
    refunding: bool = False  # more is on its way back
    left: Amount | None = None  # what can be given back of what was paid; None: nothing
    missed: bool = False  # a reminder was
    coded: bool = False  # whether there is a code to show
    knocks: bool = False  # asks to be let in


@dataclass(frozen=True)
class Row:
    """One session on the dashboard."""

    id: int
    title: str
    stage: Stage
    starts_at: datetime
    minutes: int
    tiles: tuple[Tile, ...]
    may_cancel: bool = False
    may_remove: bool = False
    may_move: bool = False
    may_undo: bool = False
    over_at: datetime | None = None
    over_by: str = ""  # a name, "" where time did it
    by_reader: bool = False  # it was the reader
    mine: bool = True  # the reader hosts it
    host: str = ""  # who does otherwise; "" for an orientation that nobody took yet
    kind: Kind = Kind.SCHEDULED

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return ends(self.starts_at, self.minutes)


@dataclass(frozen=True)
class Dashboard:
    """The area as one reader sees it."""

    zone: str
    rows: tuple[Row, ...] = ()
    page: int = 0
    pages: int = 1
    past: bool = False
    draft: bool = False  # [Continue Draft]
    hosts: bool = True  # whether the reader may host; else only orientations
    admin: bool = False
    everybody: bool = False  # an administrator looks at the sessions of all hosts
    off: tuple[str, ...] = field(default_factory=tuple)  # what is switched off here, and who can change it
    year: int = 0  # the present one, which is not said


@dataclass(frozen=True)
class Opened:
    """One session, as its modals show it in the *zone* of whoever opened them."""

    row: Row
    zone: str
    year: int = 0
    version: int = 0  # that was looked at
    room: str = ""


@dataclass(frozen=True)
class Shown:
    """An access code, for the host to read out; *page* is where it is typed, "" where there is none."""

    name: str
    code: str = field(repr=False)
    page: str = ""
