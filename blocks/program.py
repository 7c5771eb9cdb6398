"""The modal "New program"."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, schedule
from blocks.ids import Ids
from blocks.kit import Json
from blocks.schedule import StateValues
from blocks.words import _
from domain.coffee import LARGEST_GROUP
from domain.forms import ProgramForm


def render(form: ProgramForm) -> Json:
    """The modal, filled in with *form*."""
    name = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "max_length": 60,
        "placeholder": kit.plain(_("Coffee"), 150),
        "focus_on_load": True,
    }
    channels = {
        "type": "multi_conversations_select",
        "action_id": Ids.INPUT,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain(_("Choose channels"), 150),
    }
    people = {
        "type": "multi_users_select",
        "action_id": Ids.INPUT,
        "placeholder": kit.plain(_("Choose people"), 150),
    }
    blocks = [
        kit.field_input("name", _("Name"), name),
        kit.field_input(
            "channels", _("Channels"), channels, optional=True, hint=_("Invite Sessions to private ones.")
        ),
        kit.field_input("people", _("People"), people, optional=True),
        kit.field_input("more", _("Audience"), _boxes(form), optional=True),
        kit.field_input("group_size", _("Group size"), _size(form.group_size)),
        kit.field_input("opt_in", _("Opt-in messages"), _opt_in(form.opt_in)),
        kit.field_input("zone", _("Time zone"), schedule.zone_select(form.zone, Ids.PROGRAM_ZONE)),
    ]
    return kit.modal(_("New program"), blocks, callback_id=Ids.PROGRAM_CREATE, submit=_("Create"))


def read(values: StateValues) -> ProgramForm:
    """The form that a submitted modal holds."""

    def element(block_id: str, action_id: str = Ids.INPUT) -> Mapping[str, Any]:
        return values.get(block_id, {}).get(action_id) or {}

    def chosen(block_id: str, action_id: str = Ids.INPUT) -> str:
        return str((element(block_id, action_id).get("selected_option") or {}).get("value") or "")

    ticked = {option["value"] for option in element("more").get("selected_options") or []}
    return ProgramForm(
        name=element("name").get("value") or "",
        channels=tuple(element("channels").get("selected_conversations") or ()),
        people=tuple(element("people").get("selected_users") or ()),
        everyone="everyone" in ticked,
        include_guests="guests" in ticked,
        zone=chosen("zone", Ids.PROGRAM_ZONE),
        group_size=int(chosen("group_size") or 2),
        opt_in=chosen("opt_in") or "on",
    )


def _boxes(form: ProgramForm) -> Json:
    everyone = kit.option(_("Everyone in the workspace"), "everyone")
    guests = kit.option(_("Include guests"), "guests")
    found: Json = {"type": "checkboxes", "action_id": Ids.INPUT, "options": [everyone, guests]}
    ticked = [o for o, on in ((everyone, form.everyone), (guests, form.include_guests)) if on]
    if ticked:
        found["initial_options"] = ticked
    return found


def _size(initial: int) -> Json:
    options = [kit.option(str(size), str(size)) for size in range(2, LARGEST_GROUP + 1)]
    return {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": options,
        "initial_option": options[initial - 2],
    }


def _opt_in(initial: str) -> Json:
    on = kit.option(_("On"), "on", _("Members are asked, and join or decline"))
    off = kit.option(_("Off"), "off", _("The whole audience takes part"))
    return {
        "type": "radio_buttons",
        "action_id": Ids.INPUT,
        "options": [on, off],
        "initial_option": off if initial == "off" else on,
    }
