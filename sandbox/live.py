"""The page's live connection: what happens, as it happens, without the bodies."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.traffic import light

if TYPE_CHECKING:
    from sandbox.hub import Hub

PATIENCE = 25.0


async def serve(hub: Hub, web: WebSocket) -> None:
    """Send journal entries after ``after`` (default: from now on) in batches until the page goes.

    With ``full=1`` the entries keep their payloads, for a view of the traffic.
    """
    await web.accept()
    after = int(web.query_params.get("after", hub.journal.last))
    full = web.query_params.get("full") == "1"
    told = {"life": hub.life, "last": after, "now": hub.clock.now(), "rate": hub.clock.rate}
    await web.send_json(told)
    sending = asyncio.get_running_loop().create_task(_send(hub, web, after, full=full))
    try:
        # cancelled means that the workspace ends while the page is still open: nothing to complain about
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
            while True:
                await web.receive()  # the page says nothing; this notices that it is gone
    finally:
        sending.cancel()


async def _send(hub: Hub, web: WebSocket, after: int, *, full: bool) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            entries = await hub.journal.wait(after, PATIENCE)
            if entries:
                after = entries[-1]["n"]
                shown = entries if full else [light(hub, entry) for entry in entries]
                await web.send_json({"entries": shown, "last": after, "now": hub.clock.now()})
