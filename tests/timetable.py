"""What staff do to the timetable of a studio, who buys for nothing, and what members hear of it."""

from contextlib import contextmanager

from sqlalchemy import event

from domain.classes import NewClass
from services import (
    classes_assign,
    classes_attending,
    classes_buying,
    classes_types,
    classes_waiting,
    classes_weekly,
)
from services.classes_types import NewType
from store.classes import WeeklyClass
from tests.builders import TEAM
from tests.classes import ANA, EVENING, LEA, STAFF, WED

OCT_6 = 4  # the fifth Tuesday


def bought(studio, user=LEA, card=None, classes=None):
    """A membership that costs nothing, bought; its id."""
    done = classes_buying.buy(
        studio.deps, card or studio.card, classes or [studio.yoga], user_id=user, key=studio.key(),
        now=studio.now,
    )  # fmt: skip
    return done.id


def press(studio, what, date_id, *more, **named):
    """One of the use cases about a date, by staff."""
    return what(studio.db, TEAM, date_id, *more, by=STAFF, now=studio.now, **named)


def fifth(studio):
    """The date of 6 October."""
    return studio.dates(studio.yoga)[OCT_6]


def ana_waits_for(studio, row):
    """Ana skipped a class of the same type in that week, and waits for this date instead."""
    with studio.db.reading() as tx:
        kind = tx.get_one(WeeklyClass, studio.yoga).type_id
    other = studio.weekly(studio.term_id, WED, type_id=kind)
    card = studio.membership(studio.term_id, [other], name="Wednesdays", amount=0)
    mine = studio.registrations(bought(studio, ANA, card, [other]))[OCT_6]
    classes_attending.skip(studio.db, TEAM, mine.id, user_id=ANA, now=studio.now)
    classes_waiting.join(studio.db, TEAM, user_id=ANA, date_id=row.id, now=studio.now)


def told(studio, who=LEA):
    """What somebody heard of dates."""
    return [row.params["what"] for row in studio.told("classes.date", who)]


def yoga(studio, name="Yoga"):
    """A class type, saved once."""
    new = NewType(name, minutes=60)
    return classes_types.save(studio.db, TEAM, new, key=f"type-{name}", by=STAFF, now=studio.now).id


def added(studio, *weekdays, key="", **more):
    """The ids of classes that are added for these days."""
    new = NewClass(more.pop("type_id", 0) or yoga(studio), weekdays, EVENING, 60, 10, **more)
    before = {one.id for one in studio.all(WeeklyClass)}
    classes_weekly.add(studio.db, TEAM, new, key=key or studio.key(), by=STAFF, now=studio.now)
    return [one.id for one in studio.all(WeeklyClass) if one.id not in before]


def assigned(studio, term, classes):
    """What assigning comes to."""
    return classes_assign.assign(studio.db, TEAM, term, classes, by=STAFF, now=studio.now)


def previewed(studio, term, classes):
    """What assigning would come to."""
    return classes_assign.preview(studio.db, TEAM, term, classes, now=studio.now)


class Killed(BaseException):
    """The process is gone, with all that it had not committed."""


@contextmanager
def killed_before(db, number):
    """The process dies before this statement of those that follow."""
    seen = []

    def die(*_):
        seen.append(1)
        if len(seen) == number:
            raise Killed

    event.listen(db.engine, "before_cursor_execute", die)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", die)
