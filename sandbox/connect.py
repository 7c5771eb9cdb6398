"""What Slack sends when an address is entered: url_verification and ssl_check."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING

from sandbox.answers import Json
from sandbox.parcels import Outcome, Tamper
from sandbox.wire import form_of, json_of, post_signed

if TYPE_CHECKING:
    from sandbox.hub import Hub

PATIENCE = 30.0
PAUSE = 0.1


async def connect(hub: Hub) -> Json:
    """Check the bot's address once; tells whether both checks passed."""
    token = hub.app.verification_token
    challenge = f"challenge-{hub.serial()}"
    asked = {"type": "url_verification", "token": token, "challenge": challenge}
    answered = await _send(hub, *json_of(asked))
    content = answered.content()
    echoed = content.get("challenge") if isinstance(content, dict) else answered.text
    verified = answered.ok and echoed == challenge
    checked = await _send(hub, *form_of("slash_commands", {"ssl_check": "1", "token": token}))
    told = {"url_verification": verified, "ssl_check": checked.ok, "how": answered.how}
    if answered.how != "refused":
        hub.journal.add("connected", url=hub.settings.bot_url, **told)
    return told


async def connect_when_up(hub: Hub) -> None:
    """Check the bot's address as soon as somebody listens there."""
    for _ in range(int(PATIENCE / PAUSE)):
        told = await connect(hub)
        if told["how"] != "refused":
            return
        await asyncio.sleep(PAUSE)


async def _send(hub: Hub, body: bytes, content_type: str) -> Outcome:
    send = functools.partial(
        post_signed,
        hub.settings.bot_url or "",
        body,
        {"Content-Type": content_type},
        secret=hub.app.signing_secret,
        timeout=hub.settings.ack_seconds,
        tamper=Tamper(),
    )
    return await asyncio.get_running_loop().run_in_executor(None, send)
