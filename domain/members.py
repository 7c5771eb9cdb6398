"""A person's own part: what lies ahead, what they answered, breaks, and whom they never want to meet."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.errors import FieldRefusal
from domain.invitations import State
from domain.schedule import resolve, zone
from domain.text import say

MOST_NEVER = 5  # people that somebody may never want to be matched with
LONGEST = timedelta(days=2 * 366)  # of a break with an end


@dataclass(frozen=True)
class Ahead:
    """A session that somebody is asked for, or will be. *answer* None: they were not asked yet."""

    program: str
    at: datetime | None  # when the groups come; None: in review, and nobody has set a date
    zone: str
    state: str
    answer: State | None = None
    asks_at: datetime | None = None  # when the question comes; None: nobody is asked first


@dataclass(frozen=True)
class Past:
    """What somebody answered, and whether it brought them into a group."""

    program: str
    at: datetime
    zone: str
    answer: State
    session_state: str
    placed: bool = False


@dataclass(frozen=True)
class Break:
    """A break from one program, or from all: then *program* is empty."""

    program_id: int
    program: str
    until: datetime | None
    silent: bool = False


@dataclass(frozen=True)
class Mine:
    """All that the view "My sessions" shows; for the eyes of this person only."""

    user_id: str
    zone: str
    ahead: tuple[Ahead, ...] = ()
    past: tuple[Past, ...] = ()
    breaks: tuple[Break, ...] = ()
    never: tuple[tuple[str, str], ...] = ()  # user id and name
    programs: tuple[tuple[int, str], ...] = ()  # what they may take a break from


@dataclass(frozen=True)
class PauseForm:
    """The modals "Pause until a date" and "Pause for good" as they were filled in."""

    program_id: int = 0  # 0: all programs
    good: bool = False
    until: date | None = None


def end_of_break(form: PauseForm, *, zone_name: str, now: datetime) -> datetime | None:
    """The instant at which a break is over: when its last day begins; None for one without an end.

    Raises FieldRefusal at the date.
    """
    if form.good:
        return None
    tz = zone(zone_name)
    today = now.astimezone(tz).date()
    if form.until is None:
        raise FieldRefusal({"until": say("Choose the day on which you come back.")})
    if form.until <= today:
        raise FieldRefusal({"until": say("Choose a day after today.")})
    if form.until - today > LONGEST:
        raise FieldRefusal({"until": say("Choose a day in the next two years, or pause for good.")})
    return resolve(datetime.combine(form.until, time.min), tz)[0]


def check_never(user_id: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """The people somebody never wants to be matched with, each once. Raises FieldRefusal."""
    chosen = tuple(sorted(set(others) - {user_id}))
    if len(chosen) > MOST_NEVER:
        raise FieldRefusal({"never": say("Choose {count} people at most.", count=MOST_NEVER)})
    return chosen
