"""auth.*, api.test, apps.*, team.info, bots.info, dnd.info and the installation by OAuth."""

from __future__ import annotations

import base64
from typing import Any

from sandbox import people
from sandbox.answers import Json, SlackError
from sandbox.api.call import Call, invalid_arguments, method


@method("api.test", "error foo", who="anyone")
def api_test(call: Call) -> Json:
    """Answer with the arguments; with an error if one is asked for."""
    args = {k: v for k, v in call.args.items() if k != "token"}
    if call.has("error"):
        raise SlackError(call.text("error"), args=args)
    return {"args": args} if args else {}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Who the token stands for."""
    team = call.team
    return {
        "url": f"{call.hub.origin}/",
        "team": team.name,
        "user": team.bot_person().handle,
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", "test")
def auth_revoke(call: Call) -> Json:
    """Make the token useless."""
    if call.flag("test"):
        return {"revoked": False}
    people.revoke(call.hub, call.team)
    return {"revoked": True}


@method("apps.connections.open", who="app")
def connections_open(call: Call) -> Json:
    """A single-use address for Socket Mode."""
    return {"url": call.hub.courier.sockets.address(call.hub.origin)}


@method("apps.uninstall", required="client_id client_secret")
def apps_uninstall(call: Call) -> Json:
    """Remove the app from the workspace and tell it, in no particular order."""
    _check_client(call, call.text("client_id"), call.text("client_secret"))
    people.uninstall(call.hub, call.team)
    return {}


@method("team.info", "team", scopes=("team:read",))
def team_info(call: Call) -> Json:
    """The workspace's name and address."""
    team = call.team
    if call.text("team") not in {"", team.id}:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"{call.hub.origin}/",
            "domain": team.domain,
            "email_domain": f"{team.domain}.example",
            "icon": {"image_default": True},
            "avatar_base_url": "",
            "is_verified": False,
        }
    }


@method("bots.info", "bot", scopes=("users:read",))
def bots_info(call: Call) -> Json:
    """The app's own bot; no other bot lives here."""
    team = call.team
    if call.text("bot") != team.bot_id:
        raise SlackError("bot_not_found")
    bot = team.bot_person()
    return {
        "bot": {
            "id": team.bot_id,
            "deleted": not team.install.installed,
            "name": bot.name,
            "updated": bot.updated,
            "app_id": call.hub.app.id,
            "user_id": team.bot_user,
            "icons": {},
        }
    }


@method("dnd.info", "user", scopes=("dnd:read",))
def dnd_info(call: Call) -> Json:
    """Do not disturb is off for everybody here."""
    user = call.text("user") or call.team.bot_user
    if user not in call.team.people:
        raise SlackError("user_not_found")
    return {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
        "snooze_enabled": False,
    }


@method("oauth.v2.access", "code redirect_uri client_id client_secret grant_type", who="anyone")
def oauth_access(call: Call) -> Json:
    """Exchange a code, once, for the workspace's token; this installs the app."""
    hub = call.hub
    client_id, client_secret = _client_of(call)
    _check_client(call, client_id, client_secret)
    granted = hub.world.codes.get(call.text("code"))
    if granted is None:
        raise SlackError("invalid_code")
    if granted.get("used"):
        raise SlackError("code_already_used")
    if granted["redirect_uri"] != call.text("redirect_uri", granted["redirect_uri"]):
        raise SlackError("bad_redirect_uri")
    granted["used"] = "yes"
    team = hub.world.teams[granted["team"]]
    if team.install.revoked:
        team.install.token = f"xoxb-{team.id}-{team.secret()}"
    scopes = frozenset(s for s in granted["scope"].split(",") if s)
    team.install.scopes = scopes or team.install.scopes
    team.install.installed, team.install.revoked = True, False
    hub.journal.add("effect", what="installed", team=team.id, user=granted["user"])
    return {
        "access_token": team.install.token,
        "token_type": "bot",
        "scope": ",".join(sorted(team.install.scopes)),
        "bot_user_id": team.bot_user,
        "app_id": hub.app.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "authed_user": {"id": granted["user"]},
        "is_enterprise_install": False,
    }


def _client_of(call: Call) -> tuple[str, str]:
    """Client id and secret, from arguments or from HTTP basic authentication."""
    basic = str(call.args.get("_basic") or "")
    if basic:
        try:
            user, _, password = base64.b64decode(basic).decode().partition(":")
        except ValueError:
            raise invalid_arguments("[ERROR] broken basic authentication") from None
        return user, password
    return call.text("client_id"), call.text("client_secret")


def _check_client(call: Call, client_id: str, client_secret: str) -> None:
    app: Any = call.hub.app
    if client_id != app.client_id:
        raise SlackError("invalid_client_id")
    if client_secret != app.client_secret:
        raise SlackError("bad_client_secret")
