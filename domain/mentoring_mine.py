"""What mentees and mentors fill in: their profile, whom they would like as mentor, and why a match ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.mentoring import ProfileForm

OFFERED = 100  # mentors in an open list: what Slack takes
SHORT = 20  # the same where mentees may not search all mentors


@dataclass(frozen=True)
class Offered:
    """A mentor whom a mentee may choose. *silent*: they let a request of this mentee expire."""

    participant_id: int
    name: str
    free: int
    cap: int
    skills: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True)
class Choice:
    """A mentor who is chosen in the form, by participant id, and what they are called there."""

    participant_id: int
    name: str


@dataclass(frozen=True)
class Choosing:
    """The form of a mentee: a choice or None for each field, in order, and what they want to work on."""

    choices: tuple[Choice | None, ...] = ()
    goal: str = ""

    @property
    def filled(self) -> list[tuple[int, Choice]]:
        """The fields that are not empty, counted from 1."""
        return [(at, one) for at, one in enumerate(self.choices, 1) if one is not None]


@dataclass(frozen=True)
class OpenList:
    """A list that is being asked. *mentor* is empty while nobody can be asked."""

    list_id: int
    mentor: str


@dataclass(frozen=True)
class PreferencesSheet:
    """What the modal of a mentee's preferences shows; *asks*: mentors are asked before the match is live."""

    program_id: int
    program: str
    choices: int
    matching_on: bool = True
    asks: bool = True
    form: Choosing = Choosing()
    open: OpenList | None = None


@dataclass(frozen=True)
class Submitted:
    """What came of a list: who is asked until when, who comes next, and who had no room any more."""

    program: str
    matched: bool
    mentor: str
    until: date | None = None
    second: str = ""
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProfileSheet:
    """What the modal "Your profile" shows. *joined*: they take part already."""

    program_id: int
    program: str
    form: ProfileForm
    peers: bool = False
    joined: bool = False
    default_places: int = 1
    most_places: int = 3


@dataclass(frozen=True)
class MatchSheet:
    """One's own match: who the other is, and whether organizers decide about its end."""

    match_id: int
    program: str
    other: str
    ending_asks: bool = False


def at_fields(problems: dict[str, str], form: Choosing) -> dict[str, str]:
    """Problems of the choices, which count the filled fields, at the fields of the form."""
    fields = {f"choice_{rank}": f"choice_{at}" for rank, (at, _) in enumerate(form.filled, 1)}
    return {fields.get(name, name): sentence for name, sentence in problems.items()}


def matching(found: Sequence[Offered], typed: str) -> list[Offered]:
    """Those whose name or skills hold what was typed."""
    words = typed.casefold().split()
    return [one for one in found if all(word in _searched(one) for word in words)]


def _searched(one: Offered) -> str:
    return " ".join((one.name, *one.skills)).casefold()
