"""Waitlists: offers in their order, until they are taken, passed on or over; 3.6 and 4.3 as rows."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.classes import UNDO, HaveItAlready, NotOnSale, NotYours
from domain.errors import Refusal
from services import classes_seats, classes_taking
from services import classes_waiting as waiting
from services.classes import changing, purchase
from services.classes_waiting import CannotWait, NoSuchEntry
from store.classes import ClassDate, ClassSetup, WeeklyClass
from store.classes_sold import Credit, Membership, Purchase
from store.core import PersonRow
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, THU, TOM, TUE, WED, at
from tests.statements import statements
from tests.waitlists import HOUR, Lists

BEN, CARA = "U5", "U6"


@pytest.fixture
def studio(db):
    """A studio."""
    return Lists(db)


class Full:
    """A yoga class of one place, which Lea has; nothing is to pay."""

    def __init__(self, studio, places=1, **more):
        self.studio, self.term, self.kind = studio, studio.term(), studio.class_type("Yoga")
        self.tue = studio.weekly(self.term, TUE, type_id=self.kind, places=places)
        self.wed = studio.weekly(self.term, WED, type_id=self.kind)
        self.card = studio.membership(self.term, [self.tue], **{"amount": 0, "name": "Tuesday", **more})
        self.wednesdays = studio.membership(self.term, [self.wed], amount=0, name="Wednesday")
        self.lea = studio.buy(self.card, self.tue)

    def frees(self, purchase_id=0):
        """Lea's purchase ends: all its places are free."""
        with changing(self.studio.db, TEAM, self.term, now=self.studio.now) as held:
            one = purchase(held, purchase_id or self.lea)
            one.state = "cancelled"
            dates = classes_seats.free_purchase(held, one.id)
            classes_seats.discount(held, one)
            held.tx.flush()
            waiting.freed(held, dates)

    def credit(self, user, week=0):
        """Somebody with a Wednesday skips one, and has a make-up lesson; of this week's Tuesday, say."""
        bought = self.studio.buy(self.wednesdays, self.wed, user=user)
        self.studio.skip(self.studio.registrations(bought)[week].id, user=user)

    def date(self, week=0):
        """One Tuesday."""
        return self.studio.dates(self.tue)[week].id


def offers(studio, user=""):
    """To whom C11 was owed."""
    return [one.recipient for one in studio.told("classes.offer", user)]


# --- The whole class -----------------------------------------------------------------------------------


def test_a_freed_place_is_held_for_the_first_and_bought_by_pressing(studio):
    """Tom joined first: C11 for 48 hours; nobody else can have it; he presses, and is in."""
    full = Full(studio)
    tom, ben = (studio.join(user, class_id=full.tue) for user in (TOM, BEN))
    assert offers(studio) == []
    full.frees()
    assert offers(studio) == [TOM]
    assert (studio.state(tom), studio.state(ben)) == ("offered", "waiting")
    assert studio.entry(tom).offer_until == studio.now + timedelta(hours=48)
    with pytest.raises(Refusal):
        studio.buy(full.card, full.tue, user=ANA)
    assert studio.agree()
    done = studio.take(tom, TOM)
    assert studio.purchase(done.id).state == "active"
    assert studio.state(tom) == "placed"
    assert len(studio.registrations(done.id)) == 10
    assert studio.take(tom, TOM).said == "You have this place."
    assert len(studio.all(Purchase)) == 2
    assert studio.agree()


def test_what_is_not_taken_goes_to_the_next(studio):
    """After 48 hours, and nothing before; the old button says until when it was offered."""
    full = Full(studio)
    tom, ben = (studio.join(user, class_id=full.tue) for user in (TOM, BEN))
    full.frees()
    studio.clock.now += 48 * HOUR - timedelta(seconds=1)
    assert not studio.step(full.term)
    studio.clock.now += timedelta(seconds=1)
    assert studio.step(full.term)
    assert (studio.state(tom), studio.state(ben)) == ("expired", "offered")
    assert studio.take(tom, TOM).said == "This place was offered until 12:00."
    assert offers(studio) == [TOM, BEN]
    assert studio.agree()


