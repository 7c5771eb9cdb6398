"""The pay page as a browser sees it, and the door for what Stripe tells."""

import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.config import Settings
from bot.payments import StripePayments
from domain.billing import Fee, Money
from store.core import Audit, Inbox
from tests.builders import World
from tests.fake_payments import SIGNED
from tests.guests import words
from tests.payers import RULE, Till, till_of

HOOK = "/stripe/webhook"
SECRET = "whsec_of_the_tests"


@pytest.fixture
def till(world: World) -> Till:
    """A till, two days before the session."""
    found = till_of(world)
    found.at(hours=48)
    return found


def hook(till: Till, body: bytes, signature: str = SIGNED, kind: str = "application/json") -> Any:
    """What Stripe sends."""
    headers = {"Stripe-Signature": signature} if signature else {}
    return till.client.post(HOOK, data=body, headers=headers, content_type=kind)


def audited(till: Till) -> list[Audit]:
    """The refusals in the audit log."""
    with till.world.db.reading() as tx:
        return list(tx.scalars(select(Audit).where(Audit.action == "payment.event_refused")))


def kept(till: Till) -> int:
    """How many events were kept."""
    with till.world.db.reading() as tx:
        mine = Inbox.dedupe_key.like("stripe-evt%")
        return tx.scalar(select(func.count()).select_from(Inbox).where(mine)) or 0


# --- The page ----------------------------------------------------------------------------------------


