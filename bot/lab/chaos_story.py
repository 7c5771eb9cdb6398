"""One round as people live it, while the planned faults strike; and what should have come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from bot.lab.chaos_people import AFTER, Crowd, persist, until
from bot.lab.checker import Round
from sandbox.client import Message, Workspace

START = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)  # a Monday
WEEK = timedelta(weeks=1)
OPENS, REMINDS, MATCHES = timedelta(hours=1), timedelta(days=2, hours=1), timedelta(days=3, hours=1)
ZONE = "Etc/UTC"
RACERS = 4


def company(people: int, *, history: bool) -> dict[str, Any]:
    """A workspace in which all are in #coffee; *history*: whether the bot may read conversations."""
    return {
        "workspace": {"id": "T0CHAOS", "name": "Chaos"},
        "app": {} if history else {"optional_scopes": []},
        "people": [{"handle": "ana", "name": "Ana Lima", "tz": "Europe/Paris", "admin": True}],
        "generate": {"people": people - 1, "seed": 7},
        "channels": [{"name": "general", "members": "all"}, {"name": "coffee", "members": "all"}],
    }


def schedule(ws: Workspace) -> None:
    """Ana makes a program and a weekly series, however often she has to try."""
    ana = ws.user("ana")

    def on_top(title: str) -> Callable[[], bool]:
        return lambda: bool(ana.modals()) and ana.modals()[-1]["title"] == title

    first, second = "Schedule a session", "New program"
    persist(lambda: ana.slash("/sessions schedule", channel="general"), on_top(first), "the modal opens")
    persist(lambda: ana.modal(first).press("New program"), on_top(second), "the second modal opens")
    program = ana.modal(second)
    program.fill({"Name": "Coffee", "Channels": ["coffee"], "Time zone": ZONE})
    persist(program.submit, on_top(first), "the program is created")
    form = {
        "Opt-in date": START.date(),
        "Opt-in time": "09:00",
        "Matching date": (START + MATCHES).date(),
        "Matching time": "09:00",
        "Time zone": ZONE,
        "Repeat": "Every week on same days",
    }
    session = ana.modal(first).fill(form)
    persist(session.submit, lambda: not ana.modals(), "the series is saved")


