"""Hosted sessions: the words of their states, how long things last, and what may follow what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.billing import Fee
from domain.errors import Refusal
from domain.text import N_, say

OPENS = timedelta(minutes=15)  # so long before its start a session is live, and its room open
CANCEL_GRACE = timedelta(minutes=5)  # so long after its start it may still be cancelled
CODE_AFTER = timedelta(hours=2)  # so long after its end its codes still work
UNDO = timedelta(minutes=10)
GIVE_BACK = timedelta(hours=24)
OWN_NOTICE = timedelta(hours=24)  # who cancels themselves so long before the start gets all back
ASK_AFTER = timedelta(hours=2)  # so long before the start the host hears who has not answered
RESEND = timedelta(minutes=1)
DRAFT_KEPT = timedelta(hours=24)
SUPPORT_NUDGE = timedelta(hours=24)  # so long before an orientation that nobody took
TROUBLE_AFTER = timedelta(minutes=30)  # so long an invitation may wait before the host is told
MOST_PARTICIPANTS = 20
MOST_OFFSETS = 5
DURATIONS = (15, 25, 30, 45, 50, 60, 90, 120)  # minutes
OFFSETS = (2880, 1440, 720, 180, 120, 60, 30, 15, 10, 5)  # minutes before the start, to choose from


class Kind(StrEnum):
    """How a session came to be."""

    NOW = "now"
    SCHEDULED = "scheduled"
    ORIENTATION = "orientation"


class Stage(StrEnum):
    """Where a session stands."""

    REQUESTED = "requested"  # an orientation that nobody took yet
    SCHEDULED = "scheduled"
    LIVE = "live"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REMOVED = "removed"


AHEAD = (Stage.SCHEDULED, Stage.LIVE)
OVER = (Stage.DONE, Stage.MISSED, Stage.CANCELLED, Stage.REMOVED)
# from which states a session may come into which
STEPS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.SCHEDULED: (Stage.REQUESTED, Stage.SCHEDULED, Stage.LIVE, Stage.MISSED, Stage.CANCELLED),
    Stage.LIVE: (Stage.SCHEDULED, Stage.CANCELLED),
    Stage.DONE: (Stage.LIVE, Stage.MISSED),
    Stage.MISSED: (Stage.LIVE,),
    Stage.CANCELLED: (Stage.REQUESTED, Stage.SCHEDULED, Stage.LIVE),
    Stage.REMOVED: (Stage.LIVE,),
}


class Presence(StrEnum):
    """Where a participant stands."""

    ADDED = "added"  # not invited: the host tells them
    INVITED = "invited"
    INVITE_FAILED = "invite_failed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_REPLY = "no_reply"
    JOINED = "joined"
    NO_SHOW = "no_show"


MAY_ANSWER = (
    Presence.ADDED,
    Presence.INVITED,
    Presence.INVITE_FAILED,
    Presence.ACCEPTED,
    Presence.DECLINED,
    Presence.NO_REPLY,
)


class Channel(StrEnum):
    """How somebody is invited and reminded."""

    EMAIL = "email"
    TEXT = "text"
    SLACK = "slack"
    NONE = "none"


CHANNELS = {
    Channel.EMAIL: N_("Email"),
    Channel.TEXT: N_("Text", "a way to send"),
    Channel.SLACK: N_("Slack message"),
    Channel.NONE: N_("System should not send invite"),
}


# --- When ----------------------------------------------------------------------------------------------


def ends(starts_at: datetime, minutes: int) -> datetime:
    """When a session is over."""
    return starts_at + timedelta(minutes=minutes)


def code_dies(starts_at: datetime, minutes: int) -> datetime:
    """Until when its codes work."""
    return ends(starts_at, minutes) + CODE_AFTER


def may_cancel(stage: Stage, starts_at: datetime, now: datetime) -> bool:
    """Whether a session may still be cancelled, so that everybody is told."""
    return stage in AHEAD and now <= starts_at + CANCEL_GRACE


def may_remove(stage: Stage, starts_at: datetime, now: datetime) -> bool:
    """Whether it may be removed instead, silently."""
    return stage is Stage.LIVE and now > starts_at + CANCEL_GRACE


def may_move(stage: Stage, starts_at: datetime, minutes: int, now: datetime) -> bool:
    """Whether its time may be changed: before its end, and afterwards if nobody came."""
    return stage is Stage.MISSED or (stage in AHEAD and now < ends(starts_at, minutes))


def own_refund(starts_at: datetime, now: datetime) -> bool:
    """Whether somebody who cancels themselves gets their money back: until 24 hours before the start."""
    return now <= starts_at - OWN_NOTICE


def late_refund(*, declined: bool, starts_at: datetime, now: datetime) -> bool:
    """Whether money goes back that came too late; whole where it was the host who ended it."""
    return own_refund(starts_at, now) if declined else True


@dataclass(frozen=True)
class Clocks:
    """What of a session time alone changes."""

    stage: Stage
    starts_at: datetime
    minutes: int
    asked: bool  # the host was told who has not answered
    nudged: bool  # support was reminded of an orientation
    coded: bool  # codes are still there to be wiped
    over_at: datetime | None = None
    waiting_since: datetime | None = None  # the oldest invitation that has not arrived, and nobody knows


def next_event(one: Clocks) -> datetime | None:
    """When time next changes something about a session; an instant that is past is due now."""
    if one.stage is Stage.REQUESTED:
        return one.starts_at if one.nudged else one.starts_at - SUPPORT_NUDGE
    if one.stage in AHEAD:
        return min(_ahead(one))
    if not one.coded:
        return None
    if one.stage is Stage.CANCELLED and one.over_at is not None:
        return one.over_at + UNDO  # until then the codes may be needed again
    return code_dies(one.starts_at, one.minutes)


def _ahead(one: Clocks) -> Iterator[datetime]:
    if one.waiting_since is not None:
        yield one.waiting_since + TROUBLE_AFTER
    if one.stage is Stage.LIVE:
        yield ends(one.starts_at, one.minutes)
        return
    yield one.starts_at - OPENS
    if not one.asked:
        yield one.starts_at - ASK_AFTER


# --- What people fill in ------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewParticipant:
    """Somebody to be added. *address* is an e-mail address, a number in E.164 or a user id, by channel."""

    name: str
    channel: Channel
    address: str
    zone: str
    key: str  # of the form: submitted twice, added once
    contact_id: int | None = None
    keep: bool = True  # [Save as contact], or [Update contact] of one that was chosen
    fee: Fee | None = None
    locale: str = ""


@dataclass(frozen=True)
class NewSession:
    """A session to be saved, with its first participant."""

    kind: Kind
    starts_at: datetime
    minutes: int
    zone: str
    key: str
    name: str = ""
    room: str = ""
    people: tuple[NewParticipant, ...] = ()


@dataclass(frozen=True)
class Done:
    """What a press came to; *changed* False: somebody was first, and *said* says what is so now."""

    changed: bool
    said: str = ""
    session_id: int = 0
    codes: Mapping[int, str] = field(default_factory=dict)  # participant id -> code, where H7 is shown


# --- Refusals ------------------------------------------------------------------------------------------


class NotYourSession(Refusal):
    """Only the host of this session can do this."""


class NoSuchSession(Refusal):
    """This session is not there any more."""


class NoSuchGuest(Refusal):
    """This participant is not part of the session any more."""


class MayNotHost(Refusal):
    """Hosting is open to some people of this workspace only. Ask an administrator."""


class MembersOnly(Refusal):
    """Only full members of this workspace can do this."""


class TooManyPeople(Refusal):
    """A session has at most 20 participants."""


class TooLate(Refusal):
    """It is too late for this: the session is over, or has begun."""


class Stale(Refusal):
    """This session changed meanwhile. Your changes are kept below."""

    def __init__(self, changed_at: datetime, zone: str) -> None:
        """Say when it changed, on the wall clock of *zone*."""
        self.changed_at = changed_at
        at = changed_at.astimezone(ZoneInfo(zone)).time()
        super().__init__(say("This session changed at {at}. Your changes are kept below.", at=at))


class NoKey(Refusal):
    """1:1 sessions are off: ask an administrator to set SESSIONS_SECRET_KEY."""
