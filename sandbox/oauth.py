"""The consent page: what the app asks for, Allow or Cancel."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from sandbox.hub import Hub

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Install {app}</title>
<h1>{app} asks for access to a workspace</h1><ul>{scopes}</ul>
<form method="post"><input type="hidden" name="query" value="{query}">
<label>Workspace <select name="team">{teams}</select></label>
<label>As <select name="user">{people}</select></label>
<button name="answer" value="allow">Allow</button>
<button name="answer" value="cancel">Cancel</button></form></html>"""


async def consent(hub: Hub, request: Request) -> Response:
    """Show the page, or take the answer and lead back to the app."""
    if request.method == "GET":
        return _page(hub, dict(request.query_params), str(request.url.query))
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    asked = dict(parse_qsl(form.get("query") or request.url.query, keep_blank_values=True))
    back = asked.get("redirect_uri", "")
    told = {"state": asked["state"]} if "state" in asked else {}
    if form.get("answer") == "allow":
        told["code"] = grant(hub, asked, form)
    else:
        told["error"] = "access_denied"
    if not back:
        return PlainTextResponse(urlencode(told))
    join = "&" if "?" in back else "?"
    return RedirectResponse(back + join + urlencode(told), 302)


def grant(hub: Hub, asked: dict[str, str], form: dict[str, str]) -> str:
    """A code that can be exchanged once for the token of the chosen workspace."""
    team = hub.team_of(form.get("team") or asked.get("team"))
    admins = [p.id for p in team.humans() if p.admin] or [p.id for p in team.humans()]
    code = f"{team.id}.{team.secret()}"
    hub.world.codes[code] = {
        "team": team.id,
        "user": form.get("user") or admins[0],
        "scope": asked.get("scope", ""),
        "redirect_uri": asked.get("redirect_uri", ""),
    }
    return code


def _page(hub: Hub, asked: dict[str, str], query: str) -> Response:
    if asked.get("client_id") != hub.app.client_id:
        return PlainTextResponse("invalid_client_id", 400)
    scopes = [s for s in asked.get("scope", "").split(",") if s]
    teams = [(t.id, t.name) for t in hub.world.teams.values()]
    people = [(p.id, p.name) for p in hub.team.humans() if not p.deleted]
    page = PAGE.format(
        app=html.escape(hub.seed.manifest.app_name),
        scopes="".join(f"<li>{html.escape(s)}</li>" for s in scopes),
        query=html.escape(query),
        teams=_options(teams),
        people=_options(people),
    )
    return HTMLResponse(page)


def _options(pairs: list[tuple[str, str]]) -> str:
    return "".join(f'<option value="{v}">{html.escape(n)}</option>' for v, n in pairs)
