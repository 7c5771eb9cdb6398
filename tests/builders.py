"""A workspace with people, programs and sessions: a test says only what it cares about."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, text

from domain.errors import TryLater
from domain.forms import ProgramForm, ReminderForm, ScheduleForm
from domain.invitations import Answer, State
from domain.messages import Kind
from domain.pace import Pace
from domain.people import Person
from jobs.outbox import Sender
from jobs.work import run_due
from services import invitations, people, programs, reminders, scheduling
from services.ports import Deps, Timing
from services.scheduling import Place
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence, Reminder
from store.database import Database
from store.outbox import Outbox
from tests.fakes import (
    CountedChance,
    FakeChecks,
    FakeDirectory,
    FakeDownloader,
    FakeMessenger,
    FakeModals,
    FakeUploader,
    FrozenClock,
    LostQueue,
    Shown,
    address_of,
)
from tests.plays import Plays

TEAM = "T1"
ADMIN = "UADMIN"
CHANNEL = "C1"
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)  # a Wednesday, 10:00 in Paris
OPT_IN = datetime(2027, 3, 11, 8, tzinfo=UTC)  # 09:00 in Paris, the next day
MATCH = datetime(2027, 3, 17, 8, tzinfo=UTC)  # 09:00 in Paris, six days later


def a_person(user_id: str, **more: Any) -> Person:
    """Somebody of the workspace."""
    name = "Ada Admin" if user_id == ADMIN else f"Person {user_id.removeprefix('U')}"
    return Person(user_id, **{"name": name, "tz": "Europe/Paris", "updated": 1, **more})


def a_form(program_id: int, **more: Any) -> ScheduleForm:
    """The modal as most people fill it in: ask tomorrow at nine, match six days later at nine."""
    return replace(
        ScheduleForm(
            program_id=program_id,
            opt_in_date=date(2027, 3, 11),
            opt_in_time=time(9),
            match_date=date(2027, 3, 17),
            match_time=time(9),
            zone="Europe/Paris",
        ),
        **more,
    )


class World:
    """One workspace, its Slack, and the bot at work in it. *size* people are in the channel #coffee."""

    FAKES = (
        "clock",
        "chance",
        "messenger",
        "uploader",
        "modals",
        "downloader",
        "directory",
        "queue",
        "checks",
    )

    def __init__(
        self,
        db: Database,
        size: int = 6,
        *,
        team: str = TEAM,
        admin_joins: bool = False,
        plays: Plays | None = None,
    ) -> None:
        self.db = db
        self.plays = plays  # where a play that was played before is copied from
        self.past: list[object] = []
        self.team = team
        self.clock = FrozenClock(NOW)
        self.chance = CountedChance()
        self.messenger = FakeMessenger()
        self.uploader = FakeUploader()
        self.modals = FakeModals()
        self.downloader = FakeDownloader()
        self.directory = FakeDirectory()
        self.queue = LostQueue()
        self.checks = FakeChecks()
        self.members = [f"U{number}" for number in range(1, size + 1)]
        for user_id in [ADMIN, *self.members]:
            self.directory.everybody[user_id] = a_person(user_id, is_admin=user_id == ADMIN)
        self.directory.channels[CHANNEL] = ("coffee", [*self.members, *([ADMIN] if admin_joins else [])])
        self.keys = 0
        people.remember_workspace(db, team, name="Acme", bot_user_id="UBOT", bot_id="B1")
        self.deps = Deps(
            team_id=team,
            db=db,
            clock=self.clock,
            chance=self.chance,
            messenger=self.messenger,
            uploader=self.uploader,
            modals=self.modals,
            downloader=self.downloader,
            directory=self.directory,
            queue=self.queue,
            speeds={},
            timing=Timing(),
            checks=self.checks,
        )
        self.stands_at = plays.commits if plays else 0

    def recall(self, play: Callable[..., Any], **how: Any) -> Any:
        """``play(self)``, or a copy of where it ended the last time."""
        return self.plays.recall(self, play, **how) if self.plays else play(self, **how)

    def key(self) -> str:
        """A key no request had before."""
        self.keys += 1
        return f"key-{self.keys}"

    # --- What people do ---

    def a_program(self, **form: Any) -> int:
        """Create a program for #coffee, and read who is there."""
        filled = ProgramForm(**{"name": "Coffee", "channels": (CHANNEL,), "zone": "Europe/Paris", **form})
        found = programs.create(self.db, self.team, filled, actor=ADMIN, key=self.key(), now=self.clock())
        self.read_people()
        return found

    def read_people(self) -> None:
        """Read what is stale of the workspace, and do nothing else."""
        with suppress(TryLater):
            for what in people.stale(self.db, self.team, now=self.clock()):
                people.refresh(self.db, self.directory, self.team, what, now=self.clock())

    def save(self, program_id: int, *, key: str | None = None, **form: Any) -> int:
        """Save the schedule modal; the series."""
        return scheduling.save(
            self.db,
            self.team,
            a_form(program_id, **form),
            actor=ADMIN,
            key=key or self.key(),
            chance=self.chance,
            now=self.clock(),
        ).series_id

    def a_series(self, *, program: dict[str, Any] | None = None, **form: Any) -> int:
        """Create a program and save a session of it, nobody asked yet."""
        return self.save(self.a_program(**(program or {})), **form)

    def an_open_round(self, *, program: dict[str, Any] | None = None, **form: Any) -> int:
        """Ask everybody of #coffee; the series."""
        found: int = self.recall(World._ask_everybody, program=program, **form)
        return found

    def _ask_everybody(self, *, program: dict[str, Any] | None, **form: Any) -> int:
        series_id = self.a_series(program=program, **form)
        self.clock.now = OPT_IN
        self.run()
        return series_id

    def a_matched_round(self, *, program: dict[str, Any] | None = None, **form: Any) -> int:
        """Ask everybody of #coffee, who all join, and bring them together; the series."""
        found: int = self.recall(World._bring_together, program=program, **form)
        return found

    def _bring_together(self, **how: Any) -> int:
        series_id = self.an_open_round(**how)
        self.all_join()
        self.to_match()
        return series_id

    def press(
        self,
        user_id: str,
        answer: Answer = Answer.JOIN,
        *,
        by: str | None = None,
        on: Shown | None = None,
    ) -> State:
        """Press a button of the newest question of somebody."""
        asked = on or self.messenger.to(user_id)[-1]
        return self.press_value(asked, self.value_of(user_id, asked), answer, by=by or user_id)

    def press_value(self, asked: Shown, value: str, answer: Answer, *, by: str) -> State:
        """Press a button that carries *value*."""
        invitation, _, message = value.partition(".")
        pressed = invitations.Press(
            int(invitation), int(message), by, answer, asked.channel, asked.ts, address_of(asked)
        )
        return invitations.record_answer(self.db, self.team, pressed, now=self.clock())

    def value_of(self, user_id: str, asked: Shown) -> str:
        """What the buttons of a question carry, whether they still show or not."""
        with self.db.reading() as tx:
            row = tx.scalars(select(Outbox).where(Outbox.team_id == self.team, Outbox.key == asked.key)).one()
            return f"{row.subject_id}.{row.id}"

    def all_join(self, users: Iterable[str] | None = None) -> None:
        """Let everybody, or these people, press Join."""
        for user_id in users or self.members:
            self.press(user_id)

    def remind(self, series_id: int, form: ReminderForm | None = None, *, key: str | None = None) -> Any:
        """Save the reminder's modal."""
        return reminders.remind(
            self.db,
            self.team,
            series_id,
            form or ReminderForm(now=True),
            actor=ADMIN,
            key=key or self.key(),
            now=self.clock(),
        )

    def cancel(self, series_id: int) -> int:
        """Press [Cancel session] under the confirmation."""
        place = (
            Place("D" + ADMIN, self.messenger.to(ADMIN)[0].ts) if self.messenger.to(ADMIN) else Place("", "")
        )
        return scheduling.cancel(self.db, self.team, series_id, actor=ADMIN, place=place, now=self.clock())

    # --- What time does ---

    def run(self) -> int:
        """Do everything that is due."""
        return run_due(self.deps)

    def drain(self) -> int:
        """Send what is owed, and nothing else."""
        return Sender(self.deps, Pace({})).drain(float("inf"))

    def to_match(self) -> None:
        """Move to the matching and do what is due."""
        self.clock.now = max(self.clock.now, MATCH)
        self.run()

    def leases_run_out(self) -> None:
        """Let real time pass: every lease, quarantine and delay is over."""
        with self.db.transaction() as tx:
            past = self.db.instant(tx) - timedelta(hours=1)
            waits = Outbox.state.in_(["leased", "unknown"])
            tx.execute(Outbox.__table__.update().where(waits).values(lease_until=past))
            tx.execute(Outbox.__table__.update().where(Outbox.state == "pending").values(due_at=past))
            tx.execute(text("DELETE FROM throttle"))

    # --- What is there ---

    def states(self) -> dict[str, str]:
        """The state of each person's invitation to the newest session."""
        with self.db.reading() as tx:
            newest = select(func.max(Invitation.occurrence_id)).where(Invitation.team_id == self.team)
            rows = tx.execute(
                select(Invitation.user_id, Invitation.state).where(
                    Invitation.occurrence_id == newest.scalar_subquery()
                )
            )
            return {user_id: state for user_id, state in rows}

    def occurrences(self, series_id: int | None = None) -> Sequence[Occurrence]:
        """The sessions of a series, or all of the workspace, in order."""
        with self.db.reading() as tx:
            wanted = select(Occurrence).where(Occurrence.team_id == self.team)
            if series_id is not None:
                wanted = wanted.where(Occurrence.series_id == series_id)
            return tx.scalars(wanted.order_by(Occurrence.series_id, Occurrence.number)).all()

    def owed(self, *kinds: Kind) -> Sequence[Outbox]:
        """The rows of the outbox, of these kinds only where some are given."""
        with self.db.reading() as tx:
            wanted = select(Outbox).where(Outbox.team_id == self.team).order_by(Outbox.id)
            if kinds:
                wanted = wanted.where(Outbox.kind.in_(kinds))
            return tx.scalars(wanted).all()

    def outbox_states(self, *kinds: Kind) -> set[str]:
        """In which states the messages of these kinds are, or all but live cards, which go on changing."""
        return {row.state for row in self.owed(*kinds) if kinds or row.kind != Kind.CARD_REDRAW}

    def reminders(self) -> list[str]:
        """The states of the reminders."""
        with self.db.reading() as tx:
            return list(tx.scalars(select(Reminder.state).order_by(Reminder.id)))

    def groups(self) -> list[set[str]]:
        """Who was brought together."""
        with self.db.reading() as tx:
            rows = tx.execute(
                select(Group.id, GroupMember.user_id)
                .join(GroupMember, GroupMember.group_id == Group.id)
                .where(Group.team_id == self.team)
            ).all()
        found: dict[int, set[str]] = {}
        for group_id, user_id in rows:
            found.setdefault(group_id, set()).add(user_id)
        return list(found.values())

    def told(self, user_id: str) -> str:
        """All the bot ever posted to somebody and that still stands there."""
        return " ".join(shown.words for shown in self.messenger.to(user_id))
