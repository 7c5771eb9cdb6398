"""Puts everything on the network: routes, doors and the ready line."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import os
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from sandbox import control, live, oauth, replies
from sandbox.connect import connect_when_up
from sandbox.guard import Guard
from sandbox.guests import routes as outside
from sandbox.guests.mailbox import Mailbox
from sandbox.hub import Hub
from sandbox.state import File
from sandbox.web_api import WebApi, token_of

PAGE = Path(__file__).parent / "page"
UPLOAD_BYTES = 100_000_000
PAGE_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # the rest is downloaded


def create_app(hub: Hub) -> ASGIApp:
    """The ASGI application of one sandbox."""

    async def socket(web: WebSocket) -> None:
        await hub.courier.sockets.serve(web)

    async def response(request: Request) -> Response:
        return await answer_response_url(hub, request)

    async def upload(request: Request) -> Response:
        return await take_upload(hub, request)

    async def download(request: Request) -> Response:
        return send_file(hub, request)

    async def consent(request: Request) -> Response:
        return await oauth.consent(hub, request)

    async def ui(web: WebSocket) -> None:
        await live.serve(hub, web)

    routes: list[Route | WebSocketRoute] = [
        Route("/api/{method}", WebApi(hub).serve, methods=["GET", "POST"]),
        Route("/response/{ticket}", response, methods=["POST"]),
        Route("/upload/{ticket}", upload, methods=["POST", "PUT"]),
        Route("/files/{id}/{name:path}", download),
        WebSocketRoute("/socket", socket),
        WebSocketRoute("/ui", ui),
        Route("/oauth/v2/authorize", consent, methods=["GET", "POST"]),
        *control.routes(hub),
        *outside.routes(hub),
        Route("/{name:path}", page_file),
    ]
    return Guard(Starlette(routes=routes))


async def page_file(request: Request) -> Response:
    """A file of the page, which may load nothing from anywhere else, and is asked for anew each time.

    It is read right here: a page of some fifty small files would wait longer for threads than for the disk.
    """
    name = request.path_params["name"] or "index.html"
    if name not in os.listdir(PAGE):
        return PlainTextResponse("Not found", 404)
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
    return Response((PAGE / name).read_bytes(), headers=headers, media_type=mimetypes.guess_type(name)[0])


async def answer_response_url(hub: Hub, request: Request) -> Response:
    """Take what the app sends to a response_url."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    status, told = replies.respond(hub, request.path_params["ticket"], body)
    hub.journal.add("response_url", status=status, ok=told["ok"], error=told.get("error"))
    return Response(json.dumps(told), status, media_type="application/json")


async def take_upload(hub: Hub, request: Request) -> Response:
    """Take the content of a file at the address the app was given for it."""
    content = await request.body()
    for team in hub.world.teams.values():
        for file in team.files.values():
            if file.ticket == request.path_params["ticket"] and not file.completed:
                if len(content) != file.length or len(content) > UPLOAD_BYTES:
                    return PlainTextResponse("Wrong length", 400)
                file.content, file.uploaded = content, True
                return PlainTextResponse(f"OK - {len(content)}")
    return PlainTextResponse("Not found", 404)


def send_file(hub: Hub, request: Request) -> Response:
    """Send a file to the app, which shows its token, or to the page, which is on the same origin."""
    token = token_of(request, dict(request.query_params))
    from_page = request.headers.get("sec-fetch-site") in {"same-origin", "same-site"}
    for team in hub.world.teams.values():
        file = team.files.get(request.path_params["id"])
        if file is None or not file.completed:
            continue
        may_read = token == team.install.token and "files:read" in team.install.scopes
        if not (may_read or from_page):
            return PlainTextResponse("Forbidden", 403)
        return _content(file)
    return PlainTextResponse("Not found", 404)


def _content(file: File) -> Response:
    """A picture as a picture, anything else as a download: a page of a stranger must not run here."""
    kind = mimetypes.guess_type(file.name)[0]
    headers = {"X-Content-Type-Options": "nosniff"}
    if kind in SHOWN:
        return Response(file.content, headers=headers, media_type=kind)
    headers["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(file.name)}"
    return Response(file.content, headers=headers, media_type="application/octet-stream")


async def run(hub: Hub, *, port: int, stop: asyncio.Event) -> None:
    """Open the doors, print the ready line, serve until *stop*."""
    main, side = await hub.doors.open(create_app(hub), port=port)
    hub.origin = f"http://127.0.0.1:{main}"
    hub.control_origin = f"http://127.0.0.1:{side}"
    mailbox = Mailbox(hub)
    hub.smtp_port = await mailbox.open(hub.smtp_port)
    print(json.dumps(hub.ready()), flush=True)  # noqa: T201 - the ready line is the interface
    if hub.settings.bot_url:
        hub.courier.background(connect_when_up(hub))
    await hub.doors.serve(stop)
    mailbox.close()
    hub.courier.close()
