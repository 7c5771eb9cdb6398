"""Twins of the ports: small real things that remember, and refuse what the real ones refuse."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.errors import TryLater
from domain.files import File
from domain.letters import NO_MAILBOX, STOPPED, Mail, TextMessage
from domain.messages import Outcome, Verdict
from domain.people import Person
from services.ports import Away, CannotRead, ChannelInfo, UsergroupInfo, Wire
from store.database import refuse_network_inside_transaction
from tests.fake_payments import FakePayments  # noqa: F401 - one home for all twins


def nothing_happens(*_: object) -> None:
    """What happens before a call, and after a page, unless a test says otherwise."""


class FrozenClock:
    """Time that moves by hand only."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.next: datetime | None = None

    def __call__(self) -> datetime:
        return self.now

    def tell_next(self, find: Callable[[], datetime | None]) -> None:
        self.next = find()

    def move(self, **by: float) -> datetime:
        """Move on; the new present."""
        self.now += timedelta(**by)
        return self.now

    def to(self, *when: int) -> datetime:
        """Move to a UTC date and time; the new present."""
        self.now = datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]
        return self.now


class CountedChance:
    """Chance that counts: 1, 2, 3."""

    def __init__(self) -> None:
        self.drawn = 0

    def seed(self) -> int:
        self.drawn += 1
        return self.drawn

    def token(self) -> str:
        self.drawn += 1
        return f"{self.drawn:032x}"

    def code(self) -> str:
        self.drawn += 1
        return f"{self.drawn * 111_111_111 % 10**9:09d}"

    def jitter(self) -> float:
        return 0.5


@dataclass
class Shown:
    """A message as it stands in a conversation."""

    channel: str
    ts: str
    wire: Wire
    key: str
    changes: int = 0

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        return [
            element["text"]["text"]
            for block in self.wire.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]

    @property
    def words(self) -> str:
        """All it says, on one line."""
        return " ".join(_words(list(self.wire.blocks)))

    def value(self, button: str) -> str:
        """What pressing *button* sends."""
        return next(
            element["value"]
            for block in self.wire.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["text"]["text"] == button
        )


def _words(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("text"), str):
            yield found["text"]
        for part in found.values():
            yield from _words(part)
    elif isinstance(found, list):
        for part in found:
            yield from _words(part)


@dataclass
class Fault:
    """How the next calls of a method end; *effect* says whether Slack did it all the same."""

    outcome: Outcome
    effect: bool
    times: int
    at: str | None  # of those whose place holds this only


Replier = Callable[..., Outcome]


