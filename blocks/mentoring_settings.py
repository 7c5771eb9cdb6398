"""The modals "New Mentoring Program" and "Settings": one form, of which the second shows all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from blocks import kit, schedule
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.mentoring_words import label
from blocks.when import StateValues
from blocks.words import _
from domain.calendar import parse_holidays
from domain.errors import FieldRefusal
from domain.mentoring import (
    MOST_CHOICES,
    PROCESSES,
    ROLES,
    SETTINGS,
    TYPES,
    WORDINGS,
    Process,
    Settings,
)
from domain.programs import LONGEST_NAME
from domain.text import N_, say

NO_NOTES: Mapping[Any, str] = {}
NO_NUMBER = -1  # what was typed is none; the rule says which numbers there are
WEEK = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
TYPE_NOTES = {"cohort": N_("People begin together"), "evergreen": N_("People join at any time; user-led")}
PROCESS_NOTES = {
    Process.ADMIN: N_("Organizers decide"),
    Process.APPROVAL: N_("Mentees ask, mentors answer"),
    Process.USER: N_("Mentees pick, and the match is live at once"),
}
ROLE_NOTES = {"mentoring": N_("Each joins as one, or both"), "peers": N_("Everybody is both")}
REPLIES = {"optional": N_("Optional"), "required": N_("Required")}
# ticks of one setting each: what is said beside the box
TICKS = {
    "may_search": N_("Mentees find every mentor by name"),
    "ending_asks": N_("An organizer confirms that a match ends"),
    "keep_places": N_("A request takes a place until it is answered"),
    "digest": N_("Organizers get a summary on Mondays at 9:00"),
}
# numbers: the least and the most, and what is said below
NUMBERS: Mapping[str, tuple[int, int, str]] = {
    "choices": (1, MOST_CHOICES, N_("So many mentors a mentee may name.")),
    "default_places": (0, 20, N_("For mentors who do not say how many they take.")),
    "most_places": (1, 20, N_("Nobody takes more. A lower number ends no match.")),
    "mentors_per_mentee": (1, 5, ""),
    "answer_days": (1, 30, N_("Business days that a mentor has to answer a request.")),
    "rhythm_days": (1, 90, N_("Days from one meeting to the next.")),
    "invite_again_days": (0, 90, N_("Days.")),
}


def new(form: Settings, *, metadata: Mapping[str, Any] | None = None) -> Json:
    """The modal "New Mentoring Program": the settings that matter first, all others as agreed."""
    shown = [_name(form, focus=True), *_kinds(form), _zone(form), _organizers(form)]
    note = kit.context(_("Everything else has a default; change it later in *Settings*."))
    return kit.modal(
        _("New Mentoring Program"),
        [*shown, note],
        callback_id=MentoringIds.NEW_SAVE,
        submit=_("Create"),
        metadata=metadata,
    )


def render(form: Settings, program_id: int, *, seen: int | None = None) -> Json:
    """The modal "Settings", filled in with *form*, which holds all changes up to *seen*."""
    blocks = [
        kit.context(_("Deadlines that are set stand as they are, and no match ends by a change here.")),
        _name(form, focus=False),
        *_kinds(form),
        _choice("wording", form, WORDINGS),
        *(_number(name, form) for name in ("choices", "default_places", "most_places")),
        *(_number(name, form) for name in ("mentors_per_mentee", "answer_days")),
        _weekend(form),
        _holidays(form),
        _country(form),
        _field("reply_required", form, _radio(REPLIES, "required" if form.reply_required else "optional")),
        _number("rhythm_days", form),
        _ends_on(form),
        *(_tick(name, form) for name in TICKS),
        _number("invite_again_days", form),
        *_support(form),
        _zone(form),
        _organizers(form),
    ]
    return kit.modal(
        _("Settings"),
        blocks,
        callback_id=MentoringIds.SETTINGS_SAVE,
        submit=_("Save"),
        metadata={"program": program_id} | ({"seen": seen} if seen is not None else {}),
    )


# --- Read ----------------------------------------------------------------------------------------------


def read(values: StateValues) -> Settings:
    """The form that a submitted modal holds; what it does not ask for is as agreed.

    Raises FieldRefusal at "holidays", and at "support_channel" where there are two contacts.
    """
    usual = Settings()

    def held(name: str, action_id: str = Ids.INPUT) -> Mapping[str, Any]:
        return values.get(name, {}).get(action_id) or {}

    def chosen(name: str, default: str, action_id: str = Ids.INPUT) -> str:
        return str((held(name, action_id).get("selected_option") or {}).get("value") or default)

    numbers: dict[str, Any] = {name: _whole(held(name)) for name in NUMBERS if name in values}
    ticked: dict[str, Any] = {name: bool(kit.chosen(held(name))) for name in TICKS if name in values}
    ends_on = held("ends_on").get("selected_date")
    reply = chosen("reply_required", "required" if usual.reply_required else "optional")
    return Settings(
        name=held("name").get("value") or "",
        zone=chosen("zone", "", Ids.PROGRAM_ZONE),
        organizers=tuple(held("organizers").get("selected_users") or ()),
        type=chosen("type", usual.type),
        process=chosen("process", usual.process),
        roles=chosen("roles", usual.roles),
        wording=chosen("wording", usual.wording),
        weekend=_ticked_days(held("weekend")) if "weekend" in values else usual.weekend,
        holidays=parse_holidays(str(held("holidays").get("value") or "")),
        country=str(held("country").get("value") or "").strip().upper(),
        reply_required=reply == "required",
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        support=_contact(held),
        **numbers,
        **ticked,
    )


def _whole(element: Mapping[str, Any]) -> int:
    typed = str(element.get("value") or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else NO_NUMBER


def _ticked_days(element: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(
        sorted(int(day) for day in kit.chosen(element) if day in {"0", "1", "2", "3", "4", "5", "6"})
    )


def _contact(held: Callable[[str], Mapping[str, Any]]) -> str:
    people = held("support").get("selected_users") or ()
    channels = held("support_channel").get("selected_conversations") or ()
    if len(people) + len(channels) > 1:
        raise FieldRefusal({"support_channel": say("Choose a person or a channel, not both.")})
    return str(next(iter((*people, *channels)), ""))


# --- Fields --------------------------------------------------------------------------------------------


def _field(name: str, form: Settings, element: Json, *, hint: str = "", optional: bool = False) -> Json:
    return kit.field_input(name, label(SETTINGS[name], form.wording), element, hint=hint, optional=optional)


def _name(form: Settings, *, focus: bool) -> Json:
    box: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "max_length": LONGEST_NAME,
        "placeholder": kit.plain(_("For example: Mentoring 2027"), 150),
        "focus_on_load": focus,
    }
    return _field("name", form, {**box, "initial_value": form.name} if form.name else box)


def _kinds(form: Settings) -> list[Json]:
    return [
        _choice("type", form, TYPES, TYPE_NOTES),
        _choice("process", form, PROCESSES, PROCESS_NOTES),
        _choice("roles", form, ROLES, ROLE_NOTES),
    ]


def _choice(
    name: str, form: Settings, labels: Mapping[Any, str], notes: Mapping[Any, str] = NO_NOTES
) -> Json:
    return _field(name, form, _radio(labels, str(getattr(form, name)), notes))


def _radio(labels: Mapping[Any, str], chosen: str, notes: Mapping[Any, str] = NO_NOTES) -> Json:
    options = {
        str(value): kit.option(_(text), str(value), _(notes[value]) if notes else "")
        for value, text in labels.items()
    }
    first = next(iter(options.values()))
    return {
        "type": "radio_buttons",
        "action_id": Ids.INPUT,
        "options": list(options.values()),
        "initial_option": options.get(chosen, first),
    }


def number_box(value: int | None, least: int, most: int) -> Json:
    """An input for a whole number."""
    box: Json = {
        "type": "number_input",
        "action_id": Ids.INPUT,
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    return box if value is None else {**box, "initial_value": str(value)}


def _number(name: str, form: Settings) -> Json:
    least, most, hint = NUMBERS[name]
    return _field(name, form, number_box(getattr(form, name), least, most), hint=_(hint) if hint else "")


def boxes(options: Sequence[Json], ticked: Sequence[Json]) -> Json:
    """Checkboxes, some of them ticked."""
    box: Json = {"type": "checkboxes", "action_id": Ids.INPUT, "options": list(options)}
    return {**box, "initial_options": list(ticked)} if ticked else box


def _tick(name: str, form: Settings) -> Json:
    found = kit.option(_(TICKS[name]), name)
    return _field(name, form, boxes([found], [found] if getattr(form, name) else []), optional=True)


def _weekend(form: Settings) -> Json:
    days = [kit.option(_(day), str(number)) for number, day in enumerate(WEEK)]
    return _field("weekend", form, boxes(days, [days[day] for day in sorted(form.weekend)]), optional=True)


def _holidays(form: Settings) -> Json:
    box: Json = {"type": "plain_text_input", "action_id": Ids.INPUT, "multiline": True, "max_length": 3000}
    if form.holidays:
        box["initial_value"] = "\n".join(day.isoformat() for day in form.holidays)
    return _field("holidays", form, box, hint=_("One date per line, such as 2026-12-25."), optional=True)


def _country(form: Settings) -> Json:
    box: Json = {"type": "plain_text_input", "action_id": Ids.INPUT, "max_length": 8}
    if form.country:
        box["initial_value"] = form.country
    hint = _("A country such as FR, or with its region, such as US-NY: its public holidays count too.")
    return _field("country", form, box, hint=hint, optional=True)


def _ends_on(form: Settings) -> Json:
    box: Json = {"type": "datepicker", "action_id": Ids.INPUT}
    if form.ends_on is not None:
        box["initial_date"] = form.ends_on.isoformat()
    hint = _("Matches end at 20:00 on this day. Everybody hears of it 14 and 3 days before.")
    return _field("ends_on", form, box, hint=hint, optional=True)


def _support(form: Settings) -> list[Json]:
    person = form.support if form.support[:1] in ("U", "W") else ""
    channel = form.support if form.support and not person else ""
    channels: Json = {
        "type": "multi_conversations_select",
        "action_id": Ids.INPUT,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "max_selected_items": 1,
    }
    if channel:
        channels["initial_conversations"] = [channel]
    hint = _("Gets the questions of “Message Support”. Nobody: the admins of Sessions.")
    other = kit.field_input(
        "support_channel",
        _("Or a channel"),
        channels,
        hint=_("Invite Sessions to it."),
        optional=True,
    )
    some = {**people_box([person] if person else []), "max_selected_items": 1}
    return [_field("support", form, some, hint=hint, optional=True), other]


def people_box(chosen: Sequence[str]) -> Json:
    """A select of people."""
    found: Json = {"type": "multi_users_select", "action_id": Ids.INPUT}
    return {**found, "initial_users": list(chosen)} if chosen else found


def _zone(form: Settings) -> Json:
    return _field("zone", form, schedule.zone_select(form.zone, Ids.PROGRAM_ZONE))


def _organizers(form: Settings) -> Json:
    hint = _("They manage this program. Admins may do so too.")
    return _field("organizers", form, people_box(form.organizers), hint=hint, optional=True)
