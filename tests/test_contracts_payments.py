"""Stripe and its twin: the same facts hold for both; then what the real adapter alone has to bear."""

import hashlib
import hmac
import json
import queue
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.messages import Verdict
from domain.payments import Charge, CheckoutState, Order
from sandbox.client import Workspace, launch
from services.outside import ForgedEvent, NoPayments, PriceRefused
from store.database import Database, NetworkInsideTransaction
from tests.conftest import Copies
from tests.stripe_bank import DECLINED, Bank, StandIn, Told, TwinBank, event_of, inbox

NOBODYS = Charge(8, "charge-8-1", 2500, "USD", "Coaching", "cus_1", "pm_1", "o")
Inbox = tuple[str, "queue.Queue[Told]"]


def an_order(now: datetime, **changes: object) -> Order:
    """A bill of 40.00 USD."""
    order = Order(
        bill_id=7, key="bill-7-1", amount=4000, currency="USD", service="Coaching",
        until=now + timedelta(hours=2), back_url="https://sessions.example.com/pay/t",
        email="joey@example.com", locale="fr-FR",
    )  # fmt: skip
    return replace(order, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def door() -> Iterator[Inbox]:
    """Where webhooks of this module come in."""
    with inbox() as found:
        yield found


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    """A local workspace for this module, for its stand-in for Stripe."""
    with launch() as ws:
        yield ws


@pytest.fixture
def stand_in(workspace: Workspace, door: Inbox) -> StandIn:
    """The stand-in, new."""
    workspace.reset()
    workspace.settings(stripe_webhook=door[0])
    while not door[1].empty():
        door[1].get_nowait()
    return StandIn(workspace, lambda: datetime.fromtimestamp(workspace.clock.now(), UTC), door[1])  # type: ignore[arg-type]


@pytest.fixture(params=["twin", "real"])
def bank(request: pytest.FixtureRequest) -> Bank:
    """Both kinds, one after the other."""
    return TwinBank() if request.param == "twin" else request.getfixturevalue("stand_in")


@pytest.fixture
def order(bank: Bank) -> Order:
    """A bill, at the time of its bank."""
    real = isinstance(bank, StandIn)
    return an_order(datetime.fromtimestamp(bank.ws.clock.now(), UTC) if real else datetime.now(UTC))


# --- What holds for both -------------------------------------------------------------------------------


def test_a_checkout_is_what_was_ordered_and_one_for_each_key(bank: Bank, order: Order) -> None:
    """Amount, currency and bill are the order's; a repetition finds it, another key makes another."""
    made = bank.payments.open(order)

    assert (made.state, made.amount, made.currency, made.bill_id) == (CheckoutState.OPEN, 4000, "USD", 7)
    assert made.url.startswith("http")
    assert made.until is not None
    assert abs(made.until - order.until) < timedelta(seconds=1)
    assert bank.payments.open(order) == bank.payments.look(made.id) == made
    assert bank.payments.open(replace(order, key="bill-7-2")).id != made.id


def test_a_price_that_stripe_does_not_take_is_refused_with_its_reason(bank: Bank, order: Order) -> None:
    """The smallest amount differs by currency."""
    for amount, currency in ((49, "USD"), (29, "GBP"), (49, "JPY")):
        with pytest.raises(PriceRefused, match="must be at least"):
            bank.payments.open(replace(order, amount=amount, currency=currency, key=currency))
    assert bank.payments.open(replace(order, amount=50, currency="JPY")).currency == "JPY"


def test_what_was_paid_is_seen_and_told_alike(bank: Bank, order: Order) -> None:
    """The look and the webhook agree, also where the amount differs."""
    for n, amount in ((1, None), (2, 3900)):
        made = bank.payments.open(replace(order, key=f"k{n}"))
        told = event_of(bank.payments, bank.pay(made.id, amount=amount))
        seen = bank.payments.look(made.id)

        assert (told.what, told.checkout) == ("checkout", replace(seen, url=told.checkout.url))  # type: ignore[union-attr]
        assert (seen.state, seen.amount, seen.bill_id) == (CheckoutState.PAID, amount or 4000, 7)
        assert seen.intent == told.intent != ""


def test_money_on_its_way_arrives_or_fails(bank: Bank, order: Order) -> None:
    """Processing first, then paid or failed; the look tells it as well as the webhook."""
    for n, end, then in ((1, bank.arrive, CheckoutState.PAID), (2, bank.fail, CheckoutState.FAILED)):
        made = bank.payments.open(replace(order, key=f"k{n}"))
        told = event_of(bank.payments, bank.process(made.id))
        assert told.checkout is not None
        assert told.checkout.state is CheckoutState.PROCESSING
        assert bank.payments.look(made.id).state is CheckoutState.PROCESSING

        told = event_of(bank.payments, end(made.id))
        assert told.checkout is not None
        assert told.checkout.state is bank.payments.look(made.id).state is then


def test_expiring_never_beats_money(bank: Bank, order: Order) -> None:
    """An open one is closed, twice if need be; a paid one stays paid."""
    made = bank.payments.open(order)
    assert bank.payments.expire(made.id).state is CheckoutState.EXPIRED
    assert bank.payments.expire(made.id).state is CheckoutState.EXPIRED

    other = bank.payments.open(replace(order, key="other"))
    bank.pay(other.id)
    assert bank.payments.expire(other.id).state is CheckoutState.PAID


def test_the_end_of_a_checkout_is_told(bank: Bank, order: Order) -> None:
    """Its time is over: the webhook and the look say so."""
    made = bank.payments.open(order)
    told = event_of(bank.payments, bank.expired(made.id))

    assert told.checkout is not None
    assert told.checkout.state is bank.payments.look(made.id).state is CheckoutState.EXPIRED


def test_money_goes_back_once_for_each_key(bank: Bank, order: Order) -> None:
    """A repetition gives back nothing more; all gone counts as sent; more than is left is refused."""
    made = bank.payments.open(order)
    intent = event_of(bank.payments, bank.pay(made.id)).intent

    first = bank.payments.refund(intent, 1000, "refund-1")
    assert first.verdict is Verdict.SENT
    assert first.ts
    told = event_of(bank.payments, bank.refunded(intent))
    assert (told.what, told.intent, told.refunded) == ("refunded", intent, 1000)
    assert bank.payments.refund(intent, 1000, "refund-1") == first
    assert bank.payments.refund(intent, 3001, "refund-2").verdict is Verdict.REFUSED
    assert bank.payments.refund(intent, 3000, "refund-3").verdict is Verdict.SENT
    assert event_of(bank.payments, bank.refunded(intent)).refunded == 4000
    assert bank.payments.refund(intent, 4000, "refund-4").verdict is Verdict.SENT  # there is nothing left


def test_disputes_are_told_from_their_beginning_to_their_end(bank: Bank, order: Order) -> None:
    """Whether the money stayed stands in the end."""
    for n, won in ((1, True), (2, False)):
        made = bank.payments.open(replace(order, key=f"k{n}"))
        intent = event_of(bank.payments, bank.pay(made.id)).intent
        begun = event_of(bank.payments, bank.dispute(intent))
        ended = event_of(bank.payments, bank.settle(intent, won=won))

        assert (begun.what, begun.intent) == ("disputed", intent)
        assert (ended.what, ended.intent, ended.won) == ("settled", intent, won)
        assert begun.id != ended.id


def a_kept_card(bank: Bank, order: Order) -> Charge:
    """A charge of 25.00 USD to the card with which *order* was paid."""
    made = bank.payments.open(replace(order, keep=True, key="kept"))
    bank.pay(made.id)
    seen = bank.payments.look(made.id)
    return Charge(8, "charge-8-1", 2500, "USD", "Coaching", seen.customer, seen.card, "o")


def test_a_card_is_kept_only_where_that_was_ordered(bank: Bank, order: Order) -> None:
    """A look names customer and card, an event the customer; without the order neither is named."""
    made = bank.payments.open(replace(order, keep=True))
    told = event_of(bank.payments, bank.pay(made.id)).checkout
    seen = bank.payments.look(made.id)

    assert told is not None
    assert (told.customer, told.card) == (seen.customer, "")
    assert seen.customer
    assert seen.card
    other = bank.payments.open(replace(order, key="other"))
    bank.pay(other.id)
    assert (bank.payments.look(other.id).customer, bank.payments.look(other.id).card) == ("", "")


def test_a_kept_card_is_charged_once_for_each_key(bank: Bank, order: Order) -> None:
    """A repetition finds the payment, as a look does; what was charged can be given back."""
    asked = a_kept_card(bank, order)
    assert bank.payments.charge(asked, only_look=True).verdict is Verdict.REFUSED
    assert bank.charged() == []
    done = bank.payments.charge(asked)

    assert done.verdict is Verdict.SENT
    assert done.ts
    assert bank.payments.charge(asked) == bank.payments.charge(asked, only_look=True) == done
    assert bank.charged() == [2500]
    assert bank.payments.charge(replace(asked, key="charge-8-2")).ts != done.ts
    assert bank.payments.refund(done.ts, 2500, "r").verdict is Verdict.SENT


@pytest.mark.parametrize("how", ["declined", "authentication"])
def test_a_bank_that_says_no_is_believed(bank: Bank, order: Order, how: str) -> None:
    """The reason is the bank's; the same key is refused again, also when the card works; another is not."""
    asked = a_kept_card(bank, order)
    bank.cards(how)
    refused = bank.payments.charge(asked)

    assert (refused.verdict, refused.reason) == (Verdict.REFUSED, DECLINED[how])
    bank.cards("work")
    assert bank.payments.charge(asked) == refused
    assert bank.charged() == []
    assert bank.payments.charge(replace(asked, key="charge-8-2")).verdict is Verdict.SENT


def test_a_card_of_nobody_is_not_charged(bank: Bank, order: Order) -> None:
    """Another customer's card, and one that is not there any more."""
    asked = a_kept_card(bank, order)
    for number, wrong in enumerate((replace(asked, card="pm_1"), replace(asked, customer="cus_1"))):
        done = bank.payments.charge(replace(wrong, key=f"wrong-{number}"))
        assert (done.verdict, bool(done.reason)) == (Verdict.REFUSED, True)
    assert bank.charged() == []


def test_forged_events_are_refused(bank: Bank, order: Order) -> None:
    """No signature, another one, or one that cannot be one."""
    made = bank.payments.open(order)
    body, _signature = bank.pay(made.id)

    for signature in (
        "",
        "t=1,v1=00",
        f"t={int(time.time())},v1={'0' * 64}",
        "t=é,v1=é",
        f"t={int(time.time())},v1=é",
    ):
        with pytest.raises(ForgedEvent):
            bank.payments.event(body, signature)


def test_without_stripe_nothing_happens(bank: Bank, order: Order) -> None:
    """Opening, looking and expiring say so; of a refund it is not known."""
    made = bank.payments.open(order)
    bank.pay(made.id)
    bank.go_away()

    for ask in (
        lambda: bank.payments.open(replace(order, key="new")),
        lambda: bank.payments.look(made.id),
        lambda: bank.payments.expire(made.id),
    ):
        with pytest.raises(NoPayments):
            ask()
    assert bank.payments.refund("pi_1", 100, "r").verdict is Verdict.UNKNOWN
    assert bank.payments.charge(NOBODYS).verdict is Verdict.UNKNOWN


def test_stripe_is_never_asked_inside_a_transaction(bank: Bank, order: Order, sqlite_copies: Copies) -> None:
    """A lock is not held while somebody far away thinks."""
    db = Database(sqlite_copies.fresh())
    with db.transaction():
        for ask in (
            lambda: bank.payments.open(order),
            lambda: bank.payments.look("cs_1"),
            lambda: bank.payments.expire("cs_1"),
            lambda: bank.payments.refund("pi_1", 100, "r"),
            lambda: bank.payments.charge(NOBODYS),
        ):
            with pytest.raises(NetworkInsideTransaction):
                ask()


# --- What the real adapter alone has to bear -----------------------------------------------------------


def signed(body: bytes, secret: str, *, age: int = 0) -> str:
    """A header as Stripe makes it."""
    at = int(time.time()) - age
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def the_order(stand_in: StandIn) -> Order:
    """A bill at the workspace's time."""
    return an_order(datetime.fromtimestamp(stand_in.ws.clock.now(), UTC))


def test_two_secrets_hold_while_one_is_replaced(stand_in: StandIn) -> None:
    """Either signs; an old signature, a third secret and a changed body do not."""
    both = StandIn(
        stand_in.ws, stand_in.payments.clock, stand_in.inbox, STRIPE_WEBHOOK_SECRET="whsec_new,whsec_old"
    )  # type: ignore[attr-defined]
    body = json.dumps(an_event("charge.refunded", {"payment_intent": "pi_1", "amount_refunded": 5})).encode()

    for secret in ("whsec_new", "whsec_old"):
        assert event_of(both.payments, (body, signed(body, secret, age=290))).refunded == 5
    for wrong, signature in (
        (body, signed(body, "whsec_third")),
        (body, signed(body, "whsec_new", age=310)),
        (body.replace(b"5", b"6"), signed(body, "whsec_new")),
        (b"\xff" + body, signed(body, "whsec_new")),
    ):
        with pytest.raises(ForgedEvent):
            both.payments.event(wrong, signature)


def an_event(kind: str, subject: dict[str, object], **more: object) -> dict[str, object]:
    """An event as Stripe writes it."""
    return {"id": "evt_1", "object": "event", "type": kind, "data": {"object": subject}, **more}


def test_what_is_not_ours_says_nothing(stand_in: StandIn) -> None:
    """Other kinds, other accounts, other products of the same account, and thin events."""
    checkout = {"object": "checkout.session", "id": "cs_1", "status": "complete", "payment_status": "paid"}
    for told in (
        an_event("payment_intent.succeeded", {"id": "pi_1"}),
        an_event("checkout.session.completed", checkout),  # no bill of ours in it
        an_event("checkout.session.completed", checkout | {"metadata": {"bill_id": "x"}}),
        an_event("charge.refunded", {"payment_intent": "pi_1", "amount_refunded": 5}, account="acct_other"),
        {"id": "evt_1", "object": "v2.core.event", "type": "v2.core.account.updated"},
    ):
        body = json.dumps(told).encode()
        assert stand_in.payments.event(body, signed(body, "whsec_local")) is None


def test_an_answer_that_was_lost_makes_no_second_checkout(stand_in: StandIn) -> None:
    """The same key finds what was made; where the time moved on another one is made, and both are ours."""
    order = the_order(stand_in)
    stand_in.ws.faults([{"match": {"method": "stripe.checkout.create"}, "times": 1, "do": "drop_after"}])
    with pytest.raises(NoPayments):
        stand_in.payments.open(order)
    made = stand_in.payments.open(order)
    assert [one["id"] for one in stand_in.guests.checkouts()] == [made.id]

    later = stand_in.payments.open(replace(order, until=order.until + timedelta(minutes=1)))
    assert later.id != made.id
    assert later.bill_id == made.bill_id


def test_a_failure_that_stripe_repeats_is_left_behind(stand_in: StandIn) -> None:
    """Stripe answers a key that failed with the same failure for a day: another key is used, once."""
    order = the_order(stand_in)
    broken = {"times": 1, "do": {"status_after": 500}}
    stand_in.ws.faults(
        [{"match": {"method": f"stripe.{what}.create"}} | broken for what in ("checkout", "refunds")]
    )
    with pytest.raises(NoPayments):
        stand_in.payments.open(order)
    made = stand_in.payments.open(order)
    intent = event_of(stand_in.payments, stand_in.pay(made.id)).intent

    assert stand_in.payments.refund(intent, 1000, "r").verdict is Verdict.UNKNOWN
    assert stand_in.payments.refund(intent, 1000, "r").verdict is Verdict.SENT
    assert [one["amount"] for one in stand_in.guests.refunds()] == [1000]


def test_money_goes_back_once_even_after_stripe_forgot_the_key(stand_in: StandIn) -> None:
    """A worker that was away for two days asks again, and nothing more is given back."""
    made = stand_in.payments.open(the_order(stand_in))
    intent = event_of(stand_in.payments, stand_in.pay(made.id)).intent
    stand_in.ws.faults([{"match": {"method": "stripe.refunds.create"}, "times": 1, "do": "drop_after"}])
    assert stand_in.payments.refund(intent, 1000, "r").verdict is Verdict.UNKNOWN
    stand_in.ws.clock.advance(2 * 86_400)

    assert stand_in.payments.refund(intent, 1000, "r").verdict is Verdict.SENT
    assert [one["amount"] for one in stand_in.guests.refunds()] == [1000]


def test_a_card_is_charged_once_whatever_gets_lost(stand_in: StandIn) -> None:
    """A lost answer is found, also after Stripe forgot the key; one that failed for a day is left."""
    asked = a_kept_card(stand_in, the_order(stand_in))
    method = {"match": {"method": "stripe.payment_intents.create"}, "times": 1}
    for number, how in enumerate(("drop_after", {"status_after": 500})):
        one = replace(asked, key=f"lost-{number}")
        stand_in.ws.faults([method | {"do": how}])
        assert stand_in.payments.charge(one).verdict is Verdict.UNKNOWN
        if not number:
            stand_in.ws.clock.advance(2 * 86_400)
        assert stand_in.payments.charge(one).verdict is Verdict.SENT
        assert stand_in.charged() == [2500] * (number + 1)
    stand_in.ws.faults([method | {"do": {"status": 500}}])
    other = replace(asked, key="not-done")
    assert stand_in.payments.charge(other).verdict is Verdict.UNKNOWN
    assert stand_in.payments.charge(other).verdict is Verdict.SENT
    assert stand_in.charged() == [2500] * 3


def test_while_stripe_is_away_no_card_is_charged(stand_in: StandIn) -> None:
    """Nobody knows; once it is back, the same key charges."""
    asked = a_kept_card(stand_in, the_order(stand_in))
    stand_in.cards("away")
    assert stand_in.payments.charge(asked).verdict is Verdict.UNKNOWN
    stand_in.cards("work")
    assert stand_in.payments.charge(asked).verdict is Verdict.SENT
    assert stand_in.charged() == [2500]


def test_throttled_money_comes_later(stand_in: StandIn) -> None:
    """It is surely not done."""
    stand_in.ws.faults([{"match": {"method": "stripe.refunds.*"}, "do": "rate_limited"}])
    assert stand_in.payments.refund("pi_1", 100, "r").verdict is Verdict.LATER


def test_the_checkout_lives_as_long_as_stripe_lets_it(stand_in: StandIn) -> None:
    """At least 31 minutes, at most 23 hours, whatever is left until the session's end."""
    order = the_order(stand_in)
    now = datetime.fromtimestamp(stand_in.ws.clock.now(), UTC)
    for n, (asked, kept) in enumerate(((-60, 31), (10, 31), (60, 60), (3_000, 23 * 60))):
        made = stand_in.payments.open(replace(order, key=f"k{n}", until=now + timedelta(minutes=asked)))
        assert made.until is not None
        assert abs(made.until - now - timedelta(minutes=kept)) < timedelta(seconds=20)


def test_what_stripe_dislikes_beside_the_price_does_not_stop_the_payer(stand_in: StandIn) -> None:
    """An address that it does not take is left out, an unknown language too; what is odd is told."""
    order = the_order(stand_in)
    for n, (email, locale) in enumerate(
        (("jö@exämple.com", "fr"), ("", "xx-YY"), ("a@example.com", "pt_BR"))
    ):
        stand_in.payments.open(replace(order, key=f"k{n}", email=email, locale=locale))
    told = [(one["customer_email"], one["locale"]) for one in stand_in.guests.checkouts()]

    assert told == [(None, "fr"), (None, None), ("a@example.com", "pt-BR")]
    with pytest.raises(NoPayments):
        stand_in.payments.open(replace(order, key="odd", back_url="no address"))
    with pytest.raises(PriceRefused, match="steps of 10"):
        stand_in.payments.open(replace(order, key="kwd", amount=1235, currency="KWD"))
    with pytest.raises(NoPayments):
        stand_in.payments.look("cs_of_another_account")
