"""Class types, weekly classes, and [Assign to Session]: each date is made once, for all who are enrolled."""

from datetime import date, timedelta

import pytest

from domain.classes import NoSuchTerm
from domain.classes_terms import NothingSelected, TermOver
from domain.errors import Refusal
from services import classes_assign, classes_attending
from services.classes import changing
from services.classes_days import fill
from store.classes import ClassDate, Term, WeeklyClass
from store.classes_sold import Credit, Registration
from store.database import Database, make_engine
from tests.builders import TEAM
from tests.classes import ANA, EVENING, LEA, MON, SAT, STAFF, THU, TOM, TUE, WED, Studio, at
from tests.races import in_processes
from tests.statements import statements
from tests.timetable import Killed, added, assigned, bought, killed_before, previewed, yoga


@pytest.fixture
def studio(db):
    """A workspace with class staff, a week before the term."""
    return Studio(db)


def test_assigning_makes_the_dates_of_a_term_once(studio):
    """Four classes, 58 dates; the term is open. Again, nothing is missing."""
    term = studio.term(state="draft", closed_days=["2026-09-07", "2026-10-12"])
    classes = added(studio, MON, TUE, WED, THU)
    shown = previewed(studio, term, classes)
    assert studio.all(ClassDate) == []
    done, again = assigned(studio, term, classes), assigned(studio, term, classes)

    assert (done.changed, done.said) == (True, "4 classes assigned, 58 dates created.")
    assert (again.changed, again.said) == (False, "4 classes assigned, 0 dates created.")
    assert shown.dates == 58
    assert [one.title for one in shown.classes] == [
        "Yoga · Mon 18:00", "Yoga · Tue 18:00", "Yoga · Wed 18:00", "Yoga · Thu 18:00"
    ]  # fmt: skip
    for one in shown.classes:
        assert list(one.dates) == [row.starts_at for row in studio.dates(one.class_id)]
    tuesday = studio.dates(classes[1])
    assert {row.next_at for row in tuesday} == {row.starts_at - timedelta(days=1) for row in tuesday}
    assert studio.one(Term, term).state == "open"
    assert studio.one(Term, term).next_at == at("2026-09-07T04:00")
    assert previewed(studio, term, classes).dates == 0


def test_what_cannot_be_assigned_is_named(studio):
    """The others are assigned all the same."""
    term, summer = studio.term(), studio.term("Summer 2026")
    theirs = studio.weekly(summer, TUE, type_id=yoga(studio))
    mine = added(studio, WED)
    done = assigned(studio, term, [theirs, *mine])

    assert done.said == (
        "1 class assigned, 15 dates created. Yoga · Tue 18:00 already belongs to Summer 2026."
    )
    assert studio.one(WeeklyClass, theirs).term_id == summer
    with pytest.raises(Refusal, match="already belongs to Summer 2026"):
        assigned(studio, term, [theirs])
    week = studio.term("Week", starts_on=date(2026, 9, 7), ends_on=date(2026, 9, 11), state="draft")
    saturday = added(studio, SAT)
    with pytest.raises(Refusal, match="No Saturday lies in this session"):
        assigned(studio, week, saturday)
    assert studio.one(WeeklyClass, saturday[0]).state == "new"
    assert studio.one(Term, week).state == "draft"


def test_nothing_selected_or_a_term_that_is_over(studio):
    """Each says so."""
    term, over = studio.term(), studio.term("Over", state="cancelled")
    for what, classes, error in (
        (term, [], NothingSelected), (over, added(studio, TUE), TermOver), (999, [1], NoSuchTerm)
    ):  # fmt: skip
        with pytest.raises(error):
            assigned(studio, what, classes)
        with pytest.raises(error):
            previewed(studio, what, classes)


def test_what_is_over_already_is_made_done(studio):
    """A class that is assigned on 1 October has its dates of September, which nobody can be at."""
    studio.clock.now = at("2026-10-01T16:00")
    term = studio.term(state="draft")
    [one] = added(studio, TUE)
    assigned(studio, term, [one])

    assert [row.state for row in studio.dates(one)] == ["done"] * 4 + ["planned"] * 11
    assert studio.one(Term, term).state == "running"


def test_a_date_that_is_added_later_registers_all_who_are_enrolled(studio):
    """Each once, however often it runs; whoever skipped a date stays away from it."""
    term = studio.term()
    one = studio.weekly(term, TUE)
    card = studio.membership(term, [one], amount=0)
    lea, tom = bought(studio, LEA, card, [one]), bought(studio, TOM, card, [one])
    third = studio.dates(one)[2]
    with studio.db.transaction() as tx:
        tx.query(Registration).filter_by(date_id=third.id).delete()
        tx.query(ClassDate).filter_by(id=third.id).delete()
    skipped = studio.registrations(lea)[0]
    classes_attending.skip(studio.db, TEAM, skipped.id, user_id=LEA, now=studio.now)
    shown = previewed(studio, term, [one])
    done = assigned(studio, term, [one])

    assert (shown.dates, shown.told, done.said) == (1, 2, "1 class assigned, 1 date created.")
    assert [row.state for row in studio.registrations(lea)] == ["skipped", *["registered"] * 9]
    assert [row.state for row in studio.registrations(tom)] == ["registered"] * 10
    added_ = [row for row in studio.told("classes.date") if row.params["what"] == "added"]
    assert {row.recipient for row in added_} == {LEA, TOM}
    told = len(studio.told())
    for _ in range(2):
        assigned(studio, term, [one])
        with changing(studio.db, TEAM, term, now=studio.now) as held:
            assert fill(held, [row.id for row in studio.dates(one)]).added == 0
    assert len(studio.told()) == told
    assert len(studio.all(Registration)) == 20
    assert studio.seats_agree()


