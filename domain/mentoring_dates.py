"""When a program's weekly digest is due, and what is due towards its end; wall times become instants last."""

from datetime import date, datetime, time, timedelta

from domain import schedule

MONDAY, DIGEST_AT = 0, time(9)
NOTICES = (14, 3)  # days before the end at which everybody hears of it
NOTICED_AT, ENDS_AT = time(9), time(20)
END = 0  # the last step: the program ends
_DAY = timedelta(days=1)


def next_digest(after: datetime, zone: str) -> datetime:
    """The first Monday 09:00 on the wall of *zone* that comes after an instant."""
    tz = schedule.zone(zone)
    day = after.astimezone(tz).date()
    day += (MONDAY - day.weekday()) % 7 * _DAY
    found = schedule.resolve(datetime.combine(day, DIGEST_AT), tz)[0]
    if found > after:
        return found
    return schedule.resolve(datetime.combine(day + 7 * _DAY, DIGEST_AT), tz)[0]


def last_digest(until: datetime, zone: str) -> datetime:
    """The last Monday 09:00 on the wall of *zone* that has come at an instant."""
    tz = schedule.zone(zone)
    day = until.astimezone(tz).date()
    day -= (day.weekday() - MONDAY) % 7 * _DAY
    found = schedule.resolve(datetime.combine(day, DIGEST_AT), tz)[0]
    if found <= until:
        return found
    return schedule.resolve(datetime.combine(day - 7 * _DAY, DIGEST_AT), tz)[0]


def next_morning(after: datetime, zone: str) -> datetime:
    """The first 09:00 on the wall of *zone* that comes after an instant."""
    tz = schedule.zone(zone)
    day = after.astimezone(tz).date()
    found = schedule.resolve(datetime.combine(day, DIGEST_AT), tz)[0]
    return found if found > after else schedule.resolve(datetime.combine(day + _DAY, DIGEST_AT), tz)[0]


def step_at(ends_on: date, step: int, zone: str) -> datetime:
    """When a step is due: 14 or 3 days before the end at 09:00, or ``END`` at 20:00 of the last day."""
    wall = datetime.combine(ends_on - step * _DAY, ENDS_AT if step == END else NOTICED_AT)
    return schedule.resolve(wall, schedule.zone(zone))[0]


def due_step(ends_on: date, noticed: int, zone: str, now: datetime) -> int | None:
    """The step towards the end that is due; None if none is. *noticed*: the last notice, 0 for none.

    Where several are due, an end set late or a job that stood still, only the last one is.
    """
    due = [step for step in (*NOTICES, END) if step_at(ends_on, step, zone) <= now]
    step = due[-1] if due else None
    return None if step is None or (step != END and noticed and noticed <= step) else step


def next_step_at(ends_on: date, zone: str, now: datetime) -> datetime | None:
    """When the next step towards the end is due; None if the program should be over."""
    ahead = (step_at(ends_on, step, zone) for step in (*NOTICES, END))
    return min((at for at in ahead if at > now), default=None)
