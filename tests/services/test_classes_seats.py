"""Places: a date never holds more people than it has places, and never loses one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.classes import Attending
from services import classes_seats as seats
from services import classes_seats_kept as kept
from services.classes import changing, date_of, enrolments, purchase
from store.classes import ClassDate
from store.classes_sold import Enrolment, Membership, Purchase, Registration, Waiting
from tests.builders import TEAM
from tests.classes import LEA, TOM, TUE, Studio
from tests.statements import statements


@pytest.fixture
def studio(db):
    """A term with one class of two places."""
    return Studio(db)


def bought(studio, term, membership, class_ids, user=LEA, state="active"):
    """A purchase with its enrolments, as one that was saved; its id."""
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        one = Purchase(
            team_id=TEAM, key=studio.key(), term_id=term, membership_id=membership, user_id=user, state=state,
            name="Card", amount=1, currency="CAD", lessons=len(class_ids), weeks=10, bought_at=studio.now,
            from_at=studio.now, until_at=studio.now + timedelta(days=75),
            kept_until=studio.now + timedelta(days=7) if state == "suspended" else None,
        )  # fmt: skip
        held.tx.add(one)
        held.tx.flush()
        for class_id in class_ids:
            held.tx.add(
                Enrolment(team_id=TEAM, purchase_id=one.id, class_id=class_id, from_at=one.from_at,
                          until_at=one.until_at)
            )  # fmt: skip
        held.tx.flush()
        return one.id


def enrolment(held, purchase_id):
    """The one enrolment of a purchase."""
    return held.tx.scalars(select(Enrolment).where(Enrolment.purchase_id == purchase_id)).first()


def take(studio, term, purchase_id, state=Attending.REGISTERED):
    """Whether places were held for all its dates; nothing is kept if not."""

    class Full(Exception):
        pass

    try:
        with changing(studio.db, TEAM, term, now=studio.now) as held:
            if not seats.hold_places(held, enrolment(held, purchase_id), state):
                raise Full
    except Full:
        return False
    return True


def states(studio, purchase_id):
    """What became of its registrations, by date."""
    return [one.state for one in studio.registrations(purchase_id)]


def a_class(studio, places=2):
    """A term, its class, and a membership that offers it."""
    term = studio.term()
    weekly = studio.weekly(term, TUE, places=places)
    return term, weekly, studio.membership(term, [weekly])


def test_a_place_is_taken_at_every_date_of_the_window_or_at_none(studio):
    """A place is taken at every date of the window, or at none."""
    term, weekly, card = a_class(studio, places=1)
    first, second = (bought(studio, term, card, [weekly], user) for user in (LEA, TOM))

    assert take(studio, term, first)
    assert states(studio, first) == ["registered"] * 10
    assert not take(studio, term, second)
    assert states(studio, second) == []
    assert [one.taken for one in studio.dates(weekly)] == [1] * 10 + [0] * 5
    assert studio.seats_agree()


def test_the_table_itself_refuses_one_too_many(studio):
    """The table itself refuses one too many."""
    term, weekly, card = a_class(studio, places=1)
    take(studio, term, bought(studio, term, card, [weekly]))
    date = studio.dates(weekly)[0]
    with pytest.raises(IntegrityError), studio.db.transaction() as tx:
        tx.get_one(ClassDate, date.id).taken = 2


def test_a_date_that_is_added_registers_everybody_and_again_nobody(studio):
    """An added date registers everybody who is enrolled, once; who skips another one still skips it."""
    term, weekly, card = a_class(studio)
    lea, tom = (bought(studio, term, card, [weekly], user) for user in (LEA, TOM))
    take(studio, term, lea), take(studio, term, tom)
    skipped = studio.registrations(lea)[3]
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        seats.turn(held, Registration.id == skipped.id, Attending.SKIPPED)
        like = date_of(held, studio.dates(weekly)[0].id)
        more = ClassDate(
            team_id=TEAM, term_id=term, class_id=weekly, day=like.day + timedelta(days=1), minutes=60,
            places=2, starts_at=like.starts_at + timedelta(days=1),
        )  # fmt: skip
        held.tx.add(more)
    everything = [one.id for one in studio.dates(weekly)]
    for expected in (2, 0):
        with changing(studio.db, TEAM, term, now=studio.now) as held:
            assert seats.fill(held, everything).added == expected
    assert states(studio, lea).count("registered") == 10
    assert states(studio, lea).count("skipped") == 1
    assert states(studio, tom) == ["registered"] * 11
    assert studio.seats_agree()


def test_where_places_are_few_the_earlier_one_has_it(studio):
    """Where an added date has fewer places than people, the earlier enrolment has one; the other is named."""
    term, weekly, card = a_class(studio)
    lea, tom = (bought(studio, term, card, [weekly], user) for user in (LEA, TOM))
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        date = date_of(held, studio.dates(weekly)[0].id)
        date.places = 1
        held.tx.flush()
        filled = seats.fill(held, [date.id])
        assert filled.added == 1
        assert [one for one, _ in filled.left_out] == [enrolment(held, tom).id]
    assert (states(studio, lea), states(studio, tom)) == (["registered"], [])
    assert studio.seats_agree()


def test_suspended_ones_wait_on_hold_and_held_ones_are_held(studio):
    """An added date holds a place for those who have not paid, as what they are."""
    term, weekly, card = a_class(studio)
    late, new = (
        bought(studio, term, card, [weekly], user, state)
        for user, state in ((LEA, "suspended"), (TOM, "awaiting_payment"))
    )
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        seats.fill(held, [studio.dates(weekly)[0].id])
    assert (states(studio, late), states(studio, new)) == (["on_hold"], ["held"])


def test_what_is_given_back_can_be_taken_again_where_a_place_is_free(studio):
    """What is given back can be had again, where a place is free; the others are named."""
    term, weekly, card = a_class(studio, places=1)
    lea, tom = (bought(studio, term, card, [weekly], user) for user in (LEA, TOM))
    take(studio, term, lea)
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        mine = Registration.enrolment_id == enrolment(held, lea).id
        assert len(seats.turn(held, mine, Attending.REMOVED)) == 10
        first = studio.dates(weekly)[0].id
        assert seats.fill(held, [first]).added == 1  # Tom's
        back, out = seats.restore(held, mine, only=(Attending.REMOVED,))
        assert (len(back), len(out)) == (9, 1)
    assert states(studio, tom) == ["registered"]
    assert studio.seats_agree()


def test_freeing_a_purchase_leaves_what_is_past(studio):
    """Freeing a purchase gives back what is ahead of it; what is past stays as it was."""
    term, weekly, card = a_class(studio)
    lea = bought(studio, term, card, [weekly])
    take(studio, term, lea)
    studio.clock.now = studio.dates(weekly)[3].starts_at + timedelta(hours=2)
    for expected in (6, 0):
        with changing(studio.db, TEAM, term, now=studio.now) as held:
            assert len(seats.free_purchase(held, lea)) == expected
    assert states(studio, lea) == ["registered"] * 4 + ["removed"] * 6
    assert studio.seats_agree()


def test_a_purchase_counts_once(studio):
    """A purchase counts among those of its membership once, and gives that back once."""
    term, weekly, _ = a_class(studio)
    card = studio.membership(term, [weekly], custom=1, name="One")
    lea, tom = (bought(studio, term, card, [weekly], user) for user in (LEA, TOM))
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        assert seats.count(held, purchase(held, lea))
        assert not seats.count(held, purchase(held, tom))
        seats.discount(held, purchase(held, lea))
        held.tx.flush()
        seats.discount(held, purchase(held, lea))
        assert seats.count(held, purchase(held, tom))
    assert studio.one(Membership, card).sold == 1


def test_places_are_kept_for_who_is_offered_them(studio):
    """Places are kept for somebody on a waitlist, and given back, also twice; meanwhile nobody gets one."""
    term, weekly, card = a_class(studio, places=1)
    dates = [one.id for one in studio.dates(weekly)]
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        one = Waiting(
            team_id=TEAM, term_id=term, class_id=weekly, membership_id=card, user_id=TOM, rank=1,
            joined_at=studio.now,
        )  # fmt: skip
        held.tx.add(one)
        held.tx.flush()
        kept.offer_all(held, [(one, dates[:3])])
        assert kept.withdraw_offer(held, one) == dates[:3]
        assert kept.withdraw_offer(held, one) == []
        kept.offer_all(held, [(one, dates[:2])])
    lea = bought(studio, term, card, [weekly])
    assert not take(studio, term, lea)
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        again = Waiting(
            team_id=TEAM, term_id=term, class_id=weekly, membership_id=card, user_id=LEA, rank=2,
            joined_at=studio.now,
        )  # fmt: skip
        held.tx.add(again)
        held.tx.flush()
        with pytest.raises(IntegrityError):
            kept.offer_all(held, [(again, dates[1:4])])
        held.tx.rollback()
    assert studio.seats_agree()


def test_many_people_cost_no_more_statements(studio):
    """Registering more people to more dates costs no more statements."""
    costs = []
    for size in (2, 12):
        term = studio.term(f"Term {size}")
        weekly = studio.weekly(term, TUE, places=20)
        card = studio.membership(term, [weekly])
        for n in range(size):
            bought(studio, term, card, [weekly], f"U{size}{n}")
        dates = [one.id for one in studio.dates(weekly)][: size // 2]
        with statements(studio.db) as seen, changing(studio.db, TEAM, term, now=studio.now) as held:
            assert seats.fill(held, dates).added == size * len(dates)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    with studio.db.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Registration)) == 2 + 72


def test_places_that_were_given_back_are_taken_again_all_or_none(studio):
    """Dates added meanwhile are taken too; where one date is full, nothing changes."""
    term = studio.term()
    yoga, judo = studio.weekly(term, places=1), studio.weekly(term, places=1, weekday=TUE + 1)
    card = studio.membership(term, [yoga, judo], lessons=2)
    one = bought(studio, term, card, [yoga, judo])
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        assert seats.hold_again(held, enrolments(held, one), Attending.HELD)
        seats.turn(held, Registration.user_id == LEA, Attending.REMOVED)
        assert seats.hold_again(held, enrolments(held, one), Attending.HELD)
        assert held.tx.scalar(select(func.sum(ClassDate.taken))) == len(
            held.tx.scalars(select(Registration.id)).all()
        )
        seats.turn(held, Registration.user_id == LEA, Attending.REMOVED)
    other = bought(studio, term, studio.membership(term, [judo]), [judo], TOM)
    assert take(studio, term, other)
    with changing(studio.db, TEAM, term, now=studio.now) as held:
        assert not seats.hold_again(held, enrolments(held, one), Attending.HELD)
    assert {row.state for row in studio.registrations(one)} == {"removed"}
    assert studio.seats_agree()
