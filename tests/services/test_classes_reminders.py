"""C12 to all who are registered, and the list for the teacher: once each, whatever else happens."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services import classes_reminders
from services.classes import changing
from store.classes import ClassDate, WeeklyClass
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, TOM, TUE
from tests.statements import statements
from tests.waitlists import Lists


@pytest.fixture
def studio(db):
    """A studio."""
    return Lists(db)


def two_members(studio, **more):
    """A Tuesday class that Lea and Tom are registered to: term, class, their purchases."""
    term = studio.term()
    tue = studio.weekly(term, TUE, **more)
    card = studio.membership(term, [tue], amount=0)
    return term, tue, [studio.buy(card, tue, user=user) for user in (LEA, TOM)]


def remind(studio, term):
    """What the clock does about reminders."""
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        return classes_reminders.remind_due(held)


def lists(studio, term):
    """What the clock does about lists."""
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        return classes_reminders.lists_due(held)


def reminded(studio):
    """Who was reminded, and of which registrations."""
    return [(one.recipient, one.subject_id) for one in studio.told("classes.reminder")]


def test_everybody_who_is_registered_is_reminded_24_hours_before(studio):
    """Not a second earlier, once, and not who skips."""
    term, tue, (lea, tom) = two_members(studio)
    date = studio.dates(tue)[0]
    skipped = studio.registrations(tom)[0]
    studio.skip(skipped.id, TOM)
    studio.clock.now = date.starts_at - timedelta(hours=24, seconds=1)
    assert not remind(studio, term)
    studio.clock.now += timedelta(seconds=1)
    assert [remind(studio, term), remind(studio, term)] == [True, False]
    assert reminded(studio) == [(LEA, studio.registrations(lea)[0].id)]
    assert studio.one(ClassDate, date.id).next_at == date.starts_at - timedelta(minutes=10)


def test_a_date_that_moved_is_reminded_of_again(studio):
    """Its sequence grew, so it is another message."""
    term, tue, _ = two_members(studio)
    date = studio.dates(tue)[0]
    studio.before(date.id, 24)
    assert remind(studio, term)
    later = {"starts_at": date.starts_at + timedelta(days=1), "reminded_at": None, "sequence": 1}
    with studio.db.transaction() as tx:
        tx.execute(update(ClassDate).where(ClassDate.id == date.id).values(**later))
    studio.clock.now += timedelta(days=1)
    assert remind(studio, term)
    assert len(reminded(studio)) == 4


def test_nobody_is_reminded_of_what_has_begun_or_is_cancelled(studio):
    """Two weeks without a worker: the dates that are over are not told."""
    term, tue, _ = two_members(studio)
    dates = studio.dates(tue)
    with studio.db.transaction() as tx:
        tx.execute(update(ClassDate).where(ClassDate.id == dates[2].id).values(state="cancelled"))
    studio.before(dates[2].id, 1)
    assert remind(studio, term)
    assert reminded(studio) == []


def test_the_teacher_gets_the_list_10_minutes_before(studio):
    """Once; not of a date that nobody comes to, and not when it is over."""
    term, tue, bought = two_members(studio)
    first, second, third = studio.dates(tue)[:3]
    for one in bought:
        with studio.db.reading():
            registration = studio.registrations(one)[1]
        studio.skip(registration.id, studio.purchase(one).user_id)
    studio.before(first.id, 1 / 6 + 1 / 3600)
    assert not lists(studio, term)
    studio.before(first.id, 1 / 6)
    assert [lists(studio, term), lists(studio, term)] == [True, False]
    studio.before(second.id, 0)
    assert lists(studio, term)
    studio.before(third.id, -1)
    assert lists(studio, term)
    assert [(one.recipient, one.subject_id) for one in studio.told("classes.attendance")] == [(ANA, first.id)]


def test_without_a_teacher_the_staff_get_the_list(studio):
    """Each of them."""
    term, tue, _ = two_members(studio)
    with studio.db.transaction() as tx:
        tx.execute(update(WeeklyClass).values(teacher_id=""))
    studio.before(studio.dates(tue)[0].id, 0)
    assert lists(studio, term)
    assert [one.recipient for one in studio.told("classes.attendance")] == [STAFF]


def test_more_people_and_dates_cost_no_more_statements(studio):
    """All dates of the term at once."""
    costs = []
    for size in (1, 4):
        term = studio.term(f"Term {size}")
        classes = [studio.weekly(term, TUE, minute=60 * n) for n in range(size)]
        card = studio.membership(term, classes, name=f"Card {size}", amount=0)
        for n in range(3 * size):
            studio.buy(card, classes[n % size], user=f"U{size}{n}")
        studio.clock.now = max(studio.dates(one)[0].starts_at for one in classes) - timedelta(hours=23)
        with statements(studio.db) as seen:
            assert remind(studio, term)
        costs.append(len(seen))
        studio.clock.now = min(studio.dates(one)[0].starts_at for one in classes) - timedelta(days=6)
    assert costs[0] == costs[1]
    assert len(studio.told("classes.reminder")) == 3 + 12
