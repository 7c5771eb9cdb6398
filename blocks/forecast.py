"""The forecast on a program's card: how long its groups can stay fresh."""

from blocks import kit
from blocks.kit import Json
from blocks.words import _, day, n_
from domain.forecast import Forecast
from domain.schedule import zone
from domain.text import N_

EVERY = {
    1: N_("weekly"),
    2: N_("every 2 weeks"),
    3: N_("every 3 weeks"),
    4: N_("every 4 weeks"),
}


def line(found: Forecast | None) -> list[Json]:
    """The forecast as one line of small print, if there is one."""
    return [kit.context(_said(found))] if found else []


def _said(found: Forecast) -> str:
    if found.fresh is None:
        return _(
            "{people} people in groups of {size}: somebody new to meet for more than a year.",
            people=found.people,
            size=found.size,
        )
    if not found.fresh:
        return _(
            "{people} people in groups of {size}: if all take part, somebody meets again from now on; those "
            "who met longest ago come first. A larger audience helps, or a longer interval.",
            people=found.people,
            size=found.size,
        )
    if found.until is None:
        return n_(
            "{people} people in groups of {size}: if all take part, fresh groups for at most {count} more "
            "session.",
            "{people} people in groups of {size}: if all take part, fresh groups for at most {count} more "
            "sessions.",
            found.fresh,
            people=found.people,
            size=found.size,
        )
    return n_(
        "{people} people in groups of {size}, {every}: if all take part, fresh groups for at most {count} "
        "more session, until {date}.",
        "{people} people in groups of {size}, {every}: if all take part, fresh groups for at most {count} "
        "more sessions, until {date}.",
        found.fresh,
        people=found.people,
        size=found.size,
        every=_(EVERY[found.weeks]),
        date=day(found.until.astimezone(zone(found.zone)).date(), year=True),
    )
