"""Whatever a host and her guests do, whenever the bot is at work: sessions are as their model says.

``pytest --hypothesis-profile=seek`` looks much longer.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.errors import Refusal
from domain.hosted import Channel
from domain.letters import Mail
from domain.messages import Outcome, Verdict
from store.database import Database
from tests.conftest import Copies
from tests.hosted_model import Model, Row
from tests.hosting import START, Hosting, somebody

MINUTE = timedelta(minutes=1)
CHANNELS = st.lists(st.sampled_from(["email", "email", "none"]), min_size=1, max_size=3)
LEADS = st.sampled_from([8, 40, 70, 130, 1500, 3000])
STEPS = st.sampled_from([1, 3, 5, 11, 20, 61, 130, 700, 1450])
NUMBER = st.integers(0, 30)
LEFT = ("planned", "sent", "missed", "skipped")  # superseded and cancelled rows are history


class Post:
    """A mail server that may be away, and knows what each reader was told last."""

    def __init__(self) -> None:
        self.up = True
        self.told: dict[tuple[int, str], object] = {}
        self.count = Counter[tuple[int, str]]()
        self.starts: Callable[[str], tuple[int, datetime]]

    def send(self, mail: Mail) -> Outcome:
        """Take it, and remember what its reader now believes."""
        if not self.up:
            return Outcome(Verdict.LATER)
        session, start = self.starts(mail.to)
        kind = mail.key.split("-")[1]
        news: object = "cancelled" if kind == "cancelled" else start
        who = (session, mail.to)
        assert kind != "moved" or self.told[who] != news, "they knew"
        self.told[who] = news
        self.count[(session, kind)] += 1
        return Outcome(Verdict.SENT)


class Sessions(RuleBasedStateMachine):
    """A host in the database, and beside her the model."""

    copies: ClassVar[Copies]

    @initialize(channels=CHANNELS, lead=LEADS)
    def begin(self, channels: list[str], lead: int) -> None:
        """Create both, with one session."""
        self.real = Hosting(Database(self.copies.fresh()), START)
        self.model, self.post = Model(START), Post()
        self.people = 0
        self.where: dict[str, int] = {}
        self.post.starts = lambda to: (self.where[to], self.model.sessions[self.where[to]]["start"])
        self.real.world.deps = replace(self.real.world.deps, mailer=self.post)
        self.book(channels, lead)

    # --- What people do ---

    @precondition(lambda self: len(self.model.sessions) < 3)
    @rule(channels=CHANNELS, lead=LEADS)
    def book(self, channels: list[str], lead: int) -> None:
        """A session for some people."""
        number = len(self.model.sessions)
        people = [self._somebody(channel, number) for channel in channels]
        self.model.book(channels, lead)
        self.real.book(*people, start=self.model.now + lead * MINUTE)
        self._compare()

    @rule(which=NUMBER, channel=st.sampled_from(["email", "none"]))
    def add(self, which: int, channel: str) -> None:
        """One more."""
        number, one = self._one(which)
        new = self._somebody(channel, number)
        self._both(self.model.add(one, channel), lambda: self.real.add(number + 1, new))

    @rule(which=NUMBER, who=NUMBER)
    def take_out(self, which: int, who: int) -> None:
        """One less."""
        number, one = self._one(which)
        person, row = self._person(number, one, who)
        self._both(self.model.take_out(one, person), lambda: self.real.take_out(row))

    @rule(which=NUMBER, lead=LEADS)
    def move(self, which: int, lead: int) -> None:
        """Another time."""
        number, one = self._one(which)
        start = self.model.now + lead * MINUTE
        self._both(self.model.move(one, start), lambda: self.real.move(number + 1, start))

    @rule(which=NUMBER, back=st.booleans())
    def cancel(self, which: int, back: bool) -> None:
        """It is not to be; or, at once, it is after all."""
        number, one = self._one(which)
        self._both(self.model.cancel(one), lambda: self.real.cancel(number + 1))
        if back:
            self.undo(which)

    @rule(which=NUMBER)
    def undo(self, which: int) -> None:
        """[Undo], wherever it stands."""
        number, one = self._one(which)
        self._both(self.model.undo(one), lambda: self.real.undo(number + 1))

    @rule(which=NUMBER)
    def remove(self, which: int) -> None:
        """Without a word."""
        number, one = self._one(which)
        self._both(self.model.remove(one), lambda: self.real.remove(number + 1))

    @rule(which=NUMBER, who=NUMBER, accepted=st.booleans())
    def answer(self, which: int, who: int, accepted: bool) -> None:
        """A guest says yes, or no."""
        number, one = self._one(which)
        person, row = self._person(number, one, who)
        self._both(self.model.answer(one, person, accepted), lambda: self.real.answer(row, accepted))

    @rule(which=NUMBER, who=NUMBER)
    def join(self, which: int, who: int) -> None:
        """A guest comes in."""
        number, one = self._one(which)
        person, row = self._person(number, one, who)
        if self.model.join(one, person):
            self.real.joins(row)

    # --- Time, and what is broken ---

    @rule(minutes=STEPS, works=st.booleans())
    def wait(self, minutes: int, works: bool) -> None:
        """Time passes; at its end the bot does what is due, or it is still away."""
        self.model.now += minutes * MINUTE
        self.real.clock.now = self.model.now
        if works:
            self.work()

    @rule(up=st.booleans())
    def mail(self, up: bool) -> None:
        """The mail server goes away, or comes back."""
        self.model.up = self.post.up = up

    @rule()
    def work(self) -> None:
        """The bot does what is due, and does it once more."""
        self.model.works()
        for _ in range(2):
            self.real.world.leases_run_out()
            self.real.world.run()
        self._compare()
        if self.model.up:
            self._beliefs()

    # --- Both ---

    def _somebody(self, channel: str, number: int) -> Any:
        self.people += 1
        new = somebody(self.people, Channel(channel))
        self.where[new.address] = number
        return new

    def _one(self, which: int) -> tuple[int, Row]:
        number = which % len(self.model.sessions)
        return number, self.model.sessions[number]

    def _person(self, number: int, one: Row, who: int) -> tuple[Row, int]:
        place = who % len(one["people"])
        return one["people"][place], self.real.people(number + 1)[place].id

    def _both(self, said: str, press: Any) -> None:
        try:
            done = "done" if press().changed else "untouched"
        except Refusal:
            done = "refused"
        assert done == said
        self._compare()

    def _compare(self) -> None:
        for number, one in enumerate(self.model.sessions):
            row = self.real.session(number + 1)
            people = self.real.people(number + 1)
            assert (row.state, row.starts_at) == (one["state"], one["start"])
            assert [p.state for p in people] == [p["state"] for p in one["people"]]
            reminders = self.real.reminders(number + 1)
            for person, model in zip(people, one["people"], strict=True):
                works = bool(person.code_hash) and (person.code_until or START) > self.model.now
                assert works == self.model.code_works(one, model)
                mine = [r for r in reminders if r.participant_id == person.id and r.state in LEFT]
                wanted = [r for r in model["rows"] if r["state"] in (*LEFT, "owed")]
                assert sorted((r.due_at, r.before, r.state) for r in mine) == sorted(
                    (r["due"], r["before"], "sent" if r["state"] == "owed" else r["state"]) for r in wanted
                )

    def _beliefs(self) -> None:
        """Everybody knows what is so, and each reminder was sent once."""
        for number, one in enumerate(self.model.sessions):
            for person, model in zip(self.real.people(number + 1), one["people"], strict=True):
                wanted = self.model.knows(one, model)
                if wanted is not None:
                    assert self.post.told.get((number, person.address)) == wanted
            sent = sum(r["state"] == "sent" for p in one["people"] for r in p["rows"])
            assert self.post.count[(number, "reminder")] == sent


def test_sessions_are_as_their_model_says(copies):
    """Sessions, guests, reminders and the clock, with the bot and the mail server away now and then."""
    seeking = settings.default is not None and settings.default.max_examples > 1000
    machine = type("Machine", (Sessions,), {"copies": copies})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=1000 if seeking else 5, stateful_step_count=16, deadline=None),
    )
