"""Numbers of a program or a session: as a modal with bars of text, and as a message with a chart."""

from blocks import chart, kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.words import _, day, n_
from domain.exports import What
from domain.schedule import zone
from domain.statistics import Figures, Report

Message = tuple[str, list[Json]]
MOST = 12  # sessions on a chart


def view(report: Report, *, note: str = "") -> Json:
    """The modal "Statistics"."""
    blocks = [kit.context(note)] if note else []
    blocks += [kit.header(report.program), *_numbers(report)]
    over_time = _over_time(report)
    if over_time:
        blocks += [kit.section(f"*{_chart_title(report)}*"), chart.text_bars(over_time)]
    send = f"{report.program_id}.{report.occurrence_id}"
    blocks.append(
        kit.actions(
            kit.button(_("Send to me"), Ids.STATISTICS_SEND, value=send, style="primary"),
            kit.button(_("Export"), Ids.EXPORT, value=f"{What.STATISTICS}.{report.program_id}"),
            block_id="statistics.actions",
        )
    )
    return kit.modal(_("Statistics"), blocks, callback_id=Ids.STATISTICS_VIEW, close=_("Close"))


def message(report: Report) -> Message:
    """The same in direct messages, where charts are allowed."""
    text = _("Statistics: {program}", program=kit.escape(report.program))
    blocks = [kit.header(_("Statistics: {program}", program=report.program)), *_numbers(report)]
    over_time = _over_time(report)
    if over_time:
        blocks.append(chart.bars(_chart_title(report), _chart_series(report), over_time))
    return text, blocks


def _numbers(report: Report) -> list[Json]:
    if not report.sessions:
        return [kit.section(_("No session was opened yet. The numbers come with the first one."))]
    asked, reached = report.total("asked"), report.total("reached")
    pairs = []
    if asked:
        pairs = [
            (_("Asked"), str(asked)),
            (_("Reached"), _of(reached, asked)),
            (_("Answer rate"), percent(report.answer_rate)),
            (_("Join rate"), percent(report.join_rate)),
        ]
    pairs += [
        (_("Groups"), str(report.total("groups"))),
        (_("People in groups"), _people(report)),
        (_("New connections"), str(report.total("new_pairs"))),
        (_("Groups that met"), _of(report.total("groups_met"), report.total("groups"))),
    ]
    return [kit.section(_what(report)), kit.fields(pairs), kit.context(_said(report))]


def _what(report: Report) -> str:
    if report.occurrence_id:
        when = kit.date(
            report.sessions[0].match_at, zone=report.sessions[0].zone, reader_zone=report.reader_zone
        )
        return _("The session of {date}", date=when)
    return n_("{count} session so far", "{count} sessions so far", len(report.sessions))


def _people(report: Report) -> str:
    people = report.total("people")
    if report.occurrence_id or people == report.different_people:
        return str(people)
    return _("{people} ({different} different)", people=people, different=report.different_people)


def _of(part: int, whole: int) -> str:
    return _("{part} of {whole}", part=part, whole=whole)


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "–" if share is None else _("{number} %", number=round(100 * share))


def _said(report: Report) -> str:
    met, not_met = report.total("people_met"), report.total("people_not_met")
    return _(
        "Asked whether they met, {met} said yes and {not_met} said no. New connections are pairs brought "
        "together for the first time in this program.",
        met=met,
        not_met=not_met,
    )


def _with_rate(report: Report) -> bool:
    return any(one.join_rate is not None for one in report.sessions)


def _chart_title(report: Report) -> str:
    return _("Join rate in percent") if _with_rate(report) else _("People in groups")


def _chart_series(report: Report) -> str:
    return _("Join rate") if _with_rate(report) else _("People")


def _over_time(report: Report) -> list[tuple[str, int]]:
    """A bar for each of the last sessions; nothing to compare with one."""
    if report.occurrence_id or len(report.sessions) < 2:
        return []
    rates = _with_rate(report)
    shown = report.last(MOST)
    days = [one.match_at.astimezone(zone(one.zone)).date() for one in shown]
    return [
        (_label(one, twice=days.count(when) > 1), _height(one, rates=rates))
        for one, when in zip(shown, days, strict=True)
    ]


def _height(one: Figures, *, rates: bool) -> int:
    return round(100 * (one.join_rate or 0)) if rates else one.people


def _label(one: Figures, *, twice: bool) -> str:
    """The day, and the time where there are two on one day."""
    local = one.match_at.astimezone(zone(one.zone))
    return f"{day(local.date())}, {local:%H:%M}" if twice else day(local.date())
