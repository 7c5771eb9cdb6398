"""/sessions me: one's own sessions, breaks, a confidential wish, and one's data."""

from functools import partial
from typing import Any

import structlog
from slack_bolt import App

from blocks import members as blocks
from blocks.ids import Ids
from blocks.words import _
from domain.members import Mine, PauseForm
from handlers import guard
from handlers.context import actor_of, metadata_of, number, value_of
from services import members, my_data
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to everything of "My sessions"."""
    on = guard.presses(app, deps)
    on(Ids.ME_OPEN, open_view)
    on(Ids.ME_PAUSE_OPEN, partial(open_pause, good=False))
    on(Ids.ME_PAUSE_GOOD_OPEN, partial(open_pause, good=True))
    on(Ids.ME_BACK, come_back)
    on(Ids.ME_BACK_TO, come_back_to)
    on(Ids.ME_NEVER_OPEN, open_never)
    on(Ids.ME_DATA, send_data)
    on(Ids.ME_ERASE, erase)

    @app.view(Ids.ME_PAUSE)
    def paused(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save_pause(deps, client, found), at="until")(ack=ack, body=body)

    @app.view(Ids.ME_NEVER)
    def wished(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save_never(deps, client, found), at="never")(ack=ack, body=body)


def mine(deps: Deps, body: Body) -> Mine:
    """What belongs to whoever acts, and to nobody else."""
    return members.mine(deps.db, deps.team_id, actor_of(body).user_id, now=deps.clock())


def open_view(deps: Deps, client: Any, body: Body) -> Json:
    """Open "My sessions"; the answer to a command."""
    client.views_open(trigger_id=body["trigger_id"], view=blocks.view(mine(deps, body)))
    return {}


def open_pause(deps: Deps, client: Any, body: Body, *, good: bool) -> None:
    """Open "Pause until a date" or "Pause for good"."""
    _over(client, body, blocks.pause(mine(deps, body), PauseForm(good=good)))


def open_never(deps: Deps, client: Any, body: Body) -> None:
    """Open "Never match me with"."""
    _over(client, body, blocks.never(mine(deps, body)))


def _over(client: Any, body: Body, view: Json) -> None:
    """On top of the modal that was used, or alone where there is none."""
    used = body.get("view") or {}
    show = client.views_push if used.get("type") == "modal" else client.views_open
    show(trigger_id=body["trigger_id"], view=view)


def save_pause(deps: Deps, client: Any, body: Body) -> Json:
    """Begin the break, and show it in the view below."""
    view = body["view"]
    form = blocks.read_pause(view["state"]["values"], metadata_of(view))
    members.pause(deps.db, deps.team_id, actor_of(body).user_id, form, now=deps.clock())
    deps.hint()
    return _below(deps, client, body, _("Saved. Nobody asks you while you take a break."))


def save_never(deps: Deps, client: Any, body: Body) -> Json:
    """Store the wish, and show it in the view below."""
    others = blocks.read_never(body["view"]["state"]["values"])
    members.never_match(deps.db, deps.team_id, actor_of(body).user_id, others)
    return _below(deps, client, body, _("Saved. Only you can see this list."))


def _below(deps: Deps, client: Any, body: Body, note: str) -> Json:
    """Go back to "My sessions"; what was opened from elsewhere just closes."""
    view = body["view"]
    below = view.get("previous_view_id")
    if below and below != view["id"]:
        try:
            client.views_update(view_id=below, view=blocks.view(mine(deps, body), note))
        except guard.SLACK_ERRORS as error:  # it is saved: the next look tells
            log.info("modal_below_not_drawn", error=type(error).__name__)
    return {}


def come_back(deps: Deps, client: Any, body: Body) -> None:
    """End one break, of a program or of all."""
    ended = members.come_back(
        deps.db, deps.team_id, actor_of(body).user_id, number(value_of(body)), now=deps.clock()
    )
    deps.hint()
    _again(deps, client, body, _("Welcome back.") if ended else _("You are back already."))


def come_back_to(deps: Deps, client: Any, body: Body) -> None:
    """End whatever keeps somebody away from one program."""
    program_id = number(value_of(body))
    user_id = actor_of(body).user_id
    ended = members.come_back(deps.db, deps.team_id, user_id, program_id, now=deps.clock(), wholly=True)
    deps.hint()
    _again(deps, client, body, _("Welcome back.") if ended else _("You are back already."))


def send_data(deps: Deps, client: Any, body: Body) -> None:
    """Owe the file to whoever asks, in their own direct messages."""
    action = body["actions"][0]
    key = f"{body['view']['id']}-{action.get('action_ts')}" if body.get("view") else str(body["trigger_id"])
    my_data.want(deps.db, deps.team_id, actor_of(body).user_id, key=key)
    deps.hint()
    _again(deps, client, body, _("Your data is on its way to you as a direct message."))


def erase(deps: Deps, client: Any, body: Body) -> None:
    """Erase all that is stored about whoever asks."""
    user_id, now = actor_of(body).user_id, deps.clock()
    deps.db.retrying(lambda: my_data.erase(deps.db, deps.team_id, user_id, chance=deps.chance, now=now))
    deps.hint()
    view = body.get("view") or {}
    if view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=blocks.erased())
    else:
        guard.whisper(client, body, _("Your data is erased."))


def _again(deps: Deps, client: Any, body: Body, note: str) -> None:
    """Draw the modal that was used anew with *note*; elsewhere the note is said."""
    view = body.get("view") or {}
    if view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=blocks.view(mine(deps, body), note))
    elif view:  # App Home, which is drawn by itself
        client.views_open(trigger_id=body["trigger_id"], view=blocks.view(mine(deps, body), note))
    else:
        guard.whisper(client, body, note)
