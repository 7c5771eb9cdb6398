"""views.*: the app shows modals and sets App Homes."""

from __future__ import annotations

from sandbox import modals
from sandbox.answers import Json, SlackError
from sandbox.api.call import Call, invalid_arguments, method
from sandbox.state import Trigger, View


def _view_argument(call: Call) -> object:
    return call.json("view", broken="invalid_arguments")


def _trigger(call: Call) -> Trigger:
    given = call.text("trigger_id") or call.text("interactivity_pointer")
    if not given:
        raise invalid_arguments("[ERROR] missing required field: trigger_id")
    return modals.check_trigger(call.hub, call.team, given)


def _answer(call: Call, view: View) -> Json:
    return {"view": modals.wire(call.hub, call.team, view)}


@method("views.open", "trigger_id interactivity_pointer", required="view")
def open_(call: Call) -> Json:
    """Show a modal to the person whose action gave the trigger."""
    payload = modals.checked_payload(_view_argument(call), kind="modal")
    trigger = _trigger(call)
    modals.check_external_id(call.team, str(payload.get("external_id") or ""))
    trigger.used = True
    return _answer(call, modals.open_modal(call.hub, call.team, trigger, payload))


@method("views.push", "trigger_id interactivity_pointer", required="view")
def push(call: Call) -> Json:
    """Put a modal on top of the one that is open."""
    payload = modals.checked_payload(_view_argument(call), kind="modal")
    trigger = _trigger(call)
    view = modals.push_modal(call.hub, call.team, trigger.user, payload)
    trigger.used = True
    return _answer(call, view)


@method("views.update", "view_id external_id hash", required="view")
def update(call: Call) -> Json:
    """Give an open view another content."""
    view = _known(call)
    payload = modals.checked_payload(_view_argument(call), kind=view.kind)
    modals.check_hash(view, call.text("hash") or None)
    return _answer(call, modals.change(call.hub, call.team, view, payload))


def _known(call: Call) -> View:
    view_id, external = call.text("view_id"), call.text("external_id")
    if not view_id and not external:
        raise invalid_arguments("[ERROR] missing required field: view_id")
    for view in call.team.views.values():
        if view.id == view_id or (external and view.external_id == external):
            return view
    raise SlackError("not_found")


@method("views.publish", "hash", required="user_id view")
def publish(call: Call) -> Json:
    """Set what one person sees in the app's Home tab."""
    user = call.team.people.get(call.text("user_id"))
    if user is None or user.bot:
        raise SlackError("user_not_found")
    if not call.hub.seed.manifest.home_tab:
        raise SlackError("not_enabled")
    payload = modals.checked_payload(_view_argument(call), kind="home")
    wanted = call.text("hash") or None
    return _answer(call, modals.publish_home(call.hub, call.team, user.id, payload, wanted))
