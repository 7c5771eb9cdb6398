"""Socket Mode: tickets, envelopes, acknowledgements, and connections that end on time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.answers import Json
from sandbox.clock import ticks
from sandbox.parcels import Outcome, Parcel

if TYPE_CHECKING:
    from sandbox.hub import Hub

TICKET_SECONDS = 30.0
CONNECTIONS_ALLOWED = 10
WARNING_SECONDS = 10.0


@dataclass(eq=False)
class Socket:
    """One open connection of the app, with the envelopes it has not acknowledged yet."""

    web: WebSocket
    number: int
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    closing: bool = False


class Sockets:
    """All Socket Mode connections of the app."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tickets: dict[str, float] = {}
        self._open: list[Socket] = []
        self._serial = 0
        self._rng = random.Random(1)
        self._arrived = asyncio.Event()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def address(self, origin: str) -> str:
        """A fresh single-use address to connect to."""
        self._serial += 1
        ticket = f"{self._serial}-{self._rng.getrandbits(96):024x}"
        self._tickets[ticket] = ticks() + TICKET_SECONDS
        return f"ws://{urlsplit(origin).netloc}/socket?ticket={ticket}"

    async def serve(self, web: WebSocket) -> None:
        """Hold one connection from hello to the end of its life."""
        born = self._tickets.pop(web.query_params.get("ticket", ""), 0.0)
        if born < ticks():
            await web.close(code=4403)
            return
        await web.accept()
        if len(self._open) >= CONNECTIONS_ALLOWED:
            await web.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await web.close()
            return
        self._serial += 1
        socket = Socket(web, self._serial)
        await web.send_json(self._hello())
        self._open.append(socket)
        self._hub.journal.add("socket", what="open", number=socket.number, open=self.count)
        self._arrived.set()
        life = asyncio.get_running_loop().create_task(self._live(socket))
        try:
            await self._listen(socket)
        finally:
            life.cancel()
            self._forget(socket)

    async def deliver(self, parcel: Parcel, attempt: int, reason: str) -> Outcome:
        """Send an envelope to one open socket at random and wait for its acknowledgement.

        When that socket closes first, an event goes to another one; nothing else does.
        """
        deadline = ticks() + self._hub.settings.ack_seconds
        envelope: Json = {
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.wants_answer,
        }
        if not parcel.wants_answer:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        while True:
            socket = await self._pick(deadline)
            if socket is None:
                return Outcome("not_connected")
            outcome = await self._send(socket, envelope, deadline)
            if outcome is not None:
                return outcome
            if parcel.wants_answer:
                return Outcome("reset")
            deadline = ticks() + self._hub.settings.ack_seconds

    async def disconnect(self, reason: str, *, count: int | None = None) -> int:
        """Ask sockets to go, as Slack does when it refreshes or switches off Socket Mode."""
        chosen = self._open[: count or len(self._open)]
        for socket in chosen:
            await self._say(socket, {"type": "disconnect", "reason": reason})
            await self._close(socket)
        return len(chosen)

    async def break_off(self, *, count: int | None = None) -> int:
        """Close sockets without a word, as a network does."""
        chosen = self._open[: count or len(self._open)]
        for socket in chosen:
            await self._close(socket)
        return len(chosen)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count + 1,
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": int(self._hub.settings.socket_seconds),
            },
            "connection_info": {"app_id": self._hub.app.id},
        }

    async def _listen(self, socket: Socket) -> None:
        while True:
            try:
                text = await socket.web.receive_text()
            except (WebSocketDisconnect, RuntimeError, KeyError):
                return
            try:
                said = json.loads(text)
            except ValueError:
                self._hub.journal.add("warning", text="A socket sent something that is not JSON.")
                continue
            self._acknowledged(socket, said)

    def _acknowledged(self, socket: Socket, said: Json) -> None:
        waiter = socket.waiting.pop(said.get("envelope_id", ""), None)
        if waiter is None:
            self._hub.journal.add("late_ack", envelope=said.get("envelope_id"))
        elif not waiter.done():
            waiter.set_result(said)

    async def _pick(self, deadline: float) -> Socket | None:
        while True:
            usable = [s for s in self._open if not s.closing]
            if usable:
                return self._rng.choice(usable)
            self._arrived.clear()
            remaining = deadline - ticks()
            if remaining <= 0:
                return None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), remaining)

    async def _send(self, socket: Socket, envelope: Json, deadline: float) -> Outcome | None:
        """The outcome, or None when the socket closed before it acknowledged."""
        self._serial += 1
        envelope_id = f"00000000-0000-4000-8000-{self._serial:012d}"
        waiter: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope_id] = waiter
        await self._say(socket, {"envelope_id": envelope_id, **envelope})
        try:
            said = await asyncio.wait_for(waiter, max(0.0, deadline - ticks()))
        except TimeoutError:
            socket.waiting.pop(envelope_id, None)
            return Outcome("timeout")
        if said is None:
            return None
        payload = said.get("payload")
        body = b"" if payload is None else json.dumps(payload).encode()
        return Outcome("answered", status=200, body=body, content_type="application/json")

    async def _live(self, socket: Socket) -> None:
        life = self._hub.settings.socket_seconds
        await asyncio.sleep(max(0.0, life - WARNING_SECONDS))
        await self._say(socket, {"type": "disconnect", "reason": "warning"})
        await asyncio.sleep(min(life, WARNING_SECONDS))
        await self._say(socket, {"type": "disconnect", "reason": "refresh_requested"})
        await self._close(socket)

    async def _say(self, socket: Socket, message: Json) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.web.send_json(message)

    async def _close(self, socket: Socket) -> None:
        self._forget(socket)
        if socket.web.application_state == WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.web.close()

    def _forget(self, socket: Socket) -> None:
        socket.closing = True
        if socket not in self._open:
            return
        self._open.remove(socket)
        for waiter in socket.waiting.values():
            if not waiter.done():
                waiter.set_result(None)
        socket.waiting.clear()
        self._hub.journal.add("socket", what="closed", number=socket.number, open=self.count)
