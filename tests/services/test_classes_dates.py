"""One date of a class, or all of them: moved, cancelled, put back; members are told."""

from datetime import date, timedelta

import pytest

from domain.classes import NoSuchDate
from domain.classes_terms import DateOver, TooLateToUndo
from domain.errors import FieldRefusal
from services import (
    classes_attending,
    classes_credits,
    classes_dates,
)
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Credit, Waiting
from tests.builders import TEAM
from tests.classes import ANA, EVENING, LEA, STAFF, TOM, TUE, WED, Studio, at
from tests.statements import statements
from tests.timetable import OCT_6, ana_waits_for, bought, fifth, press, told


@pytest.fixture
def studio(db):
    """A term with a class of two places on Tuesdays, and a membership for nothing."""
    found = Studio(db)
    found.term_id = found.term(closed_days=["2026-10-12"])
    found.yoga = found.weekly(found.term_id, TUE, places=2)
    found.card = found.membership(found.term_id, [found.yoga], amount=0)
    return found


def test_a_moved_date_keeps_who_is_registered_and_tells_them(studio):
    """To the evening after; a second press changes nothing and tells nobody."""
    lea, tom = bought(studio), bought(studio, TOM)
    row = fifth(studio)
    done = press(studio, classes_dates.move, row.id, date(2026, 10, 7), 19 * 60)
    again = press(studio, classes_dates.move, row.id, date(2026, 10, 7), 19 * 60)

    assert (done.changed, done.said, again.changed) == (True, "2 members were told.", False)
    moved = studio.one(ClassDate, row.id)
    assert (moved.day, moved.starts_at, moved.was_at) == (
        date(2026, 10, 6), at("2026-10-07T23:00"), at("2026-10-06T22:00")
    )  # fmt: skip
    assert (moved.state, moved.sequence, moved.taken) == ("planned", 1, 2)
    assert moved.next_at == at("2026-10-06T23:00")
    assert [one.state for one in studio.registrations(lea)] == ["registered"] * 10
    assert told(studio) == told(studio, TOM) == ["moved"]
    [owed] = studio.told("classes.date", LEA)
    assert owed.params["was_at"] == "2026-10-06T22:00:00+00:00"
    assert owed.key == f"classes-date-{studio.registrations(lea)[OCT_6].id}-1"
    assert len(studio.registrations(tom)) == 10
    press(studio, classes_dates.move, row.id, date(2026, 10, 6), EVENING)
    assert told(studio) == ["moved", "moved"]


def test_a_date_is_moved_within_its_term_and_ahead(studio):
    """And only while it is ahead itself."""
    row = fifth(studio)
    studio.clock.now = at("2026-10-01T16:00")
    cases = [
        (date(2026, 12, 19), EVENING, {"day": "Choose a day from 7 Sep to 18 Dec."}),
        (date(2026, 10, 1), 600, {"minute": "This time has passed."}),
        (date(2026, 10, 7), 1440, {"minute": "Choose a time of the day."}),
    ]
    for day, minute, problems in cases:
        with pytest.raises(FieldRefusal) as refused:
            press(studio, classes_dates.move, row.id, day, minute)
        assert refused.value.problems == problems
    studio.clock.now = row.starts_at
    for what, more in (
        (classes_dates.move, (date(2026, 10, 7), EVENING)),
        (classes_dates.cancel, ()),
        (classes_dates.places, (5,)),
    ):
        with pytest.raises(DateOver):
            press(studio, what, row.id, *more)
    with pytest.raises(NoSuchDate):
        press(studio, classes_dates.cancel, 999)


def test_who_hears_of_a_move_within_a_day_needs_no_reminder_beside_it(studio):
    """The list for the teacher is due again."""
    row = fifth(studio)
    studio.clock.now = at("2026-10-06T12:00")
    press(studio, classes_dates.move, row.id, date(2026, 10, 7), 7 * 60)

    moved = studio.one(ClassDate, row.id)
    assert (moved.reminded_at, moved.next_at) == (studio.now, at("2026-10-07T10:50"))


