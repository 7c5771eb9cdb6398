"""Buying a membership: all places or none, one purchase a press, and the sentences of who may not."""

from datetime import timedelta

import pytest

from domain.classes import Bought, HaveItAlready, NotOnSale
from domain.classes_choice import SetAside
from domain.errors import FieldRefusal, Refusal
from services import classes_buying, classes_clock, classes_memberships, classes_seats, classes_waiting
from services.classes import changing, purchase
from services.classes_buying import Full
from store.classes_sold import Enrolment, Membership, Purchase
from tests.builders import TEAM
from tests.classes import ANA, FRI, LEA, STAFF, THU, TOM, TUE, WED, Studio, at
from tests.statements import statements


@pytest.fixture
def studio(db):
    """A studio with a term."""
    return Studio(db)


@pytest.fixture
def term(studio):
    """Autumn 2026."""
    return studio.term()


def buy(studio, membership, *classes, user=LEA, key="", **more):
    """Somebody presses [Continue]; the purchase."""
    done = classes_buying.buy(
        studio.deps, membership, classes, user_id=user, key=key or studio.key(), now=studio.now, **more
    )
    return studio.purchase(done.id)


def refused(studio, membership, *classes, **more):
    """The sentence that somebody reads who may not."""
    before = len(studio.all(Purchase))
    with pytest.raises(Refusal) as no:
        buy(studio, membership, *classes, **more)
    assert len(studio.all(Purchase)) == before
    assert studio.seats_agree()
    return no.value.sentence


def states(studio, purchase):
    """The states of its registrations, each with how many there are."""
    found = [row.state for row in studio.registrations(purchase.id)]
    return {state: found.count(state) for state in found}


def test_what_costs_nothing_is_active_at_once(studio, term):
    """Ten dates of the Tuesday class, and C4."""
    yoga = studio.weekly(term)
    one = buy(studio, studio.membership(term, [yoga], amount=0), yoga)
    assert one.state == Bought.ACTIVE
    assert states(studio, one) == {"registered": 10}
    (told,) = studio.told("classes.in", LEA)
    assert told.params == {"dates": 10, "left_out": 0}
    assert studio.seats_agree()


def test_what_is_to_be_paid_is_held_for_31_minutes(studio, term):
    """A bill and a link; the places are taken."""
    yoga = studio.weekly(term)
    one = buy(studio, studio.membership(term, [yoga]), yoga)
    assert (one.state, one.amount, one.hold_until) == (
        "awaiting_payment",
        12000,
        studio.now + timedelta(minutes=31),
    )
    assert states(studio, one) == {"held": 10}
    assert [date.taken for date in studio.dates(yoga)] == [1] * 10 + [0] * 5
    assert len(studio.told("classes.pay", LEA)) == 1
    assert studio.told("classes.in") == []


def test_what_needs_approval_asks_staff_and_member(studio, term):
    """C1 and C2, and the places are held to the end of the second business day in the session's zone."""
    yoga = studio.weekly(term)
    one = buy(studio, studio.membership(term, [yoga], approval=True), yoga)
    assert (one.state, one.hold_until) == (
        "pending_approval",
        at("2026-09-04T04:00"),
    )  # Tuesday noon: Thursday
    assert [row.recipient for row in studio.told("classes.request")] == [STAFF]
    assert [row.recipient for row in studio.told("classes.asked")] == [LEA]
    assert studio.told("classes.pay") == []


@pytest.mark.parametrize(
    ("now", "dates", "price"),
    [
        ("2026-09-01T16:00", 10, 12000),
        ("2026-10-01T16:00", 6, 7200),
        ("2026-10-06T22:00", 6, 7200),
        ("2026-10-06T22:00:01", 5, 6000),
    ],
)
def test_a_late_buyer_gets_and_pays_what_is_left(studio, term, now, dates, price):
    """4.1 and 4.5: the window does not shift."""
    yoga = studio.weekly(term)
    studio.clock.now = at(now)
    one = buy(studio, studio.membership(term, [yoga]), yoga)
    assert (len(studio.registrations(one.id)), one.amount) == (dates, price)
    assert one.why_price["left"] == dates


def test_a_second_press_of_the_same_form_finds_the_first_purchase(studio, term):
    """Double press of Continue: one purchase, one message."""
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga])
    one, again = (buy(studio, card, yoga, key="form") for _ in range(2))
    assert one.id == again.id
    assert len(studio.told("classes.pay")) == 1
    assert studio.one(Membership, card).sold == 1


def test_another_form_for_the_same_membership_is_refused(studio, term):
    """One membership of a kind at a time."""
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga])
    buy(studio, card, yoga)
    assert refused(studio, card, yoga) == HaveItAlready.__doc__


