"""Brings parcels to the bot: signed HTTP or Socket Mode, with delivery faults and event retries."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.answers import Json
from sandbox.clock import ticks
from sandbox.faults import Rule
from sandbox.parcels import RETRY_REASONS, Outcome, Parcel, Tamper
from sandbox.sockets import Sockets
from sandbox.state import Team
from sandbox.wire import form_of, json_of, post_signed

if TYPE_CHECKING:
    from sandbox.hub import Hub

SENDERS = 32
EVENT_RETRIES_AFTER = (0.0, 60.0, 300.0)  # seconds, real time
KEPT_FOR_REPEATS = 500
REORDER_PATIENCE_MS = 500

Sending = asyncio.Future[Outcome]  # done when an event's first delivery is


class Courier:
    """Delivers, keeps what was delivered for repeats, and knows what is still under way."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.sockets = Sockets(hub)
        self.sent: deque[tuple[int, Parcel]] = deque(maxlen=KEPT_FOR_REPEATS)
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="courier")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._in_flight = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._passed = asyncio.Event()
        self._hour: dict[str, deque[float]] = {}

    @property
    def by_socket(self) -> bool:
        """Whether parcels travel over Socket Mode."""
        settings = self._hub.settings
        return settings.socket_mode or (settings.bot_url is None and self.sockets.count > 0)

    async def deliver(self, parcel: Parcel, *, attempt: int = 0, reason: str = "") -> Outcome:
        """Deliver once, as the fault rules want it; the first answer counts."""
        names = (parcel.kind, parcel.name)
        rule = self._hub.faults.for_delivery(
            names, user=self._aliases(parcel), channel=(parcel.channel,), team=(parcel.team,)
        )
        carry = functools.partial(self.carry, parcel, attempt=attempt, reason=reason)
        return await (self.struck(rule, carry) if rule else carry())

    async def carry(
        self, parcel: Parcel, *, attempt: int = 0, reason: str = "", tamper: Tamper | None = None
    ) -> Outcome:
        """Bring one parcel to the bot and journal both the delivery and its acknowledgement."""
        hub = self._hub
        way = "socket" if self.by_socket else "http"
        entry = hub.journal.add(
            "delivery", type=parcel.kind, name=parcel.name, team=parcel.team, user=parcel.user,
            channel=parcel.channel, via=way, attempt=attempt, payload=parcel.payload,
        )  # fmt: skip
        self.sent.append((entry["n"], parcel))
        started = ticks()
        with self._on_the_way():
            outcome = await self._transport(parcel, attempt, reason, tamper)
        outcome = replace(outcome, ms=(ticks() - started) * 1000, delivery=entry["n"])
        hub.journal.add(
            "ack", delivery=entry["n"], type=parcel.kind, name=parcel.name, how=outcome.how,
            status=outcome.status, ms=round(outcome.ms, 1), body=outcome.text,
        )  # fmt: skip
        return outcome

    async def bring(self, send: Callable[[], Outcome]) -> Outcome:
        """Send what does not come from Slack; whoever waits for quiet waits for it too."""
        with self._on_the_way():
            return await asyncio.get_running_loop().run_in_executor(self._pool, send)

    @contextlib.contextmanager
    def _on_the_way(self) -> Iterator[None]:
        self._in_flight += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            self._passed.set()
            self._passed = asyncio.Event()
            if not self._in_flight:
                self._quiet.set()

    def send_event(self, team: Team, name: str, payload: Json) -> Sending | None:
        """Deliver an event in the background, with Slack's three retries; None if withheld."""
        if not self._under_hourly_cap(team.id):
            return None
        user = payload["event"].get("user")
        parcel = Parcel("events_api", name, team.id, payload, user=user if isinstance(user, str) else "")
        first: Sending = asyncio.get_running_loop().create_future()
        self.background(self._with_retries(parcel, first))
        return first

    def background(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Run something that no request waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def quiet(self, timeout: float) -> bool:
        """Wait until nothing is on its way to the bot; tells whether that came in time."""
        await asyncio.sleep(0)  # events just noted start their delivery first
        try:
            await asyncio.wait_for(self._quiet.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def cancel_all(self) -> None:
        """Give up retries and late effects; what is already on the wire goes on."""
        for task in list(self._tasks):
            task.cancel()
        self.sent.clear()
        self._hour.clear()

    def close(self) -> None:
        """Stop for good."""
        self.cancel_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _transport(self, parcel: Parcel, attempt: int, reason: str, tamper: Tamper | None) -> Outcome:
        settings = self._hub.settings
        if self.by_socket:
            return await self.sockets.deliver(parcel, attempt, reason)
        if settings.bot_url is None:
            return Outcome("not_connected")
        body, content_type = (
            json_of(parcel.payload) if parcel.kind == "events_api" else form_of(parcel.kind, parcel.payload)
        )
        headers = {"Content-Type": content_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        send = functools.partial(
            post_signed, settings.bot_url, body, headers, secret=self._hub.app.signing_secret,
            timeout=settings.ack_seconds, tamper=tamper or Tamper(),
        )  # fmt: skip
        return await asyncio.get_running_loop().run_in_executor(self._pool, send)

    async def _with_retries(self, parcel: Parcel, first: Sending) -> None:
        outcome = await self.deliver(parcel)
        first.set_result(outcome)
        for attempt, delay in enumerate(EVENT_RETRIES_AFTER, start=1):
            hopeless = outcome.how == "not_connected" and not self._hub.settings.socket_mode
            if outcome.ok or outcome.no_retry or hopeless:
                return
            await asyncio.sleep(delay * self._hub.settings.retry_factor)
            reason = RETRY_REASONS[outcome.how]
            outcome = await self.deliver(parcel, attempt=attempt, reason=reason)
        if not outcome.ok:
            self._hub.journal.add("event_given_up", name=parcel.name, team=parcel.team)

    async def struck(self, rule: Rule, carry: Callable[[], Coroutine[Any, Any, Outcome]]) -> Outcome:
        """Deliver as a fault rule wants it."""
        ms = float(rule.how.get("ms", 0))
        if rule.deed == "lose":
            return Outcome("lost")
        if rule.deed == "twice":
            first = self.background(carry())
            if ms:
                await asyncio.sleep(ms / 1000)
            self.background(carry())
            outcome: Outcome = await first
            return outcome
        if rule.deed == "delay":
            await asyncio.sleep(ms / 1000)
        else:  # reorder: let the next parcel pass first
            await self._let_another_pass((ms or REORDER_PATIENCE_MS) / 1000)
        return await carry()

    async def _let_another_pass(self, patience: float) -> None:
        try:
            await asyncio.wait_for(self._passed.wait(), patience)
        except TimeoutError:
            return

    def _under_hourly_cap(self, team: str) -> bool:
        now = ticks()
        hour = self._hour.setdefault(team, deque())
        while hour and now - hour[0] > 3_600:
            hour.popleft()
        hour.append(now)
        cap = self._hub.settings.events_per_hour
        if len(hour) == cap + 1:
            limited = {
                "token": self._hub.app.verification_token,
                "type": "app_rate_limited",
                "team_id": team,
                "minute_rate_limited": int(self._hub.clock.now()) // 60 * 60,
                "api_app_id": self._hub.app.id,
                "event": {},
            }
            self.background(self.carry(Parcel("events_api", "app_rate_limited", team, limited)))
        return len(hour) <= cap

    def _aliases(self, parcel: Parcel) -> tuple[str, ...]:
        person = self._hub.team_of(parcel.team).people.get(parcel.user)
        return (parcel.user, person.handle) if person else (parcel.user,)
