"""What App Home shows somebody of the mentoring programs they take part in, or may join."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.mentoring import Process, Status, Taking

MOST_PROGRAMS = 5
MOST_MATCHES = 6  # of all programs together
MOST_WAITING = 5


@dataclass(frozen=True)
class MyMatch:
    """An active match of somebody. *mentor*: they are the mentor of the two."""

    match_id: int
    other_id: str
    other: str
    mentor: bool
    end_asked: bool = False


@dataclass(frozen=True)
class MyRequest:
    """A list of a mentee that is being asked. *mentor* is empty while nobody can be asked."""

    list_id: int
    mentor: str = ""
    until: date | None = None  # the last local day of the mentor; None: Slack does not have the question yet
    frozen: bool = False


@dataclass(frozen=True)
class MyProgram:
    """A mentoring program as one of its people, or somebody who may join it, sees it."""

    program_id: int
    name: str
    peers: bool = False
    process: str = Process.APPROVAL
    taking: Taking | None = None  # None and LEFT: they do not take part
    mentee: bool = False
    mentor: bool = False
    status: Status | None = None  # of a mentee
    free: int = 0
    cap: int = 0
    paused_until: datetime | None = None
    may_choose: bool = False
    request: MyRequest | None = None
    matches: tuple[MyMatch, ...] = ()
    more_matches: int = 0

    @property
    def takes_part(self) -> bool:
        """Whether they are among its people, on a break or not."""
        return self.taking not in (None, Taking.LEFT)


@dataclass(frozen=True)
class MyWaiting:
    """Something of mentoring that waits for somebody's press.

    *what* is "request" (for its mentor), "offer" (for a mentee), "choose" or "check_in"; *value* is what its
    buttons carry.
    """

    what: str
    program: str
    value: str
    other: str = ""
    goal: str = ""
    until: date | None = None
    at: datetime | None = None  # of a session
    first: bool = False  # of a session: the first of its match


@dataclass(frozen=True)
class MyMentoring:
    """All of it; empty for guests and apps."""

    programs: tuple[MyProgram, ...] = ()
    more: int = 0
    waiting: tuple[MyWaiting, ...] = ()
    more_waiting: int = 0
    zone: str = "Etc/UTC"  # of the reader
