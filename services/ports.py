"""What the use cases need from outside, as interfaces; bot/ has the real ones, tests their twins."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.errors import Refusal, TryLater
from domain.files import File
from domain.letters import Mail, TextMessage
from domain.messages import Outcome
from domain.pace import SLACK, Speed
from domain.people import Person
from services.outside import (
    Mailer,
    Payments,
    Reach,
    Texter,
)
from store.database import Database

Json = dict[str, Any]


@dataclass(frozen=True)
class Wire:
    """A message ready to be sent: *text* is what notifications show, *blocks* are plain dicts."""

    text: str
    blocks: Sequence[Json]
    file: File | None = None  # goes along; then only the text is shown beside it
    instead: str = ""  # what is posted where Slack does not let us send files
    modal: Json | None = None  # what it is in a modal, where it is no message
    mail: Mail | None = None  # what it is where it goes by e-mail
    sms: TextMessage | None = None  # and where it goes by text message
    errand: object = None  # what is asked of Stripe: a RefundOrder or ExpireOrder


class Clock(Protocol):
    """Product time. Read once per door and handed down as ``now``."""

    def __call__(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def tell_next(self, find: Callable[[], datetime | None]) -> None:
        """Offer to *find* the next instant at which something is due. Only a clock that can jump does."""
        ...


class Chance(Protocol):
    """Where seeds and tokens come from."""

    def seed(self) -> int:
        """A fresh seed, stored with what it decides, so that it can be replayed."""
        ...

    def token(self) -> str:
        """An unguessable token of 32 characters."""
        ...

    def code(self) -> str:
        """Nine digits, leading zeros kept, that nobody can guess."""
        ...

    def jitter(self) -> float:
        """A number between 0 and 1, for spreading retries."""
        ...


class Messenger(Protocol):
    """Sends, and looks up what was sent. No method raises for what Slack answers: it is an Outcome."""

    def post(self, channel: str, wire: Wire, key: str) -> Outcome:
        """Post once to a channel, a conversation or a user id; *key* goes along as metadata."""
        ...

    def update(self, channel: str, ts: str, wire: Wire) -> Outcome:
        """Replace a message of ours; idempotent."""
        ...

    def replace(self, response_url: str, wire: Wire) -> Outcome:
        """Replace the message whose button was pressed; idempotent, good for 30 minutes."""
        ...

    def publish(self, user_id: str, wire: Wire) -> Outcome:
        """Show *wire* in somebody's App Home; idempotent."""
        ...

    def withdraw(self, channel: str, ts: str) -> Outcome:
        """Take a message of ours back; one that is gone already is taken back too."""
        ...

    def open_group(self, users: Sequence[str]) -> Outcome:
        """The conversation of these people and the bot; the same people get the same one."""
        ...

    def find(self, channel: str, key: str, since: datetime) -> Outcome:
        """Look for our message *key*.

        SENT with channel and ts, LATER if it is surely not there (or, with retry_after, if we have to wait),
        REFUSED if history may not be read, UNKNOWN if the look itself failed.
        """
        ...


class Uploader(Protocol):
    """Sends files. Like a Messenger it never raises for what Slack answers."""

    def send(self, channel: str, file: File, text: str) -> Outcome:
        """Show a file in a conversation, with *text* beside it.

        UNKNOWN only where it may stand there: nobody can look it up, because a file carries no key.
        """
        ...


class CannotRead(Refusal):
    """This file cannot be read any more. Upload it again."""


class Away(TryLater):
    """Slack cannot be read now: the message that needs it waits, and all others go on."""


class Downloader(Protocol):
    """Reads files that people give us in a form."""

    def fetch(self, address: str, *, most: int) -> bytes:
        """The content of the file at Slack's private *address*, of *most* bytes.

        Raises CannotRead, and Away when Slack cannot be read now.
        """
        ...


@dataclass(frozen=True)
class ChannelInfo:
    """A conversation as Slack names it."""

    channel_id: str
    name: str


@dataclass(frozen=True)
class UsergroupInfo:
    """A user group as Slack names it, without the @."""

    usergroup_id: str
    handle: str


class Modals(Protocol):
    """Draws open modals anew. Like a Messenger it never raises for what Slack answers."""

    def fill(self, modal: str, view: Json) -> Outcome:
        """Show *view* in the modal of this id; idempotent. One that was closed needs nothing more: SENT."""
        ...


