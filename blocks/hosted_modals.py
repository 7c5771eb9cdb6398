"""What the menu of a session opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from blocks import hosted_tiles, kit
from blocks.hosted_ids import HostedIds as Ids
from blocks.hosted_sentences import SESSION
from blocks.hosted_settings import durations
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.words import _, labelled, n_
from domain.hosted_board import Opened

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
REFUND, KEEP = "refund", "keep"


@dataclass(frozen=True)
class Times:
    """[Reschedule], filled in."""

    day: date | None
    at: time | None


@dataclass(frozen=True)
class Edited:
    """[Edit Session], filled in."""

    name: str
    minutes: int
    room: str


# --- Reading -------------------------------------------------------------------------------------------


def typed(values: Values, block_id: str) -> Any:
    """What somebody wrote or chose in an input: a text, a date, a time, a user or an option's value."""
    element = next(iter(values.get(block_id, {}).values()), {})
    option = element.get("selected_option") or {}
    kinds = ("value", "selected_date", "selected_time", "selected_user")
    return next((element[one] for one in kinds if element.get(one)), option.get("value"))


def read_times(values: Values) -> Times:
    """What [Reschedule] says; None for what is missing."""
    day, at = typed(values, "day"), typed(values, "time")
    return Times(date.fromisoformat(day) if day else None, time.fromisoformat(at) if at else None)


def read_edited(values: Values) -> Edited:
    """What [Edit Session] says."""
    minutes = str(typed(values, "minutes") or "")
    return Edited(
        name=str(typed(values, "name") or ""),
        minutes=int(minutes) if minutes.isdigit() else 0,
        room=str(typed(values, "room") or ""),
    )


# --- Reschedule and edit -------------------------------------------------------------------------------


def times_of(found: Opened) -> Times:
    """When the session is now, on the host's clock."""
    local = found.row.starts_at.astimezone(ZoneInfo(found.zone))
    return Times(local.date(), local.time().replace(second=0, microsecond=0))


def reschedule(found: Opened, form: Times, *, warning: str = "", anyway: datetime | None = None) -> Json:
    """[Reschedule]. *anyway* is the time of which it was said that it clashes: the same again is saved."""
    day: Json = {"type": "datepicker", "action_id": Shared.INPUT}
    at: Json = {"type": "timepicker", "action_id": Shared.INPUT}
    if form.day is not None:
        day["initial_date"] = form.day.isoformat()
    if form.at is not None:
        at["initial_time"] = f"{form.at:%H:%M}"
    blocks = [
        *_warned(warning),
        _present(found),
        kit.field_input("day", _("Date"), day),
        kit.field_input("time", _("Time"), at),
        kit.context(_("Your time zone: {zone}", zone=found.zone)),
    ]
    more = {"anyway": anyway.isoformat()} if anyway else {}
    return _modal(_("Reschedule"), blocks, Ids.MOVE_SAVE, found, submit=_("Save"), **more)


def edit(found: Opened, form: Edited, *, warning: str = "") -> Json:
    """[Edit Session]; after somebody else's change with the new state on top."""
    blocks = [
        *_warned(warning),
        _present(found),
        kit.field_input("name", _("Session name"), _text(form.name, 80), optional=True),
        kit.field_input("minutes", _("Duration"), durations(form.minutes or found.row.minutes)),
        kit.field_input("room", _("Room link"), _text(form.room, 500), optional=True),
    ]
    return _modal(_("Edit Session"), blocks, Ids.SESSION_EDIT_SAVE, found, submit=_("Save"))


def edited(found: Opened) -> Edited:
    """What it is now."""
    return Edited(found.row.title, found.row.minutes, found.room)


def _text(value: str, most: int) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": Shared.INPUT, "max_length": most}
    return element | ({"initial_value": value} if value else {})


def _warned(warning: str) -> list[Json]:
    return [kit.section(f":warning: {kit.escape(warning)}")] if warning else []


def _present(found: Opened) -> Json:
    """The session as it stands."""
    return kit.section(hosted_tiles.told(found.row, zone=found.zone, year=found.year))


# --- Change host, cancel, remove -----------------------------------------------------------------------


def change_host(found: Opened) -> Json:
    """[Change Host]: to whom."""
    blocks = [
        _present(found),
        kit.field_input("host", _("New host"), {"type": "users_select", "action_id": Shared.INPUT}),
        kit.context(
            _("The new host is told, and can give it back for 24 hours. Participants are not told now.")
        ),
    ]
    return _modal(_("Change Host"), blocks, Ids.HOST_SAVE, found, submit=_("Change Host"))


def cancel(found: Opened) -> Json:
    """[Cancel Session]: where somebody has paid, with what becomes of the money."""
    count = len(found.row.tiles)
    told = n_(
        "{count} participant is told if they were invited, and their access code ends. "
        "You can undo this for 10 minutes.",
        "{count} participants are told if they were invited, and their access codes end. "
        "You can undo this for 10 minutes.",
        count,
    )
    blocks = [_present(found), kit.section(told), *_paid(found)]
    return _modal(
        _("Cancel Session"), blocks, Ids.CANCEL_SAVE, found, submit=_("Cancel Session"), close=_("Back")
    )


def _paid(found: Opened) -> list[Json]:
    """Who paid how much, and the choice of what becomes of it."""
    payers = [one for one in found.row.tiles if one.left is not None]
    if not payers:
        return []
    said = [labelled(kit.escape(one.name, 80), hosted_tiles.paid(one)) for one in payers]
    undone = _("If you undo this, what went back already is to be paid again.")
    return [kit.context("\n".join(said)), kit.context(undone), refund_choice()]


def remove(found: Opened) -> Json:
    """[Remove Session]: silent, and for good."""
    told = _("The session goes away without a word to its participants, and their access codes end at once.")
    text = f"{told} *{_('This cannot be undone.')}*"
    return _modal(
        _("Remove Session"),
        [_present(found), kit.section(text)],
        Ids.REMOVE_SAVE,
        found,
        submit=_("Remove Session"),
        close=_("Back"),
    )


def refund_choice() -> Json:
    """`Refund in full` or `No refund`."""
    options = [kit.option(_("Refund in full"), REFUND), kit.option(_("No refund"), KEEP)]
    element: Json = {"type": "radio_buttons", "action_id": Shared.INPUT, "options": options}
    return kit.field_input("money", _("Payment"), element | {"initial_option": options[0]})


# --- All participants ----------------------------------------------------------------------------------


def session(found: Opened) -> Json:
    """[Open Session]: every tile."""
    row = found.row
    present = hosted_tiles.session(row, zone=found.zone, year=found.year)
    blocks = [present, kit.divider(), *(hosted_tiles.tile(one, row) for one in row.tiles)]
    return _modal(_(SESSION), blocks, Ids.SESSION_VIEW, found, close=_("Close"))


def _modal(
    title: str,
    blocks: Sequence[Json],
    callback_id: str,
    found: Opened,
    *,
    submit: str | None = None,
    close: str = "",
    **more: str,
) -> Json:
    metadata = {"session": found.row.id, "version": found.version, **more}
    return kit.modal(title, blocks, callback_id=callback_id, submit=submit, close=close, metadata=metadata)