def test_the_page_says_what_for_and_how_much(till: Till) -> None:
    """Name, service, amount, the host's rule and one button; looking makes no Checkout."""
    till.wants_mail()
    one = till.payer()
    for _ in range(3):
        answer = till.client.get(one.till)
    said = words(answer)
    for text in ("Please pay 40.00 USD", "Joey P.", "Massage", "Person 1", RULE, "Pay 40.00 USD"):
        assert text in said
    assert answer.text.count("<button") == 1
    assert "<script" not in answer.text
    assert till.stripe.calls == []
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self' https://checkout.stripe.com" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_button_leads_to_one_checkout_from_every_tab(till: Till) -> None:
    """[Pay] is answered with the open Checkout, and with a new one once that has expired."""
    one = till.payer()
    first, second = (till.client.post(one.till) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location == "https://checkout.stripe.com/cs_test_1"
    till.tell(till.stripe.lapse("cs_test_1"))
    assert "Pay 40.00 USD" in words(till.client.get(one.till))
    again = till.client.post(one.till).location
    assert again.startswith("https://checkout.stripe.com/cs_")
    assert again != first.location


def test_a_checkout_at_another_address_is_led_to_by_a_page(till: Till) -> None:
    """Browsers hold a form to its page's policy: elsewhere leads a page of its own."""
    one = till.payer()
    till.world.deps = replace(till.world.deps, reach=replace(till.reach, checkout="http://127.0.0.1:1"))
    answer = till.client.post(one.till)
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "0; url=https://checkout.stripe.com/cs_test_1"
    assert 'href="https://checkout.stripe.com/cs_test_1"' in answer.text


def test_every_end_has_its_sentence(till: Till) -> None:
    """Paid, on its way, waived, given back, cancelled, removed, ended: each says so, without a button."""
    ones = [till.payer(name=f"Guest {number}") for number in range(7)]
    paid, coming, waived, back, cancelled, removed, ended = ones
    till.paid(paid)
    till.tell(till.stripe.process(till.open(coming)))
    till.waive(waived)
    till.paid(back)
    till.refund(back)
    till.world.drain()
    till.paid(cancelled)
    till.cancel(cancelled)
    till.remove(removed)
    said = {one: till.client.get(one.till) for one in ones[:6]}
    till.at(minutes=-51)
    said[ended] = till.client.get(ended.till)
    expected = {
        paid: "Paid. Thank you!",
        coming: "Your payment is on its way.",
        waived: "Nothing is to be paid.",
        back: "Your payment was given back. You get 40.00 USD back.",
        cancelled: "This session was cancelled. You get 40.00 USD back.",
        removed: "This session was cancelled.",
        ended: "This session is over.",
    }
    for one, sentence in expected.items():
        assert sentence in words(said[one])
        assert "<button" not in said[one].text
        before = len(till.stripe.orders)
        assert till.client.post(one.till).location == one.till  # the press leads back to the sentence
        assert len(till.stripe.orders) == before
    assert said[coming].headers["Refresh"] == "15"
    assert f"/join/{paid.token}" in said[paid].text


def test_who_has_just_paid_is_not_asked_to_pay_again(till: Till) -> None:
    """Back from Checkout before the webhook Stripe is asked at once; where it is away the page waits."""
    one = till.payer()
    till.pays(one)
    till.stripe.away = True
    waits = till.client.get(f"{one.till}?paid")
    assert "Your payment is on its way." in words(waits)
    assert "<button" not in waits.text
    assert waits.headers["Refresh"] == "15"  # at its own address
    till.stripe.away = False
    assert "Paid. Thank you!" in words(till.client.get(f"{one.till}?paid"))
    other = till.payer()
    till.open(other)
    assert "Please pay" in words(till.client.get(f"{other.till}?paid"))  # whatever an address says


def test_who_pays_by_a_way_that_takes_days_is_not_asked_to_pay_meanwhile(till: Till) -> None:
    """The join page says that the money is on its way, and lets nobody in for it."""
    one = till.payer()
    till.tell(till.stripe.process(till.open(one)))
    page = till.look(one)
    assert "Your payment is on its way." in words(page)
    assert "Pay Now" not in page.text
    assert page.headers["Refresh"] == "60"
    till.at(minutes=5)
    assert till.press(one).headers["Location"] == one.here
    assert till.row(one).joined_at is None


def test_stripe_down_is_said_with_a_503(till: Till) -> None:
    """The page stays readable, the press says to try again, and entering stays closed."""
    one = till.payer()
    till.stripe.away = True
    assert till.client.get(one.till).status_code == 200
    answer = till.client.post(one.till)
    assert answer.status_code == 503
    assert "Payment is not available right now. Try again in a minute." in words(answer)
    assert answer.headers["Retry-After"] == "60"
    assert "Pay 40.00 USD" in words(answer)
    assert not till.lets_in(one)
    till.world.deps = replace(till.world.deps, payments=None)
    assert till.client.get(one.till).status_code == 200
    assert till.client.post(one.till).status_code == 503


def test_a_price_that_stripe_refuses_is_said(till: Till) -> None:
    """The guest is told to speak with the host."""
    one = till.payer(Fee(0, "Tip", 10, "USD"))
    answer = till.client.post(one.till)
    assert answer.status_code == 409
    assert "This amount cannot be paid online." in words(answer)


def test_who_comes_back_before_the_webhook_sees_the_payment(till: Till) -> None:
    """The page asks Stripe once somebody returns to it."""
    one = till.payer()
    till.pays(one)
    till.world.clock.move(seconds=10)
    assert "Paid. Thank you!" in words(till.client.get(one.till))


def test_links_that_are_none(till: Till) -> None:
    """A guessed word, somebody's join link and odd ones are answered alike, and say nothing of anybody."""
    one = till.payer()
    for wrong in ("x", "0" * 32, one.token, f"{one.pay}0", one.pay[:-1], "%00", "é" * 40, "a" * 3000):
        for answer in (till.client.get(f"/pay/{wrong}"), till.client.post(f"/pay/{wrong}")):
            assert answer.status_code == 404, wrong
            assert "This link is not valid." in words(answer)
            assert "Joey" not in answer.text
    assert till.stripe.calls == []
    assert till.client.delete(one.till).status_code == 405


def test_a_link_shows_its_own_guest_only(till: Till) -> None:
    """Whoever has somebody's link pays for that person and sees nobody else."""
    one, two = till.payer(), till.payer(name="Kim")
    assert "Kim" not in till.client.get(one.till).text
    till.client.post(one.till)
    assert (till.state(one), till.state(two)) == (Money.CHECKOUT_OPEN, Money.REQUIRED)


def test_names_are_shown_as_they_were_typed(till: Till) -> None:
    """Nothing that a host typed becomes markup."""
    one = till.payer(Fee(0, "<b>Talk</b>", 4000, "USD"), name="<script>x</script>")
    answer = till.client.get(one.till)
    assert "<script" not in answer.text
    assert "<b>Talk" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_page_speaks_french(till: Till) -> None:
    """A guest's language is the browser's, where we speak it."""
    one = till.payer()
    assert '<html lang="fr">' in till.client.get(one.till, headers={"Accept-Language": "fr"}).text


# --- What Stripe tells -------------------------------------------------------------------------------


def test_an_event_three_times_counts_once(till: Till) -> None:
    """Each is answered with 200; one H5."""
    one = till.payer()
    body, signature = till.stripe.tell(till.pays(one))
    assert [hook(till, body, signature).status_code for _ in range(3)] == [200, 200, 200]
    assert till.news(one) == ["paid"]
    assert "Paid. Thank you!" in words(till.client.get(one.till))
    assert kept(till) == 1


def test_an_unknown_event_is_fine(till: Till) -> None:
    """What we do not listen to is answered with 200, and kept nowhere."""
    assert hook(till, json.dumps({"id": "evt_unknown"}).encode()).status_code == 200
    assert kept(till) == 0


def test_a_forged_event_is_refused_and_noted_without_its_content(till: Till) -> None:
    """400, one line a minute in the audit log, and no money."""
    one = till.payer()
    body, _ = till.stripe.tell(till.pays(one))
    for signature in ("", "forged", "t=1,v1=00"):
        assert hook(till, body, signature).status_code == 400
    assert till.state(one) is Money.CHECKOUT_OPEN
    (row,) = audited(till)
    assert row.detail == {"why": "ForgedEvent"}
    till.world.clock.move(minutes=1)
    hook(till, body, "forged")
    assert len(audited(till)) == 2


def test_what_is_no_event_at_all(till: Till) -> None:
    """Another type, a large body, another method: refused before anything is read."""
    body, signature = till.stripe.tell(till.pays(till.payer()))
    assert hook(till, body, signature, "text/plain").status_code == 415
    assert hook(till, b"x" * 2**20, signature).status_code == 413
    assert till.client.get(HOOK).status_code == 405
    assert kept(till) == 0
    till.world.deps = replace(till.world.deps, payments=None)
    assert hook(till, body, signature).status_code == 404


def test_an_event_that_cannot_be_kept_is_told_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is busy the answer is 503, and Stripe's next try counts."""
    one = till.payer()
    body, signature = till.stripe.tell(till.pays(one))
    busy = till.world.db
    assert busy._turn is not None
    monkeypatch.setattr(busy, "_patience", 0.01)
    with busy._turn:
        assert hook(till, body, signature).status_code == 503
    assert hook(till, body, signature).status_code == 200
    assert till.news(one) == ["paid"]


def test_signatures_of_stripe_are_checked_by_secret_and_time(till: Till) -> None:
    """The real check: a right signature counts, a wrong secret, an old one and a changed body do not."""
    one = till.payer()
    checkout = till.open(one)
    settings = Settings.load(
        {
            "SLACK_BOT_TOKEN": "xoxb-of-tests",
            "SLACK_SIGNING_SECRET": "of tests",
            "STRIPE_API_KEY": "sk_test_x",
            "STRIPE_WEBHOOK_SECRET": SECRET,
        }
    )
    real = StripePayments(settings, till.world.clock, wait=1)
    till.world.deps = replace(till.world.deps, payments=real)
    body = _completed(checkout, till.bill(one).id)
    now = int(time.time())
    assert hook(till, body, _signature(body, now, "whsec_another")).status_code == 400
    assert hook(till, body, _signature(body, now - 600)).status_code == 400
    assert hook(till, body.replace(b"4000", b"4001"), _signature(body, now)).status_code == 400
    assert till.state(one) is Money.CHECKOUT_OPEN
    assert hook(till, body, _signature(body, now)).status_code == 200
    assert till.state(one) is Money.PAID


def _signature(body: bytes, at: int, secret: str = SECRET) -> str:
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def _completed(checkout: str, bill: int) -> bytes:
    found = {
        "id": checkout, "object": "checkout.session", "status": "complete", "payment_status": "paid",
        "amount_total": 4000, "currency": "usd", "payment_intent": "pi_1", "url": None, "expires_at": None,
        "metadata": {"bill_id": str(bill)},
    }  # fmt: skip
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": found},
    }
    return json.dumps(event).encode()
