"""The modals [Propose a Time] and [Log a Session]: drawn and read with the same ids."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, texts
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.schedule import zone_select
from blocks.when import StateValues, date_input, read_date, read_time, time_input
from blocks.words import _, n_
from domain.mentoring_meetings import LENGTHS, MeetingForm


def render(form: MeetingForm, other: str, *, log: bool = False, metadata: Mapping[str, Any]) -> Json:
    """The modal; *metadata* names the match, or the meeting that gets another time."""
    who = texts.name(other)
    hint = (
        _("It counts as a session that took place. {other} is asked how it was, and so are you.", other=who)
        if log
        else _("{other} sees it in their own time zone. It stands unless one of you cancels it.", other=who)
    )
    blocks = [
        kit.section(_("With {other}", other=f"*{who}*")),
        kit.field_input("day", _("Date"), date_input(form.day)),
        kit.field_input("at", _("Time"), time_input(form.at)),
        kit.field_input("zone", _("Time zone"), zone_select(form.zone, Ids.MEETING_ZONE)),
        kit.field_input("minutes", _("Length"), _length(form.minutes)),
        kit.context(hint),
    ]
    return kit.modal(
        _("Log a Session") if log else _("Propose a Time"),
        blocks,
        callback_id=Ids.MEETING_LOGGED if log else Ids.MEETING_PROPOSED,
        submit=_("Log") if log else _("Propose"),
        metadata=metadata,
    )


def _length(minutes: int) -> Json:
    options = {n: kit.option(n_("{count} minute", "{count} minutes", n), str(n)) for n in LENGTHS}
    return {
        "type": "static_select",
        "action_id": Shared.INPUT,
        "options": list(options.values()),
        "initial_option": options.get(minutes, options[30]),
    }


def read(values: StateValues) -> MeetingForm:
    """What a submitted modal holds."""
    length = _option(values, "minutes", Shared.INPUT)
    return MeetingForm(
        day=read_date(values, "day"),
        at=read_time(values, "at"),
        zone=_option(values, "zone", Ids.MEETING_ZONE),
        minutes=int(length) if length.isdigit() else 0,
    )


def _option(values: StateValues, block_id: str, action_id: str) -> str:
    held = (values.get(block_id, {}).get(action_id) or {}).get("selected_option") or {}
    return str(held.get("value") or "")
