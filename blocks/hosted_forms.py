"""The forms of a new session and of its participants: drawn and read with the same ids.

Each drawing gives the inputs fresh block ids, so that what is prefilled shows and what was typed stays.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from blocks import kit
from blocks.hosted_forms_parts import (
    about,
    about_time,
    address,
    channels,
    contact_select,
    keep_box,
    payment,
    people_select,
    text_input,
)
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_settings import durations
from blocks.kit import Json
from blocks.schedule import zone_select
from blocks.when import date_input, time_input
from blocks.words import _
from domain.hosted_forms import HostedForm, Step, What
from domain.hosted_offer import Offer

SAVES = {What.EDIT: Ids.EDIT_SAVE}


def view(
    form: HostedForm,
    offer: Offer,
    *,
    warning: str = "",
    lines: Sequence[str] = (),
    start: datetime | None = None,
) -> Json:
    """A form as it is filled in now. *warning* and *lines* stand on top; *start* is what was chosen."""
    top = [kit.section(f":warning: {kit.escape(warning, 3000)}")] if warning else []
    top += [kit.section(kit.escape(line, 3000)) for line in lines]
    if form.step == Step.TIME:
        shown = _modal(_("New session"), [*top, *_time(form)], form, Ids.TIME_SAVE, _("Next"))
    elif form.what == What.AGAIN:
        blocks = [*top, *_time(form), people_select(form, offer), *_details(form)]
        shown = _modal(_("New session"), blocks, form, Ids.FORM_SAVE, _("Save"))
    else:
        blocks = [*top, *_head(form, offer, start), *_person(form, offer)]
        shown = _modal(_title(form), blocks, form, SAVES.get(What(form.what), Ids.FORM_SAVE), _("Save"))
    return shown


def _title(form: HostedForm) -> str:
    if form.what == What.NOW:
        return _("New session")
    return _("Edit participant") if form.what == What.EDIT else _("Add participant")


def _modal(title: str, blocks: Sequence[Json], form: HostedForm, callback_id: str, submit: str) -> Json:
    numbered = [
        {**block, "block_id": f"{block['block_id']}.{form.edition}"} if block["type"] == "input" else block
        for block in blocks
    ]
    shown = kit.modal(title, numbered, callback_id=callback_id, submit=submit)
    # as few characters as can be: everything that was typed has to fit into 3000 of them
    shown["private_metadata"] = json.dumps(form.as_dict(), separators=(",", ":"), ensure_ascii=False)
    shown["notify_on_close"] = True
    return shown


def _time(form: HostedForm) -> list[Json]:
    day = at = None
    with suppress(ValueError):  # it has travelled
        day = date.fromisoformat(form.day)
        at = time.fromisoformat(form.at)
    return [
        kit.field_input("date", _("Date"), date_input(day)),
        kit.field_input("time", _("Time"), time_input(at)),
        kit.context(_("Your time zone: {zone}", zone=form.tz)),
    ]


def _head(form: HostedForm, offer: Offer, start: datetime | None) -> list[Json]:
    """What the participant is part of: the time, to be chosen or chosen before, or the session."""
    if form.what == What.NOW:
        return _time(form)
    if offer.about is not None:
        return [about(offer.about, offer.tz)]
    if start is None:
        return []
    return [about_time(start, form.tz)]


def _person(form: HostedForm, offer: Offer) -> list[Json]:
    """The participant's fields, and those of a session that is new."""
    blocks = [
        kit.field_input(
            "contact", _("Saved contact"), contact_select(form, offer), optional=True, dispatch=True,
            hint=_("Type two letters of a name: of a contact, or of a colleague."),
        ),
        kit.field_input("name", _("Participant Name or Initials"), text_input(form.name, 80)),
        *channels(form, offer),
        *address(form, offer),
        kit.field_input("zone", _("Participant Time Zone"), zone_select(form.zone, Ids.ZONE)),
        *payment(form, offer),
        *keep_box(form, offer),
    ]  # fmt: skip
    if form.what in (What.NOW, What.SCHEDULED):
        blocks += _details(form)
    return blocks


def _details(form: HostedForm) -> list[Json]:
    return [
        kit.field_input("title", _("Session name"), text_input(form.title, 80), optional=True),
        kit.field_input("minutes", _("Duration"), durations(form.minutes)),
        kit.field_input("room", _("Room link"), text_input(form.room, 500), optional=True),
    ]


# --- After it was saved --------------------------------------------------------------------------------


def told(codes: Sequence[tuple[str, str]]) -> Json:
    """H7: who has to be given which code by the host."""
    blocks = [
        kit.section(
            _(
                "Give this code to {name} yourself, by phone or another private way: *{code}*. "
                "No invitation was sent.",
                name=kit.escape(name),
                code=shown_code(code),
            )
        )
        for name, code in codes
    ]
    return kit.modal(_("Access code"), blocks, callback_id=Ids.CODE_VIEW, close=_("Done"))


def shown_code(code: str) -> str:
    """Nine digits as they are read out: "123-456-789"."""
    return "-".join((code[:3], code[3:6], code[6:]))


# --- What was filled in --------------------------------------------------------------------------------


def read(shown: Mapping[str, Any], form: HostedForm) -> HostedForm:
    """The *form* that travelled with a view, with what its fields hold now."""
    state = (shown.get("state") or {}).get("values") or {}
    if not isinstance(state, dict):  # of a view that was closed
        return form
    held: dict[str, Mapping[str, Any]] = {
        block.partition(".")[0]: next(iter(found.values()), {}) for block, found in state.items()
    }
    changed = {name: take(held[block], form) for block, (name, take) in FIELDS.items() if block in held}
    if "address" in held:
        typed = _text(held["address"], form)
        changed["phone" if form.channel == "text" else "email"] = typed
    return replace(form, **changed)


Taken = Callable[[Mapping[str, Any], HostedForm], Any]


def _text(found: Mapping[str, Any], form: HostedForm) -> str:
    return str(found.get("value") or "")


def _option(found: Mapping[str, Any], form: HostedForm) -> str:
    return str((found.get("selected_option") or {}).get("value") or "")


def _number(found: Mapping[str, Any], form: HostedForm) -> int:
    text = _option(found, form)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0


def _people(found: Mapping[str, Any], form: HostedForm) -> tuple[int, ...]:
    return tuple(int(one) for one in kit.chosen(found) if one.isascii() and one.isdigit())


FIELDS: dict[str, tuple[str, Taken]] = {
    "date": ("day", lambda found, form: str(found.get("selected_date") or "")),
    "time": ("at", lambda found, form: str(found.get("selected_time") or "")),
    "contact": ("picked", _option),
    "name": ("name", _text),
    "channel": ("channel", _option),
    "zone": ("zone", _option),
    "keep": ("keep", lambda found, form: bool(kit.chosen(found))),
    "service": ("service", _number),
    "price": ("price", _text),
    "title": ("title", _text),
    "minutes": ("minutes", lambda found, form: _number(found, form) or form.minutes),
    "room": ("room", _text),
    "people": ("people", _people),
}


def contact_options(found: Sequence[tuple[str, str, bool]]) -> list[Json]:
    """The answers to what was typed into [Saved contact]: value, name, and whether it is a colleague."""
    return [
        kit.option(name, value, _("Colleague") if colleague else "") for value, name, colleague in found[:20]
    ]
