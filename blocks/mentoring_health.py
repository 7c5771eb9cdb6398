"""[Monitor Health]: all numbers of a program, the list behind each, and five views of its active matches."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blocks import kit
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_words import label
from blocks.texts import name
from blocks.words import _, day, labelled, n_, number, retold
from domain.mentoring_health import NOW, NUDGE_REST, NUMBERS, PAGE, VIEWS, Health, Line, MatchRow, View
from domain.text import N_

NOTHING = "–"


def view(health: Health, note: str = "") -> Json:
    """The modal; *note* says what has just been done."""
    tabs = {view.value: text for view, text in VIEWS.items()}
    if health.tab in tabs:
        shown = _matches(health)
    elif health.tab in NUMBERS:
        shown = _list(health)
    else:
        shown = _numbers(health)
    blocks = [
        *([kit.section(kit.escape(note))] if note else []),
        kit.actions(
            _turn(N_("Numbers"), "", health),
            *(_turn(text, tab, health) for tab, text in tabs.items()),
            block_id="mentoring.health",
        ),
        *([kit.context(_counts(health))] if health.views else []),
        *shown,
    ]
    return kit.modal(
        _("Monitor Health"),
        blocks,
        callback_id=Ids.HEALTH_VIEW,
        close=_("Close"),
        metadata={"program": health.program_id, "tab": health.tab, "page": health.page},
    )


def _turn(text: str, tab: str, health: Health, page: int = 0, *, suffix: str = "") -> Json:
    action_id = f"{Ids.HEALTH_TURN}.{suffix or tab or 'numbers'}"
    here = tab == health.tab and not suffix
    value = f"{health.program_id}.{tab}.{page}"
    return kit.button(_(text), action_id, value=value, style="primary" if here else None)


def _counts(health: Health) -> str:
    counts = [(retold(VIEWS[view]), f"*{count}*") for view, count in health.views]
    return " · ".join(labelled(view, count) for view, count in counts)


def _day(at: datetime, health: Health) -> str:
    """The day of an instant, in the program's zone."""
    return day(at.astimezone(ZoneInfo(health.zone)).date(), year=True)


# --- The numbers ---------------------------------------------------------------------------------------


def _numbers(health: Health) -> list[Json]:
    blocks = [kit.header(_("Health of {program}", program=health.program))]
    for key, count in health.numbers:
        said = {"label": retold(NUMBERS[key]), "count": _figure(count), "when": _when(key, health)}
        line = _("*{label}:* {count} ({when})", **said)
        blocks.append(kit.section(line, accessory=_turn(N_("Show"), key, health)))
    if health.reasons:
        why = [labelled(kit.escape(retold(reason)), count) for reason, count in health.reasons[:20]]
        blocks.append(kit.context("\n• ".join([_("Why messages failed:"), *why])))
    blocks.append(kit.context(_("Slack does not tell whether a message was opened.")))
    return blocks


def _figure(count: float | None) -> str:
    return NOTHING if count is None else number(count)


def _when(key: str, health: Health) -> str:
    if key in NOW:
        return _("now")
    return _("from {since} to {until}", since=_day(health.since, health), until=_day(health.until, health))


def _list(health: Health) -> list[Json]:
    head = f"*{retold(NUMBERS[health.tab])}* ({_when(health.tab, health)})"
    if not health.lines:
        return [kit.section(head), kit.section(_("Nobody and nothing is here."))]
    lines = "\n".join(f"• {_line(line, health)}" for line in health.lines)
    return [kit.section(head), kit.section(lines), *_pages(health)]


def _line(line: Line, health: Health) -> str:
    parts = [kit.spoken(name(kit.clean(one, 60)) for one in line.names)]
    if line.at is not None:
        parts.append(_day(line.at, health))
    if line.note:
        parts.append(kit.escape(retold(line.note), 80))
    return " · ".join(parts)


# --- The five views ------------------------------------------------------------------------------------


def _matches(health: Health) -> list[Json]:
    head = f"*{retold(VIEWS[View(health.tab)])}* · " + n_("{count} match", "{count} matches", health.total)
    if not health.rows:
        return [kit.section(head), kit.section(_("No match is here now."))]
    rows = [part for row in health.rows for part in _row(row, health)]
    return [kit.section(head), *rows, *_pages(health)]


def _row(row: MatchRow, health: Health) -> list[Json]:
    two = _("*{mentee}* with *{mentor}*", mentee=name(row.mentee), mentor=name(row.mentor))
    end = kit.option(label(N_("End Matching"), health.wording), f"end.{row.match_id}")
    menu: Json = {"type": "overflow", "action_id": Ids.HEALTH_MORE, "options": [end]}
    return [
        kit.section(f"{two}\n{_pulse(row, health)}", accessory=menu),
        kit.actions(*_buttons(row, health), block_id=f"mentoring.health.{row.match_id}"),
    ]


def _pulse(row: MatchRow, health: Health) -> str:
    """What is known of a match, on one line."""
    pulse = row.pulse
    parts = [_("since {day}", day=_day(pulse.active_at, health))]
    if pulse.last is not None:
        parts.append(_("last session {day}", day=_day(pulse.last, health)))
    else:
        parts.append(_("no session yet"))
    if pulse.ahead:
        parts.append(_("the next one is planned"))
    if pulse.rating is not None:
        parts.append(_("last rated {rating} of 4", rating=pulse.rating))
    if pulse.unfit:
        parts.append(_("“Not a Good Fit”"))
    if _rests(row, health) and row.nudged_at is not None:
        parts.append(_("nudged on {day}", day=_day(row.nudged_at, health)))
    return " · ".join(parts)


def _rests(row: MatchRow, health: Health) -> bool:
    return row.nudged_at is not None and health.until - row.nudged_at < NUDGE_REST


def _buttons(row: MatchRow, health: Health) -> list[Json]:
    """[Nudge] once in three days, and [Message] at any time."""
    nudge = kit.button(_("Nudge"), Ids.HEALTH_NUDGE, value=str(row.match_id))
    write = kit.button(_("Message"), Ids.HEALTH_WRITE, value=str(row.match_id))
    return [write] if _rests(row, health) else [nudge, write]


def _pages(health: Health) -> list[Json]:
    last = max(0, -(-health.total // PAGE) - 1)
    if not last:
        return []
    turns = []
    if health.page > 0:
        turns.append(_turn(N_("Previous"), health.tab, health, health.page - 1, suffix="previous"))
    if health.page < last:
        turns.append(_turn(N_("Next"), health.tab, health, health.page + 1, suffix="next"))
    where = _("Page {page} of {pages}", page=health.page + 1, pages=last + 1)
    return [kit.actions(*turns, block_id="mentoring.health.pages"), kit.context(where)]
