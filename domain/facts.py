"""What messages say, as frozen values: services fill them in, blocks draw them.

Facts that are read together with their reader bring the reader's *locale*, as Slack names it; for all others
``services.facts.addressed`` looks at whom the message goes to.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.billing import Errand
from domain.classes_board import Board as ClassesBoard
from domain.classes_facts import ClassesFacts
from domain.dry_runs import DryRun
from domain.exports import Export
from domain.home import HomeProgram, Waiting
from domain.hosted_board import Dashboard
from domain.hosted_facts import HostedFacts
from domain.invitations import State
from domain.meetings import FollowUp, Rested, Word
from domain.members import Mine
from domain.mentoring_board import Board
from domain.mentoring_decisions import DecisionsTask
from domain.mentoring_facts import MentoringFacts
from domain.mentoring_health_facts import HealthFacts
from domain.mentoring_home import MyMentoring
from domain.mentoring_runs import RunTask
from domain.planning import Planning
from domain.statistics import Report
from domain.texts import Texts


@dataclass(frozen=True)
class Question:
    """An opt-in message as its reader should see it now."""

    program: str
    match_at: datetime
    zone: str
    reader_zone: str
    state: State
    session_state: str
    value: str  # what the buttons carry: "<invitation>.<message>"
    again: bool = False  # a copy that may have been seen already
    reminder: bool = False
    below: bool = False  # a newer copy stands further down
    placed: bool = False  # in a group, once the session is matched
    asking: bool = False  # both buttons again, after [Change my answer]
    paused: bool = False  # withdrawn, because its reader takes a break
    program_id: int = 0  # where [Come back] leads
    locale: str = ""  # of the reader, as below
    until: datetime | None = None  # until when one may answer; None: until the groups come
    reader: str = ""  # the reader's name, of which texts take the first
    automatic: bool = False  # takes part without being asked
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class PersonLine:
    """One person in a group message."""

    name: str
    title: str = ""
    zone: str = ""


@dataclass(frozen=True)
class GroupIntro:
    """The message that brings a group together."""

    program: str
    people: tuple[PersonLine, ...]
    icebreaker: str
    repeats: int
    locale: str = ""
    value: str = ""  # what the buttons carry: "<group>.<message>"
    why: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()  # in the working hours of everybody
    past: bool = False  # those times are over
    zone: str = "Etc/UTC"
    words: tuple[Word, ...] = ()  # what each of them says of the meeting
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """Tells somebody who joined why they are in no group."""

    program: str
    reason: str
    reader: str = ""
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Cancelled:
    """Tells somebody who joined that the session will not happen."""

    program: str
    match_at: datetime
    zone: str
    reader_zone: str = ""
    locale: str = ""
    reader: str = ""
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class MetAgain:
    """Two people of a group who were together before."""

    people: tuple[str, ...]
    last: datetime | None = None


@dataclass(frozen=True)
class Summary:
    """What the admin reads after the matching, and once more when the session is closed."""

    program: str
    matched_at: datetime
    asked: int
    joined: int
    declined: int
    silent: int
    groups: int
    repeats: int
    left_out: int
    failed: tuple[tuple[str, int], ...]  # (reason, people), of messages that could not be delivered
    next_at: datetime | None
    asks_first: bool
    zone: str
    reader_zone: str = ""
    occurrence_id: int = 0
    people: int = 0  # in groups
    out: tuple[tuple[str, int], ...] = ()  # (reason, people), of those who joined and are in no group
    again: tuple[MetAgain, ...] = ()  # some of the pairs that meet again
    closed: bool = False
    groups_met: int = 0  # where somebody says so
    people_met: int = 0
    people_not_met: int = 0
    locale: str = ""
    unavoidable: int = 0  # of the repeats, as far as is proven
    method: str = ""  # how the groups were found; "" is not known
    chosen: bool = False  # an organizer changed them since, which nothing is proven of


@dataclass(frozen=True)
class SavedLine:
    """One date of a series."""

    opt_in_at: datetime | None
    match_at: datetime | None  # when groups get their messages; None: in review, and nobody has said


@dataclass(frozen=True)
class Saved:
    """The confirmation of a saved session, with the dates to come and what can be done."""

    program: str
    series_id: int
    audience: str
    people: int | None  # None while the audience is still being read
    zone: str
    repeat: str
    lines: tuple[SavedLine, ...]
    notes: tuple[str, ...] = ()
    edited: bool = False
    ended: bool = False
    asks_first: bool = True
    reminder_at: datetime | None = None
    reader_zone: str = ""
    locale: str = ""
    review_id: int | None = None  # the session whose groups can be looked at
    undated: bool = False  # made at once, to be looked at: there are no dates to edit


@dataclass(frozen=True)
class Notice:
    """One sentence an organizer must know, with an optional list under it."""

    program: str
    title: str
    text: str
    lines: tuple[str, ...] = field(default=())
    locale: str | None = None  # None: that of whoever gets it


@dataclass(frozen=True)
class ProgramCard:
    """What forms show of a program. *people* is None while its audience is still being read."""

    id: int
    name: str
    asks_first: bool
    zone: str
    audience: str
    people: int | None


@dataclass(frozen=True)
class Doubt:
    """Asks the organizer about a message whose fate nobody can look up."""

    program: str
    people: tuple[str, ...]
    outbox_id: int


@dataclass(frozen=True)
class SessionCard:
    """A session as its organizers follow it: its dates, the answers so far, and what can be done now."""

    program: str
    occurrence_id: int
    state: str
    match_at: datetime
    zone: str
    opt_in_at: datetime | None = None
    reader_zone: str = ""
    reason: str = ""
    asks_first: bool = True
    repeats: bool = False
    review: bool = False  # an organizer looks at the groups before they are sent
    send_at: datetime | None = None  # in review: when they are sent; None: nobody has said
    confirmed: bool = False
    waits: bool = True  # in review: without a word of the organizer nothing is sent
    asked: int = 0
    joined: int = 0
    declined: int = 0
    silent: int = 0
    failed: int = 0
    left: int = 0  # paused, or not in the audience any more
    groups: int = 0
    met: int = 0
    reminder_at: datetime | None = None
    locale: str = ""


@dataclass(frozen=True)
class ScheduleBelow:
    """An older confirmation of a series whose dates were changed since."""

    program: str
    locale: str = ""


@dataclass(frozen=True)
class Review:
    """Asks an organizer to look at the groups before they are sent."""

    card: SessionCard
    people: int
    repeats: int
    without: int
    left: bool = False  # groups lack somebody since their date was set
    broken: int = 0  # groups that lack somebody
    late: bool = False  # the matching date has come, and nobody has confirmed it
    locale: str = ""


@dataclass(frozen=True)
class LateLine:
    """One thing that happened later than planned."""

    program: str
    what: str  # opened, matched, skipped, reminded, not_reminded
    planned: datetime
    zone: str
    minutes: int = 0
    reason: str = ""


@dataclass(frozen=True)
class CatchUp:
    """What was done late, and what was not done, after Sessions could not work for a while."""

    lines: tuple[LateLine, ...]
    reader_zone: str = ""


@dataclass(frozen=True)
class Skipped:
    """A session that was not opened, why, and what its organizer can do now."""

    program: str
    occurrence_id: int
    opt_in_at: datetime | None
    match_at: datetime
    zone: str
    reason: str
    reader_zone: str = ""
    still: bool = False  # its matching lies ahead: it can be opened all the same
    next_at: datetime | None = None


@dataclass(frozen=True)
class PlanningPicture:
    """A month of the planning, sent as a picture to whoever asked for it."""

    planning: Planning
    locale: str = ""


@dataclass(frozen=True)
class MyData:
    """All that is stored about somebody, for them alone."""

    data: dict[str, Any]
    reader_zone: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Home:
    """Somebody's App Home; what only organizers see is empty for everybody else."""

    mine: Mine
    waiting: tuple[Waiting, ...] = ()
    admin: bool = False
    programs: tuple[HomeProgram, ...] = ()
    more_programs: int = 0
    cards: tuple[SessionCard, ...] = ()
    more_cards: int = 0
    planning: Planning | None = None
    mentoring: MyMentoring = field(default_factory=MyMentoring)
    organizes_mentoring: bool = False  # they organize a mentoring program, or may create one
    board: Board | None = None  # the Matching page, in place of all else
    hosted: Dashboard | None = None  # the area [1:1 Sessions], in place of all else
    may_host: bool = False  # whether that area is offered
    classes: ClassesBoard | None = None  # the area [Classes], in place of all else
    has_classes: bool = False  # whether that area is offered
    locale: str = ""


@dataclass(frozen=True)
class Addressed:
    """Facts, and the locale in which they are told."""

    facts: "Facts"
    locale: str


Facts = (
    Question | GroupIntro | LeftOut | Cancelled | Summary | Saved | Notice | Doubt
    | FollowUp | Rested | Report | Export
    | SessionCard | ScheduleBelow | CatchUp | Skipped | Review | PlanningPicture
    | Home | MyData | DryRun | RunTask | DecisionsTask | MentoringFacts | HealthFacts | HostedFacts
    | ClassesFacts | Errand
)  # fmt: skip
