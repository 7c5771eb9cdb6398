"""Cards that Stripe keeps: charged once for each try, and never beside the money that came by the link."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from domain.billing import Amount, Money
from domain.hosted import Stage
from domain.messages import Kind, Outcome, Verdict
from services import billed, charges, hosted_payable
from services.hosted_payable import HostedPayable
from services.payables import Late
from store.outbox import Outbox
from store.payments import Bill
from tests.builders import TEAM, World
from tests.payers import till_of

DECLINED = Outcome(Verdict.REFUSED, reason="Your card has insufficient funds.")
LOST = Outcome(Verdict.UNKNOWN, reason="no answer")


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


@dataclass(frozen=True)
class Patron(HostedPayable):
    """Somebody whose card is kept, and whose late money counts while they are part of a session."""

    failures: ClassVar[list[tuple[int, str]]] = []

    @property
    def keeps_card(self):
        return True

    def late(self, account, intent, got):
        assert got == Amount(4000, "USD")
        return Late.COUNTS if self.held.session.state != Stage.CANCELLED else Late.BACK

    def charge_failed(self, account, why):
        self.failures.append((account.bill.id, why))


@pytest.fixture
def patrons(till, monkeypatch):
    """All who pay are patrons."""

    def opener(*about, **how):
        found = hosted_payable.open_of(*about, **how)
        return found and Patron(found.held, found.one)

    monkeypatch.setitem(billed.OPENERS, "participant_id", opener)
    monkeypatch.setattr(Patron, "failures", [])
    return till


def with_card(till, one=None):
    """A payer whose bill is due, and whose card Stripe keeps."""
    one = one or till.payer()
    till.world.drain()
    till.stripe.cards.add(("cus_1", "pm_1"))
    with till.world.db.transaction() as tx:
        bill = tx.get_one(Bill, till.bill(one).id)
        bill.customer, bill.card = "cus_1", "pm_1"
    return one


def charge(till, one):
    """Owe a try; whether there is one."""
    with till.world.db.transaction() as tx:
        return charges.charge(billed.opened(tx, till.world.db, TEAM, till.bill(one).id, now=till.now))


def tries(till):
    """How the tries that were owed stand."""
    with till.world.db.reading() as tx:
        return [row.state for row in tx.query(Outbox).filter_by(kind=Kind.PAYMENT_CHARGE).order_by(Outbox.id)]


def again(till):
    """Let what waits for another attempt be due."""
    with till.world.db.transaction() as tx:
        tx.query(Outbox).filter_by(state="pending").update({"due_at": till.world.db.instant(tx)})
    till.world.drain()


def test_a_kept_card_pays_a_bill(till):
    """Charged once, with what tells whose it is; paid as if by the link."""
    one = with_card(till)
    assert charge(till, one)
    assert not charge(till, one)  # it is not decided yet
    till.world.drain()

    bill = till.bill(one)
    (done,) = till.stripe.charges
    asked = (done.bill_id, done.amount, done.currency, done.service, done.customer, done.card)
    assert asked == (bill.id, 4000, "USD", "Massage", "cus_1", "pm_1")
    assert len(done.owner) == 32
    assert (bill.state, bill.paid, bill.intent[:3], bill.tries) == (Money.PAID, 4000, "pi_", 1)
    assert till.news(one) == ["paid"]
    assert not charge(till, one)
    assert till.refund(one).changed
    till.world.drain()
    assert till.state(one) is Money.REFUNDED


def test_a_declined_card_leaves_the_link_and_the_next_try(patrons):
    """The reason is told once, the bill says it, and another try or the link pays."""
    till = patrons
    one = with_card(till)
    till.stripe.charge_outcomes = [DECLINED]
    assert charge(till, one)
    till.world.drain()

    bill = till.bill(one)
    assert (bill.state, bill.trouble) == (Money.FAILED, DECLINED.reason)
    assert Patron.failures == [(bill.id, DECLINED.reason)]
    assert charge(till, one)
    till.world.drain()
    assert (till.state(one), till.bill(one).trouble, tries(till)) == (Money.PAID, "", ["dead", "sent"])
    assert len({done.key for done in till.stripe.charges}) == 1

    other = with_card(till)
    till.stripe.charge_outcomes = [DECLINED]
    charge(till, other)
    till.world.drain()
    till.paid(other)
    assert till.state(other) is Money.PAID


def test_who_pays_by_the_link_first_is_not_charged(till):
    """A try that has not begun is not wanted any more."""
    one = with_card(till)
    charge(till, one)
    till.paid(one)
    till.world.drain()

    assert till.stripe.charges == []
    assert tries(till) == ["skipped"]
    assert till.state(one) is Money.PAID


def test_a_checkout_that_is_open_is_closed_once_the_card_has_paid(till):
    """Nobody is led to pay again, also not from a tab that was open before."""
    one = with_card(till)
    till.open(one)
    charge(till, one)
    till.world.drain()

    assert till.state(one) is Money.PAID
    assert till.stripe.open_ones() == []


def test_who_is_charged_and_pays_by_the_link_gets_one_back(till):
    """Whichever is first counts; the other goes back whole."""
    one = with_card(till)
    event = till.pays(one)  # nobody has told yet
    charge(till, one)
    till.world.drain()
    assert till.state(one) is Money.PAID
    assert till.tell(event)
    till.world.drain()

    assert till.refunds(one) == [("twice", 4000, "done")]
    assert [back.intent for back in till.stripe.refunds] == [event.intent]


@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_is_looked_for_even_where_the_link_was_faster(till, done):
    """A card that was charged gets its money back; one that was not is not charged any more."""
    one = with_card(till)
    till.stripe.charge_outcomes = [LOST] if done else []
    till.stripe.away = not done
    charge(till, one)
    till.world.drain()
    assert (till.state(one), tries(till)) == (Money.REQUIRED, ["pending"])

    till.stripe.away = False
    till.paid(one)
    again(till)
    again(till)
    assert till.state(one) is Money.PAID
    assert len(till.stripe.charges) == done
    assert till.refunds(one) == ([("twice", 4000, "done")] if done else [])
    assert tries(till) == (["sent"] if done else ["dead"])


def test_a_lost_answer_is_found_and_pays(till):
    """Asked again with the same key, nothing more is charged."""
    one = with_card(till)
    till.stripe.charge_outcomes = [LOST]
    charge(till, one)
    till.world.drain()
    assert not charge(till, one)
    again(till)

    assert till.state(one) is Money.PAID
    assert len(till.stripe.charges) == 1


def test_what_is_not_to_be_is_not_charged(till):
    """A session that is cancelled, before the try is owed or after."""
    one, other = with_card(till), with_card(till)
    assert charge(till, other)
    till.cancel(one)
    till.cancel(other)
    assert not charge(till, one)
    till.world.drain()

    assert till.stripe.charges == []
    assert tries(till) == ["skipped"]


def test_without_a_card_nothing_is_owed(till):
    """Nobody is charged whose card is not kept."""
    assert not charge(till, till.payer())
    assert tries(till) == []


def test_keys_of_tries_differ_with_whatever_is_asked(till):
    """Another try, another bill and another price have keys of their own."""
    one, other = with_card(till), with_card(till)
    till.stripe.charge_outcomes = [DECLINED]
    for _ in range(2):
        charge(till, one)
        till.world.drain()
    charge(till, other)
    till.world.drain()

    keys = [what for method, what in till.stripe.calls if method == "charge"]
    assert len(keys) == len(set(keys)) == 3


@pytest.mark.parametrize("told", ["event", "look"])
def test_a_checkout_keeps_the_card_where_it_is_wanted(patrons, told):
    """The event names no card, so Stripe is asked for it, once."""
    till = patrons
    one = till.payer()
    event = till.pays(one)
    if told == "event":
        assert till.tell(event)
        assert (till.state(one), till.bill(one).card) == (Money.PAID, "")
        assert till.due_now() == 1
    else:
        assert till.poll(one)

    bill = till.bill(one)
    assert (bill.state, bill.poll_at) == (Money.PAID, None)
    assert {(bill.customer, bill.card)} == till.stripe.cards
    assert till.news(one) == ["paid"]


def test_a_card_is_not_kept_for_a_session(till):
    """Who pays once is not asked to leave their card."""
    one = till.payer()
    till.paid(one)

    assert till.stripe.cards == set()
    assert (till.bill(one).customer, till.bill(one).card, till.bill(one).poll_at) == ("", "", None)


def test_late_money_may_count_after_all(patrons):
    """Whatever it is for says so: the bill is paid, and nothing goes back."""
    till = patrons
    one = till.payer()
    event = till.pays(one)
    till.answer(one, False)
    assert till.tell(event)

    assert till.state(one) is Money.PAID
    assert till.refunds(one) == []
    assert till.news(one) == ["paid"]
    till.cancel(one)
    assert till.refunds(one) == [("cancelled", 4000, "asked")]
