"""Memberships: saved once, edited for later buyers only, stopped and resumed, shown with what is left."""

from dataclasses import replace

import pytest

from domain.classes import HaveItAlready, Late, NewMembership, NotOnSale, Plan, Stale
from domain.errors import FieldRefusal
from services import classes_buying, classes_memberships
from services.classes import changing
from store.classes import ClassDate
from store.classes_sold import Membership, OfferedClass
from tests.builders import TEAM
from tests.classes import LEA, STAFF, THU, TOM, WED, Studio, at
from tests.statements import statements


@pytest.fixture
def studio(db):
    """A studio with a term."""
    return Studio(db)


@pytest.fixture
def term(studio):
    """Autumn 2026."""
    return studio.term()


def new_one(term, *classes, **more):
    """What the four steps fill in: 120.00 CAD, two lessons a week, ten weeks."""
    values = {"lessons": 2, "weeks": 10, "custom": 10, **more}
    return NewMembership(term, " Autumn  card ", 12000, "CAD", classes=classes, **values)


def save(studio, new, key="form"):
    """[Finish]."""
    return classes_memberships.save(studio.db, TEAM, new, key=key, by=STAFF, now=studio.now, charges=False)


def edit(studio, card, new, version=0):
    """[Save] of [Edit]."""
    return classes_memberships.edit(
        studio.db, TEAM, card, new, by=STAFF, now=studio.now, version=version, charges=False
    )


def on_sale(studio, user=LEA):
    """What somebody sees for sale."""
    with studio.db.reading() as tx:
        return classes_memberships.on_sale(tx, TEAM, user, now=studio.now)


def buy(studio, card, *classes, user=LEA):
    """Somebody buys it."""
    deps, key = studio.deps, studio.key()
    return classes_buying.buy(deps, card, classes, user_id=user, key=key, now=studio.now).id


def offered(studio, card):
    """The classes that may be chosen."""
    with studio.db.reading() as tx:
        return tx.query(OfferedClass).filter_by(membership_id=card).all()


def test_finish_puts_it_on_sale_once(studio, term):
    """The same form again gives the same membership."""
    classes = [studio.weekly(term, day) for day in (1, 2, 3)]
    done = save(studio, new_one(term, *classes))
    assert (done.changed, done.said) == (True, "The membership is on sale.")
    again = save(studio, new_one(term, *classes))
    assert (again.changed, again.id) == (False, done.id)
    (offer,) = on_sale(studio)
    assert (offer.name, offer.left, offer.full) == ("Autumn card", 10, False)
    assert [one.id for one in offer.classes] == classes
    assert {(one.left, one.dates, one.all_dates) for one in offer.classes} == {(10, 10, 10)}
    with studio.db.reading() as tx:
        assert classes_memberships.new_of(tx, TEAM, done.id) == replace(
            new_one(term, *classes), name="Autumn card"
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lessons": 3}, "classes"),
        ({"custom": 0}, "custom"),
        ({"plan": Plan.RECURRING, "times": 3}, "plan"),
        ({"name": ""}, "name"),
        ({"late": Late.CLOSED, "late_week": 0}, "late_week"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(studio, term, more, field):
    """The form stays."""
    classes = [studio.weekly(term), studio.weekly(term, WED)]
    with pytest.raises(FieldRefusal) as refused:
        save(studio, replace(new_one(term, *classes), **more))
    assert list(refused.value.problems) == [field]
    assert studio.all(Membership) == []


def test_only_classes_of_the_session_are_offered(studio, term):
    """Neither those of another one, nor one that was cancelled."""
    own, other = studio.weekly(term), studio.weekly(studio.term("Other"), WED)
    with pytest.raises(FieldRefusal) as refused:
        save(studio, new_one(term, own, other))
    assert list(refused.value.problems) == ["classes"]
    with pytest.raises(FieldRefusal) as refused:
        save(studio, new_one(studio.term("Summer", state="ended"), own, other))
    assert list(refused.value.problems) == ["term_id"]


def test_an_edit_counts_for_later_purchases_only(studio, term):
    """Price and lessons are frozen in each purchase; whoever edits what was edited meanwhile is told."""
    classes = [studio.weekly(term, day) for day in (1, 2, 3)]
    card = save(studio, new_one(term, *classes)).id
    one = buy(studio, card, classes[0], classes[1])
    with pytest.raises(FieldRefusal) as refused:
        edit(studio, card, replace(new_one(term, *classes), custom=0))
    assert "custom" in refused.value.problems
    changed = replace(new_one(term, *classes[1:]), amount=9000, custom=1)
    assert edit(studio, card, changed).changed
    with pytest.raises(Stale):
        edit(studio, card, changed)
    assert studio.purchase(one).amount == 12000
    assert {row.class_id for row in offered(studio, card)} == set(classes[1:])
    buy(studio, save(studio, new_one(term, *classes), key="more").id, *classes[:2], user=TOM)
    with pytest.raises(FieldRefusal) as refused:
        edit(studio, card, replace(changed, term_id=studio.term("Other")), version=1)
    assert "term_id" in refused.value.problems


def test_a_custom_value_is_not_set_below_what_is_sold(studio, term):
    """The sentence says how many are."""
    classes = [studio.weekly(term, day) for day in (1, 2)]
    card = save(studio, new_one(term, *classes)).id
    for user in (LEA, TOM):
        buy(studio, card, *classes, user=user)
    with pytest.raises(FieldRefusal) as refused:
        edit(studio, card, new_one(term, *classes, custom=1))
    assert refused.value.problems == {"custom": "2 are sold already. Write 2 or more."}


def test_the_sale_stops_and_goes_on(studio, term):
    """A second press changes nothing; over with the session."""
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga])

    def press(what):
        return getattr(classes_memberships, what)(studio.db, TEAM, card, by=STAFF, now=studio.now).changed

    assert [press("stop"), press("stop")] == [True, False]
    assert on_sale(studio) == []
    assert [press("resume"), press("resume")] == [True, False]
    assert len(on_sale(studio)) == 1
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        classes_memberships.close_all(held)
        held.term.state = "ended"
    assert on_sale(studio) == []
    with pytest.raises(NotOnSale):
        press("resume")


