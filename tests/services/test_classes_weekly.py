"""Class types and weekly classes: saved once, changed with their dates, deleted while nobody is there."""

from dataclasses import replace

import pytest

from domain.classes import NewClass, Stale
from domain.classes_terms import HasRegistrations, NoSuchType
from domain.errors import FieldRefusal
from services import classes_types, classes_waiting, classes_weekly
from services.classes_types import NewType
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Membership, Waiting
from tests.builders import TEAM
from tests.classes import ANA, EVENING, LEA, STAFF, THU, TOM, TUE, WED, Studio
from tests.timetable import added, bought, previewed, yoga


@pytest.fixture
def studio(db):
    """A workspace with class staff, a week before the term."""
    return Studio(db)


def test_a_class_type_has_one_name(studio):
    """Saved once for its form; free again once it is archived."""
    first = yoga(studio)
    assert yoga(studio) == first
    with pytest.raises(FieldRefusal) as refused:
        classes_types.save(studio.db, TEAM, NewType(" yoga "), key="2", by=STAFF, now=studio.now)
    assert refused.value.problems == {"name": "A class type with this name exists: yoga."}
    judo = yoga(studio, "Judo")

    def edit(type_id, new):
        return classes_types.edit(studio.db, TEAM, type_id, new, by=STAFF, now=studio.now)

    assert edit(judo, NewType("Judo", "For all", 45)).changed
    assert not edit(judo, NewType("Judo", "For all", 45)).changed
    with pytest.raises(FieldRefusal):
        edit(judo, NewType("YOGA"))
    for changed in (True, False):
        done = classes_types.archive(studio.db, TEAM, first, by=STAFF, now=studio.now)
        assert done.changed is changed
    assert edit(judo, NewType("Yoga")).changed
    with pytest.raises(NoSuchType):
        edit(first, NewType("Pilates"))
    with studio.db.reading() as tx:
        assert [one.name for one in classes_types.listed(tx, TEAM)] == ["Yoga"]
    assert len(studio.all(ClassType)) == 2


def test_each_ticked_day_makes_one_class(studio):
    """The same form again adds nothing."""
    kind = yoga(studio)
    found = added(studio, TUE, THU, key="form", type_id=kind, teacher_id=ANA, place=" Room  1 ")

    assert added(studio, TUE, THU, key="form", type_id=kind) == []
    rows = studio.all(WeeklyClass)
    assert [row.id for row in rows] == found
    assert [(row.weekday, row.minute, row.state, row.place) for row in rows] == [
        (TUE, EVENING, "new", "Room 1"), (THU, EVENING, "new", "Room 1")
    ]  # fmt: skip


def test_what_is_wrong_with_a_class_stands_at_its_field(studio):
    """Nothing is added."""
    new = NewClass(yoga(studio), (TUE,), EVENING, 60, 10)
    cases = [
        ({"type_id": 999}, "type_id", "Create a class type first."),
        ({"weekdays": ()}, "weekdays", "Choose at least one day."),
        ({"minutes": 0}, "minutes", "Write a whole number from 1 to 480."),
        ({"places": 501}, "places", "Write a whole number from 1 to 500."),
        ({"waitlist_places": 201}, "waitlist_places", "Write a whole number from 0 to 200."),
    ]
    for change, field, sentence in cases:
        with pytest.raises(FieldRefusal) as refused:
            classes_weekly.add(studio.db, TEAM, replace(new, **change), key="form", by=STAFF, now=studio.now)
        assert refused.value.problems == {field: sentence}
    assert studio.all(WeeklyClass) == []


def test_one_teacher_or_place_at_one_time_is_a_warning(studio):
    """It names the class that is there; classes of a term that is over do not count."""
    judo = yoga(studio, "Judo")
    term = studio.term()
    there = studio.weekly(term, TUE, EVENING, type_id=judo, teacher_id=ANA, place="Hall")
    name = studio.world.directory.person(ANA).name
    new = NewClass(judo, (TUE, WED), EVENING + 30, 60, 10, teacher_id=ANA)

    def warned(one, but=0):
        return classes_weekly.clashes(studio.db, TEAM, one, but=but)

    assert warned(new) == [f"{name} teaches Judo · Tue 18:00 at that time."]
    assert warned(replace(new, teacher_id="U9", place="Hall")) == [
        "Judo · Tue 18:00 is in Hall at that time."
    ]
    assert warned(replace(new, minute=EVENING + 60)) == []
    assert warned(new, but=there) == []
    assert warned(replace(new, teacher_id="", place="")) == []
    [mine] = added(studio, TUE, teacher_id=ANA, type_id=judo)
    assert previewed(studio, term, [mine]).clashes == (f"{name} teaches Judo · Tue 18:00 at that time.",)
    with studio.db.transaction() as tx:
        tx.get_one(Term, term).state = "ended"
        tx.get_one(WeeklyClass, mine).state = "cancelled"
    assert warned(new) == []


