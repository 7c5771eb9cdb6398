"""The control API: act as people, read what they see, move the clock, make things go wrong."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import deeds, traffic
from sandbox.again import again
from sandbox.answers import CannotDo, Json
from sandbox.clock import instant_of, iso
from sandbox.connect import connect
from sandbox.guests import routes as outside
from sandbox.picture import picture

if TYPE_CHECKING:
    from sandbox.hub import Hub

WAIT_AT_MOST = 60.0
Handler = Callable[["Hub", Request, Json], Awaitable[object]]


async def hello(hub: Hub, request: Request, body: Json) -> object:
    """What the ready line says, and where control is always reachable."""
    return hub.ready()


async def ids(hub: Hub, request: Request, body: Json) -> object:
    """Ids by handle and name, for callers of the Web API who think in names."""
    team = hub.team_of(request.query_params.get("team"))
    return {
        "people": {p.handle: p.id for p in team.people.values()},
        "channels": {c.name: c.id for c in team.conversations.values() if c.name},
        "usergroups": {g.handle: g.id for g in team.usergroups.values()},
    }


async def bot(hub: Hub, request: Request, body: Json) -> object:
    """Set the bot's ``url`` (null for none), and let Slack's connection checks run unless told not."""
    hub.settings.bot_url = body["url"]
    hub.settings.socket_mode = bool(body.get("socket", False))
    if body["url"] and body.get("verify", True):
        return await connect(hub)
    return {}


async def act(hub: Hub, request: Request, body: Json) -> object:
    """Let a person do something."""
    return await deeds.act(hub, request.path_params["deed"], body)


async def see(hub: Hub, request: Request, body: Json) -> object:
    """Read what a person sees."""
    return deeds.see(hub, request.path_params["what"], dict(request.query_params))


async def change(hub: Hub, request: Request, body: Json) -> object:
    """Change people, channels and user groups."""
    return deeds.change_people(hub, request.path_params["deed"], body)


async def repeat(hub: Hub, request: Request, body: Json) -> object:
    """Deliver something again."""
    return await again(hub, body)


async def journal(hub: Hub, request: Request, body: Json) -> object:
    """Entries after a number, waiting for the first if asked to."""
    asked = request.query_params
    kinds = tuple(k for k in asked.get("kinds", "").split(",") if k)
    after, wait = int(asked.get("after", 0)), min(float(asked.get("wait", 0)), WAIT_AT_MOST)
    entries = hub.journal.after(after, kinds) or await hub.journal.wait(after, wait, kinds)
    limit = int(asked.get("limit", 0)) or None
    return {"entries": entries[:limit], "last": hub.journal.last}


async def faults(hub: Hub, request: Request, body: Json) -> object:
    """Add rules, read their hit counts, or remove them all."""
    if request.method == "DELETE":
        hub.faults.clear()
        hub.doors.reopen()
    elif request.method == "POST":
        for rule in hub.faults.add(body["rules"]):
            if rule.deed == "refuse" and not rule.match:
                rule.hits, rule.times = 1, 1
                hub.doors.shut(float(rule.how.get("ms", 1_000)) / 1000)
    return {"rules": hub.faults.counts()}


async def mend(hub: Hub, request: Request, body: Json) -> object:
    """Remove one fault rule."""
    hub.faults.remove(int(request.path_params["id"]))
    return {"rules": hub.faults.counts()}


async def traffic_list(hub: Hub, request: Request, body: Json) -> object:
    """The newest entries of the traffic, in words and without bodies."""
    return traffic.newest(hub, int(request.query_params.get("limit", 1_000)))


async def traffic_entry(hub: Hub, request: Request, body: Json) -> object:
    """One entry of the traffic in full."""
    return traffic.whole(hub, int(request.path_params["n"]))


async def reset(hub: Hub, request: Request, body: Json) -> object:
    """Back to the workspace file and the first settings. The bot's address and sockets stay."""
    hub.courier.cancel_all()
    hub.reset()
    return {"last": hub.journal.last}


async def snapshot(hub: Hub, request: Request, body: Json) -> object:
    """Keep the world under a name; read it as JSON."""
    if request.method == "GET":
        return picture(hub)
    return {"bytes": hub.snapshot(str(body.get("name", "default")))}


async def restore(hub: Hub, request: Request, body: Json) -> object:
    """Bring a kept world back."""
    name = str(body.get("name", "default"))
    if name not in hub.snapshots:
        raise CannotDo(f"There is no snapshot {name!r}.", there=sorted(hub.snapshots))
    hub.restore(name)
    return {}


