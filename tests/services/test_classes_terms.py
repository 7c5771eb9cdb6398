"""Terms: saved once, edited exactly as announced, cancelled, copied, and brought on by time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.classes import NewTerm, NoSuchTerm, Stale
from domain.classes_terms import TermOver
from domain.errors import FieldRefusal
from services import classes_buying, classes_clock, classes_terms
from services.classes import changing
from store.classes import ClassDate, Term, WeeklyClass
from store.classes_sold import Credit, Membership, OfferedClass, Purchase, Registration
from store.core import Audit
from tests.builders import TEAM
from tests.classes import ANA, LEA, MON, SAT, STAFF, TOM, TORONTO, TUE, Studio, at

MARS = "“Mars/Base” is not a time zone of the IANA list, such as Europe/Paris."
AUTUMN = NewTerm("Autumn 2026", date(2026, 9, 7), date(2026, 12, 18), TORONTO)


@pytest.fixture
def studio(db):
    """A workspace with class staff, a week before the term."""
    return Studio(db)


def saved(studio, new=AUTUMN, key="form-of-term"):
    """What saving a term came to."""
    return classes_terms.save(studio.db, TEAM, new, key=key, by=STAFF, now=studio.now)


def edited(studio, term_id, new, plan=None):
    """Edit a term as its plan says."""
    found = plan or planned(studio, term_id, new)
    return classes_terms.edit(
        studio.db, TEAM, term_id, new, by=STAFF, now=studio.now, version=found.version, plan=found.key
    )


def planned(studio, term_id, new):
    """What an edit would do."""
    return classes_terms.plan_edit(studio.db, TEAM, term_id, new, now=studio.now)


def bought(studio, membership, classes, user=LEA):
    """A membership that costs nothing, bought; its id."""
    done = classes_buying.buy(
        studio.deps, membership, classes, user_id=user, key=studio.key(), now=studio.now
    )
    return done.id


def open_studio(studio, **more):
    """A term with a class on Tuesdays, and a membership for nothing."""
    term = studio.term(**more)
    yoga = studio.weekly(term, TUE)
    return term, yoga, studio.membership(term, [yoga], amount=0, weeks=52)


def test_a_term_is_saved_once_for_its_form(studio):
    """And is a draft until it has classes."""
    first, second = saved(studio), saved(studio)

    assert (first.changed, second.changed, first.id) == (True, False, second.id)
    [term] = studio.all(Term)
    assert (term.name, term.state, term.zone) == ("Autumn 2026", "draft", TORONTO)
    assert term.next_at == at("2026-12-19T05:00")
    assert [one.action for one in studio.all(Audit)] == ["term_saved"]


def test_what_is_wrong_stands_at_its_field(studio):
    """Nothing is saved."""
    saved(studio)
    cases = [
        ({"name": " "}, "name", "Write a name of 1 to 80 characters."),
        ({"name": "x" * 81}, "name", "Write a name of 1 to 80 characters."),
        ({"name": "autumn  2026"}, "name",
         "A session with this name exists: Autumn 2026 (7 Sep to 18 Dec)."),
        ({"ends_on": date(2026, 9, 6)}, "ends_on", "The end date lies before the start date."),
        ({"ends_on": date(2027, 9, 8)}, "ends_on", "A session has at most 366 days."),
        ({"zone": "Mars/Base"}, "zone", MARS),
        ({"name": "Old", "starts_on": date(2025, 9, 7), "ends_on": date(2025, 12, 1)}, "ends_on",
         "The end date has passed."),
    ]  # fmt: skip
    for change, field, sentence in cases:
        with pytest.raises(FieldRefusal) as refused:
            saved(studio, replace(AUTUMN, **change), key="another")
        assert refused.value.problems == {field: sentence}, change
    assert len(studio.all(Term)) == 1
    assert saved(studio, replace(AUTUMN, name="Long", ends_on=date(2027, 9, 7)), key="long").changed


def test_a_name_is_free_once_its_term_is_over(studio):
    """Only sessions that stand count."""
    studio.term(state="ended")
    assert saved(studio).changed


def test_an_edit_does_what_it_said(studio):
    """Adds two dates, cancels one with its registrations; all are told."""
    term, yoga, card = open_studio(studio, ends_on=date(2026, 9, 29))
    purchase = bought(studio, card, [yoga])
    bought(studio, card, [yoga], TOM)
    new = NewTerm("Autumn", date(2026, 9, 7), date(2026, 10, 13), TORONTO, frozenset({date(2026, 9, 15)}))
    plan = planned(studio, term, new)

    assert plan.said == "Adds 2 dates, cancels 1 date with 2 registrations. Members will be told."
    assert edited(studio, term, new, plan).changed
    assert not edited(studio, term, new, plan).changed
    states = {row.day: row.state for row in studio.dates(yoga)}
    assert [day for day, state in states.items() if state == "cancelled"] == [date(2026, 9, 15)]
    assert len(states) == 6
    found = [one.state for one in studio.registrations(purchase)]
    assert found == ["registered", "removed", *["registered"] * 4]
    told = studio.told("classes.date", LEA)
    assert [(one.params["what"], len(one.params.get("more", []))) for one in told] == [
        ("cancelled", 0), ("added", 1)
    ]  # fmt: skip
    assert [one.user_id for one in credited(studio)] == [LEA, TOM]
    assert studio.purchase(purchase).until_at == at("2026-10-14T04:00")
    assert studio.seats_agree()


def credited(studio):
    """The registrations with an open make-up lesson."""
    ids = [one.registration_id for one in studio.all(Credit, Credit.state == "open")]
    return studio.all(Registration, Registration.id.in_(ids))


def test_an_edit_that_would_do_anything_else_is_refused(studio):
    """Somebody bought meanwhile, or edited: the plan is looked at again."""
    term, yoga, card = open_studio(studio, ends_on=date(2026, 9, 29))
    new = replace(AUTUMN, ends_on=date(2026, 9, 22))
    before = planned(studio, term, new)
    bought(studio, card, [yoga])

    with pytest.raises(Stale):
        edited(studio, term, new, before)
    other = planned(studio, term, replace(new, name="Other"))
    edited(studio, term, replace(new, name="Other"), other)
    with pytest.raises(Stale):
        edited(studio, term, new, before)
    assert len([row for row in studio.dates(yoga) if row.state == "planned"]) == 3


def test_dates_come_back_with_the_days_of_the_term(studio):
    """The end is put back: the dates that had fallen out are planned again, with who was registered."""
    term, yoga, card = open_studio(studio, ends_on=date(2026, 9, 29))
    purchase = bought(studio, card, [yoga])
    edited(studio, term, replace(AUTUMN, ends_on=date(2026, 9, 22)))
    assert studio.registrations(purchase)[-1].state == "removed"
    assert planned(studio, term, replace(AUTUMN, ends_on=date(2026, 9, 29))).said == (
        "Adds 1 date. Members will be told."
    )
    edited(studio, term, replace(AUTUMN, ends_on=date(2026, 9, 29)))

    assert [one.state for one in studio.registrations(purchase)] == ["registered"] * 4
    assert [one.params["what"] for one in studio.told("classes.date", LEA)] == ["cancelled", "back"]
    assert [one.state for one in studio.all(Credit)] == ["void"]
    assert studio.seats_agree()


def test_a_name_alone_changes_no_date(studio):
    """And the time zone stays once there are dates."""
    term, yoga, _ = open_studio(studio)
    plan = planned(studio, term, replace(AUTUMN, name="Winter"))

    assert plan.said == ""
    assert edited(studio, term, replace(AUTUMN, name="Winter"), plan).changed
    with pytest.raises(FieldRefusal) as refused:
        planned(studio, term, replace(AUTUMN, zone="Europe/Paris"))
    assert refused.value.problems == {"zone": "The time zone stays once classes are assigned."}
    assert len(studio.dates(yoga)) == 15


def test_a_cancelled_term_tells_and_ends_everything(studio):
    """Dates, classes, memberships and purchases; a second press changes nothing."""
    term, yoga, card = open_studio(studio)
    purchase = bought(studio, card, [yoga])
    done = classes_terms.cancel(studio.deps, term, by=STAFF, now=studio.now)
    again = classes_terms.cancel(studio.deps, term, by=STAFF, now=studio.now)

    assert (done.changed, done.said, again.changed) == (True, "1 member was told.", False)
    assert studio.one(Term, term).state == "cancelled"
    assert studio.one(WeeklyClass, yoga).state == "cancelled"
    assert studio.one(Membership, card).state == "closed"
    assert {row.state for row in studio.dates(yoga)} == {"cancelled"}
    assert studio.purchase(purchase).state == "cancelled"
    assert {one.state for one in studio.registrations(purchase)} == {"removed"}
    assert [one.params["what"] for one in studio.told("classes.over", LEA)] == ["class_cancelled"]
    assert studio.seats_agree()
    with pytest.raises(TermOver):
        planned(studio, term, AUTUMN)
    with pytest.raises(NoSuchTerm):
        planned(studio, 999, AUTUMN)


def test_the_next_term_has_its_classes_and_memberships(studio):
    """On its own days; members of the old one are told, and are first for three days."""
    term, yoga, card = open_studio(studio)
    judo = studio.weekly(term, MON, 600, places=7, teacher_id=ANA)
    studio.membership(term, [yoga, judo], name="Two", lessons=2, weeks=10)
    studio.membership(term, [yoga], name="Stopped", state="stopped")
    bought(studio, card, [yoga])
    new = NewTerm("Winter 2027", date(2027, 1, 4), date(2027, 3, 26), TORONTO)

    def copy():
        return classes_terms.next_term(
            studio.db, TEAM, term, new, members_first=3, key="next", by=STAFF, now=studio.now
        )

    done, again = copy(), copy()
    assert (done.changed, again.changed, again.id) == (True, False, done.id)
    assert done.said == "2 classes assigned, 24 dates created. 2 memberships are on sale."
    copied = studio.one(Term, done.id)
    assert (copied.state, copied.follows_id) == ("open", term)
    assert copied.members_first_until == studio.now + timedelta(days=3)
    classes = studio.all(WeeklyClass, WeeklyClass.term_id == done.id)
    assert [(one.weekday, one.minute, one.places) for one in classes] == [(TUE, 1080, 10), (MON, 600, 7)]
    assert [len(studio.dates(one.id)) for one in classes] == [12, 12]
    cards = studio.all(Membership, Membership.term_id == done.id)
    assert [(one.name, one.weeks, one.sold) for one in cards] == [("Autumn card", 12, 0), ("Two", 10, 0)]
    with studio.db.reading() as tx:
        offered = tx.query(OfferedClass).filter_by(membership_id=cards[1].id).all()
    assert {one.class_id for one in offered} == {one.id for one in classes}
    assert [one.recipient for one in studio.told("classes.news")] == [LEA]


def test_a_class_without_a_day_in_the_next_term_stays_behind(studio):
    """And so does the membership that needs it."""
    term = studio.term()
    yoga, sat = studio.weekly(term, TUE), studio.weekly(term, SAT, 600)
    studio.membership(term, [sat], name="Saturdays")
    studio.membership(term, [yoga, sat], name="Any")
    new = NewTerm("Camp", date(2027, 1, 4), date(2027, 1, 8), TORONTO)
    done = classes_terms.next_term(
        studio.db, TEAM, term, new, members_first=0, key="next", by=STAFF, now=studio.now
    )

    assert done.said == (
        "1 class assigned, 1 date created. 1 membership is on sale. No Saturday lies in this session."
    )
    assert [one.name for one in studio.all(Membership, Membership.term_id == done.id)] == ["Any"]
    assert studio.one(Term, done.id).members_first_until is None


def test_a_term_runs_and_ends_by_itself(studio):
    """From its first day; with its last, memberships are closed. Dates are done when they are over."""
    term, yoga, card = open_studio(studio, next_at=at("2026-09-07T04:00"))

    def state(when):
        with changing(studio.db, TEAM, term, now=at(when)) as held:
            moved = classes_terms.step_due(held)
        return moved, studio.one(Term, term).state

    assert state("2026-09-07T03:59:59") == (False, "open")
    assert classes_clock.due(studio.db, TEAM, now=at("2026-09-07T04:00")) == [term]
    assert state("2026-09-07T04:00") == (True, "running")
    assert state("2026-09-07T04:00") == (False, "running")
    assert studio.one(Term, term).next_at == at("2026-12-19T05:00")
    assert state("2026-09-08T22:59:59") == (False, "running")
    assert state("2026-09-08T23:00") == (True, "running")
    assert [row.state for row in studio.dates(yoga)][:2] == ["done", "planned"]
    assert state("2026-12-19T05:00") == (True, "ended")
    assert {row.state for row in studio.dates(yoga)} == {"done"}
    assert studio.one(Membership, card).state == "closed"
    assert studio.one(Term, term).next_at is None


def test_a_longer_term_reaches_who_bought_more_weeks_than_it_had(studio):
    """Windows follow the days of the term; who bought fewer weeks keeps them."""
    term, yoga, card = open_studio(studio, ends_on=date(2026, 9, 22))
    short = studio.membership(term, [yoga], amount=0, weeks=2, name="Short")
    long_one, short_one = bought(studio, card, [yoga]), bought(studio, short, [yoga], TOM)
    edited(studio, term, AUTUMN)

    assert len(studio.registrations(long_one)) == 15
    assert len(studio.registrations(short_one)) == 2
    assert studio.all(Purchase)[1].until_at == at("2026-09-21T04:00")
    assert len(studio.all(ClassDate)) == 15
    assert studio.seats_agree()
