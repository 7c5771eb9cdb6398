"""The Matching page of organizers: how somebody looks at it, and what it shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.mentoring import Asking, Pairing, Process, Status
from domain.text import N_, Said, on_one_line

PAGE = 20  # rows
MOST_SELECTED = 500  # people; a look is stored with somebody's Home, and read whenever that is drawn
LONGEST_SEARCH = 60


class Tab(StrEnum):
    """One part of the funnel."""

    UNMATCHED = "unmatched"
    MENTEES = "mentees"
    MENTORS = "mentors"
    REQUESTS = "requests"
    STAGED = "staged"
    ACTIVE = "active"
    ENDED = "ended"


TABS = {
    Tab.UNMATCHED: N_("Unmatched Mentees"),
    Tab.MENTEES: N_("Available Mentees"),
    Tab.MENTORS: N_("Available Mentors"),
    Tab.REQUESTS: N_("Requests"),
    Tab.STAGED: N_("Staged by Admin"),
    Tab.ACTIVE: N_("Active Matches"),
    Tab.ENDED: N_("Ended"),
}
PEOPLE = (Tab.UNMATCHED, Tab.MENTEES, Tab.MENTORS)  # where matching begins


class SubTab(StrEnum):
    """Unmatched mentees of a user-led program: those who were not invited yet, and those who were."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"


SUB_TABS = {SubTab.NOT_INVITED: N_("Not Invited by Admin"), SubTab.INVITED: N_("Invited by Admin")}
STATUSES = {
    Status.LEFT: N_("Left"),
    Status.PAUSED: N_("Paused"),
    Status.MATCHED: N_("Matched"),
    Status.STAGED: N_("Staged"),
    Status.AWAITING_MENTOR: N_("Awaiting mentor"),
    Status.PICK_AGAIN: N_("Has to pick again"),
    Status.CHOOSING: N_("Choosing"),
    Status.INVITED: N_("Invited"),
    Status.NOT_INVITED: N_("Not invited"),
}
REQUESTS = {
    Asking.QUEUED: N_("Not asked yet"),
    Asking.PENDING: N_("Waiting for the mentor"),
    Asking.FROZEN: N_("Frozen while matching is off"),
    Asking.APPROVED: N_("Approved"),
    Asking.DECLINED: N_("Declined"),
    Asking.EXPIRED: N_("Expired"),
    Asking.WITHDRAWN: N_("Withdrawn"),
    Asking.SKIPPED_FULL: N_("Skipped: no place left"),
    Asking.CLOSED_UNAVAILABLE: N_("Closed: mentor no longer available"),
    Asking.CLOSED_FULL: N_("Closed: no place left"),
    Asking.CANCELLED: N_("No longer needed"),
}
_WAITING = (
    Status.AWAITING_MENTOR,
    Status.PICK_AGAIN,
    Status.CHOOSING,
    Status.INVITED,
    Status.NOT_INVITED,
)
# what the rows of a tab can be narrowed to; the first one is what is shown where nothing was chosen
FILTERS: Mapping[Tab, Mapping[str, str]] = {
    Tab.UNMATCHED: {"": N_("All"), **{one.value: STATUSES[one] for one in _WAITING}},
    Tab.MENTEES: {"": N_("All"), **{one.value: STATUSES[one] for one in _WAITING}},
    Tab.REQUESTS: {
        "": N_("Waiting for an answer"),
        Asking.QUEUED.value: REQUESTS[Asking.QUEUED],
        Asking.APPROVED.value: REQUESTS[Asking.APPROVED],
        Asking.DECLINED.value: REQUESTS[Asking.DECLINED],
        Asking.EXPIRED.value: REQUESTS[Asking.EXPIRED],
        "all": N_("All"),
    },
    Tab.STAGED: {"": N_("All"), "attention": N_("Needs attention"), "locked": N_("Locked")},
    Tab.ENDED: {"": N_("Ended"), Pairing.DISCARDED.value: N_("Discarded")},
}


def status_of(applies: Collection[Status]) -> Status:
    """Where a mentee stands, of all that applies to them: the first one counts."""
    return next((one for one in Status if one in applies), Status.NOT_INVITED)


# --- How somebody looks --------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoardLook:
    """How somebody looks at the Matching page. It is stored with their Home, a wish that proves no right.

    *program* 0: they choose one. *selected* holds participants, over all pages. *cleared* counts how often
    all were unticked, because Slack keeps a tick for as long as its box is called the same.
    """

    program: int = 0
    tab: str = Tab.UNMATCHED
    sub_tab: str = SubTab.NOT_INVITED
    page: int = 0
    search: str = ""
    filter: str = ""
    selected: tuple[int, ...] = ()
    cleared: int = 0
    checked: dict[str, str] = field(default_factory=dict)  # what [Check now] found

    def as_dict(self) -> dict[str, Any]:
        """For a column."""
        return asdict(self)

    def at(self, program: int) -> "BoardLook":
        """The page of a program; of another one than before, from its beginning."""
        return self if program == self.program else BoardLook(program, cleared=self.cleared + 1)

    def opened(self, tab: str) -> "BoardLook":
        """Another tab, from its beginning; who was selected stays so."""
        return replace(self, tab=tab if tab in TABS else self.tab, page=0, filter="", search="")

    def ticked(self, participant: int, *, on: bool) -> "BoardLook":
        """Somebody was selected, or is no longer; what is more than can be kept is not taken."""
        rest = tuple(one for one in self.selected if one != participant)
        if not on or len(rest) >= MOST_SELECTED:
            return replace(self, selected=rest)
        return replace(self, selected=(*rest, participant))

    def unticked(self) -> "BoardLook":
        """Nobody is selected."""
        return replace(self, selected=(), cleared=self.cleared + 1)