def test_a_cancelled_date_gives_each_member_a_make_up_lesson(studio):
    """Once; who skipped it before has theirs already. Nobody waits for it any more."""
    lea, tom = bought(studio), bought(studio, TOM)
    row = fifth(studio)
    mine = studio.registrations(tom)[OCT_6]
    classes_attending.skip(studio.db, TEAM, mine.id, user_id=TOM, now=studio.now)
    done = press(studio, classes_dates.cancel, row.id, why="  Ana is ill ")
    again = press(studio, classes_dates.cancel, row.id)

    assert (done.changed, done.said, again.changed) == (True, "1 member was told.", False)
    gone = studio.one(ClassDate, row.id)
    assert (gone.state, gone.taken, gone.why, gone.next_at) == ("cancelled", 0, "Ana is ill", None)
    assert studio.registrations(lea)[OCT_6].state == "removed"
    assert studio.registrations(tom)[OCT_6].state == "skipped"
    assert told(studio) == ["cancelled"]
    assert told(studio, TOM) == []
    assert [one.why for one in studio.all(Credit)] == ["skipped", "cancelled"]
    assert studio.seats_agree()


def test_undo_brings_a_date_back_with_who_was_there(studio):
    """For 24 hours; make-up lessons that nobody used are gone. Again, it changes nothing."""
    lea, _ = bought(studio), bought(studio, TOM)
    row = fifth(studio)
    press(studio, classes_dates.cancel, row.id)
    studio.clock.now += timedelta(hours=24)
    done, again = press(studio, classes_dates.undo, row.id), press(studio, classes_dates.undo, row.id)

    assert (done.changed, done.said, again.changed) == (True, "2 members were told.", False)
    back = studio.one(ClassDate, row.id)
    assert (back.state, back.taken, back.sequence, back.undo) == ("planned", 2, 2, {})
    assert back.next_at == row.starts_at - timedelta(days=1)
    assert [one.state for one in studio.registrations(lea)] == ["registered"] * 10
    assert told(studio) == ["cancelled", "back"]
    assert {one.state for one in studio.all(Credit)} == {"void"}
    assert studio.seats_agree()


def test_after_24_hours_nothing_is_undone(studio):
    """Nor what has begun."""
    row = fifth(studio)
    press(studio, classes_dates.cancel, row.id)
    studio.clock.now += timedelta(hours=24, seconds=1)
    with pytest.raises(TooLateToUndo):
        press(studio, classes_dates.undo, row.id)
    studio.clock.now = at("2026-10-13T21:00")
    next_one = studio.dates(studio.yoga)[OCT_6 + 1]
    press(studio, classes_dates.cancel, next_one.id)
    studio.clock.now = next_one.starts_at
    with pytest.raises(DateOver):
        press(studio, classes_dates.undo, next_one.id)


def test_who_used_the_make_up_lesson_keeps_that_instead(studio):
    """The date comes back without them."""
    lea = bought(studio)
    with studio.db.transaction() as tx:
        kind = tx.get_one(WeeklyClass, studio.yoga).type_id
    other = studio.weekly(studio.term_id, WED, type_id=kind)
    row = fifth(studio)
    press(studio, classes_dates.cancel, row.id)
    [credit] = studio.all(Credit)
    wednesday = studio.dates(other)[OCT_6]
    classes_credits.use(studio.db, TEAM, credit.id, wednesday.id, user_id=LEA, now=studio.now)
    press(studio, classes_dates.undo, row.id)

    by_date = {one.date_id: one.state for one in studio.registrations(lea)}
    assert (by_date[row.id], by_date[wednesday.id]) == ("removed", "registered")
    assert studio.one(ClassDate, row.id).taken == 0
    assert told(studio) == ["cancelled"]


def test_who_paid_nothing_yet_is_held_again(studio):
    """A date that is cancelled and put back between buying and paying."""
    paid = studio.membership(studio.term_id, [studio.yoga], name="Paid", amount=12000)
    lea = bought(studio, card=paid)
    row = fifth(studio)
    press(studio, classes_dates.cancel, row.id)
    assert studio.registrations(lea)[OCT_6].state == "removed"
    press(studio, classes_dates.undo, row.id)

    assert [one.state for one in studio.registrations(lea)] == ["held"] * 10
    assert told(studio) == []
    assert studio.seats_agree()


