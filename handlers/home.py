"""App Home: drawn when it is opened, and when somebody turns its pages."""

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from blocks import home as blocks
from domain.planning import Look
from handlers import guard
from handlers.context import actor_of
from services import home
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to people who open it."""

    @app.event("app_home_opened")
    def opened(ack: Any, body: Body, client: Any) -> None:
        def draw(found: Body) -> None:
            if found["event"].get("tab") == "home":
                show(deps, client, found)

        guard.event(deps, draw)(ack=ack, body=body)


def show(
    deps: Deps,
    client: Any,
    body: Body,
    *,
    change: Callable[[Look], Look] | None = None,
    note: Callable[[home.Seen], str] = lambda seen: "",
) -> None:
    """Draw the actor's Home, as they look at it after *change*; *note* does something and says what.

    What cannot be shown now is owed: the outbox draws the newest state.
    """
    user_id = actor_of(body).user_id
    named = user_id in deps.admins
    seen = home.seen(deps.db, deps.team_id, rights(deps, user_id), named=named, change=change)
    said = note(seen)
    told = home.read(deps.db, deps.team_id, seen, now=deps.clock(), reach=deps.reach)
    stands = (body.get("view") or {}).get("hash")
    try:
        client.views_publish(
            user_id=user_id, view=blocks.view(told, said), **({"hash": stands} if stands else {})
        )
    except guard.SLACK_ERRORS as error:
        why = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        log.info("home_not_drawn", why=str(why))
        home.touch(deps.db, deps.team_id, user_id)
        deps.hint()
        return
    home.shown(deps.db, seen, told)
