"""Message texts of a program: which variables each may use, which it must, and how they are filled in."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import FieldRefusal
from domain.text import N_, on_one_line, say, visible

LONGEST_TEXT = 2000
_VARIABLE = re.compile(r"\{([^{}]*)\}")
# what would format text, where it comes from a name: each has a twin that only looks like it
_TWINS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_MARK = re.compile(r"(?<!\w)_|_(?!\w)")
_QUOTE = re.compile(r"^(?:&gt;|>)+ *")

Texts = Mapping[str, str]  # the texts that a program's owners have written, by kind


class Text(StrEnum):
    """Each text of a program that its owners may write themselves. The value is stored; never rename one."""

    OPT_IN = "opt_in"
    REMINDER = "reminder"
    JOINED = "joined"
    DECLINED = "declined"
    GROUP = "group"
    FOLLOW_UP = "follow_up"
    LEFT_OUT = "left_out"
    CANCELLED = "cancelled"


class MentoringText(StrEnum):
    """The same of a mentoring program. The value is stored; never rename one."""

    INVITE = "mentoring_invite"
    REQUEST = "mentoring_request"
    DECLINED = "mentoring_declined"
    MATCHED = "mentoring_matched"
    EXPIRED = "mentoring_expired"
    EXPIRED_MENTOR = "mentoring_expired_mentor"
    CHOOSE_AGAIN = "mentoring_choose_again"
    ENDED = "mentoring_ended"


AnyText = Text | MentoringText

LABELS: dict[AnyText, str] = {
    Text.OPT_IN: N_("Opt-in message"),
    Text.REMINDER: N_("Reminder"),
    Text.JOINED: N_("You're in"),
    Text.DECLINED: N_("Not this time"),
    Text.GROUP: N_("Group message"),
    Text.FOLLOW_UP: N_("Follow-up"),
    Text.LEFT_OUT: N_("Left out"),
    Text.CANCELLED: N_("Cancelled"),
    MentoringText.INVITE: N_("Submit your mentor preferences"),
    MentoringText.REQUEST: N_("New mentorship request"),
    MentoringText.DECLINED: N_("Request declined"),
    MentoringText.MATCHED: N_("Mentorship assignment"),
    MentoringText.EXPIRED: N_("Request expired, to the mentee"),
    MentoringText.EXPIRED_MENTOR: N_("Request expired, to the mentor"),
    MentoringText.CHOOSE_AGAIN: N_("Please request a new mentor"),
    MentoringText.ENDED: N_("Mentorship ended"),
}

MEANINGS = {
    "first_name": N_("the reader's first name"),
    "program": N_("the program's name"),
    "opt_in_until": N_("until when members can answer"),
    "match_date": N_("when the groups come"),
    "partners": N_("who is brought together"),
    "together": N_("whether they have met before"),
    "reason": N_("why there is no group"),
    "mentee": N_("the mentee's name"),
    "mentor": N_("the mentor's name"),
    "other": N_("the name of the other one of the two"),
    "goal": N_("what the mentee wants to work on"),
    "deadline": N_("until when the mentor can answer"),
    "response": N_("what the mentor wrote; without it, its line is left out"),
    "next": N_("the mentor who is asked now; without one, the line is left out"),
}

_DATES = ("first_name", "program", "match_date", "opt_in_until")
_MATCH = ("mentee", "mentor", "program")
VARIABLES: dict[AnyText, tuple[str, ...]] = {
    Text.OPT_IN: _DATES,
    Text.REMINDER: _DATES,
    Text.JOINED: _DATES,
    Text.DECLINED: _DATES,
    Text.GROUP: ("program", "partners", "together"),
    Text.FOLLOW_UP: ("first_name", "program", "partners"),
    Text.LEFT_OUT: ("first_name", "program", "reason"),
    Text.CANCELLED: ("first_name", "program", "match_date"),
    MentoringText.INVITE: ("mentee", "program"),
    MentoringText.REQUEST: (*_MATCH, "goal", "deadline"),
    MentoringText.DECLINED: (*_MATCH, "goal", "response", "next"),
    MentoringText.MATCHED: _MATCH,
    MentoringText.EXPIRED: (*_MATCH, "goal", "next"),
    MentoringText.EXPIRED_MENTOR: (*_MATCH, "goal"),
    MentoringText.CHOOSE_AGAIN: ("mentee", "program"),
    MentoringText.ENDED: (*_MATCH, "other"),
}

# Without these the reader would miss what the message is for.
MANDATORY: dict[AnyText, tuple[str, ...]] = {
    Text.OPT_IN: ("match_date",),
    Text.REMINDER: ("match_date",),
    Text.JOINED: ("match_date",),
    Text.DECLINED: (),
    Text.GROUP: ("partners",),
    Text.FOLLOW_UP: ("partners",),
    Text.LEFT_OUT: ("reason",),
    Text.CANCELLED: ("match_date",),
    MentoringText.INVITE: ("program",),
    MentoringText.REQUEST: ("mentee",),
    MentoringText.DECLINED: ("mentor",),
    MentoringText.MATCHED: ("mentee", "mentor"),
    MentoringText.EXPIRED: ("mentor",),
    MentoringText.EXPIRED_MENTOR: ("mentee",),
    MentoringText.CHOOSE_AGAIN: (),
    MentoringText.ENDED: (),
}


@dataclass(frozen=True)
class TextSheet:
    """What the modals about a program's texts show, with real names and dates for the preview."""

    program_id: int
    program: str
    texts: Texts
    zone: str
    reader_zone: str
    reader: str  # the name of whoever looks
    partners: tuple[str, ...]
    match_at: datetime
    opt_in_until: datetime
    icebreaker: str
    mentoring: bool = False
    mentee: str = ""  # of a mentoring program
    goal: str = ""
    choices: int = 0
    until: date | None = None  # until when a mentor who is asked now can answer


