"""The modals of a session card: "Update schedule", "Cancel session" and "People"."""

from collections.abc import Mapping
from typing import Any

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues, date_input, read_date, read_time, time_input
from blocks.words import _, n_
from domain.answers import SHOWN, AnswerLine, AnswerPage
from domain.facts import SessionCard
from domain.updates import UpdateForm

ONE, ALL = "one", "all"
MARKS = {
    "joined": ":white_check_mark:",
    "declined": ":no_entry_sign:",
    "silent": ":hourglass_flowing_sand:",
    "failed": ":warning:",
    "left": ":wave:",
}


def update(card: SessionCard, form: UpdateForm, *, warning: str = "") -> Json:
    """The modal "Update schedule", filled in with *form*."""
    blocks = [kit.section(f":warning: {kit.escape(warning)}")] if warning else []
    if form.opt_in_date is not None:
        blocks += [
            kit.field_input("opt_in_date", _("Opt-in date"), date_input(form.opt_in_date)),
            kit.field_input("opt_in_time", _("Opt-in time"), time_input(form.opt_in_time)),
        ]
    blocks += [
        kit.field_input("match_date", _("Matching date"), date_input(form.match_date)),
        kit.field_input("match_time", _("Matching time"), time_input(form.match_time)),
        kit.field_input("apply", _("Apply to"), _which(card, all_of_them=form.following)),
        kit.context(_("Time zone of this session: {zone}", zone=card.zone)),
    ]
    if card.state == "open":
        blocks.append(kit.context(_("Everybody who was asked sees the new date in their message.")))
    return kit.modal(
        _("Update schedule"),
        blocks,
        callback_id=Ids.CARD_UPDATE_SAVE,
        submit=_("Update anyway") if warning else _("Update"),
        metadata={"occurrence": card.occurrence_id, "sure": bool(warning)},
    )


def read_update(values: StateValues, metadata: Mapping[str, Any]) -> UpdateForm:
    """The form that a submitted modal holds."""
    return UpdateForm(
        opt_in_date=read_date(values, "opt_in_date"),
        opt_in_time=read_time(values, "opt_in_time"),
        match_date=read_date(values, "match_date"),
        match_time=read_time(values, "match_time"),
        following=read_which(values),
        sure=bool(metadata.get("sure")),
    )


def cancel(card: SessionCard) -> Json:
    """The modal "Cancel session" of a session that repeats: it asks which."""
    told = n_(
        "{count} person who joined is told, and everybody who was asked sees it in their message.",
        "{count} people who joined are told, and everybody who was asked sees it in their message.",
        card.joined,
    )
    blocks = [kit.field_input("apply", _("Apply to"), _which(card)), kit.context(told)]
    return kit.modal(
        _("Cancel session"),
        blocks,
        callback_id=Ids.CARD_CANCEL_SAVE,
        submit=_("Cancel session"),
        close=_("Keep it"),
        metadata={"occurrence": card.occurrence_id},
    )


def _which(card: SessionCard, *, all_of_them: bool = False) -> Json:
    one = kit.option(_("This session only"), ONE)
    following = kit.option(_("This and all following"), ALL)
    return {
        "type": "radio_buttons",
        "action_id": Ids.INPUT,
        "options": [one, following] if card.repeats else [one],
        "initial_option": following if all_of_them and card.repeats else one,
    }


def read_which(values: StateValues) -> bool:
    """Whether all that follow are meant too."""
    chosen = (values.get("apply", {}).get(Ids.INPUT) or {}).get("selected_option") or {}
    return chosen.get("value") == ALL


def people(found: AnswerPage) -> Json:
    """The modal "People": who answered what."""
    options = [kit.option(_(label), name) for name, label in SHOWN.items()]
    select: Json = {
        "type": "static_select",
        "action_id": Ids.CARD_PEOPLE_SHOW,
        "placeholder": kit.plain(_("Show"), 150),
        "options": options,
        "initial_option": next((one for one in options if one["value"] == found.shown), options[0]),
    }
    count = n_("{count} person", "{count} people", found.total)
    blocks = [kit.section(f"*{kit.escape(found.program)}* · {count}", accessory=select, block_id="show")]
    lines = "\n".join(_line(line, found) for line in found.lines)
    blocks.append(kit.section(lines or _("Nobody.")))
    if found.pages > 1:
        place = _("Page {page} of {pages}", page=found.page + 1, pages=found.pages)
        blocks += [kit.context(place), kit.actions(*_turns(found), block_id="pages")]
    return kit.modal(
        _("People"),
        blocks,
        callback_id=Ids.CARD_PEOPLE,
        close=_("Close"),
        metadata={"occurrence": found.occurrence_id, "shown": found.shown},
    )


def _turns(found: AnswerPage) -> list[Json]:
    turns = []
    if found.page > 0:
        turns.append(kit.button(_("Previous"), Ids.CARD_PEOPLE_BACK, value=str(found.page - 1)))
    if found.page + 1 < found.pages:
        turns.append(kit.button(_("Next"), Ids.CARD_PEOPLE_PAGE, value=str(found.page + 1)))
    return turns


def _line(line: AnswerLine, found: AnswerPage) -> str:
    parts = [f"{MARKS[line.what]} {kit.escape(line.name, 80)}", _(SHOWN[line.what])]
    if line.at is not None and line.what in ("joined", "declined"):
        parts.append(kit.date(line.at, zone=found.zone, reader_zone=found.zone, form="short"))
    if line.reason and line.what in ("failed", "left"):
        parts.append(kit.escape(_(line.reason), 80))
    return " · ".join(parts)
