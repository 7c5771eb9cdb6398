"""Send what is owed: claim, fence, render, post, record; and look up what nobody can tell."""

import time
from datetime import timedelta
from threading import Event

import structlog

from blocks.exports import refused
from blocks.messages import mail, make_file, modal, render, sms
from blocks.words import speaking
from domain.dry_runs import DryRun
from domain.errors import TryLater
from domain.exports import Export
from domain.facts import Facts
from domain.files import File
from domain.mentoring_decisions import DecisionsTask
from domain.mentoring_runs import RunTask
from domain.messages import MOST_DOUBTS, OUTSIDE, Kind, Method, Outcome, Verdict, of_failed_look
from domain.pace import Pace
from jobs.carriers import carry
from services import (
    claims,
    delivery,
    doubts,
    dry_runs,
    endings,
    exports,
    facts,
    mentoring_decisions,
    mentoring_tasks,
    people,
)
from services.claims import Claimed
from services.doubts import Doubtful
from services.ports import Away, Deps, Wire

log = structlog.get_logger()
Filled = DryRun | RunTask | DecisionsTask  # what a modal waits for
Made = File | Filled
WITHDRAWALS = 3  # tries to take a second copy back
MOST_WAIT = 1.0  # seconds to wait for a bucket before doing something else


class Sender:
    """One worker's hands on the outbox of its workspace."""

    def __init__(self, deps: Deps, pace: Pace) -> None:
        self.deps = deps
        self.pace = pace
        self.pause = Event()
        self.load = facts.loader(deps.reach)
        self.made: dict[int, Made] = {}  # what took longer than a lease, for the next attempt

    def drain(self, until: float) -> int:
        """Send what is due until nothing is, or the steady clock says *until*; how many attempts."""
        deps, attempts = self.deps, 0
        claims.sweep(deps.db, deps.team_id, timing=deps.timing)
        while time.monotonic() < until:
            deps.probe("before_claim")
            rows = claims.claim(
                deps.db,
                deps.team_id,
                deps.chance.token(),
                timing=deps.timing,
                without=self._closed_methods(),
            )
            if not rows and not self._wait_for_bucket():
                return attempts
            deps.probe("after_claim")
            for row in rows:
                if time.monotonic() >= until:
                    delivery.release(deps.db, row)
                    continue
                self._deliver(row)
                attempts += 1
        return attempts

    def _closed_methods(self) -> set[Method]:
        now = time.monotonic()
        slow = {m for m in Method if self.pace.wait(m.value, now) > MOST_WAIT}
        return slow | set(claims.throttled(self.deps.db, self.deps.team_id))

    def _wait_for_bucket(self) -> bool:
        """Nothing to do now; True after a short wait if one of our own buckets was the reason."""
        now = time.monotonic()
        waits = [wait for m in Method if (wait := self.pace.wait(m.value, now)) > MOST_WAIT]
        if not waits or not claims.waiting(self.deps.db, self.deps.team_id):
            return False
        self.pause.wait(min(*waits, MOST_WAIT))
        return True

    def _deliver(self, row: Claimed) -> None:
        deps = self.deps
        if row.method is Method.OPEN:
            outcome = self._open(row)
            if outcome.verdict is not Verdict.SENT or outcome.channel is None:
                self._record(row, outcome)
                return
            if not delivery.opened(deps.db, row, outcome.channel):
                return
        self._slow_down(row)
        ready, made = self._make(row)
        started = time.monotonic()
        fenced = self._fence(row, made) if ready else None
        if fenced is None:
            return
        self.made.pop(row.id, None)
        wire, held = fenced
        deps.probe("after_fence")
        if time.monotonic() - started > deps.timing.hesitation.total_seconds():
            delivery.release(deps.db, held)
            return
        if wire.modal is not None:
            outcome = deps.modals.fill(held.params["modal"], wire.modal)
        else:
            outcome = carry(deps, held, wire)
        deps.probe("after_post")
        self._record(held, outcome)
        deps.probe("after_record")

    def _make(self, row: Claimed) -> tuple[bool, Made | None]:
        """Make what a message needs beforehand, if it does. A fault of ours costs that message alone."""
        if not row.kind.is_made or row.id in self.made:
            return True, self.made.get(row.id)
        deps = self.deps
        try:
            told = delivery.look(deps.db, row, self.load, now=deps.clock())
            if told is None:  # the fence says so too, and notes why
                return True, None
            with speaking(told.locale):
                self.made[row.id] = self._made(told.facts)
            return True, self.made[row.id]
        except Away:
            verdict = Verdict.REFUSED if row.attempts >= MOST_DOUBTS else Verdict.LATER
            self._record(row, Outcome(verdict, reason="Slack cannot be read now"))
            return False, None
        except TryLater:
            raise
        except Exception as error:
            self._broken(row, error)
            return False, None

    def _made(self, told: Facts) -> Made:
        deps = self.deps
        if isinstance(told, Export):
            return exports.make(deps.db, told)
        if isinstance(told, DryRun):
            return dry_runs.make(deps.db, deps.team_id, told, now=deps.clock())
        if isinstance(told, RunTask):
            return mentoring_tasks.make(deps.db, deps.team_id, told, now=deps.clock())
        if isinstance(told, DecisionsTask):
            return mentoring_decisions.make(deps, told, now=deps.clock())
        return make_file(told)

    def _fence(self, row: Claimed, made: Made | None) -> tuple[Wire, Claimed] | None:
        """Fence the row and draw its message. A bug in one message costs that message alone."""
        deps = self.deps
        try:
            fenced = delivery.fence(deps.db, row, self.load, timing=deps.timing, now=deps.clock())
            if fenced is None:
                return None
            told, held = fenced
            with speaking(told.locale):
                return _drawn(held, told.facts, made), held
        except delivery.Undeliverable as nowhere:
            self._record(row, Outcome(Verdict.REFUSED, reason=nowhere.reason))
            return None
        except TryLater:
            raise
        except Exception as error:
            self._broken(row, error)
            return None

    def _broken(self, row: Claimed, error: Exception) -> None:
        log.error("message_broken", team=self.deps.team_id, message=row.id, exc_info=error)
        tried = row.attempts >= MOST_DOUBTS
        verdict = Verdict.REFUSED if tried else Verdict.LATER
        self._record(row, Outcome(verdict, reason=f"a fault of ours ({type(error).__name__})"))

    def _open(self, row: Claimed) -> Outcome:
        self.pace.spend(Method.OPEN.value, time.monotonic())
        outcome = self.deps.messenger.open_group(row.users)
        if outcome.verdict is Verdict.UNKNOWN:  # opening twice is opening once
            return Outcome(Verdict.LATER, reason=outcome.reason)
        if outcome.verdict is Verdict.REFUSED and outcome.reason in endings.PERSON_IS_GONE:
            self._look_again(row.users)
        return outcome

    def _look_again(self, users: tuple[str, ...]) -> None:
        """Slack does not say which member of a group it cannot find; our picture has to be fresh."""
        found = {user_id: self.deps.directory.person(user_id) for user_id in users}
        known = [person for person in found.values() if person is not None]
        people.save(self.deps.db, self.deps.team_id, known)
        if known:  # a directory that knows nobody at all says nothing about anybody
            gone = [user_id for user_id, one in found.items() if one is None]
            people.gone(self.deps.db, self.deps.team_id, gone, now=self.deps.clock())

    def _slow_down(self, row: Claimed) -> None:
        method = Method.POST if row.method is Method.OPEN else row.method
        now = time.monotonic()
        part = row.channel or row.recipient
        wait = self.pace.wait(method.value, now)
        if method is Method.POST and part:
            wait = max(wait, self.pace.wait("channel", now, part=part))
        if wait:
            self.pause.wait(wait)
        self.pace.spend(method.value, time.monotonic())
        if method is Method.POST and part:
            self.pace.spend("channel", time.monotonic(), part=part)

    def _record(self, row: Claimed, outcome: Outcome) -> None:
        deps = self.deps
        jitter = deps.chance.jitter()
        ended = endings.hook(deps.db, deps.clock())
        # what Slack told us is worth more than one try: without it we would have to look
        copy = deps.db.retrying(
            lambda: delivery.record(deps.db, row, outcome, timing=deps.timing, jitter=jitter, ended=ended)
        )
        if copy:
            self._withdraw(row, outcome)
        if outcome.verdict is not Verdict.SENT:
            log.warning(
                "delivery",
                team=deps.team_id,
                message=row.id,
                kind=row.kind.value,
                verdict=outcome.verdict.value,
                reason=outcome.reason,
            )

    def _withdraw(self, row: Claimed, copy: Outcome) -> None:
        """Take back a second copy of a message, at once: whoever reads it would wonder."""
        gone = Outcome(Verdict.UNKNOWN)
        for _ in range(WITHDRAWALS):
            gone = self.deps.messenger.withdraw(copy.channel or "", copy.ts or "")
            if gone.verdict in (Verdict.SENT, Verdict.REFUSED):
                break
            self.pause.wait(gone.retry_after or 1)
        log.warning("second_copy", team=row.team_id, message=row.id, withdrawn=gone.verdict.value)

    def look_up(self) -> int:
        """Settle messages whose quarantine is over; how many were looked at."""
        deps = self.deps
        rows = doubts.claim(deps.db, deps.team_id, deps.chance.token(), timing=deps.timing)
        for row in rows:
            seen = self._find(row)
            doubts.decide(
                deps.db,
                row,
                seen,
                timing=deps.timing,
                ended=endings.hook(deps.db, deps.clock()),
                organizer=facts.organizer(deps.db, row.id) if row.kind is Kind.COFFEE_GROUP else "",
            )
            deps.probe("after_look_up")
        return len(rows)

    def _find(self, row: Doubtful) -> Outcome:
        if row.method in OUTSIDE:
            return Outcome(Verdict.REFUSED)
        messenger, channel = self.deps.messenger, row.channel
        if channel is None:
            opened = messenger.open_group([row.recipient])
            if opened.verdict is not Verdict.SENT or opened.channel is None:
                return of_failed_look(opened)
            channel = opened.channel
        # stamps are Slack's clock: look a little further back than ours says
        return messenger.find(channel, row.key, row.since - timedelta(minutes=5))


def _drawn(row: Claimed, told: Facts, made: Made | None) -> Wire:
    """A message as whoever carries it takes it."""
    if isinstance(made, Filled):
        return Wire(*render(made), modal=modal(made))
    text, blocks = render(told)
    if row.method is Method.MAIL:
        return Wire(text, [], mail=mail(told))
    if row.method is Method.TEXT:
        return Wire(text, [], sms=sms(told))
    if row.method is Method.MONEY:
        return Wire(text, [], errand=told)
    return Wire(text, blocks, made, instead=refused() if isinstance(told, Export) else "")