def kinds_of(*, mentoring: bool) -> tuple[AnyText, ...]:
    """The texts that a program of this sort has."""
    return tuple(MentoringText) if mentoring else tuple(Text)


def kind_of(name: str) -> AnyText | None:
    """The text called *name*, which came back from a button; None if there is none."""
    return next((kind for kind in (*Text, *MentoringText) if kind.value == name), None)


def check(kind: AnyText, typed: str) -> str:
    """The text as it is stored. Raises FieldRefusal at "text", with the variable that is wrong."""
    text = "\n".join(line.rstrip() for line in visible(typed).splitlines()).strip()
    if not text:
        raise _refused(say("Write a text, or press “Back to default”."))
    if len(text) > LONGEST_TEXT:
        raise _refused(say("This is longer than 2000 characters."))
    used = _VARIABLE.findall(text)
    unknown = next((name for name in used if name not in VARIABLES[kind]), None)
    if unknown is not None:
        raise _refused(_unknown(kind, f"{{{on_one_line(unknown)[:40]}}}"))
    missing = next((name for name in MANDATORY[kind] if name not in used), None)
    if missing is not None:
        sentence = say("{variable} is missing: this message must say it.", variable=f"{{{missing}}}")
        raise _refused(sentence)
    return text


def _unknown(kind: AnyText, variable: str) -> str:
    known = ", ".join(f"{{{name}}}" for name in VARIABLES[kind])
    if isinstance(kind, MentoringText):
        return say("{variable} is not known. You can use: {known}.", variable=variable, known=known)
    return say("{variable} means nothing here. You can use {known}.", variable=variable, known=known)


def _refused(sentence: str) -> FieldRefusal:
    return FieldRefusal({"text": sentence})


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its variables filled in, each once: what a value holds is not looked at again."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)


def used_in(template: str) -> frozenset[str]:
    """The variables that a template names."""
    return frozenset(_VARIABLE.findall(template))


def without_lines(template: str, missing: Collection[str]) -> str:
    """The template without the lines that name something there is not; "" where no line is left."""
    kept = [line for line in template.splitlines() if used_in(line).isdisjoint(missing)]
    return "\n".join(kept).strip()


def unformatted(escaped: str) -> str:
    """Escaped text from people that formats nothing around it: stars stay stars."""
    return _QUOTE.sub("", _MARK.sub("ˍ", escaped.translate(_TWINS)))


def first_name(name: str) -> str:
    """ "Ana" of "Ana Lima"."""
    words = on_one_line(name).split(" ")
    return words[0] or name
