"""What hosts type: /sessions new and /sessions host."""

from typing import Any

from blocks.words import _
from domain.hosted import Kind
from handlers import hosted_access, hosted_board, hosted_forms
from handlers.context import actor_of
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def new(deps: Deps, client: Any, body: Body) -> Json:
    """``/sessions new``: open the form of [New Scheduled Session]."""
    hosted_forms.open_new(deps, client, body, Kind.SCHEDULED)
    return {}


def host(deps: Deps, client: Any, body: Body) -> Json:
    """``/sessions host``: show the area in the Home tab, and say so with a link to it."""
    hosted_access.full_member(deps, body)
    hosted_board.open_area(deps, client, body)
    told, app_id = _("Your 1:1 sessions are open in the Home tab."), str(body.get("api_app_id") or "")
    if not app_id:
        return {"text": told}
    link = f"slack://app?team={actor_of(body).team_id}&id={app_id}&tab=home"
    return {"text": f"{told} <{link}|{_('Open it')}>"}
