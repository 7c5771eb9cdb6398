"""Counts what people got against what they should have got. Shares no code with the sender.

The truth is the workspace's journal: every message that came to stand there, with the key in its metadata.
What should have happened is known from the people: who was a member, who pressed what and was told so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

KINDS = {
    "opt-in": re.compile(r"invitation-\d+-opt-in"),
    "reminder": re.compile(r"invitation-\d+-reminder-\d+"),
    "group": re.compile(r"group-\d+"),
    "summary": re.compile(r"occurrence-\d+-summary"),
    "saved": re.compile(r"series-\d+-saved-\d+"),
    "doubt": re.compile(r"doubt-\d+-\d+"),
    "card": re.compile(r"card-\d+"),
    "late": re.compile(r"late-\w+-\d+-\d+-\w+"),
    "skipped": re.compile(r"occurrence-\d+-not-opened-\d+-\w+"),
    "follow-up": re.compile(r"group-\d+-follow-up-\w+"),
}
FOR_ORGANIZERS = {"card", "late", "skipped"}


@dataclass(frozen=True)
class Effect:
    """Something the bot did to a conversation: *what* is message, update, delete or ephemeral."""

    number: int
    what: str
    key: str
    channel: str
    ts: str
    recipients: tuple[str, ...]
    text: str = ""
    at: float = 0.0

    @property
    def kind(self) -> str:
        """What kind of message the key speaks of; "" for none that is known."""
        return next((kind for kind, shape in KINDS.items() if shape.fullmatch(self.key)), "")


@dataclass(frozen=True)
class Round:
    """What should have happened between two numbers of the journal. People are named by their ids.

    *raced* pressed Join while the groups were being made: what their question shows in the end must be true.
    *shown* is what a person's questions show in the end: joined, declined, silent, below or open.
    """

    after: int
    until: int
    organizer: str
    asked: frozenset[str]
    joined: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    reminded: frozenset[str] = frozenset()
    raced: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()  # joined, then left the workspace before the matching
    shown: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass
class Findings:
    """What the checker found. *repeated* are second copies that the policy of their kind allows."""

    messages: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    compensated: int = 0
    repeated: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong)


def check(
    effects: Iterable[Effect], rounds: Sequence[Round], *, saved: int = 1, may_repeat: bool = False
) -> Findings:
    """Check a whole history. *saved* is how many confirmations are due.

    With *may_repeat* the conversations could not be read: questions may come a second time, groups may not.
    """
    all_effects = list(effects)
    found = Findings()
    posted = [e for e in all_effects if e.what == "message"]
    taken_back = {(e.channel, e.ts) for e in all_effects if e.what == "delete"}
    visible = [e for e in posted if (e.channel, e.ts) not in taken_back]
    found.messages = len(posted)
    found.compensated = len(posted) - len(visible)
    _copies(found, visible, may_repeat=may_repeat)
    _unknown(found, visible, rounds, may_repeat=may_repeat)
    confirmed = len({e.key for e in visible if e.kind == "saved"})
    _exactly(found, "confirmations", confirmed, saved)
    for number, one in enumerate(rounds, start=1):
        here = [e for e in visible if one.after < e.number <= one.until]
        _questions(found, number, one, here)
        _groups(found, number, one, here)
        _shown(found, number, one, may_repeat=may_repeat)
    return found


def _copies(found: Findings, visible: Sequence[Effect], *, may_repeat: bool) -> None:
    """One key, one message."""
    for key, count in Counter(e.key for e in visible if e.key).items():
        kind = next(e.kind for e in visible if e.key == key)
        if count > 1 and may_repeat and kind != "group":
            found.repeated += count - 1
        elif count > 1:
            found.doubled.append(f"{key} stands there {count} times")


def _unknown(
    found: Findings, visible: Sequence[Effect], rounds: Sequence[Round], *, may_repeat: bool
) -> None:
    organizers = {one.organizer for one in rounds}
    for effect in visible:
        asks_back = effect.kind == "doubt" and may_repeat and set(effect.recipients) <= organizers
        if not effect.kind or (effect.kind == "doubt" and not asks_back):
            found.wrong.append(f"nobody expected {effect.key or 'a message without a key'}: {effect.text}")
        elif effect.kind in FOR_ORGANIZERS and not set(effect.recipients) <= organizers:
            found.wrong.append(f"{effect.key} went to somebody who does not organize")


def _exactly(found: Findings, what: str, seen: int, due: int) -> None:
    if seen < due:
        found.lost.append(f"{due - seen} {what}")
    elif seen > due:
        found.wrong.append(f"{seen} {what} instead of {due}")


def _questions(found: Findings, number: int, one: Round, here: Sequence[Effect]) -> None:
    """Every member is asked once, and those who are silent then are reminded once."""
    for kind, due in (("opt-in", one.asked), ("reminder", one.reminded)):
        keys: dict[str, set[str]] = defaultdict(set)
        for effect in here:
            if effect.kind == kind:
                for person in effect.recipients:
                    keys[person].add(effect.key)
        found.lost += [f"round {number}: no {kind} for {person}" for person in sorted(due - keys.keys())]
        for person, got in sorted(keys.items()):
            if person not in due:
                found.wrong.append(f"round {number}: {person} got a {kind} they should not get")
            elif len(got) > 1:
                found.wrong.append(f"round {number}: {person} got {len(got)} {kind}s")
    summaries = [e for e in here if e.kind == "summary"]
    _exactly(found, f"summaries of round {number}", len({e.key for e in summaries}), 1)
    if any(e.recipients != (one.organizer,) for e in summaries):
        found.wrong.append(f"round {number}: the summary went to somebody else")


def _groups(found: Findings, number: int, one: Round, here: Sequence[Effect]) -> None:
    """Everyone who joined is in exactly one group, and nobody else is in any."""
    groups = {e.key: e.recipients for e in here if e.kind == "group"}
    places = Counter(person for people in groups.values() for person in people)
    late = {person for person in one.raced if "joined" in _newest(one, person)}
    due = (one.joined | late) - one.gone
    found.lost += [f"round {number}: no group for {person}" for person in sorted(due - places.keys())]
    for person, count in sorted(places.items()):
        if person not in due:
            found.wrong.append(f"round {number}: {person} is in a group without having joined")
        elif count > 1:
            found.wrong.append(f"round {number}: {person} is in {count} groups")
    for key, people in groups.items():
        if len(people) < 2 and not one.gone:
            found.wrong.append(f"round {number}: {key} is a group of {len(people)}")


def _newest(one: Round, person: str) -> str:
    shown = one.shown.get(person) or [""]
    return shown[-1]


def _shown(found: Findings, number: int, one: Round, *, may_repeat: bool) -> None:
    """What the questions say in the end is true, and no older copy waits for an answer."""
    for person in sorted(one.asked - one.gone - one.raced):
        state = "joined" if person in one.joined else "declined" if person in one.declined else "silent"
        if _newest(one, person) != state:
            found.wrong.append(f"round {number}: {person} reads {_newest(one, person)}, but is {state}")
        if "open" in list(one.shown.get(person, ()))[:-1] and not may_repeat:
            found.wrong.append(f"round {number}: {person} still sees an older question that is open")
