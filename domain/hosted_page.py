"""The join page: what stands between a guest and the room, and what the page says about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refusal
from domain.hosted import OPENS, Presence, Stage, code_dies, ends
from domain.hosted_facts import Due

NEAR = timedelta(hours=1)  # before the opening a page looks each minute, and seldom until then
SELDOM, OFTEN, SOON, AT_THE_DOOR = 900, 60, 15, 5  # seconds


class NoSuchDoor(Refusal):
    """This link is not valid. Check it with your host."""


class Step(StrEnum):
    """Where a guest stands on the way into the room."""

    ASKED = "asked"  # the question whether they come, from an e-mail's link
    PAY = "pay"
    COMING = "coming"  # they have paid, and the money is on its way
    UNPAID = "unpaid"  # what was paid went back, and nothing is asked for any more
    WAIT = "wait"  # the session has not opened
    ENTER = "enter"
    KNOCKS = "knocks"  # waits to be let in
    NO_ROOM = "no_room"  # the host was told, and sends it
    DECLINED = "declined"
    CANCELLED = "cancelled"
    OVER = "over"


MAY_ENTER = (Step.ENTER, Step.NO_ROOM)
BEFORE = (Step.PAY, Step.COMING, Step.WAIT)
UNANSWERED = (Presence.INVITED, Presence.INVITE_FAILED, Presence.NO_REPLY)


@dataclass(frozen=True)
class Way:
    """What decides how far a guest gets."""

    stage: Stage
    starts_at: datetime
    minutes: int
    presence: Presence
    gone: bool  # they are not part of it any more
    paid: bool  # or nothing is to pay
    due: bool  # there is something that can still be paid
    coming: bool  # it was paid by a way that takes its time
    knocks: bool  # at the door, and nobody has let them in
    joined: bool
    room: bool


def step(way: Way, now: datetime) -> Step:  # noqa: PLR0911 - one line per step, in the order of the way
    """Where a guest stands: whatever keeps them out first."""
    if way.gone or way.stage is Stage.CANCELLED:
        return Step.CANCELLED
    over = now >= ends(way.starts_at, way.minutes)
    if way.stage is Stage.REMOVED or now > code_dies(way.starts_at, way.minutes):
        return Step.OVER
    if way.presence is Presence.DECLINED:
        return Step.OVER if over else Step.DECLINED
    if not way.paid:
        unpaid = Step.PAY if way.due else Step.UNPAID
        return Step.OVER if over else (Step.COMING if way.coming else unpaid)
    if way.stage is Stage.REQUESTED or now < way.starts_at - OPENS:
        return Step.WAIT
    if way.knocks:
        return Step.KNOCKS
    return Step.NO_ROOM if way.joined and not way.room else Step.ENTER


@dataclass(frozen=True)
class GuestView:
    """What the join page of one participant says."""

    step: Step
    participant_id: int
    host: str
    title: str
    name: str
    starts_at: datetime
    minutes: int
    zone: str  # of the reader
    host_zone: str
    presence: Presence
    locale: str = ""
    due: Due | None = None
    admitted: bool = False
    accepts: bool = True  # in a question: the choice that comes first
    may_decline: bool = False  # it has not begun
    written_to: bool = False  # they are invited by a message, which may be read before we know that it is

    @property
    def opens_at(self) -> datetime:
        """When the room opens."""
        return self.starts_at - OPENS

    @property
    def asks(self) -> bool:
        """Whether the page asks if they come: nobody has answered yet."""
        open_yet = self.presence in UNANSWERED or (self.presence is Presence.ADDED and self.written_to)
        return self.may_decline and open_yet and self.step in BEFORE

    def looks_again(self, now: datetime) -> int:
        """After how many seconds a page that waits asks again; 0: it does not wait."""
        if self.step is Step.WAIT:
            left = self.opens_at - now
            return min(max(int(left.total_seconds()) + 1, 1), OFTEN if left <= NEAR else SELDOM)
        return {Step.PAY: OFTEN, Step.COMING: OFTEN, Step.NO_ROOM: SOON, Step.KNOCKS: AT_THE_DOOR}.get(
            self.step, 0
        )
