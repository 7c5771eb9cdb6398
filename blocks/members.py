"""A person's own part: the view "My sessions", and the modals of a break and of a confidential wish."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from blocks import kit, words
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _
from domain.invitations import State
from domain.members import MOST_NEVER, Ahead, Break, Mine, Past, PauseForm

StateValues = Mapping[str, Mapping[str, Mapping[str, Any]]]
ALL = "0"  # the value of "all programs"


def view(mine: Mine, note: str = "") -> Json:
    """The modal "My sessions"; *note* says what has just been done."""
    return kit.modal(_("My sessions"), parts(mine, note), callback_id=Ids.ME_VIEW, close=_("Close"))


def parts(mine: Mine, note: str = "") -> list[Json]:
    """Everything of it, in order."""
    blocks = [kit.section(f":white_check_mark: {kit.escape(note)}")] if note else []
    return [
        *blocks,
        *ahead_parts(mine),
        kit.header(_("Your answers so far")),
        _lines([_past(one, mine) for one in mine.past], _("None of your sessions is over yet.")),
        *break_parts(mine),
        kit.header(_("Never match me with")),
        kit.section(_never(mine), accessory=kit.button(_("Change this list"), Ids.ME_NEVER_OPEN)),
        kit.context(_("Confidential: nobody else is ever shown this list, admins included.")),
        kit.header(_("My data")),
        kit.actions(
            kit.button(_("Send me my data"), Ids.ME_DATA),
            kit.button(_("Erase my data"), Ids.ME_ERASE, style="danger", confirm=_sure()),
            block_id="me.data",
        ),
    ]


def ahead_parts(mine: Mine) -> list[Json]:
    """What lies ahead of them."""
    lines = [_ahead(one, mine) for one in mine.ahead]
    return [kit.header(_("Your next sessions")), _lines(lines, _("No session is planned for you now."))]


def break_parts(mine: Mine) -> list[Json]:
    """The switch of breaks: what is paused, and what can be."""
    blocks = [kit.header(_("Pause")), *(_break(one, mine) for one in mine.breaks)]
    if not mine.breaks:
        blocks.append(kit.section(_("You take part as usual. Take a break whenever you like.")))
    switch = kit.actions(
        kit.button(_("Pause until a date"), Ids.ME_PAUSE_OPEN),
        kit.button(_("Pause for good"), Ids.ME_PAUSE_GOOD_OPEN),
        block_id="me.pause",
    )
    paused_wholly = any(one.program_id == 0 and one.until is None for one in mine.breaks)
    return blocks if paused_wholly else [*blocks, switch]


def _lines(lines: list[str], nothing: str) -> Json:
    return kit.section("\n".join(f"• {line}" for line in lines) if lines else nothing)


def _ahead(one: Ahead, mine: Mine) -> str:
    """One line; no "on" before a date, which Slack may say as "tomorrow"."""
    name = f"*{kit.escape(one.program)}*"
    if one.at is None:
        when = _("without a date yet")
    else:
        when = kit.date(one.at, zone=one.zone, reader_zone=mine.zone, form="short")
    if one.answer is State.ACCEPTED:
        return _("{program}: you're in · groups {date}", program=name, date=when)
    if one.answer is State.DECLINED:
        return _("{program}: not this time · groups {date}", program=name, date=when)
    if one.answer is State.PENDING:
        return _("{program}: waiting for your answer · groups {date}", program=name, date=when)
    if one.asks_at is None:
        return _("{program}: groups {date}", program=name, date=when)
    asks = kit.date(one.asks_at, zone=one.zone, reader_zone=mine.zone, form="short")
    return _("{program}: you will be asked {asks} · groups {date}", program=name, asks=asks, date=when)


def _past(one: Past, mine: Mine) -> str:
    name = f"*{kit.escape(one.program)}*"
    when = kit.date(one.at, zone=one.zone, reader_zone=mine.zone, form="short")
    if one.session_state == "cancelled":
        return _("{program}, {date}: cancelled", program=name, date=when)
    if one.placed:
        return _("{program}, {date}: you were in a group", program=name, date=when)
    if one.answer is State.ACCEPTED:
        return _("{program}, {date}: you joined, and there was no group", program=name, date=when)
    if one.answer is State.DECLINED:
        return _("{program}, {date}: you declined", program=name, date=when)
    if one.answer is State.WITHDRAWN:
        return _("{program}, {date}: it went ahead without you", program=name, date=when)
    return _("{program}, {date}: no answer", program=name, date=when)


def _break(one: Break, mine: Mine) -> Json:
    name = kit.escape(one.program)
    if one.until is None and one.program_id:
        text = _("You are taking a break from *{program}*, until you come back.", program=name)
    elif one.until is None:
        text = _("You are taking a break from all programs, until you come back.")
    else:
        day = words.day(one.until.astimezone(ZoneInfo(mine.zone)).date(), year=True)
        text = (
            _("You are taking a break from *{program}* until {day}.", program=name, day=day)
            if one.program_id
            else _("You are taking a break from all programs until {day}.", day=day)
        )
    back = kit.button(_("Come back"), Ids.ME_BACK, value=str(one.program_id), style="primary")
    return kit.section(text, accessory=back)


def _never(mine: Mine) -> str:
    if not mine.never:
        return _("Nobody. You can name {count} people at most.", count=MOST_NEVER)
    return kit.spoken(f"*{kit.escape(name)}*" for _id, name in mine.never)


def _sure() -> Json:
    return kit.confirm(
        _("Erase my data"),
        _(
            "Your answers, groups, breaks and wishes are erased for good, and your mentoring matches end; "
            "numbers stay, without your name. You are not asked any more unless you come back."
        ),
        _("Erase my data"),
        _("Keep it"),
        danger=True,
    )


# --- Modals ----------------------------------------------------------------------------------------------


def pause(mine: Mine, form: PauseForm) -> Json:
    """The modal "Pause until a date", or "Pause for good"."""
    every = kit.option(_("All programs"), ALL)
    options = [every, *(kit.option(name, str(one)) for one, name in mine.programs[:99])]
    chosen = next((one for one in options if one["value"] == str(form.program_id)), every)
    select: Json = {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": options,
        "initial_option": chosen,
    }
    blocks = [
        kit.section(
            _("While you take a break nobody asks you, and you are in no group. You can come back any time.")
        ),
        kit.context(
            _("A break from all programs pauses your requests in mentoring too. Your matches there go on.")
        ),
        kit.field_input("program_id", _("Program"), select),
    ]
    if not form.good:
        day: Json = {"type": "datepicker", "action_id": Ids.INPUT}
        if form.until is not None:
            day["initial_date"] = form.until.isoformat()
        blocks.append(kit.field_input("until", _("Back on"), day))
    return kit.modal(
        _("Pause for good") if form.good else _("Pause until a date"),
        blocks,
        callback_id=Ids.ME_PAUSE,
        submit=_("Pause"),
        metadata={"good": form.good},
    )


def read_pause(values: StateValues, metadata: Mapping[str, Any]) -> PauseForm:
    """The form that the modal of a break holds."""
    program = (_element(values, "program_id").get("selected_option") or {}).get("value") or ALL
    day = _element(values, "until").get("selected_date")
    return PauseForm(
        program_id=int(program) if program.isascii() and program.isdigit() and len(program) < 10 else 0,
        good=bool(metadata.get("good")),
        until=date.fromisoformat(day) if day else None,
    )


def never(mine: Mine) -> Json:
    """The modal "Never match me with"."""
    people: Json = {
        "type": "multi_users_select",
        "action_id": Ids.INPUT,
        "max_selected_items": MOST_NEVER,
        "placeholder": kit.plain(_("Choose people"), 150),
    }
    if mine.never:
        people["initial_users"] = [one for one, _name in mine.never]
    return kit.modal(
        _("Never match me with"),
        [
            kit.section(_("You will not be in a group with these people.")),
            kit.field_input("never", _("People"), people, optional=True),
            kit.context(_("Confidential: nobody else is ever shown this list, admins included.")),
        ],
        callback_id=Ids.ME_NEVER,
        submit=_("Save"),
    )


def read_never(values: StateValues) -> tuple[str, ...]:
    """Whom the submitted modal names."""
    return tuple(_element(values, "never").get("selected_users") or ())


def erased() -> Json:
    """What the view says once the data is gone."""
    blocks = [
        kit.section(
            _("*Your data is erased.* One line stays: that nobody asks you any more, until you come back.")
        ),
        kit.actions(kit.button(_("Come back"), Ids.ME_BACK, value=ALL), block_id="me.back"),
    ]
    return kit.modal(_("My sessions"), blocks, callback_id=Ids.ME_VIEW, close=_("Close"))


def _element(values: StateValues, block_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(Ids.INPUT) or {}