def filters(tab: str, process: str) -> Mapping[str, str]:
    """What the rows of a tab can be narrowed to. Where organizers match, mentees are not on any way there."""
    return {} if process == Process.ADMIN and tab in PEOPLE else FILTERS.get(Tab(tab), {})


def board_look_of(found: Mapping[str, Any]) -> BoardLook:
    """The look that was stored; what makes no sense is as in the beginning."""
    tab = Tab(found["tab"]) if found.get("tab") in TABS else Tab.UNMATCHED
    sub = found.get("sub_tab")
    wanted, selected, checked = found.get("filter"), found.get("selected"), found.get("checked")
    return BoardLook(
        program=_count(found.get("program")),
        tab=tab.value,
        sub_tab=str(sub) if sub in SUB_TABS else SubTab.NOT_INVITED.value,
        page=_count(found.get("page")),
        search=on_one_line(str(found.get("search") or ""))[:LONGEST_SEARCH],
        filter=str(wanted) if wanted in FILTERS.get(tab, {}) else "",
        selected=tuple(map(_count, selected[:MOST_SELECTED])) if isinstance(selected, list | tuple) else (),
        cleared=_count(found.get("cleared")),
        checked={str(name): str(text) for name, text in checked.items()} if isinstance(checked, dict) else {},
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


# --- What it shows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A program in the list from which one is chosen."""

    id: int
    name: str
    stage: str
    on: bool
    wording: str


@dataclass(frozen=True)
class PersonRow:
    """A mentee or a mentor. Of a mentee: the *status*; of a mentor: places.

    *skills* are those a mentee wants, or a mentor offers; *goal* is the mentee's own word.
    """

    id: int
    user_id: str
    name: str
    status: Status = Status.NOT_INVITED
    matched: int = 0  # mentors this mentee has
    places: int = 0
    used: int = 0
    asked: int = 0
    free: int = 0
    skills: tuple[str, ...] = ()
    goal: str = ""


@dataclass(frozen=True)
class RequestRow:
    """A mentor who was asked, or will be."""

    id: int
    mentee: str
    mentor: str
    state: Asking
    rank: int = 1
    last_day: date | None = None  # of the answer, in the mentor's zone
    organizer: bool = False  # an organizer asks, not the mentee


@dataclass(frozen=True)
class MatchRow:
    """A match, in whichever state."""

    id: int
    mentee: str
    mentor: str
    state: Pairing
    names: tuple[str, str] = ("", "")
    score: int | None = None
    why: tuple[Said, ...] = ()
    problem: tuple[Said, ...] = ()
    conflict: str = ""  # with whom the mentee was matched meanwhile
    by: str = ""  # who staged it; "" for a person's own doing
    origin: str = ""
    at: datetime | None = None  # staged, active or over since
    reason: str = ""
    locked: bool = False
    waits: bool = False  # its approval was pressed, and a job does it
    gone: tuple[str, ...] = ()  # who of the two left Slack
    wish: str = ""  # who of the two asks to end it
    undo: bool = False


Row = PersonRow | RequestRow | MatchRow


@dataclass(frozen=True)
class Step:
    """A launch step: who did it and when, if somebody did."""

    name: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Result:
    """What the last action on staged matches came to; *todo* counts what a job has still to do."""

    what: str
    done: int = 0
    attention: int = 0
    todo: int = 0
    match: int = 0  # the one that was discarded, if it was one


@dataclass(frozen=True)
class Board:
    """One program's Matching page; without *look.program* the list of programs to choose from."""

    look: BoardLook
    choices: tuple[Choice, ...] = ()
    admin: bool = False
    program: str = ""
    wording: str = "matching"
    process: str = Process.APPROVAL
    type: str = "cohort"
    stage: str = "draft"
    on: bool = False
    zone: str = "UTC"
    choices_each: int = 1  # mentors a mentee may have
    steps: tuple[Step, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # by tab, and by sub-tab
    rows: Sequence[Row] = ()
    total: int = 0  # rows on all pages
    result: Result | None = None
    unlocked: int = 0  # staged matches that [Discard All] would drop
    to_approve: int = 0  # staged matches that [Approve All] would approve

    @property
    def pages(self) -> int:
        """How many pages the tab has; one at least."""
        return max(1, -(-self.total // PAGE))

    @property
    def admin_led(self) -> bool:
        """Whether organizers match, and mentees do not choose."""
        return self.process == Process.ADMIN

    @property
    def open_steps(self) -> tuple[str, ...]:
        """The launch steps that nobody has done yet."""
        return tuple(one.name for one in self.steps if one.at is None)
