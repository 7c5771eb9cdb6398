"""Whatever people press, in whatever order: a program is as its model says, and so is what it tells them.

``pytest --hypothesis-profile=seek`` looks much longer.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from domain.errors import Refusal
from domain.mentoring import Done, Process
from domain.messages import Kind
from services import mentoring_endings, mentoring_matches, mentoring_requests
from services.mentoring_endings import EndForm
from services.mentoring_exclusions import exclude
from store.database import Database
from store.mentoring import Match, Participant, Preferences, Request
from store.outbox import Outbox
from tests.builders import ADMIN, World
from tests.mentoring import Mentorship
from tests.mentoring_model import LIVE, OPEN, WAITS, Model

MENTORS, BOTH, MENTEES = ["U1", "U2"], ["U3"], ["U4", "U5", "U6"]
PEOPLE = [*MENTORS, *BOTH, *MENTEES]
ZONE = ZoneInfo("Europe/Paris")
NUMBER = st.integers(0, 30)
AS_MENTOR = st.sampled_from([*MENTORS, *BOTH])
AS_MENTEE = st.sampled_from([*BOTH, *MENTEES])
ANYBODY = st.sampled_from(PEOPLE)
SEEKING = 1000  # examples from which on somebody looks for trouble


def _any(rows: Sequence[dict[str, Any]], *states: str) -> bool:
    return any(one["state"] in states for one in rows)


def _pick(rows: Sequence[dict[str, Any]], number: int, state: str) -> int:
    """One of these in this state, or, now and then, any: an old button still stands somewhere."""
    fit = [n for n, one in enumerate(rows) if one["state"] == state]
    return fit[number % len(fit)] if fit and number % 5 else number % len(rows)


class Program(RuleBasedStateMachine):
    """A program in the database, and beside it the model."""

    db: ClassVar[Database]
    teams: ClassVar[Any]

    @initialize(
        slots=st.integers(1, 2),
        keep=st.booleans(),
        user_led=st.sampled_from([False, False, True]),
        places=st.sampled_from([2, 3, None]),
    )
    def begin(self, slots: int, keep: bool, user_led: bool, places: int | None) -> None:
        """Create both, in a workspace of their own."""
        world = World(self.db, 6, team=f"T{next(self.teams)}")
        world.read_people()
        process = Process.USER if user_led else Process.APPROVAL
        self.real = Mentorship(
            world,
            mentors=MENTORS,
            mentees=MENTEES,
            process=process,
            mentors_per_mentee=slots,
            keep_places=keep,
        )
        self.real.join("U3", mentor=True, mentee=True)
        self.model = Model(world.clock(), slots=slots, keep=keep, user_led=user_led)
        self.ids = self.real.users()
        for who in PEOPLE:
            self.model.people[who] = {
                "mentor": who not in MENTEES, "mentee": who not in MENTORS, "state": "active",
                "places": None, "exhausted": 0,
            }  # fmt: skip
        self.lowered = False
        if places is not None:
            self.set_places(who="U1", places=places)
        self.shown: dict[int, int] = {}

    def both(self, real: Callable[[], Any], model: Callable[..., str], *args: Any, **how: Any) -> None:
        """Do it in both, a second later: the same must come of it."""
        self.real.world.clock.now += timedelta(seconds=1)
        self.model.now = self.real.now
        self.before = [dict(one) for one in self.model.requests]
        try:
            done = real()
            came = "untouched" if isinstance(done, Done) and not done.changed else "done"
        except Refusal as refusal:
            came = type(refusal).__name__
        wanted = self.model.does(model, *args, **how)
        assert came == wanted, f"{came} came, not {wanted}"
        self.same()

    # --- What people press ---

    @rule(number=NUMBER, mentors=st.permutations([*MENTORS, *BOTH]), count=st.integers(1, 3))
    def look_for_mentors(self, number: int, mentors: list[str], count: int) -> None:
        """A mentee who may submits a list that can be."""
        model = self.model
        free = [
            one
            for one in (*BOTH, *MENTEES)
            if model.matched(one) < model.slots and model.open_list(one) is None
            and model.people[one]["state"] == "active"
        ]  # fmt: skip
        if free:
            mentee = free[number % len(free)]
            self.submit(mentee=mentee, mentors=[one for one in mentors if one != mentee][:count])

    @rule(mentee=AS_MENTEE, mentors=st.lists(AS_MENTOR, min_size=1, max_size=3))
    def submit(self, mentee: str, mentors: list[str]) -> None:
        """A mentee submits a list."""
        self.both(lambda: self.real.submit(mentee, *mentors), self.model.submit, mentee, tuple(mentors))

    @precondition(lambda self: _any(self.model.lists, "open"))
    @rule(number=NUMBER)
    def withdraw(self, number: int) -> None:
        """A mentee withdraws a list."""
        if self.model.lists:
            wish = number % len(self.model.lists)
            mentee, real = self.model.lists[wish]["mentee"], self.rows(Preferences)[wish].id
            self.both(lambda: self.real.withdraw(mentee, list_id=real), self.model.withdraw, wish)

    @precondition(lambda self: self.model.requests)
    @rule(number=NUMBER, approve=st.booleans())
    def answer(self, number: int, approve: bool) -> None:
        """A mentor answers any request, old or new."""
        self.on_request(
            number, mentoring_requests.approve if approve else mentoring_requests.decline,
            "mentor", self.model.answer, approve=approve,
        )  # fmt: skip

    @precondition(lambda self: _any(self.model.requests, "pending"))
    @rule(number=NUMBER, approve=st.booleans())
    def answer_what_waits(self, number: int, approve: bool) -> None:
        """A mentor answers a request that waits."""
        waiting = [n for n, one in enumerate(self.model.requests) if one["state"] == "pending"]
        if waiting:
            self.answer(number=waiting[number % len(waiting)], approve=approve)

    @precondition(lambda self: _any(self.model.requests, "expired"))
    @rule(number=NUMBER)
    def offer(self, number: int) -> None:
        """A mentor offers anyway."""
        late = [n for n, one in enumerate(self.model.requests) if one["state"] == "expired"]
        if late or number % 5 == 0:
            wanted = late[number % len(late)] if late else number
            self.on_request(wanted, mentoring_requests.offer, "mentor", self.model.offer)

    @precondition(lambda self: any(one["offer"] for one in self.model.requests))
    @rule(number=NUMBER, accept=st.booleans())
    def answer_offer(self, number: int, accept: bool) -> None:
        """A mentee answers a late offer."""
        made = [n for n, one in enumerate(self.model.requests) if one["offer"]]
        if made:
            one = self.model.requests[made[number % len(made)]]
            # the newest request of the two may be another: the press names the request
            self.on_request(
                self.model.requests.index(one), _answer_offer(accept), "mentee", self.model.answer_offer,
                accept=accept,
            )  # fmt: skip

    def on_request(self, number: int, do: Any, who: str, model: Any, **how: Any) -> None:
        """Press a button of a request."""
        if not self.model.requests:
            return
        number %= len(self.model.requests)
        presser, real = self.model.requests[number][who], self.rows(Request)[number].id

        def press() -> Any:
            return do(
                self.real.db, self.real.team, real, mentoring_requests.Press(presser), now=self.real.now
            )

        self.both(press, model, number, **how)

    # --- What organizers press ---

    @rule(mentee=AS_MENTEE, mentor=AS_MENTOR)
    def put_together(self, mentee: str, mentor: str) -> None:
        """A mentee is staged with a mentor."""
        self.stage(mentee=mentee, mentor=mentor, anyway=False)

    @rule(mentee=ANYBODY, mentor=ANYBODY, anyway=st.sampled_from([False, False, True]))
    def stage(self, mentee: str, mentor: str, anyway: bool) -> None:
        """Anybody is staged with anybody."""
        self.both(
            lambda: self.real.stage(mentee, mentor, anyway=anyway),
            self.model.stage,
            mentee,
            mentor,
            anyway=anyway,
        )

    @rule(mentee=AS_MENTEE, mentor=AS_MENTOR)
    def assign(self, mentee: str, mentor: str) -> None:
        """Two are matched by hand."""
        self.both(lambda: self.real.assign(mentee, mentor), self.model.assign, mentee, mentor)

    @precondition(lambda self: _any(self.model.matches, "staged", "proposed"))
    @rule(number=NUMBER, what=st.sampled_from(["approve", "discard", "propose"]))
    def on_match(self, number: int, what: str) -> None:
        """A button of a staged match."""
        if self.model.matches:
            number = _pick(self.model.matches, number, "staged")
            real = self.rows(Match)[number].id
            do = getattr(mentoring_matches, what)
            self.both(
                lambda: do(self.real.db, self.real.team, real, actor=ADMIN, now=self.real.now),
                {"approve": self.model.approve_match, "discard": self.model.discard}.get(
                    what, self.model.propose
                ),
                number,
            )

    @precondition(lambda self: _any(self.model.matches, "staged"))
    @rule()
    def approve_all(self) -> None:
        """All that is staged."""
        self.both(self.real.approve_all, self.model.approve_all)

    @precondition(lambda self: _any(self.model.matches, "active"))
    @rule(number=NUMBER, never_again=st.booleans(), back=st.booleans())
    def end(self, number: int, never_again: bool, back: bool) -> None:
        """A match ends."""
        if self.model.matches:
            number = _pick(self.model.matches, number, "active")
            form = EndForm("completed", never_again=never_again, back=back)
            real = self.rows(Match)[number].id
            self.both(
                lambda: mentoring_endings.end(
                    self.real.db, self.real.team, real, form, actor=ADMIN, now=self.real.now
                ),
                self.model.end, number, never_again=never_again, back=back,
            )  # fmt: skip

    @precondition(lambda self: _any(self.model.matches, "ended", "discarded"))
    @rule(number=NUMBER)
    def undo(self, number: int) -> None:
        """An end or a discard is undone."""
        over = [n for n, one in enumerate(self.model.matches) if one["state"] not in LIVE]
        if over:
            wanted = over[number % len(over)]
            real = self.rows(Match)[wanted].id
            self.both(
                lambda: mentoring_endings.undo(
                    self.real.db, self.real.team, real, actor=ADMIN, now=self.real.now
                ),
                self.model.undo, wanted,
            )  # fmt: skip

    @precondition(lambda self: _any(self.model.requests, *OPEN))
    @rule(number=NUMBER)
    def keep_apart_who_ask(self, number: int) -> None:
        """Two people are kept apart while one asks the other."""
        asks = [one for one in self.model.requests if one["state"] in OPEN]
        one = asks[number % len(asks)]
        self.keep_apart(mentee=one["mentee"], mentor=one["mentor"])

    @rule(mentee=AS_MENTEE, mentor=AS_MENTOR)
    def keep_apart(self, mentee: str, mentor: str) -> None:
        """Two people are kept apart."""

        def real() -> None:
            with self.real.changing() as held:
                exclude(held, mentee, mentor, reason="no")

        if (
            mentee != mentor
            and frozenset((mentee, mentor)) not in self.model.apart
            and len(self.model.apart) < 3
        ):
            self.both(real, self.model.keep_apart, mentee, mentor)

    @rule(days=st.integers(1, 5), arrive=st.booleans())
    def off_for_days(self, days: int, arrive: bool) -> None:
        """Matching is off for a while."""
        if arrive:
            self.deliver(dead="")
        self.turn(on=False)
        self.days_go_by(days=days)
        self.turn(on=True)

    @precondition(lambda self: not self.model.on)
    @rule()
    def turn_on(self) -> None:
        """Matching goes on again."""
        self.turn(on=True)

    @rule(on=st.booleans())
    def turn(self, on: bool) -> None:
        """Matching goes off, or on."""
        self.both(lambda: self.real.turn(on=on), self.model.turn, on=on)

    # --- What people do with themselves ---

    @rule(who=ANYBODY, what=st.sampled_from(["pause", "leave"]))
    def take_part(self, who: str, what: str) -> None:
        """Somebody rests, comes back, leaves or joins again."""
        me = self.model.people[who]
        profile = {name: me[name] for name in ("mentor", "mentee", "places")}
        if what == "join" and me["places"] is not None and me["places"] > self.model.most:
            return  # the form asks for fewer first
        if what == "join" and me["state"] != "left":
            return
        real = getattr(self.real, what)
        self.both(lambda: real(who, **(profile if what == "join" else {})), getattr(self.model, what), who)

    @rule()
    def all_come_back(self) -> None:
        """Whoever rests or has left takes part again."""
        for who, me in self.model.people.items():
            if me["state"] != "active":
                self.take_part(who=who, what="join" if me["state"] == "left" else "come_back")

    @rule(who=AS_MENTOR, places=st.sampled_from([0, 1, 2, 2, 3, 4]))
    def set_places(self, who: str, places: int) -> None:
        """A mentor takes more or fewer mentees."""
        self.both(lambda: self.real.set_places(who, places), self.model.set_places, who, places)

    @rule(most=st.integers(1, 3))
    def limit(self, most: int) -> None:
        """An organizer sets the most mentees a mentor may have."""
        self.lowered = self.lowered or most < self.model.most
        self.real.change(most_places=most)
        self.model.most = most

    # --- What Slack and time do ---

    @rule(dead=st.sampled_from(["", "", "", *MENTORS]))
    def deliver(self, dead: str) -> None:
        """What is owed arrives, but for one person perhaps."""
        self.both(lambda: self.real.deliver(dead=[dead]), self.model.deliver, dead)
        self.shown = self.versions()

    @rule(days=st.integers(3, 6))
    def nobody_answers(self, days: int) -> None:
        """All questions arrive, and then nothing happens for days."""
        self.deliver(dead="")
        self.days_go_by(days=days)

    @rule(days=st.integers(1, 4))
    def days_go_by(self, days: int) -> None:
        """Every midnight and every morning is looked at."""
        begin = self.real.now.astimezone(ZONE)
        for day in range(days + 1):
            for hour in (0, 10):
                there = (begin + timedelta(days=day)).date()
                moment = datetime(there.year, there.month, there.day, hour, tzinfo=ZONE)
                if moment > begin:
                    self.before = [dict(one) for one in self.model.requests]
                    self.real.pass_time(moment)
                    self.model.reach(moment)
        self.same()

    # --- What must be ---

    def rows(self, table: Any) -> Sequence[Any]:
        """The program's rows, oldest first."""
        with self.db.reading() as tx:
            return tx.scalars(select(table).where(table.program_id == self.real.id).order_by(table.id)).all()

    def outbox(self) -> list[Outbox]:
        """What the workspace owes, oldest first."""
        return [row for row in self.real.world.owed() if row.kind.startswith("mentoring.")]

    def versions(self) -> dict[int, int]:
        """How often each message was owed its newest state."""
        redraws = (row for row in self.outbox() if row.kind == Kind.MENTORING_REDRAW)
        return {row.subject_id: row.version for row in redraws}

    def same(self) -> None:
        """The program is as the model says, and has told what the model says."""
        model, users = self.model, self.ids
        requests, lists = self.rows(Request), self.rows(Preferences)
        number = {one.id: n for n, one in enumerate(lists)}
        assert [
            (number.get(one.list_id), users[one.mentee_id], users[one.mentor_id], one.state, one.offer)
            for one in requests
        ] == [
            (one["list"], one["mentee"], one["mentor"], one["state"], one["offer"]) for one in model.requests
        ]
        assert [(users[one.mentee_id], one.state) for one in lists] == [
            (one["mentee"], one["state"]) for one in model.lists
        ]
        assert [(users[one.mentee_id], users[one.mentor_id], one.state) for one in self.rows(Match)] == [
            (one["mentee"], one["mentor"], one["state"]) for one in model.matches
        ]
        assert {users[one.id]: (one.state, one.places, one.exhausted) for one in self.rows(Participant)} == {
            who: (one["state"], one["places"], one["exhausted"]) for who, one in model.people.items()
        }
        self.told_the_same(requests)
        self.drawn_anew(requests)

    def told_the_same(self, requests: Sequence[Request]) -> None:
        """Each person is owed what they should be, once."""
        rows = [row for row in self.outbox() if row.kind != Kind.MENTORING_REDRAW]
        told = Counter(
            (row.kind.removeprefix("mentoring."), row.recipient or "+".join(row.users)) for row in rows
        )
        assert told == Counter(self.model.told)
        mentors = {one.id: self.ids[one.mentor_id] for one in requests}
        news = [
            (row.recipient, row.params["news"], mentors.get(row.params["next"]), row.params["used_up"])
            for row in rows
            if row.kind == Kind.MENTORING_NEWS
        ]
        assert Counter(news) == Counter(self.model.news)

    def drawn_anew(self, requests: Sequence[Request]) -> None:
        """A question that stands somewhere, and is closed, stopped or goes on, is drawn as it is now."""
        now = self.versions()
        there = {
            row.subject_id: row.id for row in self.outbox() if row.kind == Kind.MENTORING_REQUEST and row.ts
        }
        for was, one, real in zip(self.before, self.model.requests, requests, strict=False):
            if was["state"] in WAITS and was["state"] != one["state"] and real.id in there:
                message = there[real.id]
                assert now.get(message, -1) > self.shown.get(message, -1), f"request {real.id} looks old"
        self.shown = now

    @invariant()
    def counts_are_counts(self) -> None:
        """What is counted is what is there, and nobody has more than they may."""
        if not hasattr(self, "real"):
            return
        requests, matches = self.rows(Request), self.rows(Match)
        for one in self.rows(Participant):
            live = [row for row in matches if row.mentor_id == one.id and row.state in LIVE]
            waits = [row for row in requests if row.mentor_id == one.id and row.state in WAITS]
            mine = [row for row in matches if (row.mentee_id, row.state) == (one.id, "active")]
            counted = (len(live), sum(row.match_id is None for row in waits), len(mine))
            assert (one.used, one.asked, one.matched) == counted
            assert one.used <= self.model.cap(self.ids[one.id]) or self.lowered
            assert one.matched <= self.model.slots

    @invariant()
    def rules_hold(self) -> None:
        """One open list a mentee, one mentor asked a list, and nobody is asked whom nobody should ask."""
        if not hasattr(self, "real"):
            return
        requests, lists = self.rows(Request), self.rows(Preferences)
        opened = Counter(one.mentee_id for one in lists if one.state == "open")
        assert set(opened.values()) <= {1}
        waiting = Counter(one.list_id for one in requests if one.list_id and one.state in WAITS)
        assert set(waiting.values()) <= {1}
        states = {one.id: one.state for one in lists}
        people = {one.id: one.state for one in self.rows(Participant)}
        for one in requests:
            if one.state not in OPEN:
                continue
            assert people[one.mentee_id] == "active"
            assert one.list_id is None or states[one.list_id] == "open"
            if one.state == "queued":
                continue  # whether they may be asked is looked at when their turn comes
            assert people[one.mentor_id] == "active"
            assert frozenset((self.ids[one.mentee_id], self.ids[one.mentor_id])) not in self.model.apart or (
                one.match_id is not None
            )
            assert one.state != "pending" or self.model.on


def _answer_offer(accept: bool) -> Any:
    from services.mentoring_choices import answer_offer

    def press(db: Database, team: str, request: int, by: Any, *, now: datetime) -> Done:
        return answer_offer(db, team, request, by, accept=accept, now=now)

    return press


def test_a_program_is_as_its_model_says(db: Database) -> None:
    """After each step of any story."""
    seeking = settings().max_examples >= SEEKING
    machine = type("Machine", (Program,), {"db": db, "teams": itertools.count()})
    # a story that fails is told as it was found: making it shorter takes minutes
    how = settings(
        max_examples=500 if seeking else 25, stateful_step_count=60 if seeking else 40, deadline=None,
        phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=how)
