"""What messages of hosted sessions say: to participants, to hosts, and to administrators."""

from dataclasses import dataclass
from datetime import datetime

from domain.billing import Amount
from domain.hosted import Channel, Presence, Stage


@dataclass(frozen=True)
class Meeting:
    """The session as one participant is told of it, in their own zone."""

    title: str  # "" where the host gave it no name
    host: str
    name: str  # of the participant
    starts_at: datetime
    minutes: int
    zone: str  # of the reader
    host_zone: str
    channel: Channel
    key: str  # of the message: the Message-ID, and what the calendar entry is not
    to: str = ""  # the address, where it leaves Slack
    locale: str = ""  # of the reader
    value: str = ""  # what buttons in Slack carry: "<participant>.<message>"
    again: bool = False  # it may have arrived before


@dataclass(frozen=True)
class Way:
    """How to get in. *code* is nine digits, "" for colleagues and where it is dead."""

    link: str
    code: str


@dataclass(frozen=True)
class Due:
    """What is still to be paid, and where; *rule* is the host's cancellation rule."""

    amount: Amount
    link: str
    service: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Entry:
    """A calendar entry: one id for its whole life, and a sequence that grows."""

    uid: str
    sequence: int
    cancelled: bool = False
    accepted: bool = False  # by the reader
    organizer: str = ""  # the address that letters come from
    at: datetime | None = None  # when it was written


@dataclass(frozen=True)
class ToParticipant:
    """What every message to a participant begins with."""

    meeting: Meeting

    @property
    def locale(self) -> str:
        """The reader's."""
        return self.meeting.locale


@dataclass(frozen=True)
class Invite(ToParticipant):
    """H1: somebody is invited."""

    way: Way
    entry: Entry
    due: Due | None = None
    presence: Presence = Presence.INVITED  # of a colleague, whose buttons show it
    stage: Stage = Stage.SCHEDULED


@dataclass(frozen=True)
class Remind(ToParticipant):
    """H2: it is soon."""

    way: Way
    day: bool  # whether to say on which day, because it is not today for the reader
    due: Due | None = None


@dataclass(frozen=True)
class Moved(ToParticipant):
    """H3: another time; or another duration, or a cancellation that was undone."""

    way: Way
    entry: Entry
    was_at: datetime
    minutes_were: int = 0  # 0: they stayed
    undone: bool = False
    due: Due | None = None  # after an undone cancellation: what was given back is to be paid again


@dataclass(frozen=True)
class Called(ToParticipant):
    """H4: it was cancelled, or the reader is not part of it any more."""

    entry: Entry
    back: Amount | None = None


@dataclass(frozen=True)
class Receipt(ToParticipant):
    """Somebody paid: for the participant, and as an e-mail for the host (*for_host*)."""

    amount: Amount
    service: str
    paid_at: datetime
    for_host: bool = False


@dataclass(frozen=True)
class Refunded(ToParticipant):
    """Money came back."""

    amount: Amount
    whole: bool


@dataclass(frozen=True)
class GuestNews:
    """A host hears of one participant: H5, H6, H8, "is here", refunds, and what went wrong.

    *what*: paid, undelivered, accepted, declined, silent (has not answered), here, knocks (asks to be
    let in), refunded, refund_failed, late_payment (for a cancelled session), disputed.
    """

    what: str
    name: str
    title: str
    starts_at: datetime
    zone: str  # of the host
    value: str
    amount: Amount | None = None
    reason: str = ""
    stage: Stage = Stage.SCHEDULED
    room: str = ""
    done: bool = False  # its button was used: who was admitted, say
    locale: str = ""


@dataclass(frozen=True)
class HostNotice:
    """A host hears of a session.

    *what*: saved, starts, done, missed, given (by somebody), given_back, cancelled, undone, needs_room.
    """

    what: str
    title: str
    names: tuple[str, ...]
    starts_at: datetime
    zone: str
    value: str
    room: str = ""
    who: str = ""  # the other host
    until: datetime | None = None  # until when a button works
    stage: Stage = Stage.SCHEDULED
    done: bool = False  # its button was used, or works no more
    locale: str = ""


@dataclass(frozen=True)
class Orientation:
    """An orientation, for those who may give it and for whoever asked.

    *what*: asked, nudge, taken, suggested, set, declined, nobody.
    """

    what: str
    need: str
    who: str  # the other side, by name
    starts_at: datetime
    zone: str  # of the reader
    value: str
    suggested_at: datetime | None = None
    note: str = ""
    taken_by: str = ""
    open: bool = True  # whether it can still be answered
    locale: str = ""


@dataclass(frozen=True)
class Alarm:
    """What an administrator should know: *what* is amount, codes (too many wrong ones) or refund."""

    what: str
    expected: Amount | None = None
    got: Amount | None = None
    service: str = ""
    until: datetime | None = None
    reason: str = ""
    locale: str | None = None


HostedFacts = (
    Invite | Remind | Moved | Called | Receipt | Refunded | GuestNews | HostNotice | Orientation | Alarm
)