def test_passing_and_leaving_give_it_to_the_next_and_joining_again_is_the_end(studio):
    """Tom passes, Ben leaves, Cara has it; Tom joined again behind her."""
    full = Full(studio)
    tom, ben, cara = (studio.join(user, class_id=full.tue) for user in (TOM, BEN, CARA))
    full.frees()
    for _ in range(2):
        waiting.pass_on(studio.db, TEAM, tom, user_id=TOM, now=studio.now)
    again = studio.join(TOM, class_id=full.tue)
    for _ in range(2):
        waiting.leave(studio.db, TEAM, ben, user_id=BEN, now=studio.now)
    assert [studio.state(one) for one in (tom, ben, cara, again)] == ["passed", "left", "offered", "waiting"]
    assert offers(studio) == [TOM, BEN, CARA]
    assert studio.take(tom, TOM).said == "You passed this place on."
    assert studio.take(ben, BEN).said == "You left this waitlist."
    assert studio.take(again, TOM).said == "Taken."
    assert studio.agree()


def test_two_more_places_are_two_offers(studio):
    """A 10 sold out, staff raises to 12: here from 1 to 3."""
    full = Full(studio)
    three = [studio.join(user, class_id=full.tue) for user in (TOM, BEN, CARA)]
    with changing(studio.db, TEAM, full.term, now=studio.now) as held:
        held.tx.execute(update(WeeklyClass).where(WeeklyClass.id == full.tue).values(places=3))
        held.tx.execute(update(ClassDate).where(ClassDate.class_id == full.tue).values(places=3))
        assert waiting.freed(held, [one.id for one in studio.dates(full.tue)]) == 2
        assert waiting.freed(held, [one.id for one in studio.dates(full.tue)]) == 0
    assert [studio.state(one) for one in three] == ["offered", "offered", "waiting"]
    assert studio.agree()


def test_a_class_is_offered_only_when_all_its_dates_have_a_place(studio):
    """One free Tuesday is no place in the class."""
    full = Full(studio)
    tom = studio.join(TOM, class_id=full.tue)
    studio.skip(studio.registrations(full.lea)[4].id)
    assert studio.state(tom) == "waiting"
    full.frees()
    assert studio.state(tom) == "offered"


def test_staff_move_somebody_to_the_top(studio):
    """The last one is first; twice is once; the audit knows who did it."""
    full = Full(studio)
    _, _, cara = (studio.join(user, class_id=full.tue) for user in (TOM, BEN, CARA))
    moved = [waiting.move_to_top(studio.db, TEAM, cara, by=STAFF, now=studio.now).changed for _ in range(2)]
    assert moved == [True, False]
    full.frees()
    assert offers(studio) == [CARA]


def test_a_limited_number_of_sales_is_kept_with_the_place(studio):
    """One is sold in all: freed, it is Tom's to buy, not Ana's, although there are places."""
    full = Full(studio, places=5, custom=1)
    tom = studio.join(TOM, membership_id=full.card)
    assert studio.state(tom) == "waiting"
    full.frees()
    assert studio.state(tom) == "offered"
    assert studio.agree()
    with pytest.raises(Refusal):
        studio.buy(full.card, full.tue, user=ANA)
    assert studio.take(tom, TOM).changed
    assert studio.one(Membership, full.card).sold == 1
    assert studio.agree()


def test_whoever_buys_another_class_gives_the_kept_one_to_the_next(studio):
    """Tom was offered Tuesday of a membership, and chooses Thursday: Ben is offered Tuesday."""
    full = Full(studio)
    thu = studio.weekly(full.term, THU, type_id=full.kind, places=1)
    either = studio.membership(full.term, [full.tue, thu], amount=0, name="Either")
    ana = studio.buy(either, thu, user=ANA)
    tom = studio.join(TOM, membership_id=either)
    ben = studio.join(BEN, class_id=full.tue, membership_id=full.card)
    full.frees()
    assert (studio.state(tom), studio.state(ben)) == ("offered", "waiting")
    full.frees(ana)
    chosen = classes_taking.to_choose(studio.db, TEAM, tom, user_id=TOM)
    assert chosen == (either, (full.tue,))
    done = studio.take(tom, TOM, class_ids=[thu])
    assert done.changed
    assert (studio.state(tom), studio.state(ben)) == ("placed", "offered")
    assert studio.agree()


