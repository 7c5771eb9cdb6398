"""A month of the planning as a picture, and in words for those who cannot see it.

matplotlib is imported where the picture is drawn, so that no process starts slower for it; figures are made
without pyplot, which keeps state of its own.
"""

from blocks import kit, month, planning
from blocks.kit import Json
from blocks.words import _, n_
from domain.facts import PlanningPicture
from domain.files import File
from domain.planning import ALL_PROGRAMS, OFF, Planning, marks_of

Message = tuple[str, list[Json]]
MOST = 9000  # characters of the text beside the picture
ALT = 900  # Slack takes a thousand


def message(told: PlanningPicture) -> Message:
    """What stands beside the picture: the same month as a list."""
    found = told.planning
    lines = [f"*{_title(found)}*", _("Times are those of {zone}.", zone=found.look.zone), *_days(found)]
    text = "\n".join(lines)
    if len(text) > MOST:
        text = text[:MOST].rpartition("\n")[0]
        more = len(lines) - text.count("\n") - 1
        text += "\n" + n_("… and {count} more day", "… and {count} more days", more)
    return text, [kit.section(f"*{_title(found)}*")]


def file(told: PlanningPicture) -> File:
    """The picture itself."""
    from blocks.painting import paint

    found = told.planning
    return File(
        name=f"planning-{found.look.month}.png",
        content=paint(found, _title(found)),
        title=_title(found),
        alt=_alt(found),
    )


def _title(found: Planning) -> str:
    name = dict(found.programs).get(found.look.program)
    when = month.name(found.first)
    if found.look.program == ALL_PROGRAMS or name is None:
        return _("Planning of {month}", month=when)
    return _("{program}: planning of {month}", program=kit.escape(name, 60), month=when)


def _days(found: Planning) -> list[str]:
    marks = marks_of(found.sessions, found.look.zone)
    inside = [day for day in sorted(marks) if day.month == found.first.month]
    if not inside:
        return [_("Nothing is planned.")]
    return [planning.day_line(day, marks[day], found, most=20) for day in inside]


def _alt(found: Planning) -> str:
    counted = [one for one in found.sessions if one.state not in OFF]
    names = sorted({one.program for one in counted})
    told = n_(
        "A calendar of {month} with {count} session: {programs}.",
        "A calendar of {month} with {count} sessions: {programs}.",
        len(counted),
        month=month.name(found.first),
        programs=kit.spoken(names) if names else _("nothing is planned"),
    )
    return kit.clean(told, ALT)
