"""The planning as a calendar and as a list, the same in App Home and in a modal of its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from blocks import kit, month
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, n_, retold
from domain.planning import (
    ALL_PROGRAMS,
    CALENDAR,
    DONE,
    LIST,
    NEWEST,
    NEXT,
    OFF,
    STATES,
    Mark,
    PlannedSession,
    Planning,
    marks_of,
    turned,
    weeks_of,
)

SQUARES = {
    "#E01E5A": "🟥",
    "#DE7C45": "🟧",
    "#ECB22E": "🟨",
    "#2EB67D": "🟩",
    "#36C5F0": "🟦",
    "#7C3085": "🟪",
    "#8D5B3E": "🟫",
    "#3D4451": "⬛",
}
NOT_DRAWN = "⬜"  # further ahead than sessions are stored: its colour is drawn when it is
NAME = 24  # characters of a program's name on a day
MOST = 8  # marks on one day
FULL = 2900  # characters of a week, a little less than a section holds


def modal(found: Planning, note: str = "") -> Json:
    """The planning in a modal; what it shows travels in its metadata."""
    return kit.modal(
        _("Planning"),
        parts(found, note),
        callback_id=Ids.PLANNING_VIEW,
        close=_("Close"),
        metadata=found.look.as_dict(),
    )


def parts(found: Planning, note: str = "") -> list[Json]:
    """The planning, with all that can be done with it."""
    shown = _calendar(found) if found.look.view == CALENDAR else _list(found)
    told = [kit.context(note)] if note else []
    return [_turning(found), _choices(found), *told, *shown]


def square(one: PlannedSession) -> str:
    """The colour of a session, as a character."""
    return SQUARES.get(one.colour, NOT_DRAWN)


# --- Around it -----------------------------------------------------------------------------------------


def _turning(found: Planning) -> Json:
    look = found.look
    if look.view == CALENDAR:
        turns = [
            _small("◀", Ids.PLANNING_PREVIOUS, turned(look.month, -1), _("Previous month")),
            kit.button(_("Today"), Ids.PLANNING_TODAY),
            _small("▶", Ids.PLANNING_NEXT, turned(look.month, 1), _("Next month")),
        ]
        switch = kit.button(_("List view"), Ids.PLANNING_SWITCH, value=LIST)
    else:
        turns = _pages(found)
        switch = kit.button(_("Calendar view"), Ids.PLANNING_SWITCH, value=CALENDAR)
    picture = kit.button(_("Picture"), Ids.PLANNING_PICTURE)
    return kit.actions(*turns, switch, _schedule(look.program), picture, block_id="planning.turn")


def _pages(found: Planning) -> list[Json]:
    look = found.look
    turns = []
    if look.page > 0:
        turns.append(_small("◀", Ids.PLANNING_PREVIOUS, str(look.page - 1), _("Previous page")))
    if look.page + 1 < found.pages:
        turns.append(_small("▶", Ids.PLANNING_NEXT, str(look.page + 1), _("Next page")))
    if look.order == NEWEST:
        return [*turns, kit.button(_("Next first"), Ids.PLANNING_ORDER, value=NEXT)]
    return [*turns, kit.button(_("Newest first"), Ids.PLANNING_ORDER, value=NEWEST)]


def _schedule(program: int) -> Json:
    """[Schedule a session], on the program that is chosen if one is."""
    label = _("Schedule a session")
    if program == ALL_PROGRAMS:
        return kit.button(label, Ids.SCHEDULE_OPEN, style="primary")
    return kit.button(label, Ids.PROGRAM_SCHEDULE, value=str(program), style="primary")


def _small(sign: str, action_id: str, value: str, told: str) -> Json:
    return {**kit.button(sign, action_id, value=value), "accessibility_label": told}


def _choices(found: Planning) -> Json:
    zone: Json = {
        "type": "external_select",
        "action_id": Ids.PLANNING_ZONE,
        "min_query_length": 0,
        "placeholder": kit.plain(_("Time zone"), 150),
        "initial_option": kit.option(found.look.zone, found.look.zone),
    }
    every = kit.option(_("All programs"), str(ALL_PROGRAMS))
    named = {program_id: kit.option(name, str(program_id)) for program_id, name in found.programs}
    chosen = named.get(found.look.program, every)
    options = [every, *list(named.values())[:98]]
    if chosen not in options:
        options.append(chosen)
    program: Json = {
        "type": "static_select",
        "action_id": Ids.PLANNING_PROGRAM,
        "placeholder": kit.plain(_("Program"), 150),
        "options": options,
        "initial_option": chosen,
    }
    # a select that keeps its ids keeps what somebody chose in it: what we draw has to count
    look = found.look
    return kit.actions(zone, program, block_id=f"planning.choices.{look.program}.{look.zone}")


# --- Calendar ------------------------------------------------------------------------------------------


def _calendar(found: Planning) -> list[Json]:
    marks = marks_of(found.sessions, found.look.zone)
    weeks = weeks_of(found.first)
    blocks = [kit.header(month.name(found.first))]
    blocks += [kit.section(_week(week, marks, found)) for week in weeks]
    lines = [_("Times are those of {zone}.", zone=found.look.zone)]
    if any(one.state in DONE for one in found.sessions):
        lines.append(_("✓ the groups were made"))
    if any(one.state in OFF for one in found.sessions):
        lines.append(_("~Crossed out~: cancelled or skipped"))
    if any(not one.colour for one in found.sessions):
        lines.append(_("{square} draws its colour later", square=NOT_DRAWN))
    return [*blocks, kit.context(" · ".join(lines))]


def _week(week: Sequence[date], marks: Mapping[date, list[Mark]], found: Planning) -> str:
    strip = "".join(_on(marks.get(day, [])) for day in week)
    head = f"*{month.span(list(week))}*  {strip}"
    for most in range(MOST, 0, -1):
        days = [line for day in week if (line := day_line(day, marks.get(day, []), found, most=most))]
        text = "\n".join([head, *days])
        if len(text) <= FULL:
            break
    return text


def _on(marks: Sequence[Mark]) -> str:
    """A day at a glance: the colour of what happens on it."""
    happens = [mark for mark in marks if mark.session.state not in OFF]
    return square(happens[0].session) if happens else "▫️"


def day_line(day: date, marks: Sequence[Mark], found: Planning, *, most: int) -> str:
    """What happens on a day; "" where nothing does, unless it is today."""
    today = day == found.today
    if not marks and not today:
        return ""
    label = f"`{month.weekday(day)} {day.day}`"
    shown = [_mark(mark) for mark in marks[:most]]
    if len(marks) > most:
        shown.append(n_("{count} more", "{count} more", len(marks) - most))
    return " ".join([label, *([_("*today*")] if today else []), " · ".join(shown)]).rstrip()


def _mark(mark: Mark) -> str:
    one = mark.session
    name, time = kit.escape(one.program, NAME), f"{mark.at:%H:%M}"
    if mark.groups and one.dateless:
        text = _("{program} in review", program=name)
    elif mark.groups:
        text = _("{program} groups {time}", program=name, time=time)
    else:
        text = _("{program} opt-in {time}", program=name, time=time)
    if one.state in OFF:
        return f"{square(one)} ~{text}~"
    return f"{square(one)} {text} ✓" if one.state in DONE and mark.groups else f"{square(one)} {text}"


# --- List ----------------------------------------------------------------------------------------------


def _list(found: Planning) -> list[Json]:
    order = _("Newest first") if found.look.order == NEWEST else _("Next first")
    head = kit.section(
        _("*{order}* · page {page} of {pages}", order=order, page=found.look.page + 1, pages=found.pages)
    )
    if not found.sessions:
        nothing = (
            _("No session has begun yet.")
            if found.look.order == NEWEST
            else _("No session lies ahead. Schedule one, and it stands here.")
        )
        return [kit.section(f"*{order}*"), kit.section(nothing)]
    zone = kit.context(_("Times are those of {zone}.", zone=found.look.zone))
    return [head, *(_entry(one, found) for one in found.sessions), zone]


def _entry(one: PlannedSession, found: Planning) -> Json:
    accessory = None
    if one.occurrence_id:
        accessory = kit.button(_("Open"), Ids.CARD_SHOW, value=str(one.occurrence_id))
    lines = [f"{square(one)} *{kit.escape(one.program, 60)}* · {state(one)}", dates(one, found)]
    if one.asked and one.opt_in_at is None:  # all who take part count as joined: nobody was asked
        lines.append(n_("{count} person", "{count} people", one.joined))
    elif one.asked:
        lines.append(
            _(
                "{joined} of {asked} joined · {declined} declined · {silent} without an answer",
                joined=one.joined,
                asked=one.asked,
                declined=one.declined,
                silent=one.silent,
            )
        )
    if one.groups:
        lines.append(n_("{count} group", "{count} groups", one.groups))
    return kit.section("\n".join(lines), accessory=accessory)


def state(one: PlannedSession) -> str:
    """How a session stands, in a few words."""
    word = retold(STATES[one.state])
    if one.reason:
        return _("{state}, because {reason}", state=word, reason=kit.escape(retold(one.reason), 120))
    return word


def dates(one: PlannedSession, found: Planning) -> str:
    """The dates of a session in the zone that was chosen, and its own clock where that differs."""
    groups = (
        _("groups: no matching date yet")
        if one.dateless
        else _("groups {date}", date=_moment(one.groups_at, one, found))
    )
    if one.opt_in_at is None:
        return groups
    return _("opt-in {date} → {groups}", date=_moment(one.opt_in_at, one, found), groups=groups)


def _moment(instant: datetime, one: PlannedSession, found: Planning) -> str:
    here, there = (instant.astimezone(ZoneInfo(zone)) for zone in (found.look.zone, one.zone))
    shown = month.moment(here, found.today)
    if here.utcoffset() == there.utcoffset():
        return shown
    return _("{date} ({time} in {zone})", date=shown, time=f"{there:%H:%M}", zone=one.zone)


# --- Reading -------------------------------------------------------------------------------------------


def chosen(action: Mapping[str, Any]) -> str:
    """What a button carries, or what was chosen in a select."""
    option = action.get("selected_option") or {}
    return str(action.get("value") or option.get("value") or "")
