"""What the messages of mentoring say, as frozen values: services fill them in, blocks draw them.

People are names, as text; days are days of the zone of whoever has to answer.
"""

from dataclasses import dataclass, field
from datetime import date

from domain.mentoring import Asking
from domain.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Told:
    """What all of them have. *locale* is the reader's; *again* marks a copy that may have been seen."""

    program: str
    locale: str = ""
    again: bool = False
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Invited(Told):
    """Asks a mentee to choose mentors."""

    mentee: str
    choices: int
    value: str  # "<program>.<message>", as wherever it is called so
    done: bool = False  # they have chosen, or are matched: nothing is to be pressed


@dataclass(frozen=True, kw_only=True)
class Asked(Told):
    """Asks a mentor, or reminds them; and what became of it, in the same message."""

    mentee: str
    mentor: str
    goal: str
    free: int
    cap: int
    state: Asking
    value: str  # "<request>.<message>"
    until: date | None = None
    decided: date | None = None
    by_you: bool = True
    response: str = ""
    reminder: bool = False
    proposer: str = ""  # the organizer who asks, where no mentee does


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Somebody on a list who was not asked, because they have no place left, or do not take part now."""

    name: str
    full: bool


@dataclass(frozen=True, kw_only=True)
class Sent(Told):
    """Tells a mentee whom their list has reached. *mentor* is empty where nobody is asked now."""

    state: str  # of the list
    value: str  # "<list>.<message>"
    mentor: str = ""
    following: str = ""
    until: date | None = None
    frozen: bool = False
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Came(Told):
    """Tells a mentee that a request came to nothing, and who is asked now, or that they may choose again."""

    news: str  # a News; empty where only the list is used up
    mentee: str
    mentor: str
    goal: str
    value: str
    list_value: str
    response: str = ""
    following: str = ""
    used_up: bool = False
    paused: bool = False  # matching is off: nobody is asked now
    skipped: tuple[Skipped, ...] = ()
    may_choose: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, kw_only=True)
class Expired(Told):
    """Tells a mentor that a request is over, and what became of their late offer."""

    mentee: str
    mentor: str
    goal: str
    value: str
    request_value: str
    offer: str = ""
    until: date | None = None
    may_offer: bool = False


@dataclass(frozen=True, kw_only=True)
class Offered(Told):
    """Tells a mentee that a mentor who let a request expire can take them after all."""

    mentor: str
    offer: str
    value: str  # "<request>.<message>"
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Matched(Told):
    """Tells two people that they are matched: each alone, or both in their conversation.

    *goal* is what the mentee wrote to the mentors they chose, or into their profile.
    """

    mentee: str
    mentor: str
    goal: str = ""
    value: str  # "<match>.<message>"
    live: bool = True


@dataclass(frozen=True, kw_only=True)
class Stuck(Told):
    """Tells an organizer of a mentee whose lists came to nothing."""

    mentee: str
    value: str  # "<list>.<message>"
    wording: str = "matching"
    waits: bool = True  # still without a match


@dataclass(frozen=True, kw_only=True)
class Parted(Told):
    """Tells one of two people that their match has ended, and asks how it was."""

    mentee: str
    mentor: str
    other: str
    value: str  # "<match>.<message>"
    rating: int | None = None


@dataclass(frozen=True, kw_only=True)
class PartedGroup(Told):
    """Closes the conversation of two people whose match has ended."""

    mentee: str
    mentor: str


@dataclass(frozen=True, kw_only=True)
class Profiled(Told):
    """Asks somebody whom an organizer has added to complete their profile."""

    reader: str
    value: str
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class Note(Told):
    """One thing somebody must know: a sentence, what somebody wrote, and small print."""

    text: str
    quote: str = ""
    small: str = ""
    ends: int = 0  # the match that its reader may end now
    wording: str = "matching"


@dataclass(frozen=True, kw_only=True)
class Message(Told):
    """What somebody writes to the organizers, or to whoever supports them."""

    who: str
    text: str


@dataclass(frozen=True)
class MenteeCard:
    """What a mentor who is asked sees of the mentee."""

    name: str
    title: str
    goal: str
    goals: str
    wants: tuple[str, ...]
    languages: tuple[str, ...]
    department: str


MentoringFacts = (
    Invited | Asked | Sent | Came | Expired | Offered | Matched | Stuck | Parted | PartedGroup | Profiled
    | Note | Message
)  # fmt: skip
