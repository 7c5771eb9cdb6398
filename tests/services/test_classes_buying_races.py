"""Two at once: the last place, the same two classes, one form twice, two introductory offers, two answers."""

from dataclasses import replace

import pytest

from domain.classes import Bought, JustTaken
from domain.classes_choice import SetAside
from services import classes_approval, classes_buying
from store.classes_sold import Membership, Purchase
from tests.classes import ANA, LEA, STAFF, TOM, WED, Studio
from tests.fakes import CountedChance
from tests.races import meanwhile

BEFORE = ["FROM class_term", "INSERT INTO class_purchase", "UPDATE class_date"]


@pytest.fixture
def studio(db):
    """A studio."""
    return Studio(db)


def buying(studio, membership, *classes, user=LEA, key=""):
    """Somebody presses [Continue], on connections of their own."""
    key, now = key or studio.key(), studio.now

    def work(db):
        chance = CountedChance()
        chance.drawn = int(user[1:]) * 10**6
        deps = replace(studio.deps, db=db, chance=chance)
        return classes_buying.buy(deps, membership, classes, user_id=user, key=key, now=now)

    return work


def purchases(studio):
    """All that stand, each with how many places it has."""
    return {one.user_id: len(studio.registrations(one.id)) for one in studio.all(Purchase)}


@pytest.mark.parametrize("before", BEFORE)
def test_the_first_commit_has_the_last_place_and_the_other_reads_why(studio, db_url, before):
    """A 1, two buyers at once: one held, one told "just taken"; never two."""
    term = studio.term()
    yoga = studio.weekly(term, places=1)
    card = studio.membership(term, [yoga])
    both = meanwhile(db_url, buying(studio, card, yoga), before=before,
                     second=buying(studio, card, yoga, user=TOM))  # fmt: skip
    (no,) = [one for one in both if isinstance(one, Exception)]
    assert isinstance(no, JustTaken)
    assert no.sentence.endswith("was just taken.")
    assert list(purchases(studio).values()) == [10]
    assert studio.one(Membership, card).sold == 1
    assert studio.seats_agree()


@pytest.mark.parametrize("before", BEFORE)
def test_of_two_who_want_the_same_two_classes_one_has_both(studio, db_url, before):
    """X takes A and B while Y takes B and A: no half hold, no deadlock."""
    term = studio.term()
    yoga, judo = studio.weekly(term, places=1), studio.weekly(term, WED, places=1)
    card = studio.membership(term, [yoga, judo], lessons=2)
    both = meanwhile(db_url, buying(studio, card, yoga, judo), before=before,
                     second=buying(studio, card, judo, yoga, user=TOM))  # fmt: skip
    assert [type(one) for one in both if isinstance(one, Exception)] == [JustTaken]
    assert list(purchases(studio).values()) == [20]
    assert studio.seats_agree()


@pytest.mark.parametrize("before", BEFORE)
def test_one_form_sent_twice_buys_once(studio, db_url, before):
    """The second finds the purchase of the first."""
    term = studio.term()
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga])
    work = buying(studio, card, yoga, key="form")
    both = meanwhile(db_url, work, before=before, second=work)
    assert sorted(one.changed for one in both) == [False, True]
    assert purchases(studio) == {LEA: 10}


@pytest.mark.parametrize("before", BEFORE)
def test_of_two_introductory_offers_at_once_one_is_refused(studio, db_url, before):
    """Though they are of two sessions, which have a lock each."""
    cards = []
    for name, day in (("Autumn", 1), ("Other", 2)):
        term = studio.term(name)
        yoga = studio.weekly(term, day)
        cards.append((studio.membership(term, [yoga], intro=True, name=name), yoga))
    first, second = (buying(studio, *one) for one in cards)
    both = meanwhile(db_url, first, before=before, second=second)
    (no,) = [one for one in both if isinstance(one, Exception)]
    assert isinstance(no, SetAside)
    assert no.sentence == "You have used this offer."
    assert purchases(studio) == {LEA: 10}
    assert studio.seats_agree()


@pytest.mark.parametrize("other", ["approve", "decline", "withdraw"])
def test_two_answers_at_once_are_one_answer(studio, db_url, other):
    """The second sees what the first decided."""
    term = studio.term()
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga], approval=True, amount=0)
    one = buying(studio, card, yoga)(studio.db).id

    def answer(what, by):
        def work(db):
            return getattr(classes_approval, what)(replace(studio.deps, db=db), one, by=by, now=studio.now)

        return work

    both = meanwhile(db_url, answer("approve", STAFF), before="FROM class_term",
                     second=answer(other, LEA if other == "withdraw" else ANA))  # fmt: skip
    assert sorted(done.changed for done in both) == [False, True]
    assert len({done.said for done in both}) == 1
    active = studio.purchase(one).state == Bought.ACTIVE
    assert len(studio.told("classes.in", LEA)) == active
    assert studio.seats_agree()
