"""In whatever order members, staff, Stripe and the clock act: money adds up, and so do places."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from domain.billing import LETS_IN, Money
from domain.classes import HELD, LIVE, Attending, Bought
from domain.errors import Refusal, TryLater
from domain.messages import Outcome, Verdict
from domain.payments import CheckoutState
from services import classes_leaving, classes_weekly
from store.classes import ClassDate
from store.classes_sold import Enrolment, Membership, Purchase, Registration
from store.database import Database
from store.payments import Bill, Refund
from tests.builders import TEAM
from tests.buyers import Desk
from tests.classes import LEA, STAFF, THU, TOM

COPIES = []  # the database that a machine runs on
DECLINED = Outcome(Verdict.REFUSED, reason="Your card was declined.")
LOST = Outcome(Verdict.UNKNOWN, reason="The line broke.")
PLANS = (
    {},
    {"refund_rule": "prorated"},
    {"plan": "recurring", "amount": 3000, "every": 2, "unit": "week", "times": 4, "refund_rule": "prorated"},
    {"plan": "renew", "amount": 1000, "every": 1, "unit": "week", "refund_rule": "prorated"},
)
ENTERED = (Bought.ACTIVE, Bought.SUSPENDED, Bought.ENDED)


class Sales(RuleBasedStateMachine):
    """Two members who want the one place of a class, and one more class; events come when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(Database(COPIES[-1].fresh()), plays=COPIES[-1].plays, size=4)
        self.small = self.desk.weekly(self.desk.term_id, THU, places=1)
        both = (self.desk.yoga, self.small)
        self.cards = [self.desk.sold(*both, lessons=1 + n % 2, **plan) for n, plan in enumerate(PLANS)]
        self.events = []  # told or not, to be told at any time, any number of times
        self.cancelled = False

    def may_fail(self, act):
        """A press may be refused, and Stripe may be away: nothing else goes wrong."""
        try:
            return act()
        except (Refusal, TryLater):
            return None

    def checkouts(self, *states):
        """Checkouts at Stripe that stand there."""
        return [one.id for one in self.desk.stripe.checkouts.values() if one.state in states]

    def purchases(self):
        """All that was ever bought."""
        return [one.id for one in self.desk.all(Purchase)]

    def one_of(self, data):
        """Something that was bought."""
        return data.draw(st.sampled_from(self.purchases()))

    # --- Members and staff ---

    @rule(card=st.integers(0, len(PLANS) - 1), who=st.sampled_from([LEA, TOM]), small=st.booleans(),
          then=st.sampled_from(["pays", "pays", "opens", ""]))  # fmt: skip
    def buys(self, card, who, small, then):
        """[Continue], and what most do then."""
        chosen = (self.desk.yoga, self.small) if card % 2 else (self.small if small else self.desk.yoga,)
        bought = self.may_fail(lambda: self.desk.buys(self.cards[card], *chosen, who=who))
        number = self.may_fail(lambda: self.desk.open(bought)) if bought and then else None
        if number and then == "pays":
            self.events.append(self.desk.stripe.pay(number))
            self.desk.tell(self.events[-1])

    @precondition(lambda self: self.desk.all(Bill))
    @rule(data=st.data())
    def opens(self, data):
        """[Pay] of any bill there ever was."""
        bill = data.draw(st.sampled_from([one.purchase_id for one in self.desk.all(Bill)]))
        self.may_fail(lambda: self.desk.open(bill))

    @precondition(lambda self: self.purchases())
    @rule(data=st.data(), by=st.sampled_from([LEA, TOM, STAFF]), sure=st.sampled_from([False, False, True]))
    def leaves(self, data, by, sure):
        """[Leave] or [Cancel]."""
        if not sure:
            return
        one = self.one_of(data)
        self.may_fail(lambda: self.desk.leave(one, by=by))

    @precondition(lambda self: self.purchases())
    @rule(data=st.data())
    def marks(self, data):
        """[Mark as Paid]."""
        one = self.one_of(data)
        self.may_fail(lambda: self.desk.mark(one))

    @precondition(lambda self: self.purchases())
    @rule(data=st.data())
    def refunds(self, data):
        """[Refund]."""
        one = self.one_of(data)
        self.may_fail(lambda: self.desk.refund(one))

    @precondition(lambda self: self.purchases())
    @rule(data=st.data())
    def stops(self, data):
        """[Stop Renewal]."""
        one = self.one_of(data)
        now = self.desk.now
        self.may_fail(lambda: classes_leaving.stop_renewal(self.desk.deps, one, by=STAFF, now=now))

    @precondition(lambda self: not self.cancelled)
    @rule(sure=st.sampled_from([False, False, True]))
    def cancels_the_class(self, sure):
        """[Cancel Class]."""
        if sure:
            self.cancelled = True
            classes_weekly.cancel_class(self.desk.db, TEAM, self.small, by=STAFF, now=self.desk.now)

    # --- Stripe ---

    @precondition(lambda self: self.checkouts(CheckoutState.OPEN, CheckoutState.PROCESSING))
    @rule(wrong=st.sampled_from([0, 0, 0, -100]), data=st.data(), told=st.booleans())
    def pays(self, wrong, data, told):
        """Money arrives at Stripe; perhaps we are told."""
        one = data.draw(st.sampled_from(self.checkouts(CheckoutState.OPEN, CheckoutState.PROCESSING)))
        amount = self.desk.stripe.checkouts[one].amount + wrong
        self.events.append(self.desk.stripe.pay(one, amount=amount))
        if told:
            self.desk.tell(self.events[-1])

    @precondition(lambda self: self.checkouts(CheckoutState.OPEN, CheckoutState.EXPIRED))
    @rule(data=st.data())
    def pays_what_was_over(self, data):
        """Money for a Checkout that Stripe called expired before: late, or a second time."""
        one = data.draw(st.sampled_from(self.checkouts(CheckoutState.OPEN, CheckoutState.EXPIRED)))
        self.events.append(self.desk.stripe.pay(one))

    @precondition(lambda self: self.checkouts(CheckoutState.OPEN, CheckoutState.PROCESSING))
    @rule(data=st.data())
    def takes_days_or_fails(self, data):
        """Money is on its way, does not come, or the time of the page is over."""
        one = data.draw(st.sampled_from(self.checkouts(CheckoutState.OPEN, CheckoutState.PROCESSING)))
        is_open = self.desk.stripe.checkouts[one].state is CheckoutState.OPEN
        deed = data.draw(st.sampled_from(["process", "lapse"] if is_open else ["fail"]))
        self.events.append(getattr(self.desk.stripe, deed)(one))

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def tells(self, data):
        """An event, an old one perhaps, or one that was told before."""
        self.desk.tell(data.draw(st.sampled_from(self.events)))

    @rule(away=st.sampled_from([False, False, True]))
    def goes_away(self, away):
        """Stripe is away, or back."""
        self.desk.stripe.away = away

    # --- Time ---

    @rule(hours=st.sampled_from([0.4, 1, 24 * 4]))
    def time_passes(self, hours):
        """What is due happens."""
        self.desk.later(hours=hours)

    @precondition(lambda self: any(one.pay_at for one in self.desk.all(Purchase)))
    @rule(fates=st.lists(st.sampled_from([DECLINED, DECLINED, LOST]), max_size=3))
    def payments_fall_due(self, fates):
        """Until the next one, and a week more: cards are charged, or declined, or nobody knows."""
        self.desk.stripe.charge_outcomes.extend(fates)
        soonest = min(one.pay_at for one in self.desk.all(Purchase) if one.pay_at)
        self.desk.until(soonest + timedelta(days=7, hours=1))
        self.desk.stripe.charge_outcomes.clear()

    # --- What is always so ---

    @invariant()
    def seats_are_registrations(self):
        """Each date counts those who are there, never more than it has; sales are purchases."""
        assert self.desk.seats_agree()
        with self.desk.db.reading() as tx:
            for row in tx.scalars(select(Membership)):
                counted = select(func.count()).where(Purchase.membership_id == row.id, Purchase.counted)
                assert tx.scalar(counted) == row.sold

    @invariant()
    def registrations_follow_their_purchase(self):
        """Held while it is held, on hold while it is, registered ahead of it only while it is active."""
        with self.desk.db.reading() as tx:
            rows = tx.execute(
                select(Purchase.id, Purchase.state, Registration.state, ClassDate.starts_at)
                .join(Enrolment, Enrolment.purchase_id == Purchase.id)
                .join(Registration, Registration.enrolment_id == Enrolment.id)
                .join(ClassDate, ClassDate.id == Registration.date_id)
            ).all()
            held = {one.value for one in HELD}
        for bought, state, seat, starts_at in rows:
            ahead = starts_at > self.desk.now
            assert (seat == Attending.HELD) <= (state in held), (bought, state)
            assert (seat == Attending.ON_HOLD and ahead) <= (state == Bought.SUSPENDED), (bought, state)
            assert (seat == Attending.REGISTERED and ahead) <= (state == Bought.ACTIVE), (bought, state)

    @invariant()
    def who_is_in_has_paid(self):
        """The first payment was made, at Stripe or at the desk, or went back since."""
        for one in self.desk.all(Purchase):
            if one.state not in ENTERED:
                continue
            first = self.desk.bill(one.id, 0)
            # what was paid at the desk stays so while money that came beside it goes back
            assert first.waived_by or first.state in (*LETS_IN, Money.REFUNDED), (one.state, first.state)

    @invariant()
    def money_is_kept_or_on_its_way_back(self):
        """Nothing goes back twice, and what is on no bill goes back whole."""
        given, taken = self._given(), self._taken()
        assert all(given[intent] <= taken[intent] for intent in given)
        counts = {one.intent: one for one in self.desk.all(Bill) if one.intent}
        asked = Counter()
        for back in self.desk.all(Refund, Refund.intent != ""):  # those without were made at the desk
            asked[back.intent] += back.amount if back.state != "dropped" else 0
        for intent, amount in asked.items():
            assert intent in counts or amount == taken[intent]
        for intent, bill in counts.items():
            assert bill.paid == taken[intent] == bill.amount
            assert bill.refunded + bill.refunding == asked[intent] <= bill.paid
            assert bill.refunded == given[intent] or bill.refunding

    def _given(self):
        given = Counter()
        for back in self.desk.stripe.refunds:
            given[back.intent] += back.amount
        return given

    def _taken(self):
        stripe = self.desk.stripe
        taken = Counter({
            one.intent: one.amount for one in stripe.checkouts.values() if one.state is CheckoutState.PAID
        })  # fmt: skip
        for one in stripe.charges:
            taken[stripe._charged[one.key].ts] = one.amount
        return taken

    def teardown(self):
        """In the end all is told and sent: each payment is on a bill, or went back whole."""
        self.desk.stripe.away = False
        for _ in range(3):
            for event in self.events:
                self.desk.tell(event)
            self.desk.later(minutes=20)
        given, taken = self._given(), self._taken()
        bills = {one.intent: one for one in self.desk.all(Bill) if one.intent}
        for intent, amount in taken.items():
            bill = bills.get(intent)
            kept = bill.paid - bill.refunded if bill is not None else 0
            assert amount - given[intent] == kept, (intent, bill and bill.state)
        for one in self.desk.all(Purchase):
            money = self.desk.money(one.id)
            if one.state in (Bought.EXPIRED, Bought.REJECTED):
                assert money.kept == 0, one.state
            if one.state == Bought.PAID_UNALLOCATED:
                assert money.kept == one.amount
            assert (one.next_at is None) <= (one.state not in LIVE or one.state == Bought.PAID_UNALLOCATED)
        self.seats_are_registrations()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_money_and_seats_agree_in_any_order(kind, request):
    """At every step what was paid is kept or goes back, and seats are what registrations say."""
    COPIES.append(request.getfixturevalue(f"{kind}_copies"))
    examples, steps = (10, 25) if kind == "sqlite" else (3, 20)
    try:
        run_state_machine_as_test(
            Sales, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
        )
    finally:
        COPIES.pop()
