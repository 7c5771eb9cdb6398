"""Views: stacks of modals, App Homes, and the triggers that allow one to be opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.answers import Json, SlackError
from sandbox.clock import real_now, ticks
from sandbox.elements import carry_over, state_values, with_ids
from sandbox.limits import Problem, check_view
from sandbox.shapes import view_object
from sandbox.state import Team, Trigger, View, ViewKind

if TYPE_CHECKING:
    from sandbox.hub import Hub

STACK_DEPTH = 3
TRIGGERS_KEPT = 5_000


def new_trigger(hub: Hub, team: Team, user: str, channel: str | None = None) -> str:
    """A trigger id for one action of one person: 3 seconds, one use."""
    number = hub.serial()
    trigger = f"{number}.{int(team.id.encode().hex(), 16) % 10**12}.{team.secret(32).lower()}"
    team.triggers[trigger] = Trigger(trigger, user, ticks(), channel)
    if len(team.triggers) > TRIGGERS_KEPT:
        del team.triggers[next(iter(team.triggers))]
    return trigger


def check_trigger(hub: Hub, team: Team, trigger_id: str) -> Trigger:
    """The trigger, if it may still be used; it stays unused until ``used`` is set."""
    trigger = team.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if ticks() - trigger.born > hub.settings.trigger_seconds:
        raise SlackError("expired_trigger_id")
    return trigger


def checked_payload(view: object, *, kind: ViewKind | None = None) -> Json:
    """The view if Slack would take it; every fault with its pointer otherwise."""
    problems = check_view(view)
    if any(p.pointer == "" and p.code == "too_long" for p in problems):
        raise SlackError("view_too_large")
    if problems or not isinstance(view, Mapping):
        raise SlackError("invalid_arguments", response_metadata={"messages": lines(problems)})
    if kind and view.get("type") != kind:
        message = f"[ERROR] must be a {kind} view [json-pointer:/view/type]"
        raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
    return dict(view)


def lines(problems: list[Problem], root: str = "/view") -> list[str]:
    """Problems as Slack words them in response_metadata.messages."""
    return [f"[ERROR] {p.message} [json-pointer:{root}{p.pointer}]" for p in problems]


def new_view(
    team: Team,
    user: str,
    kind: ViewKind,
    payload: Json,
    *,
    previous: str | None = None,
    channel: str | None = None,
) -> View:
    """Make a view; its inputs start with their initial values."""
    external = str(payload.get("external_id") or "")
    check_external_id(team, external)
    payload = {**payload, "blocks": with_ids(team, payload.get("blocks") or [])}
    view_id = team.draw_id("V")
    view = View(
        id=view_id,
        user=user,
        kind=kind,
        payload=payload,
        hash=new_hash(team),
        root=view_id,
        previous=previous,
        channel=channel,
        external_id=external,
        values=carry_over(payload["blocks"], {}, conversation=channel),
    )
    team.views[view.id] = view
    return view


def check_external_id(team: Team, external: str, *, own: str | None = None) -> None:
    """Refuse an external id another view of the workspace has."""
    taken = any(v.external_id == external and v.id != own for v in team.views.values())
    if external and taken:
        raise SlackError("duplicate_external_id")


def new_hash(team: Team) -> str:
    """A hash no earlier state of any view had."""
    return f"{int(real_now())}.{team.secret(8)}"


def open_modal(hub: Hub, team: Team, trigger: Trigger, payload: Json) -> View:
    """Show a first modal; whatever was open for this person closes."""
    view = new_view(team, trigger.user, "modal", payload, channel=trigger.channel)
    clear_stack(team, trigger.user, keep=view.id)
    team.stacks[trigger.user] = [view.id]
    note(hub, team, "view_open", view)
    return view


def push_modal(hub: Hub, team: Team, user: str, payload: Json) -> View:
    """Put a modal on top of the person's stack, three at most."""
    stack = team.stacks.get(user, [])
    if len(stack) >= STACK_DEPTH:
        raise SlackError("push_limit_reached")
    below = team.views[stack[-1]] if stack else None
    view = new_view(
        team,
        user,
        "modal",
        payload,
        previous=below.id if below else None,
        channel=below.channel if below else None,
    )
    if below:
        view.root = below.root
    team.stacks.setdefault(user, []).append(view.id)
    note(hub, team, "view_push", view)
    return view


def change(hub: Hub, team: Team, view: View, payload: Json) -> View:
    """Give a view another content; inputs that are still there keep what was entered."""
    external = str(payload.get("external_id") or view.external_id)
    check_external_id(team, external, own=view.id)
    blocks = with_ids(team, payload.get("blocks") or [])
    view.values = carry_over(blocks, view.values, conversation=view.channel)
    view.payload = {**payload, "blocks": blocks}
    view.external_id = external
    view.hash = new_hash(team)
    view.errors = {}
    view.trouble = ""
    note(hub, team, "view_update", view)
    return view


def check_hash(view: View, wanted: str | None) -> None:
    """Refuse a change made for an earlier state of the view."""
    if wanted and wanted != view.hash:
        raise SlackError("hash_conflict", view={"id": view.id, "hash": view.hash})


def publish_home(hub: Hub, team: Team, user: str, payload: Json, wanted_hash: str | None = None) -> View:
    """Set somebody's App Home."""
    known = team.homes.get(user)
    if known is not None:
        view = team.views[known]
        check_hash(view, wanted_hash)
        return change(hub, team, view, payload)
    view = new_view(team, user, "home", payload)
    team.homes[user] = view.id
    note(hub, team, "view_publish", view)
    return view


def remove(team: Team, view: View) -> None:
    """Take one modal off its stack, wherever in it."""
    stack = team.stacks.get(view.user, [])
    if view.id in stack:
        stack.remove(view.id)
    team.views.pop(view.id, None)


def clear_stack(team: Team, user: str, *, keep: str = "") -> list[View]:
    """Close every modal of a person; returns them, top first."""
    closed = team.stack(user)[::-1]
    for view in closed:
        if view.id != keep:
            remove(team, view)
    return closed


def wire(hub: Hub, team: Team, view: View, *, sparse: bool = False) -> Json:
    """The view as the app sees it, with what is entered in it now."""
    values = state_values(view.payload["blocks"], view.values, sparse=sparse)
    return view_object(team, view, hub.app.id, values)


def title_of(view: View) -> str:
    """The text on top of a modal."""
    title = view.payload.get("title")
    return str(title.get("text", "")) if isinstance(title, Mapping) else ""


def note(hub: Hub, team: Team, what: str, view: View) -> None:
    """Write a view effect into the journal."""
    hub.journal.add(
        "effect", what=what, team=team.id, view=view.id, user=view.user, type=view.kind,
        title=title_of(view), hash=view.hash,
    )  # fmt: skip