def test_places_of_a_class_follow_its_form(studio):
    """Raised for all dates but those that have others alone; never below who is registered."""
    term = studio.term()
    kind = yoga(studio)
    one = studio.weekly(term, TUE, places=2, type_id=kind, teacher_id="", place="")
    card = studio.membership(term, [one], amount=0)
    bought(studio, LEA, card, [one]), bought(studio, TOM, card, [one])
    with studio.db.transaction() as tx:
        tx.get_one(ClassDate, studio.dates(one)[0].id).places = 5
    form = NewClass(kind, (TUE,), EVENING, 60, 2)

    def edit(new, version=0):
        return classes_weekly.edit(studio.db, TEAM, one, new, by=STAFF, now=studio.now, version=version)

    assert not edit(form).changed
    with pytest.raises(FieldRefusal) as refused:
        edit(replace(form, places=1))
    assert refused.value.problems == {"places": "2 people are registered. Remove 1 first."}
    assert edit(replace(form, places=3, minutes=45)).changed
    assert [row.places for row in studio.dates(one)][:3] == [5, 3, 3]
    assert {row.minutes for row in studio.dates(one)} == {45}
    with pytest.raises(Stale):
        edit(replace(form, places=4))
    with pytest.raises(FieldRefusal) as refused:
        edit(replace(form, minute=600), version=1)
    assert refused.value.problems == {
        "minute": "This class has dates. Move those, or cancel it and add another."
    }
    assert studio.seats_agree()


def test_a_class_without_a_term_can_be_anything(studio):
    """Day and time too; and it can be deleted."""
    [one] = added(studio, TUE)
    form = NewClass(yoga(studio, "Judo"), (WED,), 600, 30, 5)
    done = classes_weekly.edit(studio.db, TEAM, one, form, by=STAFF, now=studio.now, version=0)

    assert done.changed
    row = studio.one(WeeklyClass, one)
    assert (row.weekday, row.minute, row.minutes, row.places) == (WED, 600, 30, 5)
    assert classes_weekly.delete(studio.db, TEAM, one, by=STAFF, now=studio.now).changed
    assert studio.all(WeeklyClass) == []


def test_a_class_with_registrations_is_not_deleted(studio):
    """One without, with its dates, is."""
    term = studio.term()
    one, other = studio.weekly(term, TUE), studio.weekly(term, WED)
    bought(studio, LEA, studio.membership(term, [one], amount=0), [one])

    with pytest.raises(HasRegistrations):
        classes_weekly.delete(studio.db, TEAM, one, by=STAFF, now=studio.now)
    assert classes_weekly.delete(studio.db, TEAM, other, by=STAFF, now=studio.now).changed
    assert studio.dates(other) == []
    assert len(studio.dates(one)) == 15


def test_a_place_more_goes_to_who_waits(studio):
    """Sold out with two, raised to four: two offers; a class that is cancelled then offers nothing more."""
    term = studio.term()
    kind = yoga(studio)
    one = studio.weekly(term, TUE, places=2, type_id=kind, teacher_id="", place="")
    card = studio.membership(term, [one], amount=0, custom=9)
    bought(studio, LEA, card, [one]), bought(studio, TOM, card, [one])
    for user in (ANA, "U5", "U6"):
        classes_waiting.join(studio.db, TEAM, user_id=user, class_id=one, membership_id=card, now=studio.now)
    form = NewClass(kind, (TUE,), EVENING, 60, 4)
    classes_weekly.edit(studio.db, TEAM, one, form, by=STAFF, now=studio.now, version=0)

    assert [row.state for row in studio.all(Waiting)] == ["offered", "offered", "waiting"]
    assert {row.taken for row in studio.dates(one)[:10]} == {4}
    assert studio.one(Membership, card).sold == 4
    classes_weekly.cancel_class(studio.db, TEAM, one, by=STAFF, now=studio.now)
    assert {row.state for row in studio.all(Waiting)} == {"expired"}
    assert {row.taken for row in studio.dates(one)} == {0}
    assert studio.one(Membership, card).sold == 0
    classes_weekly.undo_class(studio.db, TEAM, one, by=STAFF, now=studio.now)
    assert studio.one(Membership, card).sold == 2
    assert studio.seats_agree()