def test_both_places_or_none(studio, term):
    """A 1, B 1, k 2: X has A and B, Y has neither, and the other place is not held."""
    first, other = studio.weekly(term, TUE, places=1), studio.weekly(term, WED, places=1)
    free = studio.weekly(term, THU)
    card = studio.membership(term, [first, other, free], lessons=2)
    buy(studio, card, first, other)
    assert refused(studio, card, free, other, user=TOM).endswith("was just taken.")
    assert {date.taken for date in studio.dates(free)} == {0}
    studio.clock.now += timedelta(minutes=6)
    full = refused(studio, card, free, other, user=TOM)
    assert full.endswith("is full. Choose another class or join its waitlist.")


def test_the_sentences_of_a_choice(studio, term):
    """4.2 at the door: how many, at the same time, and another membership's class."""
    yoga, pilates = studio.weekly(term), studio.weekly(term, minute=18 * 60 + 30)
    after, thursday = studio.weekly(term, minute=19 * 60 + 30), studio.weekly(term, THU)
    card = studio.membership(term, [yoga, pilates, after, thursday], lessons=2, amount=0)
    single = studio.membership(term, [pilates, after], name="Single", amount=0)
    assert refused(studio, card, yoga) == "Choose 2 classes (you chose 1)."
    assert refused(studio, card) == "Choose 2 classes."
    assert "overlap." in refused(studio, card, yoga, pilates)
    assert "cannot be chosen any more" in refused(studio, single, thursday)
    buy(studio, card, yoga, after)
    assert "overlaps your class" in refused(studio, single, pilates)
    assert "overlaps your class" in refused(studio, single, after)
    with pytest.raises(FieldRefusal):
        buy(studio, single, pilates, sold_by=STAFF, override=True)
    assert buy(studio, single, pilates, sold_by=STAFF, override=True, why="asked for it").state == "active"


def test_a_date_that_was_moved_is_in_nobodys_way(studio, term):
    """One evening that is elsewhere does not close a whole membership."""
    yoga, judo = studio.weekly(term), studio.weekly(term, WED)
    buy(studio, studio.membership(term, [yoga], amount=0), yoga)
    with studio.db.transaction() as tx:
        date = tx.merge(studio.dates(yoga)[2])
        date.was_at, date.starts_at = date.starts_at, studio.dates(judo)[2].starts_at
    assert buy(studio, studio.membership(term, [judo], name="Judo", amount=0), judo).state == "active"


def test_a_custom_value_closes_the_sale_though_places_are_left(studio, term):
    """A 10, k 1, custom 1: after the first purchase full."""
    yoga = studio.weekly(term)
    card = studio.membership(term, [yoga], custom=1)
    buy(studio, card, yoga)
    assert refused(studio, card, yoga, user=TOM) == Full.__doc__
    with studio.db.reading() as tx:
        (offer,) = classes_memberships.on_sale(tx, TEAM, TOM, now=studio.now)
    assert (offer.full, offer.classes[0].left) == (True, 9)


@pytest.mark.parametrize("change", ["stopped", "closed", "ended", "late", "offline"])
def test_what_is_not_on_sale_is_not_sold(studio, term, change):
    """A stopped membership, an ended session, a window that is over; what is not online staff still sell."""
    yoga = studio.weekly(term)
    card = studio.membership(
        term,
        [yoga],
        state=change if change in ("stopped", "closed") else "on_sale",
        online=change != "offline",
    )
    if change in ("ended", "late"):
        studio.clock.now = at("2026-12-30T12:00" if change == "ended" else "2026-11-17T12:00")
    assert refused(studio, card, yoga) == NotOnSale.__doc__
    if change == "offline":
        assert buy(studio, card, yoga, sold_by=STAFF).hold_until == studio.now + timedelta(hours=48)
    else:
        assert refused(studio, card, yoga, sold_by=STAFF) == NotOnSale.__doc__


def test_registration_is_closed_after_a_week(studio, term):
    """4.5: "Registration closed on 20 Sep."."""
    yoga = studio.weekly(term)
    studio.clock.now = at("2026-10-01T16:00")
    card = studio.membership(term, [yoga], late="closed", late_week=2)
    assert refused(studio, card, yoga).startswith("Registration closed on 20 Sep")


def test_members_of_the_session_before_choose_first(studio):
    """For some days only they may buy the next one."""
    old = studio.term(
        "Summer", starts_on=at("2026-06-01T00:00").date(), ends_on=at("2026-09-05T00:00").date()
    )
    yoga = studio.weekly(old)
    card = studio.membership(old, [yoga], amount=0, weeks=14)
    buy(studio, card, yoga, user=ANA)
    term = studio.term(follows_id=old, members_first_until=studio.now + timedelta(days=3))
    judo = studio.weekly(term, FRI)
    new = studio.membership(term, [judo], amount=0)
    assert refused(studio, new, judo).startswith("Members of the session before choose first, until")
    assert buy(studio, new, judo, user=ANA).state == "active"
    studio.clock.now += timedelta(days=3)
    assert buy(studio, new, judo).state == "active"


