"""How an active match is doing, by what its two people say of their meetings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.text import N_

FIRST_DAYS = 7  # without a meeting, after which a match counts as not started
LOW = 2  # of 4
SOON_DAYS = 14
NUDGE_REST = timedelta(days=3)


class View(StrEnum):
    """Where an active match belongs; the first that applies wins."""

    NOT_STARTED = "not_started"
    NEEDS_CHECK_IN = "needs_check_in"
    LOW_SCORE = "low_score"
    ENDING_SOON = "ending_soon"
    ON_TRACK = "on_track"


VIEWS = {
    View.NOT_STARTED: N_("Not Started"),
    View.NEEDS_CHECK_IN: N_("Needs Check-in"),
    View.LOW_SCORE: N_("Low Score"),
    View.ENDING_SOON: N_("Ending Soon"),
    View.ON_TRACK: N_("On Track"),
}


@dataclass(frozen=True)
class Pulse:
    """What is known of an active match.

    *last* is the newest session that took place, *ahead* whether another is planned, *rating* the lowest of
    the newest rated session, *unfit* whether one of the two said "Not a Good Fit".
    """

    active_at: datetime
    last: datetime | None = None
    ahead: bool = False
    rating: int | None = None
    unfit: bool = False


@dataclass(frozen=True)
class Course:
    """By what a program judges its matches; days are those on the wall of its *zone*."""

    rhythm_days: int
    zone: str
    now: datetime
    ends_on: date | None = None

    def days_since(self, moment: datetime) -> int:
        """Whole days on the calendar since a moment."""
        tz = ZoneInfo(self.zone)
        return (self.now.astimezone(tz).date() - moment.astimezone(tz).date()).days

    @property
    def days_left(self) -> int | None:
        """Whole days until the program's last; None where it has no end."""
        if self.ends_on is None:
            return None
        return (self.ends_on - self.now.astimezone(ZoneInfo(self.zone)).date()).days


def view_of(pulse: Pulse, course: Course) -> View:
    """The view in which a match stands.

    A match whose first meeting is planned has started; one is overdue when its last session is longer ago
    than one and a half times the rhythm: with 14 days, day 21 is on track, and day 22 needs a check-in.
    """
    if pulse.last is None and not pulse.ahead and course.days_since(pulse.active_at) >= FIRST_DAYS:
        return View.NOT_STARTED
    if pulse.last is not None and 2 * course.days_since(pulse.last) > 3 * course.rhythm_days:
        return View.NEEDS_CHECK_IN
    if pulse.unfit or (pulse.rating is not None and pulse.rating <= LOW):
        return View.LOW_SCORE
    if course.days_left is not None and course.days_left < SOON_DAYS:
        return View.ENDING_SOON
    return View.ON_TRACK


# --- The page [Monitor Health] -------------------------------------------------------------------------

PAGE = 20
NUMBERS = {
    "registered": N_("Registered"),
    "unmatched": N_("Unmatched"),
    "choosing": N_("Choosing"),
    "awaiting": N_("Awaiting mentor"),
    "staged": N_("Staged"),
    "active": N_("Active"),
    "ended": N_("Ended"),
    "approved": N_("Requests approved"),
    "declined": N_("Requests declined"),
    "expired": N_("Requests expired"),
    "answered": N_("Median hours to answer"),
    "completed": N_("Sessions completed"),
    "upcoming": N_("Sessions upcoming"),
    "missed": N_("Sessions missed"),
    "sent": N_("Messages sent"),
    "failed": N_("Messages failed"),
}
NOW = ("registered", "unmatched", "choosing", "awaiting", "staged", "active", "upcoming")  # the rest add up


@dataclass(frozen=True)
class Line:
    """One line of a number's list."""

    names: tuple[str, ...]
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class MatchRow:
    """An active match in one of the five views."""

    match_id: int
    mentee: str
    mentor: str
    pulse: Pulse
    nudged_at: datetime | None = None


@dataclass(frozen=True)
class Health:
    """The page: all numbers, or the list of one (*tab*), or one of the five views."""

    program_id: int
    program: str
    wording: str
    zone: str
    since: datetime
    until: datetime
    tab: str = ""
    page: int = 0
    total: int = 0  # lines or rows on all pages
    numbers: tuple[tuple[str, float | None], ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()  # why messages failed
    views: tuple[tuple[View, int], ...] = ()
    rows: tuple[MatchRow, ...] = ()
    lines: tuple[Line, ...] = ()
    reader_zone: str = ""