def test_places_of_one_date(studio):
    """More go to who waits, fewer never below who is registered."""
    bought(studio), bought(studio, TOM)
    row = fifth(studio)
    for count, sentence in (
        (1, "2 people are registered. Remove 1 first."),
        (0, "Write a whole number from 1 to 500."),
        (501, "Write a whole number from 1 to 500."),
    ):
        with pytest.raises(FieldRefusal) as refused:
            press(studio, classes_dates.places, row.id, count)
        assert refused.value.problems == {"places": sentence}
    ana_waits_for(studio, row)
    assert press(studio, classes_dates.places, row.id, 3).changed
    assert not press(studio, classes_dates.places, row.id, 3).changed

    assert [one.state for one in studio.all(Waiting)] == ["offered"]
    assert studio.one(ClassDate, row.id).taken == 3
    assert [one.recipient for one in studio.told("classes.offer")] == [ANA]
    assert studio.seats_agree()


def test_a_date_that_is_offered_and_cancelled_is_offered_no_more(studio):
    """Who waited is on the list again when it is put back."""
    bought(studio), bought(studio, TOM)
    row = fifth(studio)
    ana_waits_for(studio, row)
    press(studio, classes_dates.places, row.id, 3)
    press(studio, classes_dates.cancel, row.id)
    assert [one.state for one in studio.all(Waiting)] == ["expired"]
    press(studio, classes_dates.undo, row.id)

    assert [one.state for one in studio.all(Waiting)] == ["offered"]
    assert [one.round for one in studio.all(Waiting)] == [2]
    assert studio.one(ClassDate, row.id).taken == 3
    assert studio.seats_agree()


def test_an_extra_date_registers_and_tells_everybody(studio):
    """Also on a day without classes; the same again changes nothing."""
    lea = bought(studio)

    def add(day, minute=600):
        return classes_dates.add_date(studio.db, TEAM, studio.yoga, day, minute, by=STAFF, now=studio.now)

    done, again = add(date(2026, 10, 12)), add(date(2026, 10, 12))
    assert (done.changed, done.said, again.changed) == (True, "1 member was told.", False)
    row = studio.one(ClassDate, done.id)
    assert (row.extra, row.starts_at, row.places, row.taken) == (True, at("2026-10-12T14:00"), 2, 1)
    assert len(studio.registrations(lea)) == 11
    assert told(studio) == ["added"]
    with pytest.raises(FieldRefusal) as refused:
        add(date(2026, 10, 6))
    assert refused.value.problems == {"day": "This class has a date on 6 Oct already."}
    # one outside their window is not theirs
    add(date(2026, 12, 16))
    assert len(studio.registrations(lea)) == 11
    assert studio.seats_agree()


def test_a_cancelled_day_can_be_added_at_another_time(studio):
    """It is the same date again, with who was there."""
    lea = bought(studio)
    row = fifth(studio)
    press(studio, classes_dates.cancel, row.id)
    studio.clock.now += timedelta(days=2)
    done = classes_dates.add_date(
        studio.db, TEAM, studio.yoga, date(2026, 10, 6), 600, by=STAFF, now=studio.now
    )

    assert done.id == row.id
    assert studio.one(ClassDate, row.id).starts_at == at("2026-10-06T14:00")
    assert studio.registrations(lea)[OCT_6].state == "registered"
    assert told(studio) == ["cancelled", "back"]


def test_a_change_takes_as_many_statements_for_one_member_as_for_many(db):
    """Moved, cancelled, put back: nothing is done member by member."""
    studio, counts = Studio(db, size=8), []
    studio.term_id = studio.term()
    for users in ([LEA], [f"U{n}" for n in range(2, 8)]):
        studio.yoga = studio.weekly(studio.term_id, TUE, 600 + 60 * len(users))
        studio.card = studio.membership(
            studio.term_id, [studio.yoga], amount=0, name=f"Card for {len(users)}"
        )
        for user in users:
            bought(studio, user)
        with statements(studio.db) as seen:
            press(studio, classes_dates.move, fifth(studio).id, date(2026, 10, 7), 60 * len(users))
            press(studio, classes_dates.cancel, fifth(studio).id)
            press(studio, classes_dates.undo, fifth(studio).id)
        counts.append(len(seen))
        assert len(told(studio, users[-1])) == 3
    assert counts[0] == counts[1]