def test_an_introductory_offer_is_sold_once_to_who_is_new(studio, term):
    """4.6: held ones count, expired and rejected ones do not, an earlier paid membership does."""
    yoga, judo = studio.weekly(term), studio.weekly(term, WED)
    intro = studio.membership(term, [yoga], intro=True)
    second = studio.membership(term, [judo], intro=True, name="Second intro")
    paid = studio.membership(term, [yoga], name="Card")
    one = buy(studio, intro, yoga)
    assert refused(studio, second, judo) == "You have used this offer."
    _over(studio, one, "expired")
    one = buy(studio, second, judo)
    _over(studio, one, "rejected")
    buy(studio, intro, yoga)
    tom = buy(studio, paid, yoga, user=TOM)
    _over(studio, tom, "active", active_at=studio.now)
    assert refused(studio, second, judo, user=TOM) == "This offer is for new members."
    with studio.db.reading() as tx:
        names = [offer.name for offer in classes_memberships.on_sale(tx, TEAM, TOM, now=studio.now)]
        by_link = classes_memberships.offer(tx, TEAM, second, TOM, now=studio.now)
    assert names == ["Card"]
    assert by_link.closed == "This offer is for new members."
    with pytest.raises(SetAside):
        buy(studio, second, judo, user=TOM, sold_by=STAFF)
    assert (
        buy(studio, second, judo, user=TOM, sold_by=STAFF, override=True, why="friend").sold_why == "friend"
    )


def test_whoever_left_before_the_first_date_is_new_again(studio, term):
    """A full refund: not a paid membership."""
    yoga = studio.weekly(term)
    card, intro = studio.membership(term, [yoga], name="Card"), studio.membership(term, [yoga], intro=True)
    one = buy(studio, card, yoga)
    _over(studio, one, "cancelled", active_at=studio.now, over_at=at("2026-09-08T21:59"))
    assert buy(studio, intro, yoga).intro_of == LEA


def _over(studio, one, state, **more):
    """What becomes of a purchase, as others leave its rows."""
    with changing(studio.db, TEAM, one.term_id, now=studio.now) as held:
        row = purchase(held, one.id)
        if state != "active":
            classes_seats.free_purchase(held, one.id)
        for name, value in {"state": state, **more}.items():
            setattr(row, name, value)


def test_buying_takes_as_many_statements_for_a_long_session_as_for_a_short_one(studio):
    """Nothing is done per date."""

    def counted(weeks):
        term = studio.term(f"Of {weeks}", ends_on=at("2026-09-07T00:00").date() + timedelta(weeks=weeks))
        yoga = studio.weekly(term)
        card = studio.membership(term, [yoga], amount=0, weeks=weeks)
        with statements(studio.db) as seen:
            buy(studio, card, yoga, user=f"U{weeks}")
        return len(seen)

    assert counted(2) == counted(20)


def test_enrolments_say_what_was_bought(studio, term):
    """The window of the purchase, for each class."""
    yoga, judo = studio.weekly(term), studio.weekly(term, WED)
    buy(studio, studio.membership(term, [yoga, judo], lessons=2, amount=0), judo, yoga)
    rows = studio.all(Enrolment)
    assert {row.class_id for row in rows} == {yoga, judo}
    assert {(row.from_at, row.until_at) for row in rows} == {(at("2026-09-07T04:00"), at("2026-11-16T05:00"))}


def test_what_a_waitlist_keeps_is_free_for_its_person_alone(studio, term):
    """A place that nobody paid for goes to who waits; the next buyer finds it taken, they do not."""
    yoga = studio.weekly(term, places=1)
    card = studio.membership(term, [yoga])
    buy(studio, card, yoga)
    classes_waiting.join(studio.db, TEAM, user_id=TOM, membership_id=card, class_id=yoga, now=studio.now)
    studio.clock.now += timedelta(minutes=31)
    while classes_clock.step(studio.deps, term, now=studio.now):
        assert studio.seats_agree()
    assert [row.recipient for row in studio.told("classes.offer")] == [TOM]
    assert "taken" in refused(studio, card, yoga, user=ANA) or "full" in refused(studio, card, yoga, user=ANA)
    with studio.db.reading() as tx:
        left = {
            one: classes_memberships.offer(tx, TEAM, card, one, now=studio.now).left for one in (ANA, TOM)
        }
    assert left == {ANA: 0, TOM: 1}
    one = buy(studio, card, yoga, user=TOM)
    assert states(studio, one) == {"held": 10}
    assert studio.seats_agree()
    assert {date.taken for date in studio.dates(yoga)[:10]} == {1}


def test_a_purchase_ends_after_its_last_date(studio, term):
    """When the last of its ten dates is over."""
    yoga = studio.weekly(term)
    one = buy(studio, studio.membership(term, [yoga], amount=0), yoga)
    assert studio.purchase(one.id).next_at == at("2026-11-11T00:00")
    studio.clock.now = at("2026-11-11T00:00")
    while classes_clock.step(studio.deps, term, now=studio.now):
        pass
    assert studio.purchase(one.id).state == Bought.ENDED
