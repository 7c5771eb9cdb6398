"""The Web API over HTTP: reads a call, lets fault rules strike, answers or breaks the connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from sandbox import traffic
from sandbox.answers import Json
from sandbox.api.gate import Answer, answer, team_of
from sandbox.clock import ticks
from sandbox.doors import Broken
from sandbox.faults import Rule
from sandbox.wire import FORM

if TYPE_CHECKING:
    from sandbox.hub import Hub

BASIC, BEARER = "Basic ", "Bearer "
BROKEN_BEFORE = frozenset({"drop_before", "refuse", "late"})


class WebApi:
    """Endpoint of ``/api/<method>``."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def serve(self, request: Request) -> Response:
        """Answer one call."""
        hub, name = self._hub, request.path_params["method"]
        started = ticks()
        args, problem = await read_args(request)
        token = token_of(request, args)
        shown = {k: v for k, v in args.items() if k not in {"token", "_basic"}}
        team = team_of(hub, token)
        entry = hub.journal.add(
            "call", method=name, args=shown, verb=request.method, team=team.id if team else None,
            **traffic.about(shown),
        )  # fmt: skip
        if problem:
            return self._reply(entry, Answer({"ok": False, "error": problem}), started)
        rule = hub.faults.for_call(name, **self._facts(args))

        def run() -> Answer:
            before = hub.journal.last
            given = answer(hub, name, args, token, entry["n"])
            traffic.link(entry, hub.journal.after(before))
            return given

        if rule is None:
            return self._reply(entry, run(), started)
        entry["fault"] = rule.deed
        return await self._struck(rule, run, request, entry, started)

    async def _struck(
        self, rule: Rule, run: Callable[[], Answer], request: Request, entry: Json, started: float
    ) -> Response:
        deed, how = rule.deed, rule.how
        if deed in BEFORE:
            return self._reply(entry, BEFORE[deed](how), started)
        if deed in BROKEN_BEFORE:
            if deed == "refuse":
                self._hub.doors.shut(float(how.get("ms", 1_000)) / 1000)
            if deed == "late":
                seconds = float(how.get("ms", 0)) / 1000
                self._hub.courier.background(self._later(seconds, run, entry))
            return self._broken(entry, request)
        if deed == "slow":
            await asyncio.sleep(float(how.get("ms", 0)) / 1000)
            response = self._reply(entry, run(), started)
            self._tell(entry)
            return response
        _record(entry, run())
        if deed == "drop_after":
            return self._broken(entry, request)
        if deed == "status_after":
            return Response("Internal Server Error", int(how.get("status", 500)))
        return Response('{"ok": tr', 200, media_type="application/json")  # garbage

    async def _later(self, seconds: float, run: Callable[[], Answer], entry: Json) -> None:
        await asyncio.sleep(seconds)
        _record(entry, run())
        self._tell(entry)

    def _tell(self, entry: Json) -> None:
        # Whoever reads along had this call's entry already, before it had an answer.
        told = ("team", "user", "channel", "title", "status", "ok", "error", "ms", "why")
        facts = {name: entry[name] for name in told if name in entry}
        self._hub.journal.add("answered", call=entry["n"], **facts)

    def _broken(self, entry: Json, request: Request) -> Response:
        entry["dropped"] = True
        self._hub.doors.break_off(request)
        return Broken()

    def _reply(self, entry: Json, given: Answer, started: float) -> Response:
        _record(entry, given)
        entry["ms"] = round((ticks() - started) * 1000, 2)
        return Response(
            json.dumps(given.body, separators=(",", ":")),
            given.status,
            given.headers,
            "application/json",
        )

    def _facts(self, args: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Whom and what a call is about, by ids and by names, for fault rules to match."""
        ids = {str(args.get("channel", ""))}
        for name in ("user", "users", "user_id"):
            value = args.get(name)
            ids |= set(map(str, value)) if isinstance(value, list) else set(str(value).split(","))
        channels, users = set(ids), set(ids)
        for team in self._hub.world.teams.values():
            channels |= {team.conversations[i].name for i in ids if i in team.conversations}
            users |= {team.people[i].handle for i in ids if i in team.people}
        return {"channel": tuple(channels), "user": tuple(users)}


def _record(entry: Json, given: Answer) -> None:
    entry |= {"status": given.status, "ok": bool(given.body.get("ok")), "error": given.error}
    entry["answer"] = given.body
    why = (given.body.get("response_metadata") or {}).get("messages")
    if why:
        entry["why"] = why


BEFORE: dict[str, Any] = {
    "rate_limited": lambda how: Answer(
        {"ok": False, "error": "ratelimited"},
        429,
        {"retry-after": str(how.get("retry_after", 1))},
    ),
    "status": lambda how: Answer({"ok": False, "error": "injected"}, int(how.get("status", 500))),
    "error": lambda how: Answer({"ok": False, "error": str(how.get("name", "fatal_error"))}),
}


async def read_args(request: Request) -> tuple[Json, str]:
    """A call's arguments from query, form or JSON body, and what is wrong with them, if anything."""
    args: Json = dict(request.query_params)
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(BASIC):
        args["_basic"] = authorization[len(BASIC) :]
    if request.method == "GET":
        return args, ""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given, problem = _parsed(kind, await request.body())
    return args | given, problem


def _parsed(kind: str, body: bytes) -> tuple[Json, str]:
    if kind == "application/json":
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            return {}, "invalid_json"
        if not isinstance(given, dict):
            return {}, "json_not_object"
        return {k: v for k, v in given.items() if v is not None}, ""
    if kind not in {FORM, ""}:
        return {}, "invalid_post_type"
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True)), ""
    except UnicodeDecodeError:
        return {}, "invalid_form_data"


def token_of(request: Request, args: Mapping[str, Any]) -> str:
    """The caller's token, from the header or the arguments."""
    authorization = request.headers.get("authorization", "")
    if authorization.startswith(BEARER):
        return authorization[len(BEARER) :].strip()
    return str(args.get("token") or "")