@dataclass
class Story:
    """The people of one round: who is asked, and what they answered, as far as they were told."""

    ws: Workspace
    crowd: Crowd
    rng: Random
    organizer: str
    after: int
    asked: set[str]
    joined: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    reminded: set[str] = field(default_factory=set)
    raced: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    doubts: set[str] = field(default_factory=set)  # the doubtful groups that Ana was asked about

    @property
    def silent(self) -> set[str]:
        """Those without an answer."""
        return self.asked - self.joined - self.declined - self.raced

    def shown(self, person: str) -> str:
        """What somebody's newest question means now."""
        return (self.crowd.shown(person, self.after) or ("",))[-1]

    def answer(self) -> None:
        """Half of them join and some decline; some press twice, some change their minds."""
        order = sorted(person for person in self.asked if self.crowd.questions(person, self.after))
        self.rng.shuffle(order)
        half, some = len(order) // 2, len(order) // 6
        joining, declining = order[:half], order[half : half + some]
        wishes = dict.fromkeys(joining, "Join") | dict.fromkeys(declining, "Decline")
        self.crowd.press(wishes, self.after, twice=set(order[: half + some : 5]))
        fickle = {joining[0]: "Decline", declining[0]: "Join", declining[1]: "Join"}
        before = {person: AFTER[wishes[person]] for person in fickle}
        until(lambda: all(self.shown(p) == state for p, state in before.items()), "answers are shown")
        self.crowd.press(dict.fromkeys(fickle, "Change my answer"), self.after)
        until(lambda: all(self.shown(p) == "open" for p in fickle), "the buttons come back")
        self.crowd.press(fickle, self.after)
        self.joined = (set(joining) | set(declining[:2])) - {joining[0]}
        self.declined = (set(declining) | {joining[0]}) - set(declining[:2])

    def plan_reminder(self, at: datetime) -> None:
        """Ana plans a reminder, however often she has to try."""
        ana = self.ws.user("ana")
        saved = ana.dm().wait_for(text="Session scheduled")
        persist(lambda: saved.press("Send a reminder"), lambda: bool(ana.modals()), "the reminder's modal")
        modal = ana.modal("Send a reminder")
        modal.fill({"Reminder date": at.date(), "Reminder time": f"{at:%H:%M}"})
        persist(
            modal.submit, lambda: modal.refresh().text_has("The reminder goes out"), "the reminder is planned"
        )
        modal.close()
        self.reminded = self.silent

    def newcomer(self, person: str) -> None:
        """Somebody enters the channel while the session is open, and is asked too."""
        self.asked.add(person)
        tell(self.ws, lambda: self.ws.user(person).join("coffee"))

    def answer_late(self) -> None:
        """Half of those who were reminded answer now; one who joined leaves the company."""
        silent = sorted(person for person in self.silent if self.crowd.questions(person, self.after))
        self.rng.shuffle(silent)
        late = silent[: len(silent) // 2]
        self.crowd.press(dict.fromkeys(late, "Join"), self.after)
        self.joined |= set(late)
        leaver = sorted(self.joined - {self.organizer})[0]
        tell(self.ws, self.ws.user(leaver).deactivate)
        self.gone = {leaver}

    def race(self) -> None:
        """Some of the silent press Join while the groups are being made."""
        asked = [person for person in sorted(self.silent) if self.crowd.questions(person, self.after)]
        self.raced = set(asked[:RACERS])
        self.crowd.press(dict.fromkeys(self.raced, "Join"), self.after, late=True)

    def settle_doubts(self) -> bool:
        """Ana asks the people of doubtful groups, and says what she hears; whether there were any."""
        met = [_names(e.text.partition(": ")[2]) for e in self.crowd.ledger.since(self.after, "group")]
        fresh = [e for e in self.crowd.ledger.since(self.after, "doubt") if e.key not in self.doubts]
        for doubt in fresh:
            self.doubts.add(doubt.key)
            ana = self.ws.user(self.organizer)
            asked = next(message for message in ana.dm().messages() if message.ts == doubt.ts)
            people = _names(asked.text.partition(" when I introduced ")[2].partition(". Please")[0])
            word = "It arrived" if people in met else "Send it"
            until(partial(_pressed, asked, word), "Ana's word on a doubtful group is taken")
        return bool(fresh)

    def told(self) -> Round:
        """What should have happened, and what people read in the end."""
        here = self.asked - self.gone
        return Round(
            after=self.after,
            until=self.ws.mark(),
            organizer=self.organizer,
            asked=frozenset(self.asked),
            joined=frozenset(self.joined),
            declined=frozenset(self.declined),
            reminded=frozenset(self.reminded),
            raced=frozenset(self.raced),
            gone=frozenset(self.gone),
            shown={person: self.crowd.shown(person, self.after) for person in here},
        )


def _names(text: str) -> frozenset[str]:
    """The names of a list as it is spoken: "Ana, Ben and Cy"."""
    return frozenset(text.replace(" and ", ", ").split(", "))


def _pressed(message: Message, label: str) -> bool:
    return bool(message.press(label)["status"] == "ok")


def tell(ws: Workspace, change: Callable[[], object]) -> None:
    """Change something of the workspace, and wait until the bot took the events, or Slack gave them up."""
    mark = ws.mark()
    change()
    until(lambda: _told(ws, mark), "the bot is told of a change")


def _told(ws: Workspace, mark: int) -> bool:
    entries = ws.journal(mark, kinds=("delivery", "ack", "event_given_up"))
    events = [e for e in entries if e["kind"] == "delivery" and e["type"] == "events_api"]
    taken = {e["delivery"] for e in entries if e["kind"] == "ack" and e["status"] == 200}
    open_ = {e["payload"]["event_id"] for e in events}
    open_ -= {e["payload"]["event_id"] for e in events if e["n"] in taken}
    return bool(events) and len(open_) <= sum(e["kind"] == "event_given_up" for e in entries)
