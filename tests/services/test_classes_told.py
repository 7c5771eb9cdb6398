"""What members read when staff change the timetable, from the press to the message in Slack."""

from datetime import date, timedelta

import pytest

from domain.classes import NewTerm
from services import classes_dates, classes_terms, classes_weekly
from tests.builders import TEAM
from tests.classes import LEA, STAFF, TOM, TORONTO, TUE, Studio
from tests.timetable import bought, fifth, press


@pytest.fixture
def studio(db):
    """A term with a class on Tuesdays, and Lea in it."""
    found = Studio(db)
    kind = found.class_type("Yoga")
    found.term_id = found.term()
    found.yoga = found.weekly(found.term_id, TUE, type_id=kind)
    found.card = found.membership(found.term_id, [found.yoga], amount=0)
    found.lea = bought(found)
    return found


def read(studio, who=LEA):
    """The words of each message that somebody has."""
    studio.world.run()
    return [
        shown.words.replace("*", "").replace(f" ({TORONTO})", "") for shown in studio.world.messenger.to(who)
    ]


def test_members_read_what_became_of_a_date(studio):
    """Moved, cancelled, put back, added; the others nothing."""
    row = fifth(studio)
    before = len(read(studio))
    press(studio, classes_dates.move, row.id, date(2026, 10, 7), 19 * 60)
    press(studio, classes_dates.move, row.id, date(2026, 10, 7), 19 * 60)
    [moved] = read(studio)[before:]
    assert "Yoga · Tue 18:00 on Tue 6 Oct, 18:00 moves to Wed 7 Oct, 19:00." in moved
    press(studio, classes_dates.cancel, row.id)
    cancelled = read(studio)[before + 1]
    assert "Yoga · Tue 18:00 on Wed 7 Oct, 19:00 is cancelled. You have one make-up lesson." in cancelled
    press(studio, classes_dates.undo, row.id)
    classes_dates.add_date(studio.db, TEAM, studio.yoga, date(2026, 10, 8), 600, by=STAFF, now=studio.now)

    assert len(read(studio)) == before + 4
    assert read(studio, TOM) == []
    assert all("Yoga · Tue 18:00" in words for words in read(studio)[before:])


def test_members_read_once_that_a_class_is_cancelled(studio):
    """And no message for each of its dates."""
    before = len(read(studio))
    press(studio, classes_weekly.cancel_class, studio.yoga)

    [told] = read(studio)[before:]
    assert "cancelled" in told


def test_members_read_of_many_dates_in_one_message(studio):
    """Three dates are cancelled at once; of one that is put back before it leaves, it says nothing."""
    before = len(read(studio))
    days = [date(2026, 10, day) for day in (6, 13, 20)]
    new = NewTerm("Autumn 2026", date(2026, 9, 7), date(2026, 12, 18), TORONTO, frozenset(days))
    plan = classes_terms.plan_edit(studio.db, TEAM, studio.term_id, new, now=studio.now)
    classes_terms.edit(
        studio.db, TEAM, studio.term_id, new, by=STAFF, now=studio.now, version=plan.version, plan=plan.key
    )
    cancelled = [row for row in studio.dates(studio.yoga) if row.day in days]
    press(studio, classes_dates.undo, cancelled[0].id)

    [told, back] = read(studio)[before:]
    said = "Yoga · Tue 18:00 on Tue 13 Oct, 18:00 is cancelled. The same is so on Tue 20 Oct. "
    assert said + "You have 2 make-up lessons." in told
    assert "Tue 6 Oct, 18:00 takes place after all." in back


def test_members_read_of_the_next_session(studio):
    """And until when they alone may buy."""
    before = len(read(studio))

    def copy(name, key, first):
        new = NewTerm(name, date(2027, 1, 4), date(2027, 3, 26), TORONTO)
        classes_terms.next_term(
            studio.db, TEAM, studio.term_id, new, members_first=first, key=key, by=STAFF, now=studio.now
        )

    copy("Winter 2027", "winter", 3)
    copy("Winter 2027", "winter", 3)
    copy("Spring 2027", "spring", 0)

    first, second = read(studio)[before:]
    assert "The next session is on sale: Winter 2027. Until Fri 4 Sep only members can buy." in first
    assert "The next session is on sale: Spring 2027." in second
    assert read(studio, TOM) == []


def test_a_date_that_is_moved_into_the_next_hours_reminds_nobody_twice(studio):
    """The news of the move is the reminder."""
    row = studio.dates(studio.yoga)[0]
    studio.clock.now = row.starts_at - timedelta(hours=30)
    press(studio, classes_dates.move, row.id, date(2026, 9, 8), 10 * 60)
    studio.clock.now += timedelta(hours=12)
    read(studio)

    assert studio.told("classes.reminder") == []
    assert len(studio.told("classes.date", LEA)) == 1