def test_who_finds_no_place_at_a_date_has_a_make_up_lesson(studio):
    """Places were fewer when a date was added: the earlier one is there, the other is told, once."""
    term = studio.term()
    one = studio.weekly(term, TUE, places=2)
    card = studio.membership(term, [one], amount=0)
    lea, tom = bought(studio, LEA, card, [one]), bought(studio, TOM, card, [one])
    with studio.db.transaction() as tx:
        third = studio.dates(one)[2].id
        tx.query(Registration).filter_by(date_id=third).delete()
        tx.query(ClassDate).filter_by(id=third).delete()
        tx.get_one(WeeklyClass, one).places = 1
    for _ in range(2):
        assigned(studio, term, [one])
        with changing(studio.db, TEAM, term, now=studio.now) as held:
            assert fill(held, [row.id for row in studio.dates(one)]).left_out == ()

    assert [row.state for row in studio.registrations(lea)] == ["registered"] * 10
    assert studio.registrations(tom)[2].state == "removed"
    assert [(row.why, row.registration_id) for row in studio.all(Credit)] == [
        ("no_place", studio.registrations(tom)[2].id)
    ]
    assert [row.params["what"] for row in studio.told("classes.date", TOM)] == ["no_place"]
    assert studio.seats_agree()


def test_who_comes_late_has_the_dates_that_are_left(studio):
    """A holiday, the end of summer time, and classes that have begun: what remains of ten weeks."""
    term = studio.term(state="draft", starts_on=date(2026, 9, 9), closed_days=["2026-10-13"])
    [one] = added(studio, TUE)
    assigned(studio, term, [one])
    card = studio.membership(term, [one], amount=0, late="full")
    found = []
    for now, user in (("2026-09-01T16:00", LEA), ("2026-10-06T21:59:59", TOM), ("2026-10-06T22:00:01", ANA)):
        studio.clock.now = at(now)
        ids = [row.date_id for row in studio.registrations(bought(studio, user, card, [one]))]
        rows = {row.id: row for row in studio.dates(one)}
        found.append([rows[date_id].starts_at for date_id in ids])

    assert [len(dates) for dates in found] == [9, 6, 5]
    assert found[0][0] == at("2026-09-15T22:00")
    assert {dates[-1] for dates in found} == {at("2026-11-17T23:00")}
    assert at("2026-10-27T22:00") in found[2]
    assert at("2026-11-03T23:00") in found[2]


def test_a_process_that_dies_while_it_assigns_leaves_nothing_half_done(studio):
    """Before each statement once: no date is there, or all are, each with everybody on it and told once."""
    term = studio.term()
    one = studio.weekly(term, TUE)
    card = studio.membership(term, [one], amount=0)
    purchase = bought(studio, LEA, card, [one])
    with studio.db.transaction() as tx:
        ids = [row.id for row in studio.dates(one)[3:5]]
        tx.query(Registration).filter(Registration.date_id.in_(ids)).delete()
        tx.query(ClassDate).filter(ClassDate.id.in_(ids)).delete()
    number, dead = 0, True
    while dead:
        number += 1
        try:
            with killed_before(studio.db, number):
                assigned(studio, term, [one])
            dead = False
        except Killed:
            assert len(studio.dates(one)) == 13
            assert studio.told("classes.date") == []

    assert number > 10
    assert [row.state for row in studio.registrations(purchase)] == ["registered"] * 10
    (told,) = studio.told("classes.date")
    assert len(told.params["more"]) == 1
    assert studio.seats_agree()


def test_assigning_takes_as_many_statements_for_one_member_as_for_many(studio):
    """No statement per member or per date."""
    counts = []
    for users in ([LEA], [f"U{n}" for n in range(2, 7)]):
        term = studio.term(f"Term of {len(users)}")
        one = studio.weekly(term, TUE, EVENING + 60 * len(users))
        card = studio.membership(term, [one], amount=0, weeks=52)
        for user in users:
            bought(studio, user, card, [one])
        with studio.db.transaction() as tx:
            ids = [row.id for row in studio.dates(one)[len(users) :]]
            tx.query(Registration).filter(Registration.date_id.in_(ids)).delete()
            tx.query(ClassDate).filter(ClassDate.id.in_(ids)).delete()
        with statements(studio.db) as seen:
            assigned(studio, term, [one])
        counts.append(len(seen))
    assert counts[0] == counts[1]


def on(url, work):
    """The same work on connections of its own."""

    def run():
        engine = make_engine(url)
        try:
            return work(Database(engine))
        finally:
            engine.dispose()

    return run


def test_many_who_assign_at_once_make_each_date_once(studio, db_url):
    """From processes of their own."""
    term = studio.term(state="draft")
    [one] = added(studio, TUE)

    def assign(db):
        return classes_assign.assign(db, TEAM, term, [one], by=STAFF, now=studio.now).changed

    assert sorted(in_processes([on(db_url, assign)] * 3)) == [False, False, True]
    assert len(studio.dates(one)) == 15
