"""How buttons and modals are answered: with another modal on top, or another in their place."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from domain.errors import FieldRefusal
from handlers import guard
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]
Submission = Callable[[Deps, Any, Body], Json]


def open_modal(client: Any, body: Body, view: Json) -> None:
    """Open a modal, on top of the one whose button was pressed if there is one."""
    do = client.views_push if _where(body) == "modal" else client.views_open
    do(trigger_id=body["trigger_id"], view=view)


def at_home(body: Body) -> bool:
    """Whether something was pressed in App Home."""
    return _where(body) == "home"


def _where(body: Body) -> str:
    return str((body.get("view") or {}).get("type") or "")


def held(view: Body, block_id: str) -> Json:
    """What the one element of an input holds now."""
    values = (view.get("state") or {}).get("values") or {}
    found: Json = next(iter((values.get(block_id) or {}).values()), {})
    return found


# --- Submissions ---------------------------------------------------------------------------------------


def submissions(app: App, deps: Deps) -> Callable[[str, Submission], None]:
    """``on(callback_id, do)``: have a guarded *do*, which takes deps, client and body, hear of a modal.

    What it refuses is said at a field; where the modal has none, in its place.
    """

    def on(callback_id: str, do: Submission) -> None:
        @app.view(callback_id)
        def listener(ack: Any, body: Body, client: Any) -> None:
            guard.view(deps, lambda found: _done(deps, client, found, do), at="")(ack=ack, body=body)

    return on


def _done(deps: Deps, client: Any, body: Body, do: Submission) -> Json:
    try:
        return do(deps, client, body)
    except FieldRefusal:
        raise
    except Exception as error:
        if any(block["type"] == "input" for block in body["view"]["blocks"]):
            raise
        return told(guard.sentence_of(error, deps))


def told(text: str) -> Json:
    """Answer a submission with a sentence in place of the modal."""
    return {"response_action": "update", "view": guard.notice(text)}


def again(view: Json) -> Json:
    """Answer a submission with its modal drawn anew."""
    return {"response_action": "update", "view": view}


def closed(body: Body, said: str = "") -> Json:
    """Answer a submission: all modals close, since those below would be old; or something is *said*."""
    if said:
        return told(said)
    below = body["view"].get("root_view_id") not in (None, body["view"]["id"])
    return {"response_action": "clear"} if below else {}
