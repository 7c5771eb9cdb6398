"""A gateway for text messages: it takes JSON, and passes on what people answer.

A number that ends in 0000 belongs to nobody.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.answers import CannotDo, Json
from sandbox.guests.post import SMS_TOKEN, Text
from sandbox.guests.struck import answered
from sandbox.parcels import Outcome
from sandbox.wire import post as post_to

if TYPE_CHECKING:
    from sandbox.hub import Hub

METHOD = "text.send"
E164 = re.compile(r"\+[1-9]\d{6,14}")
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"})
STARTS = frozenset({"START", "UNSTOP", "YES"})


async def take(hub: Hub, request: Request) -> Response:
    """Take one text message: ``to`` in E.164, ``text``, and ``id``, by which it comes once."""
    if request.headers.get("authorization") != f"Bearer {SMS_TOKEN}":
        return _no(401, "unauthorized")
    try:
        told = json.loads(await request.body())
        to, text, key = told["to"], told["text"], str(told.get("id") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return _no(400, "unreadable")
    if not isinstance(to, str) or not isinstance(text, str) or not E164.fullmatch(to) or not text:
        return _no(422, "invalid")
    if to.endswith("0000"):
        return _no(422, "no such number")
    run = functools.partial(_taken, hub, to, text, key)
    return await answered(hub, request, METHOD, run=run, refuse=_no, user=(to,))


def _taken(hub: Hub, to: str, text: str, key: str) -> Response:
    post = hub.world.post
    if to in post.stopped:
        return _no(409, "stopped")
    known = post.text_with(key)
    if known is None:
        known = Text(post.next(), hub.clock.now(), to, text, key)
        post.texts.append(known)
        hub.journal.add("text", to=to, number=known.n)
    return JSONResponse({"id": f"text-{known.n}"}, 202)


async def reply(hub: Hub, number: str, text: str) -> Json:
    """Somebody answers; a gateway obeys STOP by itself, and passes on everything."""
    if not E164.fullmatch(number):
        raise CannotDo(f"{number!r} is no telephone number.")
    word = text.strip().upper()
    if word in STOPS:
        hub.world.post.stopped.add(number)
    elif word in STARTS:
        hub.world.post.stopped.discard(number)
    address = hub.settings.text_replies
    if address is None:
        raise CannotDo("Nobody listens for answers: set text_replies.")
    body = json.dumps({"from": number, "text": text}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {SMS_TOKEN}"}
    send = functools.partial(post_to, address, body, headers, hub.settings.ack_seconds)
    outcome: Outcome = await hub.courier.bring(send)
    hub.journal.add("text_reply", number=number, how=outcome.how, status=outcome.status)
    return outcome.brief()


def _no(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