class Directory(Protocol):
    """Reads who is in the workspace. Raises TryLater when Slack cannot be read now."""

    def people(self) -> Iterator[Sequence[Person]]:
        """Everybody of the workspace, page by page."""
        ...

    def person(self, user_id: str) -> Person | None:
        """One person, or None if Slack does not know them."""
        ...

    def channel(self, channel_id: str) -> ChannelInfo | None:
        """A channel's name, or None if the bot may not see it."""
        ...

    def members(self, channel_id: str) -> Iterator[Sequence[str]]:
        """The user ids of a channel, page by page."""
        ...

    def usergroups(self) -> Sequence[UsergroupInfo] | None:
        """The workspace's user groups, or None if its plan has none, or we may not see them."""
        ...

    def usergroup_members(self, usergroup_id: str) -> Sequence[str] | None:
        """The user ids of a user group, or None if Slack does not know it any more."""
        ...


class Checks(Protocol):
    """Looks whether this installation has all that it needs. Never raises, and answers within a second."""

    def missing_scopes(self) -> Sequence[str] | None:
        """Scopes of the manifest that Slack has not granted; None if it did not say now."""
        ...

    def workers(self) -> int | None:
        """How many workers are there; None if nobody counts them here."""
        ...

    def sends_email(self) -> bool:
        """Whether e-mail is configured."""
        ...


class NoChecks:
    """Where nothing outside can be looked at."""

    def missing_scopes(self) -> Sequence[str] | None:
        """Nobody knows."""
        return None

    def workers(self) -> int | None:
        """Nobody counts them."""
        return None

    def sends_email(self) -> bool:
        """No."""
        return False


class Queue(Protocol):
    """Carries one sentence: "team T has due work, look now". Losing it costs latency only."""

    def hint(self, team_id: str, turn: int) -> bool:
        """Say it; *turn* tells repeated hints of the same need apart. False if nobody could hear it."""
        ...


@dataclass(frozen=True)
class Timing:
    """How long a delivery may take, in real seconds. The same on every process of an installation."""

    send: timedelta = timedelta(seconds=10)
    lease: timedelta = timedelta(seconds=60)
    quarantine: timedelta = timedelta(seconds=60)
    tick: timedelta = timedelta(seconds=2)
    patience: timedelta = timedelta(seconds=30)  # the ticker works itself when no worker took a hint
    run: timedelta = timedelta(seconds=50)  # one job works so long at most, then hands on

    def __post_init__(self) -> None:
        if self.lease < 3 * self.send or self.quarantine < 3 * self.send:
            msg = "A lease and a quarantine must each last at least three times as long as one send."
            raise ValueError(msg)

    @property
    def hesitation(self) -> timedelta:
        """Between fence and post at most; who takes longer starts over, because others may look meanwhile."""
        return self.send / 2

    def scaled(self, factor: float) -> "Timing":
        """The same proportions, faster or slower; for the laboratory."""
        return Timing(
            send=self.send * factor,
            lease=self.lease * factor,
            quarantine=self.quarantine * factor,
            tick=self.tick * factor,
            patience=self.patience * factor,
            run=self.run,
        )


def no_probe(point: str) -> None:
    """Outside the laboratory a fail-point is nothing."""


@dataclass(frozen=True)
class Deps:
    """Everything a door needs, built once per process and handed down."""

    team_id: str
    db: Database
    clock: Clock
    chance: Chance
    messenger: Messenger
    uploader: Uploader
    modals: Modals
    downloader: Downloader
    directory: Directory
    queue: Queue
    admins: frozenset[str] = frozenset()
    timing: Timing = field(default_factory=Timing)
    speeds: dict[str, Speed] = field(default_factory=lambda: dict(SLACK))
    probe: Callable[[str], None] = no_probe
    checks: Checks = field(default_factory=NoChecks)
    reach: Reach = field(default_factory=Reach)
    mailer: Mailer | None = None
    texter: Texter | None = None
    payments: Payments | None = None

    def hint(self) -> None:
        """Say that there is work, after a commit. The web process has a thread for it, so it never waits."""
        self.queue.hint(self.team_id, -1)
