"""Skipping, make-up lessons, the weekly limit, and attendance: 4.4 as rows."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.classes import Attending, NotYours
from domain.errors import Refusal
from domain.presses import Press
from services import classes_attending as attending
from services import classes_credits
from services.classes import changing
from services.classes_attending import AlreadyBegun, TooEarly
from services.classes_seats import turn
from store.classes import ClassDate, ClassSetup
from store.classes_sold import Credit, Purchase, Registration
from tests.builders import TEAM
from tests.classes import ANA, FRI, LEA, STAFF, THU, TOM, TUE, WED
from tests.waitlists import Lists


@pytest.fixture
def studio(db):
    """A studio."""
    return Lists(db)


@pytest.fixture
def yoga(studio):
    """A yoga type with Tuesday, Wednesday, Thursday and Friday, two places each, in one term."""
    term, kind = studio.term(), studio.class_type("Yoga")
    days = [studio.weekly(term, day, type_id=kind, places=2) for day in (TUE, WED, THU, FRI)]
    return term, days


def card(studio, yoga, k=1, **more):
    """A membership with *k* of the four classes that costs nothing."""
    return studio.membership(yoga[0], yoga[1], amount=0, lessons=k, **{"name": f"Card {k}", **more})


def only_credit(studio):
    """The only make-up lesson."""
    (one,) = studio.all(Credit)
    return one.id


def refused(studio, credit, date, user=LEA):
    """What somebody reads who cannot use a make-up lesson."""
    with pytest.raises(Refusal) as no:
        studio.use(credit, date, user)
    assert studio.agree()
    return no.value.sentence


def test_skipping_in_time_frees_the_place_and_gives_one_make_up_lesson(studio, yoga):
    """Exactly 12 h before counts; a second press changes nothing and says the same."""
    tue = yoga[1][0]
    bought = studio.buy(card(studio, yoga), tue)
    first = studio.registrations(bought)[0]
    studio.before(first.date_id, 12)
    done = studio.skip(first.id, press=Press())
    assert done.changed
    assert done.said == "Skipped. You have one make-up lesson."
    again = studio.skip(first.id)
    assert (again.changed, again.said) == (False, done.said)
    assert studio.registration(first.id).state == "skipped"
    assert [one.taken for one in studio.dates(tue)][:2] == [0, 1]
    assert studio.credits() == ["open"]
    assert studio.agree()


def test_skipping_late_counts_as_used(studio, yoga):
    """A second too late: the place is free, and no make-up lesson is given; the setting moves the limit."""
    bought = studio.buy(card(studio, yoga), yoga[1][0])
    first, second = studio.registrations(bought)[:2]
    studio.before(first.date_id, 12)
    studio.clock.now += timedelta(seconds=1)
    assert studio.skip(first.id).said == "This one was cancelled late and counts as used."
    assert studio.registration(first.id).state == "late_cancelled"
    assert studio.credits() == []
    with studio.db.transaction() as tx:
        tx.execute(update(ClassSetup).values(free_hours=2))
    studio.before(second.date_id, 3)
    assert studio.skip(second.id).said == "Skipped. You have one make-up lesson."
    assert studio.agree()


def test_nobody_skips_what_is_not_theirs_or_has_begun(studio, yoga):
    """Somebody else's, and a class that begins now."""
    bought = studio.buy(card(studio, yoga), yoga[1][0])
    first = studio.registrations(bought)[0]
    with pytest.raises(NotYours):
        studio.skip(first.id, user=TOM)
    studio.before(first.date_id, 0)
    with pytest.raises(AlreadyBegun):
        studio.skip(first.id)
    assert studio.registration(first.id).state == "registered"


def test_a_skip_can_be_undone_while_a_place_is_free(studio, yoga):
    """The make-up lesson is void then; skipped once more, it is given again, once."""
    bought = studio.buy(card(studio, yoga), yoga[1][0])
    first = studio.registrations(bought)[0]
    for _ in range(2):
        studio.skip(first.id)
        assert studio.undo_skip(first.id).changed
        assert not studio.undo_skip(first.id).changed
        assert studio.credits() == ["void"]
    studio.skip(first.id)
    assert studio.credits() == ["open"]
    with studio.db.transaction() as tx:
        tx.execute(update(ClassDate).where(ClassDate.id == first.date_id).values(places=1))
    studio.buy(card(studio, yoga, name="Tom's"), yoga[1][0], user=TOM)
    with pytest.raises(Refusal, match="given to somebody else"):
        studio.undo_skip(first.id)
    assert studio.credits() == ["open"]
    assert studio.agree()