async def settings(hub: Hub, request: Request, body: Json) -> object:
    """Read settings, or change some of them; ``rates`` is real, off or a factor."""
    known = vars(hub.settings)
    if "rates" in body:
        hub.rates.scale = scale_of(body.pop("rates"))
        hub.rates.clear()
    if "history" in body:
        hub.rates.commercial_history = body.pop("history") == "commercial"
        hub.rates.clear()
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise CannotDo(f"There is no setting {', '.join(unknown)}.", there=sorted(known))
    for name, value in body.items():
        setattr(hub.settings, name, value)
    return {**vars(hub.settings), "rates": hub.rates.scale, "early_calls": hub.rates.early_calls}


async def clock(hub: Hub, request: Request, body: Json) -> object:
    """Read the warp clock; ``advance`` by seconds, ``advance_to`` an instant, set its ``rate``.

    Only the app can know when its ``next`` event is: it tells, an instant or null, and ``to_next`` jumps
    there.
    """
    warp, expected = hub.clock, hub.clock.next
    if "advance" in body:
        warp.advance(float(body["advance"]))
    if "advance_to" in body:
        warp.advance_to(instant_of(body["advance_to"]))
    if body.get("to_next"):
        if expected is None:
            raise CannotDo("The clock cannot jump to the next event: the app waits for none.")
        warp.advance_to(expected)
    if "rate" in body:
        warp.set_rate(float(body["rate"]))
    if "next" in body:
        warp.expect(None if body["next"] is None else instant_of(body["next"]))
    now = warp.now()
    told = {"now": now, "rate": warp.rate, "next": warp.next}
    if body.keys() & {"advance", "advance_to", "to_next", "rate"} or warp.next != expected:
        hub.journal.add("clock", **told)
    return {**told, "iso": iso(now)}


async def sockets(hub: Hub, request: Request, body: Json) -> object:
    """End sockets: ``disconnect`` with a reason, or ``break`` without a word; at most ``count``."""
    count = body.get("count")
    if body.get("break"):
        closed = await hub.courier.sockets.break_off(count=count)
    elif body.get("disconnect"):
        closed = await hub.courier.sockets.disconnect(str(body["disconnect"]), count=count)
    else:
        closed = 0
    return {"closed": closed, "open": hub.courier.sockets.count}


async def quiet(hub: Hub, request: Request, body: Json) -> object:
    """Wait until nothing is on its way to the bot."""
    return {"quiet": await hub.courier.quiet(min(float(body.get("wait", 5)), WAIT_AT_MOST))}


async def press_many(hub: Hub, request: Request, body: Json) -> object:
    """Deliver many presses at once, for load tests."""
    return await deeds.press_many(hub, body)


def scale_of(value: object) -> float | None:
    """Read a rate mode: real, off, or a factor such as 0.1."""
    words: dict[object, float | None] = {"real": 1.0, "off": None, None: None}
    return words[value] if value in words else float(str(value))


ROUTES: tuple[tuple[str, Handler, str], ...] = (
    ("/control", hello, "GET"),
    ("/control/ids", ids, "GET"),
    ("/control/bot", bot, "POST"),
    ("/control/act/{deed}", act, "POST"),
    ("/control/see/{what}", see, "GET"),
    ("/control/people/{deed}", change, "POST"),
    ("/control/again", repeat, "POST"),
    ("/control/journal", journal, "GET"),
    ("/control/faults", faults, "GET POST DELETE"),
    ("/control/faults/{id}", mend, "DELETE"),
    ("/control/traffic", traffic_list, "GET"),
    ("/control/traffic/{n}", traffic_entry, "GET"),
    ("/control/reset", reset, "POST"),
    ("/control/snapshot", snapshot, "GET POST"),
    ("/control/restore", restore, "POST"),
    ("/control/settings", settings, "GET POST"),
    ("/control/clock", clock, "GET POST"),
    ("/control/sockets", sockets, "GET POST"),
    ("/control/quiet", quiet, "POST"),
    ("/control/press_many", press_many, "POST"),
    *outside.CONTROL,
)


def routes(hub: Hub) -> list[Route]:
    """The control API's routes."""
    return [Route(path, endpoint(hub, handler), methods=methods.split()) for path, handler, methods in ROUTES]


def endpoint(hub: Hub, handler: Handler) -> Any:
    """Wrap a handler: JSON in, JSON out, and an impossible wish as 409 with what there is."""

    async def serve(request: Request) -> Response:
        raw = await request.body()
        try:
            body = json.loads(raw) if raw else {}
            told = await handler(hub, request, body)
            return _json(told)
        except CannotDo as why:
            return _json({"error": str(why), "there": why.there}, 409)
        except ValueError as wrong:  # the sandbox's own are sentences
            return _json({"error": str(wrong), "there": []}, 400)
        except (KeyError, TypeError) as wrong:
            return _json({"error": f"{type(wrong).__name__}: {wrong}", "there": []}, 400)

    return serve


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value, default=str), status, media_type="application/json")
