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
from store.classes_sold import Registration
from store.database import Database, make_engine
from tests.builders import TEAM
from tests.classes import EVENING, LEA, MON, SAT, STAFF, THU, TOM, TUE, WED, Studio, at
from tests.races import in_processes
from tests.statements import statements
from tests.timetable import added, assigned, bought, previewed, yoga


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
