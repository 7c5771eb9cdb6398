"""How people behave while things go wrong: they press again when nothing happened, as people do."""

import contextlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bot.lab.checker import Effect
from bot.lab.stage import StageError
from sandbox.client import Json, NotThere, Workspace

PATIENCE = 90.0  # real seconds for any one thing to happen
PAUSE = 0.1
AT_ONCE = 8  # presses on their way at the same time

# what a question reads, and what that means
MEANINGS = (
    ("asked you again further down", "below"),
    ("there was no answer from you", "silent"),
    ("Your answer so far", "open"),
    ("You're in", "joined"),
    ("You joined", "joined"),
    ("Not this time", "declined"),
    ("You declined", "declined"),
    ("cancelled", "cancelled"),
)
AFTER = {"Join": "joined", "Decline": "declined", "Change my answer": "open"}


def until(claim: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> None:
    """Wait until something is true. Raises StageError when it does not become so."""
    deadline = time.monotonic() + patience
    while not claim():
        if time.monotonic() > deadline:
            raise StageError(f"This did not happen within {patience:.0f} seconds: {what}.")
        time.sleep(PAUSE)


def key_of(entry: Json) -> str:
    """The key that the bot put into a message's metadata."""
    payload = (entry.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("k") or "")


@dataclass
class Ledger:
    """All the bot did in the workspace, as the workspace's journal has it."""

    ws: Workspace
    effects: list[Effect] = field(default_factory=list)
    last: int = 0

    def read(self) -> list[Effect]:
        """Read on; all effects so far."""
        for entry in self.ws.journal(self.last, kinds=("effect",)):
            self.last = entry["n"]
            if entry.get("bot") and entry["what"] in ("message", "update", "delete", "ephemeral"):
                self.effects.append(
                    Effect(
                        number=entry["n"],
                        what=entry["what"],
                        key=key_of(entry),
                        channel=entry["channel"],
                        ts=entry["ts"],
                        recipients=tuple(entry["recipients"]),
                        text=entry["text"],
                        at=entry["at"],
                    )
                )
        return self.effects

    def since(self, number: int, kind: str) -> list[Effect]:
        """The posts of one kind after a number of the journal."""
        return [e for e in self.read() if e.number > number and e.what == "message" and e.kind == kind]

    def whispered(self, number: int, text: str) -> set[str]:
        """Who was told *text* privately after a number of the journal."""
        found = [e for e in self.read() if e.number > number and e.what == "ephemeral" and text in e.text]
        return {person for effect in found for person in effect.recipients}


@dataclass
class Crowd:
    """The people of the workspace, and what became of their presses."""

    ws: Workspace
    ledger: Ledger
    pressed: int = 0
    again: int = 0  # presses repeated because nothing had happened

    def questions(self, person: str, after: int) -> list[Effect]:
        """The questions somebody was asked since a number of the journal, oldest first."""
        asked = self.ledger.since(after, "opt-in") + self.ledger.since(after, "reminder")
        return sorted((e for e in asked if person in e.recipients), key=lambda e: e.number)

    def shown(self, person: str, after: int) -> tuple[str, ...]:
        """What somebody's questions mean now, oldest first."""
        seen = {message.ts: message for message in self.ws.user(person).dm().messages()}
        found = []
        for question in self.questions(person, after):
            if question.ts in seen:
                message = seen[question.ts]
                open_ = "Join" in message.labels
                meaning = next((m for words, m in MEANINGS if words in message.text), "open")
                found.append("open" if open_ else meaning)
        return tuple(found)

    def press(
        self, wishes: Mapping[str, str], after: int, *, twice: Collection[str] = (), late: bool = False
    ) -> None:
        """Everybody presses what they wish for until it is theirs; *twice* are impatient from the start.

        With *late* somebody whose session closes meanwhile stops without an answer.
        """
        waiting = dict(wishes)
        deadline = time.monotonic() + PATIENCE
        while waiting:
            if time.monotonic() > deadline:
                raise StageError(f"{len(waiting)} people could not press what they wanted: {waiting}.")
            mark = self.ws.mark()
            told = self._press_once(waiting, after, twice)
            unsaved = self.ledger.whispered(mark, "Not saved")
            for person in [p for p in told if p not in unsaved]:
                del waiting[person]
            waiting = {p: label for p, label in waiting.items() if not self._done(p, label, after, late)}
            self.again += len(waiting)
            twice = ()
            time.sleep(PAUSE)

    def _press_once(self, wishes: Mapping[str, str], after: int, twice: Collection[str]) -> set[str]:
        presses = []
        for person, label in wishes.items():
            questions = self.questions(person, after)
            if questions:
                spot = {"channel": questions[-1].channel, "ts": questions[-1].ts}
                presses += [{"user": person, "label": label, **spot}] * (2 if person in twice else 1)
        self.pressed += len(presses)
        outcomes = self.ws.press_many(presses, connections=AT_ONCE)
        return {
            press["user"] for press, told in zip(presses, outcomes, strict=True) if told["status"] == "ok"
        }

    def _done(self, person: str, label: str, after: int, late: bool) -> bool:
        """A press whose answer got lost may have counted all the same: then the message says so."""
        shown = self.shown(person, after)
        if not shown:
            return False
        return shown[-1] == AFTER[label] or (late and shown[-1] != "open")


def persist(deed: Callable[[], object], done: Callable[[], bool], what: str) -> None:
    """Do something again until it is *done*, as people do."""

    def tried() -> bool:
        if done():
            return True
        with contextlib.suppress(NotThere):  # a modal or button that is gone, or not yet there
            deed()
        return done()

    until(tried, what)