def test_two_wait_for_two_places(studio):
    """Passed over once for a single one, and told so; then they are first, and each takes a place."""
    full = Full(studio, places=2)
    ana = studio.buy(full.card, full.tue, user=ANA)
    tom = studio.join(TOM, class_id=full.tue, with_id=BEN)
    cara = studio.join(CARA, class_id=full.tue)
    ben = next(one.id for one in studio.all(waiting.Waiting) if one.user_id == BEN)
    full.frees()
    assert [studio.state(one) for one in (tom, ben, cara)] == ["waiting", "waiting", "offered"]
    assert {one.recipient for one in studio.told("classes.news")} == {TOM, BEN}
    bought = studio.take(cara, CARA).id
    full.frees(ana)
    assert [studio.state(one) for one in (tom, ben)] == ["waiting", "waiting"]
    full.frees(bought)
    assert [studio.state(one) for one in (tom, ben)] == ["offered", "offered"]
    assert studio.take(tom, TOM).changed
    assert studio.take(ben, BEN).changed
    assert studio.agree()


def test_who_cannot_wait(studio):
    """Who has it already, who waits already, a list that is full, a membership that is not sold any more."""
    full = Full(studio)
    with pytest.raises(HaveItAlready):
        studio.join(LEA, class_id=full.tue)
    with studio.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, CARA)).is_bot = True
    with pytest.raises(Refusal, match="Only people of this workspace"):
        studio.join(TOM, class_id=full.tue, with_id=CARA)
    tom = studio.join(TOM, class_id=full.tue)
    assert studio.join(TOM, class_id=full.tue) == tom
    with studio.db.transaction() as tx:
        tx.execute(update(WeeklyClass).values(waitlist_places=1))
    with pytest.raises(CannotWait, match="This waitlist is full"):
        studio.join(BEN, class_id=full.tue)
    with studio.db.transaction() as tx:
        tx.execute(update(Membership).values(state="stopped"))
    with pytest.raises(NotOnSale):
        studio.join(BEN, class_id=full.tue, membership_id=full.card)
    with pytest.raises(NotYours):
        studio.take(tom, BEN)
    with pytest.raises(NoSuchEntry):
        studio.take(999, BEN)


def test_what_cannot_be_bought_any_more_is_not_offered(studio):
    """Registration closed after week 2, or the sale stopped: the place stays on sale for others."""
    full = Full(studio, late="closed", late_week=2)
    tom = studio.join(TOM, class_id=full.tue)
    studio.clock.now = at("2026-09-21T12:00")
    full.frees()
    assert studio.state(tom) == "waiting"
    assert studio.agree()


def test_whoever_waits_for_a_cancelled_class_waits_no_more(studio):
    """Once it cannot be undone any more; whatever was kept for them is nobody's."""
    full = Full(studio)
    tom, ben = (studio.join(user, class_id=full.tue) for user in (TOM, BEN))
    full.frees()
    over = {"state": "cancelled", "over_at": studio.now}
    with studio.db.transaction() as tx:
        tx.execute(update(WeeklyClass).where(WeeklyClass.id == full.tue).values(**over))
    studio.step(full.term)
    assert studio.state(ben) == "waiting"
    studio.clock.now += UNDO
    studio.step(full.term)
    assert (studio.state(tom), studio.state(ben)) == ("expired", "expired")
    assert studio.agree()