def test_a_make_up_lesson_is_used_once(studio, yoga):
    """In the same week, for a class of the same type; the second press finds it used."""
    tue, wed, *_ = yoga[1]
    bought = studio.buy(card(studio, yoga), tue)
    first = studio.registrations(bought)[0]
    studio.skip(first.id)
    there = studio.dates(wed)
    choices = [one.date_id for one in _choices(studio)]
    week = [studio.dates(one)[0].id for one in yoga[1][1:]]
    assert choices == week  # all other weeks have their lesson
    done = studio.use(only_credit(studio), there[0].id)
    made = studio.registration(done.id)
    assert (made.state, made.make_up, made.date_id) == ("registered", True, there[0].id)
    again = studio.use(only_credit(studio), there[0].id)
    assert (again.changed, again.id) == (False, done.id)
    assert again.said == "This make-up lesson was used already."
    with pytest.raises(Refusal, match="used already"):
        studio.undo_skip(first.id)
    assert studio.registration(first.id).state == "skipped"
    assert studio.agree()


def _choices(studio):
    with studio.db.reading() as tx:
        return classes_credits.choices(tx, TEAM, only_credit(studio), now=studio.now)


def test_a_make_up_lesson_that_is_skipped_can_be_used_again(studio, yoga):
    """Its own registration gives the lesson back; a date that it was used for before can be had again."""
    tue, wed, thu, _ = yoga[1]
    studio.skip(studio.registrations(studio.buy(card(studio, yoga), tue))[0].id)
    made = studio.use(only_credit(studio), studio.dates(wed)[0].id).id
    studio.skip(made)
    assert studio.credits() == ["used", "open"]
    again = studio.all(Credit)[1].id
    assert studio.use(again, studio.dates(thu)[0].id).changed
    assert studio.agree()


def test_at_most_k_lessons_a_week(studio, yoga):
    """A third one is refused; one of a week with a skipped lesson is accepted."""
    tue, wed, thu, _ = yoga[1]
    bought = studio.buy(card(studio, yoga, 2), tue, wed)
    one, *_ = studio.registrations(bought)
    studio.skip(one.id)
    credit, later = only_credit(studio), studio.dates(thu)[3].id
    assert refused(studio, credit, later) == "You have 2 lessons this week. Skip one first."
    assert studio.use(credit, studio.dates(thu)[0].id).changed


def test_a_lesson_cancelled_late_stands_in_the_way(studio, yoga):
    """It counts as a lesson of its week, and says so."""
    tue, wed, _, fri = yoga[1]
    bought = studio.buy(card(studio, yoga, 2), tue, wed)
    tuesdays = [one for one in studio.registrations(bought) if one.date_id in _ids(studio, tue)]
    studio.skip(tuesdays[4].id)  # of another week
    studio.before(tuesdays[0].date_id, 3)
    studio.skip(tuesdays[0].id)
    sentence = refused(studio, only_credit(studio), studio.dates(fri)[0].id)
    assert sentence == "This one was cancelled late and counts as used."


def test_a_cancelled_date_is_made_up_for_in_a_week_with_room(studio, yoga):
    """Two lessons stand in the later week: refused; once one of them is skipped: accepted."""
    tue, wed, thu, _ = yoga[1]
    bought = studio.buy(card(studio, yoga, 2), tue, wed)
    mine = studio.registrations(bought)
    with changing(studio.db, TEAM, yoga[0], now=studio.now) as held:
        turn(held, Registration.id == mine[0].id, Attending.REMOVED)
        assert classes_credits.give(held, [mine[0].id], "cancelled") == 1
        assert classes_credits.give(held, [mine[0].id], "cancelled") == 0
    later = studio.dates(thu)[2]
    assert refused(studio, only_credit(studio), later.id) == "You have 2 lessons this week. Skip one first."
    week = [one for one in mine if abs(studio.one(ClassDate, one.date_id).starts_at - later.starts_at)
            < timedelta(days=3)]  # fmt: skip
    studio.skip(week[0].id)
    assert studio.use(studio.all(Credit)[0].id, later.id).changed
    assert studio.agree()


