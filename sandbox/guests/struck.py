"""Lets a fault strike a call from outside Slack: the same rules as for Slack's own methods."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from sandbox.doors import Broken

if TYPE_CHECKING:
    from sandbox.hub import Hub

Run = Callable[[], Response]
Refuse = Callable[[int, str], Response]  # how this service says no: status and what is wrong


async def answered(
    hub: Hub, request: Request, method: str, *, run: Run, refuse: Refuse, user: tuple[str, ...] = ()
) -> Response:
    """Answer one call, as the fault rules want it; *user* is whom it is about."""
    rule = hub.faults.for_call(method, outside=("guests",), user=user)
    if rule is None:
        return run()
    deed, how = rule.deed, rule.how
    ms = float(how.get("ms", 0)) / 1000
    if deed in ("status", "rate_limited", "error"):
        said = refuse(*_refusal(deed, how))
        if deed == "rate_limited":
            said.headers["Retry-After"] = str(how.get("retry_after", 1))
        return said
    if deed == "slow":
        await asyncio.sleep(ms)
        return run()
    if deed == "late":
        hub.courier.background(_later(ms, run))
    elif deed not in ("drop_before", "refuse"):
        run()
    if deed == "status_after":
        return refuse(int(how.get("status", 500)), "injected")
    if deed == "garbage":
        return Response('{"id": "ch', 200, media_type="application/json")
    hub.doors.break_off(request)
    return Broken()


async def _later(seconds: float, run: Run) -> None:
    await asyncio.sleep(seconds)
    run()


def _refusal(deed: str, how: dict[str, object]) -> tuple[int, str]:
    if deed == "rate_limited":
        return 429, "rate_limit"
    if deed == "error":
        return 400, str(how.get("name", "injected"))
    return int(str(how.get("status", 500))), "injected"