class FakeMessenger:
    """A Slack of one workspace that remembers what stands where, and fails when told to."""

    def __init__(self) -> None:
        self.shown: dict[tuple[str, str], Shown] = {}
        self.posts: list[Shown] = []  # in the order of posting
        self.homes: dict[str, Wire] = {}  # what each App Home shows
        self.calls: list[tuple[str, str]] = []  # method and channel, users or address
        self.history = True  # whether we may read conversations
        self.faults: dict[str, list[Fault]] = {}
        self.before: Callable[[str, str], None] = nothing_happens

    def fail(
        self,
        method: str,
        verdict: Verdict,
        *,
        effect: bool = False,
        times: int = 1,
        at: str | None = None,
        **more: Any,
    ) -> None:
        """Let the next *times* calls of *method* (of those whose place holds *at*) end like this."""
        fault = Fault(Outcome(verdict, **more), effect, times, at)
        self.faults.setdefault(method, []).append(fault)

    def _called(self, method: str, where: str) -> Fault | None:
        refuse_network_inside_transaction()
        self.before(method, where)
        self.calls.append((method, where))
        for fault in self.faults.get(method, []):
            if fault.times > 0 and (fault.at is None or fault.at in where):
                fault.times -= 1
                return fault
        return None

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        fault = self._called("post", channel)
        if fault is not None and not fault.effect:
            return fault.outcome
        place = f"D{channel}" if channel.startswith("U") else channel
        shown = Shown(place, f"{1_800_000_000 + len(self.posts)}.000100", wire, key)
        self.shown[place, shown.ts] = shown
        self.posts.append(shown)
        return fault.outcome if fault else Outcome(Verdict.SENT, channel=place, ts=shown.ts)

    def _redraw(self, channel: str, ts: str, wire: Wire) -> Outcome:
        shown = self.shown.get((channel, ts))
        if shown is None:
            return Outcome(Verdict.REFUSED, reason="message_not_found")
        shown.wire = wire
        shown.changes += 1
        return Outcome(Verdict.SENT)

    def update(self, channel: str, ts: str, wire: Wire) -> Outcome:
        fault = self._called("update", f"{channel} {ts}")
        if fault is not None and not fault.effect:
            return fault.outcome
        done = self._redraw(channel, ts, wire)
        return fault.outcome if fault else done

    def replace(self, response_url: str, wire: Wire) -> Outcome:
        fault = self._called("replace", response_url)
        if fault is not None and not fault.effect:
            return fault.outcome
        channel, ts = response_url.rsplit("/", 2)[1:]
        done = self._redraw(channel, ts, wire)
        return fault.outcome if fault else done

    def publish(self, user_id: str, wire: Wire) -> Outcome:
        fault = self._called("publish", user_id)
        if fault is not None and not fault.effect:
            return fault.outcome
        self.homes[user_id] = wire
        return fault.outcome if fault else Outcome(Verdict.SENT)

    def withdraw(self, channel: str, ts: str) -> Outcome:
        fault = self._called("withdraw", f"{channel} {ts}")
        if fault is not None and not fault.effect:
            return fault.outcome
        gone = self.shown.pop((channel, ts), None)
        if gone is not None:
            self.posts.remove(gone)
        return fault.outcome if fault else Outcome(Verdict.SENT)

    def open_group(self, users: Sequence[str]) -> Outcome:
        fault = self._called("open", " ".join(users))
        if fault is not None:
            return fault.outcome
        name = f"D{users[0]}" if len(users) == 1 else "G-" + "-".join(sorted(users))
        return Outcome(Verdict.SENT, channel=name)

    def find(self, channel: str, key: str, since: datetime) -> Outcome:
        fault = self._called("find", channel)
        if fault is not None:
            return fault.outcome
        if not self.history:
            return Outcome(Verdict.REFUSED, reason="missing_scope")
        found = sorted(s.ts for s in self.shown.values() if s.channel == channel and s.key == key)
        if not found:
            return Outcome(Verdict.LATER, reason="not there")
        return Outcome(Verdict.SENT, channel=channel, ts=found[0])

    def to(self, user_id: str) -> list[Shown]:
        """What stands in one person's conversation with the bot, oldest first."""
        return [shown for shown in self.posts if shown.channel == f"D{user_id}"]

    def groups(self) -> list[Shown]:
        """The messages in group conversations."""
        return [shown for shown in self.posts if shown.channel.startswith("G-")]


@dataclass
class FakeUploader:
    """Where files go: each with its conversation and the text beside it."""

    files: list[tuple[str, File, str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)  # how the next ones end; SENT after these

    def send(self, channel: str, file: File, text: str) -> Outcome:
        refuse_network_inside_transaction()
        if channel.startswith("C0NO"):
            return Outcome(Verdict.REFUSED, reason="channel_not_found")
        if self.outcomes:
            return self.outcomes.pop(0)
        self.files.append((channel, file, text))
        return Outcome(Verdict.SENT, channel=channel)


@dataclass
class FakeModals:
    """Modals that are open: each with all that it has shown since."""

    shown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)  # how the next ones end; SENT after these

    def fill(self, modal: str, view: dict[str, Any]) -> Outcome:
        refuse_network_inside_transaction()
        if self.outcomes:
            return self.outcomes.pop(0)
        self.shown.setdefault(modal, []).append(view)
        return Outcome(Verdict.SENT)