def test_preview_shows_all_dates_what_meets_and_what_does_not_fit(studio, term):
    """Before [Finish]: exactly the dates of a member who buys before the session begins."""
    yoga, meets = studio.weekly(term), studio.weekly(term, minute=18 * 60 + 30)
    far = studio.weekly(term, THU)
    fourth = studio.weekly(term, WED)
    new = new_one(term, yoga, meets, far, fourth, weeks=30)
    found = classes_memberships.preview(studio.db, TEAM, new, now=studio.now)
    assert [len(one.dates) for one in found.classes] == [15, 15, 15, 15]
    assert found.classes[0].dates[0] == at("2026-09-08T22:00")
    assert [len(one.clashes) for one in found.classes] == [1, 1, 0, 0]
    assert list(found.warnings) == [
        "The session has 15 weeks.",
        "Half of the places would stay empty: 20 purchases fit.",
    ]
    assert "30 dates" in found.texts[-1]
    assert classes_memberships.warnings(studio.db, TEAM, new) == list(found.warnings)


def test_what_is_left_is_seen_and_what_one_has_already(studio, term):
    """Classes shared by several memberships count together; a date outside the window does not count."""
    yoga, judo = studio.weekly(term, places=1), studio.weekly(term, WED, places=5)
    both = studio.membership(term, [yoga, judo], lessons=2, name="A", amount=0)
    one = studio.membership(term, [yoga, judo], name="B", amount=0)
    with studio.db.transaction() as tx:
        last = tx.get_one(ClassDate, studio.dates(yoga)[-1].id)
        last.places = last.taken = 0
    assert [offer.left for offer in on_sale(studio)] == [1, 6]
    mine = buy(studio, one, yoga)
    assert [(offer.left, offer.full, offer.purchase_id) for offer in on_sale(studio)] == [
        (0, True, 0),
        (5, False, mine),
    ]
    assert [offer.left for offer in on_sale(studio, TOM)] == [0, 5]
    with pytest.raises(HaveItAlready):
        buy(studio, one, judo)
    with studio.db.reading() as tx:
        assert classes_memberships.offer(tx, TEAM, both, TOM, now=studio.now).full


def test_the_list_takes_as_many_statements_for_many_as_for_one(studio, term):
    """Nothing is asked per membership, class or date."""

    def counted():
        with statements(studio.db) as seen:
            assert on_sale(studio)
        return len(seen)

    studio.membership(term, [studio.weekly(term)])
    once = counted()
    for day in (WED, THU):
        studio.membership(term, [studio.weekly(term, day)], intro=True)
    assert counted() == once
