"""The modals "New program" and "Settings": one form, of which the second shows all."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks import kit, program_rules, schedule
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues
from blocks.words import _
from domain.forms import ProgramForm
from domain.programs import AT_DEADLINE, LEFTOVERS, LONGEST_FOLLOW_UP, LONGEST_NAME, OPT_INS, SIZES
from domain.text import N_

Handles = Mapping[str, str]  # what the chosen user groups are called, by their ids

KINDS = {"coffee": N_("Coffee"), "mentoring": N_("Mentoring")}
OPT_IN_NOTES = {
    "on": N_("Members are asked, and join or decline"),
    "off": N_("The whole audience takes part"),
    "mixed": N_("Those you pick take part, all others are asked"),
}
LEFTOVER_NOTES = {
    "larger": N_("Whoever remains joins another group"),
    "smaller": N_("Whoever remains is a group, never of one"),
    "sit_out": N_("Nobody sits out again before the others did"),
}


def render(
    form: ProgramForm,
    *,
    handles: Handles | None = None,
    groups_known: bool = True,
    metadata: Mapping[str, Any] | None = None,
) -> Json:
    """The modal "New program", filled in with *form*."""
    blocks = [
        _name(form, focus=True),
        kit.field_input("kind", _("Kind"), _kind(), dispatch=True),
        *_audience(form, handles or {}, groups_known=groups_known),
        _owners(form),
        _zone(form),
        _size(form),
        *_opt_in(form),
    ]
    return kit.modal(
        _("New program"), blocks, callback_id=Ids.PROGRAM_CREATE, submit=_("Create"), metadata=metadata
    )


def render_settings(
    form: ProgramForm,
    program_id: int,
    *,
    handles: Handles | None = None,
    groups_known: bool = True,
    seen: int | None = None,
) -> Json:
    """The modal "Settings" of a program, filled in with *form*, which holds all changes up to *seen*."""
    blocks = [
        kit.context(_("What you change here acts on sessions to come. An open session keeps who was asked.")),
        _name(form, focus=False),
        _size(form),
        *_opt_in(form),
        kit.field_input("leftover", _("Left over"), _radio(LEFTOVERS, form.leftover, LEFTOVER_NOTES)),
        *program_rules.fields(form, handles or {}),
        kit.field_input("ask_new", _("New members"), _ask_new(form), optional=True),
        _follow_up(form),
        _icebreakers(form),
        kit.field_input(
            "at_deadline",
            _("At the deadline"),
            _radio(AT_DEADLINE, form.at_deadline),
            hint=_("When a session is reviewed before sending, and its matching date comes."),
        ),
        *_audience(form, handles or {}, groups_known=groups_known),
        _owners(form),
        _zone(form),
    ]
    return kit.modal(
        _("Settings"),
        blocks,
        callback_id=Ids.PROGRAM_SAVE,
        submit=_("Save"),
        metadata={"program": program_id} | ({"seen": seen} if seen is not None else {}),
    )


def read(values: StateValues) -> ProgramForm:
    """The form that a submitted or changed modal holds."""

    def element(block_id: str, action_id: str = Ids.INPUT) -> Mapping[str, Any]:
        return values.get(block_id, {}).get(action_id) or {}

    def chosen(block_id: str, default: str, action_id: str = Ids.INPUT) -> str:
        return str((element(block_id, action_id).get("selected_option") or {}).get("value") or default)

    def ticked(block_id: str) -> set[str]:
        return {str(option["value"]) for option in element(block_id).get("selected_options") or []}

    size, days = chosen("group_size", "2"), str(element("follow_up").get("value") or "")
    return ProgramForm(
        name=element("name").get("value") or "",
        channels=tuple(element("channels").get("selected_conversations") or ()),
        usergroups=tuple(_usergroups(values)),
        people=tuple(element("people").get("selected_users") or ()),
        everyone="everyone" in ticked("more"),
        include_guests="guests" in ticked("more"),
        owners=tuple(element("owners").get("selected_users") or ()),
        zone=chosen("zone", "", Ids.PROGRAM_ZONE),
        group_size=int(size) if size.isdigit() else 0,
        opt_in=chosen("opt_in", "on", Ids.PROGRAM_OPT_IN),
        automatic=tuple(element("automatic").get("selected_users") or ()),
        leftover=chosen("leftover", "larger"),
        rules=program_rules.chosen(values),
        teams=tuple(program_rules.teams(values)),
        ask_new="ask" in ticked("ask_new") if "ask_new" in values else True,
        follow_up_days=_days(days) if "follow_up" in values else 7,
        icebreakers=tuple(str(element("icebreakers").get("value") or "").splitlines()),
        at_deadline=chosen("at_deadline", "wait"),
    )


def _days(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


def handles_in(values: StateValues) -> dict[str, str]:
    """What the user groups chosen in a modal are called there."""
    return _usergroups(values) | program_rules.teams(values)


def _usergroups(values: StateValues) -> dict[str, str]:
    return kit.chosen(values.get("usergroups", {}).get(Ids.PROGRAM_USERGROUPS))


def usergroup_options(found: Sequence[tuple[str, str]]) -> list[Json]:
    """The answers to what was typed into the select of user groups."""
    return [kit.option(handle, usergroup_id) for usergroup_id, handle in found[:100]]


def _name(form: ProgramForm, *, focus: bool) -> Json:
    name: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "max_length": LONGEST_NAME,
        "placeholder": kit.plain(_("For example: Coffee"), 150),
        "focus_on_load": focus,
    }
    if form.name:
        name["initial_value"] = form.name
    return kit.field_input("name", _("Name"), name)


def _kind() -> Json:
    options = [kit.option(_(label), value) for value, label in KINDS.items()]
    return {
        "type": "static_select",
        "action_id": Ids.PROGRAM_KIND,
        "options": options,
        "initial_option": options[0],
    }


def kind_in(values: StateValues) -> str:
    """The kind that is chosen in "New program"."""
    chosen = (values.get("kind", {}).get(Ids.PROGRAM_KIND) or {}).get("selected_option") or {}
    return str(chosen.get("value") or "coffee")


def _audience(form: ProgramForm, handles: Handles, *, groups_known: bool) -> list[Json]:
    channels: Json = {
        "type": "multi_conversations_select",
        "action_id": Ids.INPUT,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain(_("Choose channels"), 150),
    }
    if form.channels:
        channels["initial_conversations"] = list(form.channels)
    usergroups: Json = {
        "type": "multi_external_select",
        "action_id": Ids.PROGRAM_USERGROUPS,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Choose user groups"), 150),
    }
    if form.usergroups:
        usergroups["initial_options"] = [kit.option(handles.get(one) or one, one) for one in form.usergroups]
    hint = (
        "" if groups_known else _("There are no user groups in this workspace, or its Slack plan has none.")
    )
    return [
        kit.field_input(
            "channels",
            _("Channels"),
            channels,
            optional=True,
            hint=_("Say here or in the next three who takes part. Invite Sessions to private channels."),
        ),
        kit.field_input("usergroups", _("User groups"), usergroups, optional=True, hint=hint),
        kit.field_input("people", _("People"), _people(form.people, _("Choose people")), optional=True),
        kit.field_input("more", _("Audience"), _boxes(form), optional=True),
    ]


def _people(chosen: Sequence[str], placeholder: str) -> Json:
    found: Json = {
        "type": "multi_users_select",
        "action_id": Ids.INPUT,
        "placeholder": kit.plain(placeholder, 150),
    }
    if chosen:
        found["initial_users"] = list(chosen)
    return found


def _boxes(form: ProgramForm) -> Json:
    everyone = kit.option(_("Everyone in the workspace"), "everyone")
    guests = kit.option(_("Include guests"), "guests")
    found: Json = {"type": "checkboxes", "action_id": Ids.INPUT, "options": [everyone, guests]}
    ticked = [o for o, on in ((everyone, form.everyone), (guests, form.include_guests)) if on]
    if ticked:
        found["initial_options"] = ticked
    return found


def _owners(form: ProgramForm) -> Json:
    hint = _("They manage this program and are told when it needs somebody. Admins may do so too.")
    return kit.field_input(
        "owners", _("Owners"), _people(form.owners, _("Choose owners")), optional=True, hint=hint
    )


def _zone(form: ProgramForm) -> Json:
    return kit.field_input("zone", _("Time zone"), schedule.zone_select(form.zone, Ids.PROGRAM_ZONE))


def _size(form: ProgramForm) -> Json:
    options = [kit.option(str(size), str(size)) for size in SIZES]
    found: Json = {"type": "static_select", "action_id": Ids.INPUT, "options": options}
    if form.group_size in SIZES:
        found["initial_option"] = options[form.group_size - SIZES[0]]
    return kit.field_input("group_size", _("Group size"), found)


def _opt_in(form: ProgramForm) -> list[Json]:
    radio = {**_radio(OPT_INS, form.opt_in, OPT_IN_NOTES), "action_id": Ids.PROGRAM_OPT_IN}
    found = [kit.field_input("opt_in", _("Opt-in messages"), radio, dispatch=True)]
    if form.opt_in == "mixed":
        picked = _people(form.automatic, _("Choose people"))
        hint = _("They are not asked: they are told when the groups come. Only people of the audience count.")
        found.append(
            kit.field_input("automatic", _("Take part automatically"), picked, optional=True, hint=hint)
        )
    return found


def _radio(labels: Mapping[str, str], chosen: str, notes: Mapping[str, str] | None = None) -> Json:
    options = {
        value: kit.option(_(label), value, _(notes[value]) if notes else "")
        for value, label in labels.items()
    }
    first = next(iter(options.values()))
    return {
        "type": "radio_buttons",
        "action_id": Ids.INPUT,
        "options": list(options.values()),
        "initial_option": options.get(chosen, first),
    }


def _ask_new(form: ProgramForm) -> Json:
    ask = kit.option(_("Ask new members while open"), "ask")
    box: Json = {"type": "checkboxes", "action_id": Ids.INPUT, "options": [ask]}
    if form.ask_new:
        box["initial_options"] = [ask]
    return box


def _follow_up(form: ProgramForm) -> Json:
    days: Json = {
        "type": "number_input",
        "action_id": Ids.INPUT,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(LONGEST_FOLLOW_UP),
    }
    if form.follow_up_days is not None:
        days["initial_value"] = str(form.follow_up_days)
    hint = _("Days after the matching, when members are asked whether they met. 0 asks nobody.")
    return kit.field_input("follow_up", _("Follow-up"), days, hint=hint)


def _icebreakers(form: ProgramForm) -> Json:
    lines: Json = {
        "type": "plain_text_input",
        "action_id": Ids.INPUT,
        "multiline": True,
        "max_length": 3000,
        "placeholder": kit.plain(_("What made you laugh lately?"), 150),
    }
    if form.icebreakers:
        lines["initial_value"] = "\n".join(form.icebreakers)
    hint = _("One question per line; each group gets one. Without any, ours are taken.")
    return kit.field_input("icebreakers", _("Icebreakers"), lines, optional=True, hint=hint)
