"""The listening sockets: the main door, the control door, and connections broken off on purpose.

Both doors serve the same pages and methods. The main one can be shut for a while, so that callers
are refused; control stays reachable through the other.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
BACKLOG = 512
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # linger zero: the peer sees a reset, not an end

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class Connection(H11Protocol):
    """uvicorn's HTTP connection, findable by its peer so that a fault may reset it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        _transports[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client is not None:
            _transports.pop(self.client, None)
        super().connection_lost(exc)


class Broken(Response):
    """The answer of a connection that was reset: none."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until the server noticed that the peer is gone."""
        while (await receive())["type"] != "http.disconnect":
            continue


class Doors:
    """Opens, shuts and serves the listening sockets."""

    def __init__(self) -> None:
        self._servers: list[uvicorn.Server] = []
        self._ports: list[int] = []
        self._reopening: asyncio.TimerHandle | None = None

    async def open(self, app: ASGIApp, *, port: int, host: str = HOST) -> tuple[int, int]:
        """Listen on *port* (0: a free one) and on a free control port; returns both."""
        for wanted in (port, 0):
            config = uvicorn.Config(
                app, http=Connection, ws="websockets-sansio", lifespan="off", log_config=None,
                access_log=False, timeout_graceful_shutdown=1, server_header=False,
            )  # fmt: skip
            server = uvicorn.Server(config)
            listener = listen(host, wanted)
            self._ports.append(listener.getsockname()[1])
            config.load()
            server.lifespan = config.lifespan_class(config)
            await server.startup(sockets=[listener])
            self._servers.append(server)
        return self._ports[0], self._ports[1]

    async def serve(self, stop: asyncio.Event) -> None:
        """Keep the date header fresh until *stop*; then close everything."""
        tick = 0
        while not stop.is_set():
            for server in self._servers:
                await server.on_tick(tick * 10)
            tick += 1
            try:
                await asyncio.wait_for(stop.wait(), 1.0)
            except TimeoutError:
                continue
        self.cancel_reopening()
        for transport in list(_transports.values()):
            transport.abort()
        for server in self._servers:
            for listener in server.servers:
                listener.close()

    def shut(self, seconds: float) -> None:
        """Refuse new connections at the main door for a while."""
        main = self._servers[0]
        for listener in main.servers:
            listener.close()
        main.servers.clear()
        if self._reopening:
            self._reopening.cancel()
        loop = asyncio.get_running_loop()
        self._reopening = loop.call_later(seconds, self.reopen)

    def reopen(self) -> None:
        """Accept connections at the main door again, at the same port."""
        self.cancel_reopening()
        if self._servers and not self._servers[0].servers:
            asyncio.get_running_loop().create_task(self._reopen())

    def cancel_reopening(self) -> None:
        """Forget that the main door was to open again."""
        if self._reopening:
            self._reopening.cancel()
            self._reopening = None

    async def _reopen(self) -> None:
        main = self._servers[0]
        await main.startup(sockets=[listen(HOST, self._ports[0])])

    def break_off(self, request: Request) -> None:
        """Reset the TCP connection a request came on."""
        peer: Any = request.scope.get("client")
        transport = _transports.get(tuple(peer)) if peer else None
        if transport is None:
            return
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        transport.abort()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the loopback address; any other address is refused."""
    if host != HOST:
        raise ValueError(f"The sandbox listens on {HOST} and nowhere else, not on {host}.")
    # named as TCP, so that asyncio sends small answers at once (TCP_NODELAY) rather than 40 ms later
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener
