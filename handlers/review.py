"""Review your matches: open the draft, turn its pages, change it, and say when it is sent."""

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from blocks import review as blocks
from blocks.ids import Ids
from blocks.words import retold
from domain.errors import FieldRefusal, Refusal
from handlers import access, guard
from handlers.context import metadata_of, number, value_of
from services import review, review_pages, sending
from services.ports import Deps
from services.review import Edit, Stale

Body = dict[str, Any]
OPENED = {
    Ids.REVIEW_SWAP_OPEN: blocks.ask_swap,
    Ids.REVIEW_MOVE_OPEN: blocks.ask_move,
    Ids.REVIEW_REMOVE_OPEN: blocks.ask_remove,
    Ids.REVIEW_ADD_OPEN: blocks.ask_add,
}
AT_ONCE = {
    Ids.REVIEW_LOCK: "lock",
    Ids.REVIEW_UNLOCK: "unlock",
    Ids.REVIEW_REGROUP: "regroup",
    Ids.REVIEW_UNDO: "undo",
    Ids.REVIEW_MEND: "mend",
}
SAVED = {
    Ids.REVIEW_SWAP: ("swap", ("first", "second")),
    Ids.REVIEW_MOVE: ("move", ("person", "to")),
    Ids.REVIEW_REMOVE: ("remove", ("person",)),
    Ids.REVIEW_ADD: ("add", ("person", "to")),
}
OFFERED = {
    Ids.REVIEW_PERSON: (review_pages.people_in_groups, blocks.people_options),
    Ids.REVIEW_WITHOUT: (review_pages.people_without, blocks.people_options),
    Ids.REVIEW_GROUP: (review_pages.groups, blocks.group_options),
}

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to everything of the review."""
    on = guard.presses(app, deps)
    on(Ids.REVIEW_OPEN, open_review)
    on(Ids.REVIEW_DATE, open_date)
    on(Ids.REVIEW_PREVIOUS, turn)
    on(Ids.REVIEW_NEXT, turn)
    for opened in OPENED:
        on(opened, open_edit)
    for pressed in AT_ONCE:
        on(pressed, edit_at_once)
    for searched in OFFERED:
        app.options(searched)(_offer(deps))
    _register_views(app, deps)


def _register_views(app: App, deps: Deps) -> None:
    def submits(callback_id: str, do: Callable[..., dict[str, Any]], at: str) -> None:
        @app.view(callback_id)
        def listener(ack: Any, body: Body, client: Any) -> None:
            guard.view(deps, lambda found: do(deps, client, found), at=at)(ack=ack, body=body)

    for saved, (_, fields) in SAVED.items():
        submits(saved, save_edit, fields[-1])
    submits(Ids.REVIEW_DATE_SAVE, save_date, "match_date")
    submits(Ids.REVIEW_EXIT, leave, "review")


def _seen(body: Body) -> tuple[int, int, int]:
    """The session, the version of its draft, and the page, as the pressed view shows them."""
    found = metadata_of(body.get("view") or {})
    session, version, page = (number(str(found.get(name) or "")) for name in ("o", "v", "p"))
    return session, version, page


def open_review(deps: Deps, client: Any, body: Body) -> None:
    """[Review your matches]: open the draft; say why where there is none."""
    session = number(value_of(body))
    user = access.organizer_of_session(deps, body, session)
    try:
        view = _drawn(deps, session, 0, user)
    except Refusal as refusal:
        view = blocks.says(retold(refusal.sentence))
    _show(client, body, view)


def _show(client: Any, body: Body, view: Body) -> None:
    if body.get("view") and body["view"].get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def _drawn(deps: Deps, session: int, page: int, user: str, warning: str = "") -> Body:
    draft = review_pages.page(deps.db, deps.team_id, session, page, reader=user, now=deps.clock())
    return blocks.page(draft, warning=warning)


def _redraw(deps: Deps, client: Any, view_id: str, session: int, page: int, user: str, **more: str) -> None:
    """Show the draft as it is now. A hint: what is stored stands, and a view that lags behind is refused."""
    try:
        view = _drawn(deps, session, page, user, **more)
    except Refusal as refusal:
        view = blocks.says(retold(refusal.sentence))
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") not in ("hash_conflict", "not_found"):
            raise


def turn(deps: Deps, client: Any, body: Body) -> None:
    """[◀] and [▶]."""
    session, _, page = _seen(body)
    user = access.organizer_of_session(deps, body, session)
    page += 1 if body["actions"][0]["action_id"] == Ids.REVIEW_NEXT else -1
    _redraw(deps, client, body["view"]["id"], session, page, user)


def edit_at_once(deps: Deps, client: Any, body: Body) -> None:
    """[Lock group], [Regroup the rest], [Undo], [Mend for me]: done by the press itself."""
    session, version, page = _seen(body)
    user = access.organizer_of_session(deps, body, session)
    what = AT_ONCE[body["actions"][0]["action_id"]]
    subject = (str(number(value_of(body))),) if what in ("lock", "unlock") else ()
    warning = ""
    try:
        one = Edit(session, version, user, what, subject)
        review.edit(deps.db, deps.team_id, one, now=deps.clock())
        deps.hint()
    except FieldRefusal as refusal:
        warning = " ".join(retold(problem) for problem in refusal.problems.values())
    except Refusal as refusal:
        warning = retold(refusal.sentence)
    _redraw(deps, client, body["view"]["id"], session, page, user, warning=warning)


def open_edit(deps: Deps, client: Any, body: Body) -> None:
    """[Swap two people], [Move], [Remove], [Add]: open the modal of the edit."""
    session, _, _ = _seen(body)
    access.organizer_of_session(deps, body, session)
    view = OPENED[body["actions"][0]["action_id"]](metadata_of(body["view"]))
    client.views_push(trigger_id=body["trigger_id"], view=view)


def save_edit(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Store the edit, and show the draft below with it; a stale edit is refused, and the draft shown anew."""
    session, version, _ = _seen(body)
    user = access.organizer_of_session(deps, body, session)
    view = body["view"]
    what, fields = SAVED[view["callback_id"]]
    held = blocks.read(view["state"]["values"])
    subject = tuple(held.get(field, "") for field in fields)
    if "to" in fields:
        subject = (subject[0], str(number(subject[1])))
    try:
        review.edit(deps.db, deps.team_id, Edit(session, version, user, what, subject), now=deps.clock())
    except Stale as stale:
        _redraw_below(deps, client, body, user, warning=retold(stale.sentence))
        raise
    deps.hint()
    _redraw_below(deps, client, body, user)
    return {}


def _redraw_below(deps: Deps, client: Any, body: Body, user: str, **more: str) -> None:
    """Show the draft under a modal anew; if Slack does not answer, the next press there says what changed."""
    session, _, page = _seen(body)
    below = body["view"].get("previous_view_id")
    if not below:
        return
    try:
        _redraw(deps, client, below, session, page, user, **more)
    except guard.SLACK_ERRORS as error:
        log.info("modal_below_not_drawn", error=type(error).__name__)


def open_date(deps: Deps, client: Any, body: Body) -> None:
    """[Update matching date], from the draft or from a message."""
    session = number(value_of(body))
    access.organizer_of_session(deps, body, session)
    form = sending.date_of(deps.db, deps.team_id, session, now=deps.clock())
    seen = metadata_of(body.get("view") or {}) if _is_draft(body) else {}
    _show(client, body, blocks.ask_date(form, {**seen, "o": session}))


def _is_draft(body: Body) -> bool:
    return bool((body.get("view") or {}).get("callback_id") == Ids.REVIEW_EXIT)


def save_date(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Store when the groups are sent."""
    session, seen, _ = _seen(body)
    user = access.organizer_of_session(deps, body, session)
    form = blocks.read_date(body["view"]["state"]["values"])
    from_draft = "v" in metadata_of(body["view"])
    version = seen if from_draft else None
    try:
        sending.set_date(deps.db, deps.team_id, session, form, actor=user, now=deps.clock(), version=version)
    except Stale as stale:
        _redraw_below(deps, client, body, user, warning=retold(stale.sentence))
        raise
    deps.hint()
    if from_draft:
        _redraw_below(deps, client, body, user)
    return {}


def leave(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """[Save & Exit]: every edit is stored already, so there is nothing left to do."""
    return {"response_action": "clear"}


def _offer(deps: Deps) -> Callable[..., None]:
    def offer(ack: Any, body: Body) -> None:
        found: list[Body] = []
        with guard.to_actor(deps, body):
            try:
                session, _, _ = _seen(body)
                access.organizer_of_session(deps, body, session)
                find, options = OFFERED[body["action_id"]]
                typed = str(body.get("value") or "")
                found = options(find(deps.db, deps.team_id, session, typed, now=deps.clock()))
            except Refusal as refusal:
                log.info("nothing_offered", why=type(refusal).__name__)
            ack(options=found)

    return offer
