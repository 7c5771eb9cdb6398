"""Mentoring: the words of its states, what a program may be set to, and how many places a mentor has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.errors import Refusal
from domain.text import N_


class Stage(StrEnum):
    """A program: first set up, then open from the first [Turn on Matching], at last ended."""

    DRAFT = "draft"
    OPEN = "open"
    ENDED = "ended"


class Process(StrEnum):
    """Who decides: the organizers, mentees with their mentors' approval, or mentees alone."""

    ADMIN = "admin"
    APPROVAL = "approval"
    USER = "user"


class Taking(StrEnum):
    """How somebody takes part: registered only until they complete the profile they were asked for."""

    REGISTERED = "registered"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class Asking(StrEnum):
    """A request to a mentor, or a place on a list that is not asked yet."""

    QUEUED = "queued"
    PENDING = "pending"
    FROZEN = "frozen"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SKIPPED_FULL = "skipped_full"
    CLOSED_UNAVAILABLE = "closed_unavailable"
    CLOSED_FULL = "closed_full"
    CANCELLED = "cancelled"


WAITING = (Asking.PENDING, Asking.FROZEN)
OPEN = (Asking.QUEUED, *WAITING)
# from which states a request may come into which; whatever is not here is over for good
STEPS: Mapping[Asking, tuple[Asking, ...]] = {
    Asking.PENDING: (Asking.QUEUED, Asking.FROZEN),
    Asking.FROZEN: (Asking.PENDING,),
    Asking.APPROVED: (Asking.PENDING,),
    Asking.DECLINED: (Asking.PENDING,),
    Asking.EXPIRED: (Asking.PENDING,),
    Asking.WITHDRAWN: OPEN,
    Asking.SKIPPED_FULL: (Asking.QUEUED,),
    Asking.CLOSED_UNAVAILABLE: OPEN,
    Asking.CLOSED_FULL: WAITING,
    Asking.CANCELLED: OPEN,
}


class Pairing(StrEnum):
    """A match: put together, perhaps asked about, live, and over."""

    STAGED = "staged"
    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    DISCARDED = "discarded"


LIVE = (Pairing.STAGED, Pairing.PROPOSED, Pairing.ACTIVE)


class Status(StrEnum):
    """Where a mentee stands; computed, never stored. The first one that applies counts."""

    LEFT = "left"
    PAUSED = "paused"
    MATCHED = "matched"  # an active match, and no free slot
    STAGED = "staged"
    AWAITING_MENTOR = "awaiting_mentor"
    PICK_AGAIN = "pick_again"
    CHOOSING = "choosing"  # invited, and has begun: a draft of choices is kept
    INVITED = "invited"
    NOT_INVITED = "not_invited"


class News(StrEnum):
    """What a mentee is told of a request that came to nothing."""

    DECLINED = "declined"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"
    FULL = "full"


END_REASONS = {
    "completed": N_("Completed"),
    "not_a_fit": N_("Not a good fit"),
    "no_time": N_("No time"),
    "left_company": N_("Left the company"),
    "other": N_("Other"),
}
PROCESSES = {
    Process.ADMIN: N_("Admin-led"),
    Process.APPROVAL: N_("User-led with Approval"),
    Process.USER: N_("User-led"),
}
TYPES = {"cohort": N_("Cohort"), "evergreen": N_("Evergreen")}
ROLES = {"mentoring": N_("Mentors and Mentees"), "peers": N_("Peers")}
WORDINGS = {"matching": N_("Matching"), "pairing": N_("Pairing")}
# what each field of the settings is called, in the order of the form
SETTINGS = {
    "name": N_("Name"),
    "type": N_("Program Type"),
    "process": N_("Matching Process"),
    "roles": N_("Roles"),
    "wording": N_("Wording"),
    "zone": N_("Time zone"),
    "organizers": N_("Organizers"),
    "choices": N_("Choices per mentee"),
    "default_places": N_("Default mentees per mentor"),
    "most_places": N_("Most mentees per mentor"),
    "mentors_per_mentee": N_("Mentors per mentee"),
    "answer_days": N_("Days to answer"),
    "weekend": N_("Weekend days"),
    "holidays": N_("Holidays"),
    "country": N_("Public holidays of"),
    "reply_required": N_("Reply text when declining"),
    "rhythm_days": N_("Meeting rhythm"),
    "ends_on": N_("End date"),
    "may_search": N_("Mentees may search all mentors"),
    "ending_asks": N_("Ending needs an organizer"),
    "keep_places": N_("Keep places for open requests"),
    "digest": N_("Weekly digest"),
    "invite_again_days": N_("Invite again after"),
    "support": N_("Support contact"),
}
MOST_CHOICES = 5
MOST_LISTS = 2  # lists without a match, after which organizers hear of it


