"""Delivers something once more: doubled, in another order, or spoiled on its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.parcels import RETRY_REASONS, Outcome, Parcel, Tamper

if TYPE_CHECKING:
    from sandbox.hub import Hub

SPOILED = frozenset({"signature", "timestamp", "body"})


async def again(hub: Hub, body: Json) -> Json:
    """Repeat deliveries as *body* says.

    ``deliveries``: journal numbers, in the order wanted; without them the last one of ``kind``
    (``slash_commands``, ``interactive``, ``events_api``) or of all. ``times`` repeats each, ``at_once``
    sends all together, ``after_ms`` waits before each. ``tamper`` names what is spoiled:
    ``signature``, ``timestamp`` (ten minutes old) or ``body`` (one byte altered).
    """
    parcels = _chosen(hub, body)
    tamper = _tamper(body.get("tamper"))
    work = [p for p in parcels for _ in range(int(body.get("times", 1)))]
    pause = float(body.get("after_ms", 0)) / 1000
    # An event that comes again carries the retry headers, as Slack sends them.
    retried = bool(body.get("retry_headers", False))

    async def one(parcel: Parcel) -> Outcome:
        await asyncio.sleep(pause)
        attempt, reason = (1, RETRY_REASONS["timeout"]) if retried else (0, "")
        return await hub.courier.carry(parcel, attempt=attempt, reason=reason, tamper=tamper)

    if body.get("at_once"):
        outcomes = list(await asyncio.gather(*(one(p) for p in work)))
    else:
        outcomes = [await one(p) for p in work]
    return {"outcomes": [outcome.brief() for outcome in outcomes]}


def _chosen(hub: Hub, body: Json) -> list[Parcel]:
    sent = hub.courier.sent
    wanted = body.get("deliveries")
    if wanted is None:
        kind = body.get("kind")
        of_kind = [n for n, parcel in sent if kind in (None, parcel.kind, parcel.name)]
        wanted = of_kind[-1:]
    known = dict(sent)
    missing = [n for n in wanted if n not in known]
    if missing or not wanted:
        raise CannotDo(f"No such delivery is kept: {missing or 'none yet'}.")
    return [known[n] for n in wanted]


def _tamper(given: object) -> Tamper:
    names = {given} if isinstance(given, str) else set(given) if isinstance(given, list) else set()
    unknown = names - SPOILED
    if unknown:
        raise CannotDo(f"Cannot spoil {', '.join(map(str, unknown))}.", there=sorted(SPOILED))
    return Tamper(**{str(name): True for name in names})
