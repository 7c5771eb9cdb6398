"""Days, weeks and months in the reader's words."""

from datetime import date, datetime, time

from babel.dates import format_date, format_skeleton

from blocks.words import CALENDARS, day, language


def _locale() -> str:
    found = language()
    return CALENDARS.get(found, found)


def name(first: date) -> str:
    """ "March 2027"."""
    return format_skeleton("yMMMM", datetime.combine(first, time()), locale=_locale())


def weekday(found: date) -> str:
    """ "Mon"."""
    return format_date(found, "ccc", locale=_locale())


def span(week: list[date]) -> str:
    """ "1 – 7 March"."""
    first, last = week[0], week[-1]
    start = str(first.day) if first.month == last.month else day(first)
    return f"{start} – {day(last)}"


def moment(wall: datetime, today: date) -> str:
    """ "Thu 11 March, 09:00", with its year where that is another one."""
    return f"{weekday(wall.date())} {day(wall.date(), year=wall.year != today.year)}, {wall:%H:%M}"