class MatchingPaused(Refusal):
    """Matching is paused by the organizer."""


class NoPlaceLeft(Refusal):
    """You have no place left."""


class NotAsked(Refusal):
    """Only the mentor who was asked can answer this request."""


class NotYours(Refusal):
    """Only the mentee who asked can withdraw this request."""


class NotOfThisMatch(Refusal):
    """Only the two people of this match can do this."""


class NotTakingPart(Refusal):
    """You do not take part in this program. Open the Home tab to join it."""


class MembersOnly(Refusal):
    """Only full members can take part."""


class Ended(Refusal):
    """This program has ended."""


class NoSuchMatch(Refusal):
    """This match does not exist any more."""


class NoSuchRequest(Refusal):
    """This request does not exist any more."""


class NoSuchParticipant(Refusal):
    """This person does not take part any more."""


def places(own: int | None, *, default: int, most: int) -> int:
    """How many mentees a mentor takes at a time."""
    return min(default if own is None else own, most)


def free_places(cap: int, *, used: int, asked: int = 0, keep: bool = False) -> int:
    """Places a mentor has left: *used* counts matches, *asked* requests, if they *keep* one each."""
    return max(0, cap - used - (asked if keep else 0))


@dataclass(frozen=True)
class PreferencesForm:
    """What a mentee submits: participants as mentors, first choice first, and what they want to work on."""

    mentors: tuple[int, ...]
    goal: str


@dataclass(frozen=True)
class ProfileForm:
    """What somebody says of themselves. *places* is None where they left it to the program."""

    mentee: bool = False
    mentor: bool = False
    goals: str = ""
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    department: str = ""
    seniority: int | None = None
    places: int | None = None


@dataclass(frozen=True)
class Settings:
    """How a mentoring program is set up: the form of its settings, and what its row holds."""

    name: str = ""
    zone: str = ""
    organizers: tuple[str, ...] = ()
    type: str = "cohort"
    process: str = Process.APPROVAL
    roles: str = "mentoring"
    wording: str = "matching"
    choices: int = 3
    default_places: int = 1
    most_places: int = 3
    mentors_per_mentee: int = 1
    answer_days: int = 3
    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[date, ...] = ()
    country: str = ""
    reply_required: bool = False
    rhythm_days: int = 14
    ends_on: date | None = None
    may_search: bool = True
    ending_asks: bool = False
    keep_places: bool = False
    invite_again_days: int = 2
    digest: bool = True
    support: str = ""


@dataclass(frozen=True)
class Press:
    """A pressed button of one of our messages: by whom, and where to answer. Real Slack ids, no rights."""

    user_id: str
    outbox_id: int = 0
    channel: str = ""
    ts: str = ""
    response_url: str | None = None


@dataclass(frozen=True)
class Done:
    """What came of an attempt to change a state. *changed* is False where it was handled already."""

    changed: bool
    state: str
    told: int = 0  # people who are told
    at: datetime | None = None
    notes: tuple[str, ...] = field(default=())