def _ids(studio, class_id):
    return [one.id for one in studio.dates(class_id)]


def test_what_a_make_up_lesson_is_not_for(studio, yoga):
    """Another type, outside the window, a full date, one's own, one that began, somebody else's lesson."""
    term, (tue, wed, *_) = yoga
    judo = studio.weekly(term, FRI, type_id=studio.class_type("Judo"))
    bought = studio.buy(card(studio, yoga), tue)
    first = studio.registrations(bought)[0]
    studio.skip(first.id)
    credit, wednesdays = only_credit(studio), _ids(studio, wed)
    assert (
        refused(studio, credit, _ids(studio, judo)[0]) == "A make-up lesson is for a class of the same type."
    )
    last = "This date lies outside the time of your membership."
    assert refused(studio, credit, wednesdays[-1]) == last
    assert refused(studio, credit, first.date_id) == "You are registered for this date already."
    with pytest.raises(NotYours):
        studio.use(credit, wednesdays[0], user=TOM)
    for user in (TOM, ANA):
        studio.buy(card(studio, yoga, name=f"Of {user}"), wed, user=user)
    full = "Yoga · Wed 18:00 is full. Choose another class or join its waitlist."
    assert refused(studio, credit, wednesdays[0]) == full
    studio.before(wednesdays[0], 0)
    assert refused(studio, credit, wednesdays[0]) == "This class has begun."
    assert studio.credits() == ["open"]


def test_a_membership_on_hold_makes_nothing_up(studio, yoga):
    """Only an active one does."""
    tue, wed, *_ = yoga[1]
    studio.skip(studio.registrations(studio.buy(card(studio, yoga), tue))[0].id)
    with studio.db.transaction() as tx:
        tx.execute(update(Purchase).values(state="suspended"))
    assert refused(studio, only_credit(studio), _ids(studio, wed)[0]) == (
        "This make-up lesson cannot be used any more."
    )
    assert _choices(studio) == []


def test_coming_is_noted_once(studio, yoga):
    """[I'm Coming]: nothing else changes; after skipping it says what is so."""
    bought = studio.buy(card(studio, yoga), yoga[1][0])
    first, second = studio.registrations(bought)[:2]
    said = [
        attending.coming(studio.db, TEAM, first.id, user_id=LEA, now=studio.now).changed for _ in range(2)
    ]
    assert said == [True, False]
    assert studio.registration(first.id).coming_at == studio.now
    studio.skip(second.id)
    assert not attending.coming(studio.db, TEAM, second.id, user_id=LEA, now=studio.now).changed
    with pytest.raises(NotYours):
        attending.coming(studio.db, TEAM, first.id, user_id=TOM, now=studio.now)


def test_the_teacher_notes_who_came(studio, yoga):
    """From 10 minutes before; pressed again nothing changes, the other button corrects; skipped ones stay."""
    tue = yoga[1][0]
    bought = studio.buy(card(studio, yoga), tue)
    other = studio.buy(card(studio, yoga, name="Tom's"), tue, user=TOM)
    first, skipped = studio.registrations(bought)[0], studio.registrations(other)[0]
    studio.skip(skipped.id, user=TOM)
    both = [first.id, skipped.id]

    def mark(came):
        return attending.mark(studio.db, TEAM, both, came, by=ANA, now=studio.now).changed

    with pytest.raises(TooEarly):
        mark(True)
    studio.before(first.date_id, 1 / 6)
    assert [mark(True), mark(True), mark(False)] == [True, False, True]
    assert studio.registration(first.id).state == "no_show"
    assert studio.registration(skipped.id).state == "skipped"
    assert studio.agree()


def test_only_teachers_and_staff_note_attendance(studio, yoga):
    """Ana teaches, Marc is staff; Lea is neither."""
    date = studio.dates(yoga[1][0])[0].id
    asked = [(user, admin) for user in (ANA, STAFF, LEA) for admin in (False, True)]
    found = [attending.may_mark(studio.db, TEAM, date, user, admin=admin) for user, admin in asked]
    assert found == [True, True, True, True, False, True]
