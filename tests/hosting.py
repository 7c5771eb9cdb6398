"""A host, her clients, and time: a test says who is booked, and what happens then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.vault import KeyVault
from domain.hosted import Channel, Done, Kind, NewParticipant, NewSession
from domain.messages import Kind as Message
from services import hosted_codes, hosted_due, hosted_participants, hosted_sessions
from services.outside import Reach
from store.base import Base
from store.database import Database
from store.hosted import Host, HostedParticipant, HostedReminder, HostedSession
from store.outbox import Outbox
from tests.builders import TEAM, World
from tests.fakes import MailBox, TextBox

DANA, OMAR = "U1", "U2"  # who host; U3 is a colleague
NEW_YORK, PARIS = "America/New_York", "Europe/Paris"
START = datetime(2026, 3, 3, 20, tzinfo=UTC)  # 15:00 in New York, 21:00 in Paris
BOOKED = datetime(2026, 3, 1, 10, tzinfo=UTC)
VAULT = KeyVault(["a key for the tests of hosting"])
REACH = Reach(
    url="https://sessions.example.com", vault=VAULT, mail=True, texts=True, sender="bot@example.com"
)
JOEY = NewParticipant("Joey P.", Channel.EMAIL, "joey@example.com", PARIS, "form.1", keep=False)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def somebody(number: int, channel: Channel = Channel.EMAIL, **more: Any) -> NewParticipant:
    """A client of this number, with an address by *channel*."""
    address = {
        Channel.EMAIL: f"client{number}@example.com",
        Channel.TEXT: f"+1514555{number:04d}",
        Channel.SLACK: f"U{number}",
    }.get(channel, "")
    found = NewParticipant(f"Client {number}", channel, address, PARIS, f"client.{number}", keep=False)
    return replace(found, **more)


class Hosting:
    """A workspace in which Dana hosts, with a mailbox and a gateway that remember."""

    def __init__(self, db: Database, now: datetime = BOOKED) -> None:
        self.world = World(db, size=4)
        self.db, self.clock, self.chance = db, self.world.clock, self.world.chance
        self.mails, self.texts = MailBox(), TextBox()
        self.world.deps = replace(self.world.deps, reach=REACH, mailer=self.mails, texter=self.texts)
        self.clock.now = now
        self.world.read_people()
        self.forms = 0

    # --- What the host does ---

    def book(
        self, *people: NewParticipant, start: datetime = START, kind: Kind = Kind.SCHEDULED, **more: Any
    ) -> int:
        """Save a session with *people*, or with Joey; its id."""
        return self.save(*people, start=start, kind=kind, **more).session_id

    def save(
        self,
        *people: NewParticipant,
        start: datetime = START,
        kind: Kind = Kind.SCHEDULED,
        host: str = DANA,
        form: str = "",
        **more: Any,
    ) -> Done:
        """The same, with all that saving tells."""
        self.forms += 1
        key = form or f"form-{self.forms}"
        who = tuple(replace(one, key=f"{key}.{n}") for n, one in enumerate(people or (JOEY,), start=1))
        new = NewSession(kind, start, more.pop("minutes", 50), NEW_YORK, key, people=who, **more)
        return hosted_sessions.save(
            self.db, TEAM, new, host=host, vault=VAULT, chance=self.chance, now=self.now
        )

    def add(self, session_id: int, new: NewParticipant) -> Done:
        return hosted_participants.add(
            self.db, TEAM, session_id, new, by=DANA, now=self.now, vault=VAULT, chance=self.chance
        )

    def change(self, participant_id: int, new: NewParticipant) -> Done:
        return hosted_participants.edit(
            self.db, TEAM, participant_id, new, by=DANA, now=self.now, vault=VAULT, chance=self.chance
        )

    def take_out(self, participant_id: int) -> Done:
        return hosted_participants.remove(self.db, TEAM, participant_id, by=DANA, now=self.now)

    def resend(self, participant_id: int) -> Done:
        return hosted_participants.resend(self.db, TEAM, participant_id, by=DANA, now=self.now)

    def answer(self, participant_id: int, accepted: bool) -> Done:
        by = f"guest {participant_id}"
        return hosted_participants.answer(self.db, TEAM, participant_id, accepted, by=by, now=self.now)

    def edit(self, session_id: int, *, version: int | None = None, **new: Any) -> Done:
        one = self.session(session_id)
        form = {"name": one.name, "room": one.room, "minutes": one.minutes, **new}
        seen = one.version if version is None else version
        return hosted_sessions.edit(self.db, TEAM, session_id, by=DANA, now=self.now, version=seen, **form)

    def move(self, session_id: int, start: datetime, *, by: str = DANA) -> Done:
        return hosted_sessions.move(
            self.db, TEAM, session_id, start, by=by, now=self.now, vault=VAULT, chance=self.chance
        )

    def cancel(self, session_id: int, *, by: str = DANA) -> Done:
        return hosted_sessions.cancel(self.db, TEAM, session_id, by=by, now=self.now)

    def undo(self, session_id: int) -> Done:
        return hosted_sessions.undo(self.db, TEAM, session_id, by=DANA, now=self.now)

    def remove(self, session_id: int) -> Done:
        return hosted_sessions.remove(self.db, TEAM, session_id, by=DANA, now=self.now)

    def give(self, session_id: int, to: str = OMAR, *, by: str = DANA) -> Done:
        return hosted_sessions.give(self.db, TEAM, session_id, to, by=by, now=self.now)

    def give_back(self, session_id: int, *, by: str = OMAR) -> Done:
        return hosted_sessions.give_back(self.db, TEAM, session_id, by=by, now=self.now)

    # --- Time ---

    @property
    def now(self) -> datetime:
        return self.clock.now

    def to(self, when: datetime) -> None:
        """Let time pass, with the bot at work at each instant that it waits for."""
        while (due := self._next()) is not None and due <= when:
            self.clock.now = max(due, self.now)
            self.world.run()
        self.clock.now = when
        self.world.run()

    def jump(self, when: datetime) -> None:
        """Let time pass while the bot stands still; then it works again."""
        self.clock.now = when
        self.world.run()

    def pass_by(self, **some: float) -> None:
        """``to`` the instant after that much time."""
        self.to(self.now + timedelta(**some))

    def _next(self) -> datetime | None:
        with self.db.reading() as tx:
            return hosted_due.next_due(tx, TEAM, now=self.now)

    # --- What is there ---

    def session(self, session_id: int) -> HostedSession:
        with self.db.reading() as tx:
            return tx.get_one(HostedSession, session_id)

    def people(self, session_id: int) -> list[HostedParticipant]:
        """Everybody who is, or was, part of it."""
        return self.rows(HostedParticipant, HostedParticipant.session_id == session_id)

    def joey(self, session_id: int) -> HostedParticipant:
        """The first participant."""
        return self.people(session_id)[0]

    def reminders(self, session_id: int, *, plan: int | None = None) -> list[HostedReminder]:
        """All of a session, or of one plan, the first due first."""
        found = self.rows(HostedReminder, HostedReminder.session_id == session_id)
        mine = [one for one in found if plan is None or one.plan == plan]
        return sorted(mine, key=lambda one: (one.due_at, -one.before))

    def due(self, session_id: int, *states: str) -> list[datetime]:
        """When reminders of these states were, or are, due."""
        return [one.due_at for one in self.reminders(session_id) if one.state in (states or ("planned",))]

    def owed(self, *kinds: Message) -> list[Outbox]:
        """Messages of these kinds, the oldest first."""
        return self.rows(Outbox, Outbox.kind.in_(kinds))

    def told(self, kind: Message) -> list[str]:
        """What hosts were told: "<what> to <whom>"."""
        return [f"{row.params['what']} to {row.recipient}" for row in self.owed(kind)]

    def sent(self, kind: Message) -> int:
        """How many messages of a kind have left."""
        return sum(row.state == "sent" for row in self.owed(kind))

    def rows(self, table: type[Base], *where: Any) -> list[Any]:
        with self.db.reading() as tx:
            found: Sequence[Any] = tx.scalars(select(table).where(*where)).all()
        return sorted(found, key=lambda row: row.id)

    def code_of(self, one: HostedParticipant) -> str:
        """The nine digits that stand sealed in the row; "" where they are gone."""
        return hosted_codes.code(VAULT, one)

    def found(self, code: str) -> int:
        """Whose code this is now; 0 if it does not work."""
        found = hosted_codes.find(self.db, TEAM, VAULT, code, "203.0.113.7", now=self.now)
        return found.participant_id

    def settings(self, user_id: str = DANA, **values: Any) -> None:
        """How somebody hosts."""
        with self.db.transaction() as tx:
            tx.merge(Host(team_id=TEAM, user_id=user_id, **values))

    def joins(self, participant_id: int) -> None:
        """A participant entered."""
        with self.db.transaction() as tx:
            tx.execute(
                update(HostedParticipant)
                .where(HostedParticipant.id == participant_id)
                .values(state="joined", joined_at=self.now)
            )