def test_a_hold_that_is_not_paid_goes_to_who_waits(studio):
    """31 minutes after [Buy] the places are Tom's to take; without his companion one place is enough."""
    full = Full(studio)
    full.frees()
    with studio.db.transaction() as tx:
        tx.execute(update(Membership).values(amount=12000))
    ana = studio.buy(full.card, full.tue, user=ANA)
    tom = studio.join(TOM, class_id=full.tue, with_id=BEN)
    ben = studio.entry(tom + 1)
    studio.clock.now += timedelta(minutes=31)
    studio.step(full.term)
    assert studio.purchase(ana).state == "expired"
    assert studio.state(tom) == "waiting"
    waiting.leave(studio.db, TEAM, ben.id, user_id=BEN, now=studio.now)
    assert studio.state(tom) == "offered"
    assert studio.agree()


def test_joining_where_a_place_is_free_is_an_offer(studio):
    """Nobody waits beside a free place."""
    full = Full(studio, places=2)
    assert studio.state(studio.join(TOM, class_id=full.tue)) == "offered"
    assert studio.agree()


def test_many_who_wait_cost_no_more_statements(studio):
    """Two offers or eight: the same number of statements."""
    costs = []
    for size in (2, 8):
        term = studio.term(f"Term {size}")
        weekly = studio.weekly(term, TUE, places=size, waitlist_places=50)
        card = studio.membership(term, [weekly], name=f"Card {size}")
        with studio.db.transaction() as tx:
            tx.execute(update(ClassDate).where(ClassDate.class_id == weekly).values(places=1))
        studio.buy(card, weekly, user=f"L{size}")
        for n in range(size):
            studio.join(f"W{n}", class_id=weekly)
        with studio.db.transaction() as tx:
            tx.execute(update(ClassDate).where(ClassDate.class_id == weekly).values(places=1 + size))
        with statements(studio.db) as seen, changing(studio.db, TEAM, term, now=studio.now) as held:
            assert waiting.freed(held, [one.id for one in studio.dates(weekly)]) == size
        costs.append(len(seen))
    assert costs[0] == costs[1]


# --- One date ------------------------------------------------------------------------------------------


def test_a_skipped_date_is_offered_to_who_waits_for_it(studio):
    """Lea skips a Tuesday; Tom, who has a make-up lesson, takes her place there."""
    full = Full(studio)
    full.credit(TOM)
    tom = studio.join(TOM, date_id=full.date())
    first = studio.registrations(full.lea)[0]
    studio.skip(first.id)
    assert offers(studio) == [TOM]
    with pytest.raises(Refusal, match="given to somebody else"):
        studio.undo_skip(first.id)
    done = studio.take(tom, TOM)
    made = studio.registration(done.id)
    assert (made.user_id, made.state, made.make_up) == (TOM, "registered", True)
    assert studio.credits() == ["used", "open"]
    assert studio.take(tom, TOM).said == "You have this place."
    assert studio.agree()


def test_a_date_needs_a_make_up_lesson(studio):
    """To wait for it, and to be offered it: whoever used theirs meanwhile is passed by."""
    full = Full(studio)
    with pytest.raises(CannotWait, match="needs a make-up lesson"):
        studio.join(CARA, date_id=full.date())
    for user in (TOM, BEN):
        full.credit(user)
    tom, ben = (studio.join(user, date_id=full.date()) for user in (TOM, BEN))
    toms = next(one for one in studio.all(Credit) if studio.purchase(one.purchase_id).user_id == TOM)
    skipped = studio.registration(toms.registration_id)
    studio.undo_skip(skipped.id, TOM)
    studio.skip(studio.registrations(full.lea)[0].id)
    assert (studio.state(tom), studio.state(ben)) == ("waiting", "offered")