@dataclass
class FakeDownloader:
    """Files that people gave us, by address; what is not here cannot be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    away: bool = False

    def fetch(self, address: str, *, most: int) -> bytes:
        refuse_network_inside_transaction()
        if self.away:
            raise Away
        content = self.files.get(address)
        if content is None or len(content) > most:
            raise CannotRead(CannotRead.__doc__)
        return content


def address_of(shown: Shown) -> str:
    """The response_url that a press on this message brings along."""
    return f"https://hooks.slack.com/{shown.channel}/{shown.ts}"


@dataclass
class FakeDirectory:
    """Who is in the workspace."""

    everybody: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    groups: dict[str, tuple[str, list[str]]] | None = field(default_factory=dict)  # None: not on this plan
    away: bool = False
    page: int = 200
    reads: list[str] = field(default_factory=list)
    after_page: Callable[[], None] = nothing_happens

    def _read(self, what: str) -> None:
        refuse_network_inside_transaction()
        self.reads.append(what)
        if self.away:
            raise TryLater("Slack cannot be read now.")

    def people(self) -> Iterator[Sequence[Person]]:
        self._read("people")
        found = list(self.everybody.values())
        for start in range(0, len(found), self.page):
            yield found[start : start + self.page]
        self.after_page()

    def person(self, user_id: str) -> Person | None:
        self._read(user_id)
        return self.everybody.get(user_id)

    def channel(self, channel_id: str) -> ChannelInfo | None:
        self._read(channel_id)
        if channel_id not in self.channels:
            return None
        return ChannelInfo(channel_id, self.channels[channel_id][0])

    def members(self, channel_id: str) -> Iterator[Sequence[str]]:
        self._read(f"{channel_id} members")
        yield list(self.channels[channel_id][1])
        self.after_page()

    def usergroups(self) -> Sequence[UsergroupInfo] | None:
        self._read("usergroups")
        if self.groups is None:
            return None
        return [UsergroupInfo(one, handle) for one, (handle, _) in self.groups.items()]

    def usergroup_members(self, usergroup_id: str) -> Sequence[str] | None:
        self._read(f"{usergroup_id} members")
        known = (self.groups or {}).get(usergroup_id)
        if known is None:
            return None
        members = list(known[1])
        self.after_page()
        return members


@dataclass
class MailBox:
    """Where e-mails go, in the order in which they were taken."""

    mails: list[Mail] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fail(
        self, verdict: Verdict, *, effect: bool = False, times: int = 1, at: str = "", **more: Any
    ) -> None:
        """Let the next *times* mails (to addresses that hold *at*) end like this."""
        self.faults.append(Fault(Outcome(verdict, **more), effect, times, at))

    def send(self, mail: Mail) -> Outcome:
        refuse_network_inside_transaction()
        if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", mail.to):
            return Outcome(Verdict.REFUSED, reason=NO_MAILBOX)
        fault = _next(self.faults, mail.to)
        if fault is None or fault.effect:
            self.mails.append(mail)
        return fault.outcome if fault else Outcome(Verdict.SENT)

    def to(self, address: str) -> list[Mail]:
        """What somebody got, oldest first."""
        return [one for one in self.mails if one.to == address]


@dataclass
class TextBox:
    """Where text messages go, in the order in which they were taken."""

    texts: list[TextMessage] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)  # numbers that the gateway sends nothing to
    faults: list[Fault] = field(default_factory=list)
    token: str = "a word between us"

    def fail(
        self, verdict: Verdict, *, effect: bool = False, times: int = 1, at: str = "", **more: Any
    ) -> None:
        """Let the next *times* texts (to numbers that hold *at*) end like this."""
        self.faults.append(Fault(Outcome(verdict, **more), effect, times, at))

    def send(self, sms: TextMessage) -> Outcome:
        refuse_network_inside_transaction()
        if sms.to in self.stopped:
            return Outcome(Verdict.REFUSED, reason=STOPPED)
        fault = _next(self.faults, sms.to)
        if fault is None or fault.effect:
            self.texts.append(sms)
        return fault.outcome if fault else Outcome(Verdict.SENT)

    def trusts(self, authorization: str) -> bool:
        return authorization == f"Bearer {self.token}"

    def to(self, phone: str) -> list[TextMessage]:
        """What somebody got, oldest first."""
        return [one for one in self.texts if one.to == phone]


def _next(faults: list[Fault], where: str) -> Fault | None:
    for fault in faults:
        if fault.times > 0 and (fault.at or "") in where:
            fault.times -= 1
            return fault
    return None


class LostQueue:
    """A queue nobody hears: Redis is away."""

    def __init__(self) -> None:
        self.hints: list[tuple[str, int]] = []

    def hint(self, team_id: str, turn: int) -> bool:
        refuse_network_inside_transaction()
        self.hints.append((team_id, turn))
        return False


class InlineQueue(LostQueue):
    """A queue whose worker is faster than anybody: it works when it is told, once per turn."""

    def __init__(self, work: Callable[[str], object]) -> None:
        super().__init__()
        self.work = work
        self.busy = False

    def hint(self, team_id: str, turn: int) -> bool:
        said = (team_id, turn)
        again = said in self.hints and turn >= 0
        super().hint(team_id, turn)
        if not again and not self.busy:
            self.busy = True
            try:
                self.work(team_id)
            finally:
                self.busy = False
        return True


class FakeChecks:
    """An installation that has all it needs, until a test says otherwise."""

    def __init__(self) -> None:
        self.missing: Sequence[str] | None = ()
        self.running: int | None = 1
        self.email = False

    def missing_scopes(self) -> Sequence[str] | None:
        return self.missing

    def workers(self) -> int | None:
        return self.running

    def sends_email(self) -> bool:
        return self.email
