"""The modal "Schedule a session", the reminder's modal, and the confirmation of a saved session."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks import kit
from blocks.hidden import kept
from blocks.ids import Ids
from blocks.kit import Json
from blocks.when import StateValues, date_input, read_date, read_time, time_input
from blocks.words import _, n_, retold
from domain.facts import Notice, ProgramCard, Saved, SavedLine
from domain.forms import REPEATS, DateForm, ReminderForm, ScheduleForm
from domain.text import N_

Message = tuple[str, list[Json]]

TITLE = N_("Schedule a session")


def render(
    form: ScheduleForm,
    programs: Sequence[ProgramCard],
    *,
    warning: str = "",
    notes: Sequence[str] = (),
    edition: int = 0,
) -> Json:
    """The modal, filled in with *form*. Without a program it only offers to make one.

    *notes* say what was not understood of a line from which it was filled in.

    Slack keeps what an input holds as long as its ids stay; a new *edition* gives them new ones, so that
    the form counts and not what was there before.
    """
    metadata: dict[str, Any] = {"series": form.series_id, "sure": bool(warning), "edition": edition}
    if not programs:
        blocks = [
            kit.section(
                _(
                    "*There is no program yet.* A program says who is asked and how large the groups are. "
                    "Create one, then choose its dates."
                )
            ),
            kit.actions(_new_program(style="primary"), block_id="program.new"),
        ]
        return kit.modal(_(TITLE), blocks, callback_id=Ids.SCHEDULE_SAVE, close=_("Close"), metadata=metadata)
    chosen = next((card for card in programs if card.id == form.program_id), programs[0])
    blocks = [] if not warning else [kit.section(f":warning: {kit.escape(warning)}")]
    blocks += [kit.section(f":speech_balloon: {kit.escape(note)}") for note in notes]
    blocks += [*_program(chosen, programs, form), *_groups(form)]
    blocks += _opt_in(form) if form.asks(chosen.asks_first) else []
    blocks += matching(form)
    if not form.undated:
        blocks.append(kit.field_input("weeks", _("Repeat"), _repeat(form.weeks)))
    submit = _("Save anyway") if warning else _("Save")
    metadata |= kept(form, blocks)
    if edition:
        blocks = [
            {**block, "block_id": f"{block['block_id']}.{edition}"} if block["type"] == "input" else block
            for block in blocks
        ]
    return kit.modal(_(TITLE), blocks, callback_id=Ids.SCHEDULE_SAVE, submit=submit, metadata=metadata)


def read(values: StateValues, metadata: Mapping[str, Any]) -> ScheduleForm:
    """The form that a submitted or changed modal holds; what is not shown or not filled in is None."""
    values = {block_id.partition(".")[0]: held for block_id, held in values.items()}
    program = _chosen(values, "program_id", Ids.SCHEDULE_PROGRAM)
    return ScheduleForm(
        program_id=int(program) if program and program.isdigit() else None,
        opt_in_date=read_date(values, "opt_in_date"),
        opt_in_time=read_time(values, "opt_in_time"),
        now=bool(_element(values, "now", Ids.SCHEDULE_NOW).get("selected_options")),
        match_date=read_date(values, "match_date"),
        match_time=read_time(values, "match_time"),
        zone=_chosen(values, "zone", Ids.SCHEDULE_ZONE) or "",
        weeks=int(_chosen(values, "weeks", Ids.INPUT) or 0),
        series_id=metadata.get("series"),
        sure=bool(metadata.get("sure")),
        groups=_chosen(values, "groups", Ids.SCHEDULE_GROUPS) or "automatic",
        ask_first=bool(_element(values, "ask_first", Ids.SCHEDULE_ASK_FIRST).get("selected_options")),
    )


def _program(chosen: ProgramCard, programs: Sequence[ProgramCard], form: ScheduleForm) -> list[Json]:
    editing = form.series_id is not None
    shown = [chosen] if editing else [*programs[:99]]
    if chosen not in shown:
        shown.append(chosen)
    options = [kit.option(card.name, str(card.id)) for card in shown]
    select: Json = {
        "type": "static_select",
        "action_id": Ids.SCHEDULE_PROGRAM,
        "options": options,
        "initial_option": kit.option(chosen.name, str(chosen.id)),
    }
    blocks = [
        kit.field_input("program_id", _("Program"), select, dispatch=True),
        kit.context(_who_and_how(chosen, form)),
    ]
    if not editing:
        blocks.append(kit.actions(_new_program(), block_id="program.new"))
    return blocks


def _who_and_how(chosen: ProgramCard, form: ScheduleForm) -> str:
    if chosen.people is None:
        return _("Its members are still being counted: the confirmation will say how many they are.")
    who = kit.escape(chosen.audience) or _("nobody yet")
    size = n_("{count} person", "{count} people", chosen.people)
    if who != size:  # picked people are their own number
        who = _("{who} ({size})", who=who, size=size)
    if form.asks(chosen.asks_first):
        return _("Asked to join: {who}.", who=who)
    return _("Take part without being asked: {who}.", who=who)


def _new_program(style: str | None = None) -> Json:
    return kit.button(_("New program"), Ids.PROGRAM_NEW, style=style)


def _groups(form: ScheduleForm) -> list[Json]:
    automatic = kit.option(_("Automatic"), "automatic", _("Made and sent at the matching time"))
    review = kit.option(_("Review before sending"), "review", _("You look at the groups, then send them"))
    radio = {
        "type": "radio_buttons",
        "action_id": Ids.SCHEDULE_GROUPS,
        "options": [automatic, review],
        "initial_option": review if form.groups == "review" else automatic,
    }
    blocks = [kit.field_input("groups", _("Groups"), radio, dispatch=True)]
    if form.groups == "review":
        first = kit.option(_("Ask people to opt in first"), "ask")
        box: Json = {"type": "checkboxes", "action_id": Ids.SCHEDULE_ASK_FIRST, "options": [first]}
        if form.ask_first:
            box["initial_options"] = [first]
        blocks.append(kit.field_input("ask_first", _("Opt-in"), box, optional=True, dispatch=True))
        blocks.append(kit.context(_of_review(form)))
    return blocks


def _of_review(form: ScheduleForm) -> str:
    if form.undated:
        return _(
            "Everybody of the audience takes part. The groups are made now, and at this stage no date is "
            "defined for sending them: you set it once you have looked at them."
        )
    return _(
        "Answers close a day before the matching date, or at half time if that is later. Then you look at "
        "the groups, and they are sent on the matching date."
    )


def matching(form: ScheduleForm | DateForm) -> list[Json]:
    """The inputs "Matching date", "Matching time" and "Time zone"; only the last where there is no date."""
    zone = kit.field_input(
        "zone",
        _("Time zone"),
        _zone(form.zone),
        hint=_("Type a city or region, such as “par” for Europe/Paris."),
    )
    if isinstance(form, ScheduleForm) and form.undated:
        return [zone]
    return [
        kit.field_input("match_date", _("Matching date"), date_input(form.match_date)),
        kit.field_input("match_time", _("Matching time"), time_input(form.match_time)),
        zone,
    ]


def read_matching(values: StateValues) -> DateForm:
    """What ``matching`` holds."""
    return DateForm(
        match_date=read_date(values, "match_date"),
        match_time=read_time(values, "match_time"),
        zone=_chosen(values, "zone", Ids.SCHEDULE_ZONE) or "",
    )


def _opt_in(form: ScheduleForm) -> list[Json]:
    now = kit.option(_("Send opt-in messages now"), "now")
    box: Json = {"type": "checkboxes", "action_id": Ids.SCHEDULE_NOW, "options": [now]}
    if form.now:
        box["initial_options"] = [now]
    dates = [
        kit.field_input("opt_in_date", _("Opt-in date"), date_input(form.opt_in_date), optional=True),
        kit.field_input("opt_in_time", _("Opt-in time"), time_input(form.opt_in_time), optional=True),
    ]
    switch = kit.field_input("now", _("Or at once"), box, optional=True, dispatch=True)
    return [switch] if form.now else [*dates, switch]


def _zone(initial: str, action_id: str = Ids.SCHEDULE_ZONE) -> Json:
    found: Json = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": kit.plain("Europe/Paris", 150),
    }
    if initial:
        found["initial_option"] = kit.option(initial, initial)
    return found


def zone_select(initial: str, action_id: str) -> Json:
    """A select that finds time zones by typing."""
    return _zone(initial, action_id)


def zone_options(names: Sequence[str]) -> list[Json]:
    """The answers to what was typed into a zone select."""
    return [kit.option(name, name) for name in names[:100]]


def _repeat(weeks: int) -> Json:
    options = [kit.option(retold(label), str(value)) for value, label in REPEATS.items()]
    return {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": options,
        "initial_option": options[weeks],
    }


def _element(values: StateValues, block_id: str, action_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(action_id) or {}


def _chosen(values: StateValues, block_id: str, action_id: str) -> str | None:
    option = _element(values, block_id, action_id).get("selected_option") or {}
    value = option.get("value")
    return value if isinstance(value, str) else None


def render_reminder(form: ReminderForm, series_id: int, zone: str, *, occurrence_id: int = 0) -> Json:
    """The modal "Send a reminder", for one session or for the next of a series."""
    box = {
        "type": "checkboxes",
        "action_id": Ids.INPUT,
        "options": [kit.option(_("Send it now"), "now")],
    }
    blocks = [
        kit.section(_("The opt-in message goes out once more, to those who have not answered yet.")),
        kit.field_input("reminder_date", _("Reminder date"), date_input(form.reminder_date), optional=True),
        kit.field_input("reminder_time", _("Reminder time"), time_input(form.reminder_time), optional=True),
        kit.field_input("now", _("Or at once"), box, optional=True),
        kit.context(_("Time zone of this session: {zone}", zone=zone)),
    ]
    return kit.modal(
        _("Send a reminder"),
        blocks,
        callback_id=Ids.REMINDER_SAVE,
        submit=_("Save"),
        metadata={"series": series_id, "occurrence": occurrence_id, "edit": form.edit},
    )


def read_reminder(values: StateValues, *, edit: bool = False) -> ReminderForm:
    """The form that a submitted reminder modal holds."""
    return ReminderForm(
        reminder_date=read_date(values, "reminder_date"),
        reminder_time=read_time(values, "reminder_time"),
        now=bool(_element(values, "now", Ids.INPUT).get("selected_options")),
        edit=edit,
    )


def saved(done: Saved) -> Message:
    """The confirmation: what was saved, the dates to come, and what can be done."""
    name = kit.escape(done.program)
    if done.ended:
        head, more = _("Session cancelled: {program}", program=name), _("Nothing more is sent.")
    elif not done.lines:
        head, more = _("Session over: {program}", program=name), _("Nothing more is planned.")
    else:
        return _running(done)
    return head, [kit.section(f"*{head}*\n{more}")]


def _running(done: Saved) -> Message:
    said = N_("Session changed: {program}") if done.edited else N_("Session scheduled: {program}")
    blocks = [
        kit.header(_(said, program=done.program)),
        kit.section(f"*{kit.escape(done.repeat)}* · {kit.escape(done.zone)} · {_who(done)}"),
        kit.section(_lines(done)),
    ]
    if done.notes:
        blocks.append(kit.context(*(kit.escape(note) for note in done.notes)))
    if done.reminder_at is not None:
        when = kit.date(done.reminder_at, zone=done.zone, reader_zone=done.reader_zone)
        blocks.append(kit.context(_("Reminder to those without an answer: {when}", when=when)))
    blocks.append(kit.actions(*_choices(done), block_id="schedule.choices"))
    return _(said, program=kit.escape(done.program)), blocks


def _who(done: Saved) -> str:
    if done.people is None:
        return _("its members are still being counted")
    size = n_("{count} person", "{count} people", done.people)
    who = kit.escape(done.audience)
    return who if who == size else _("{who} ({size})", who=who, size=size)


def _lines(done: Saved) -> str:
    lines = [_line(one, done) for one in done.lines]
    if len(lines) == 1:
        return lines[0]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _line(one: SavedLine, done: Saved) -> str:
    if one.match_at is None:
        return _("In review, no matching date")
    match = kit.date(one.match_at, zone=done.zone, reader_zone=done.reader_zone, form="short")
    groups = _("groups {date}", date=match)
    if one.opt_in_at is None:
        return groups
    opt_in = kit.date(one.opt_in_at, zone=done.zone, reader_zone=done.reader_zone, form="short")
    return _("opt-in {date} → {groups}", date=opt_in, groups=groups)


def _choices(done: Saved) -> list[Json]:
    value = str(done.series_id)
    cancel = _("Cancel session")
    told = n_(
        "This session will be cancelled. Those who were asked will see it in their message, and those who "
        "joined are told.",
        "This session and all that follow will be cancelled. Those who were asked will see it in their "
        "message, and those who joined are told.",
        len(done.lines),
    )
    sure = kit.confirm(cancel, told, cancel, _("Keep it"), danger=True)
    buttons = []
    if done.review_id is not None:
        look = kit.button(
            _("Review your matches"), Ids.REVIEW_OPEN, value=str(done.review_id), style="primary"
        )
        buttons.append(look)
    if not done.undated:
        buttons.append(kit.button(_("Edit"), Ids.SCHEDULE_EDIT, value=value))
    if done.asks_first:
        buttons.append(kit.button(_("Send a reminder"), Ids.REMINDER_OPEN, value=value))
    return [
        *buttons,
        kit.button(cancel, Ids.SCHEDULE_CANCEL, value=value, style="danger", confirm=sure),
    ]


def notice(told: Notice) -> Message:
    """One sentence an organizer must know."""
    name = kit.escape(told.program)
    lines = "".join(f"\n• {kit.escape(line)}" for line in told.lines)
    head = _("{program}: {title}", program=name, title=kit.escape(told.title))
    return head, [kit.section(f"*{head}*\n{kit.escape(told.text)}{lines}")]