def test_an_offer_ends_two_hours_before_the_start_and_then_everybody_is_asked(studio):
    """The first press has it, the others read that it is taken, and wait on."""
    full = Full(studio)
    for user in (TOM, BEN):
        full.credit(user)
    tom, ben = (studio.join(user, date_id=full.date()) for user in (TOM, BEN))
    studio.before(full.date(), 20)
    studio.skip(studio.registrations(full.lea)[0].id)
    assert studio.entry(tom).offer_until == studio.now + 18 * HOUR
    studio.before(full.date(), 2)
    assert studio.step(full.term)
    assert (studio.state(tom), studio.state(ben)) == ("expired", "offered")
    tom = studio.join(TOM, date_id=full.date())
    assert (studio.state(tom), studio.state(ben)) == ("offered", "offered")
    assert studio.seats_agree()
    assert studio.one(ClassDate, full.date()).taken == 0
    assert studio.take(tom, TOM).changed
    assert studio.take(ben, BEN).said == "Taken."
    assert studio.state(ben) == "waiting"
    assert studio.agree()
    studio.before(full.date(), 0)
    with pytest.raises(CannotWait):
        studio.join(CARA, date_id=full.date())


def test_nobody_is_offered_what_has_begun(studio):
    """Skipped late, an hour before: everybody is asked; once it begins, their entries end."""
    full = Full(studio)
    full.credit(TOM)
    tom = studio.join(TOM, date_id=full.date())
    studio.before(full.date(), 1)
    studio.skip(studio.registrations(full.lea)[0].id)
    assert studio.state(tom) == "offered"
    assert studio.told("classes.offer", TOM)[0].params == {"everybody": True}
    studio.before(full.date(), 0)
    assert studio.step(full.term)
    assert studio.state(tom) == "expired"
    assert studio.agree()


# --- Modes ---------------------------------------------------------------------------------------------


def setting(studio, mode):
    """[Waitlist mode]."""
    with studio.db.transaction() as tx:
        tx.execute(update(ClassSetup).values(waitlist_mode=mode))


def test_places_at_once_where_nothing_is_to_pay(studio):
    """Tom is in by the next step, and reads C4; who would have to pay is offered it."""
    setting(studio, "at_once")
    full = Full(studio)
    tom = studio.join(TOM, class_id=full.tue)
    full.frees()
    assert studio.step(full.term)
    assert studio.state(tom) == "placed"
    assert offers(studio) == []
    assert [one.recipient for one in studio.told("classes.in")] == [LEA, TOM]
    with studio.db.transaction() as tx:
        tx.execute(update(Membership).values(amount=100))
    ben = studio.join(BEN, class_id=full.tue)
    full.frees(studio.all(Purchase)[1].id)
    assert studio.state(ben) == "offered"
    assert offers(studio) == [BEN]
    assert studio.agree()


def test_the_worker_places_at_once(studio):
    """As it runs beside the web process: nobody stays between being offered a place and having it."""
    setting(studio, "at_once")
    full = Full(studio)
    tom = studio.join(TOM, class_id=full.tue)
    full.frees()
    studio.world.run()
    assert studio.state(tom) == "placed"
    assert studio.agree()


def test_a_date_is_placed_at_once_and_told(studio):
    """By a make-up lesson; whoever has two lessons in that week is offered the place instead."""
    setting(studio, "at_once")
    full = Full(studio)
    full.credit(TOM)
    full.credit(BEN, week=3)  # has a lesson in the first week
    studio.join(TOM, date_id=full.date())
    ben = studio.join(BEN, date_id=full.date(1))
    one, two = studio.registrations(full.lea)[:2]
    studio.skip(one.id)
    studio.skip(two.id)
    assert studio.step(full.term)
    assert offers(studio) == [BEN]
    assert [(one.recipient, one.params["what"]) for one in studio.told("classes.news")] == [(TOM, "placed")]
    assert studio.state(ben) == "offered"
    assert studio.agree()


def test_everybody_is_asked_where_it_is_so_set(studio):
    """For a class: the first buys it, the second reads that it is taken and waits on."""
    setting(studio, "everybody")
    full = Full(studio)
    tom, ben = (studio.join(user, class_id=full.tue) for user in (TOM, BEN))
    full.frees()
    assert offers(studio) == [TOM, BEN]
    assert studio.take(ben, BEN).changed
    assert studio.take(tom, TOM).said == "Taken."
    assert studio.state(tom) == "waiting"
    assert studio.agree()
