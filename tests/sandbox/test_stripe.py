"""The stand-in for Stripe is as strict as Stripe: through its own library, its page, and its webhooks."""

import json
import time

import pytest
import stripe

from sandbox.guests_client import Guests
from tests.stripe_bank import inbox

BACK = {"success_url": "http://127.0.0.1:9/done", "cancel_url": "http://127.0.0.1:9/back"}


@pytest.fixture
def guests(ws):
    """Everybody outside."""
    return Guests(ws)


@pytest.fixture
def api(ws):
    """Stripe's own library."""
    return stripe.StripeClient(
        ws.facts["stripe_key"], base_addresses={"api": ws.facts["stripe"].rstrip("/")}, max_network_retries=0
    ).v1


@pytest.fixture
def came(ws):
    """What webhooks bring."""
    with inbox() as (url, found):
        ws.settings(stripe_webhook=url)
        yield found
        ws.settings(stripe_webhook=None)


def asked(amount=4000, currency="usd", **more):
    """A Checkout session as an app asks for it."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Coaching <b>"}}
    return {"mode": "payment", "line_items": [{"quantity": 1, "price_data": price}], **BACK, **more}


def types(came, count):
    """The types of the next events."""
    return [json.loads(came.get(timeout=5)[0])["type"] for _ in range(count)]


@pytest.mark.parametrize(
    ("wrong", "param", "code"),
    [
        (asked(49), None, "amount_too_small"),
        (asked(49, "jpy"), None, "amount_too_small"),
        (asked(100_000_000), None, "amount_too_large"),
        (asked(1235, "kwd"), "line_items[0][price_data][unit_amount]", None),
        (asked(5050, "isk"), "line_items[0][price_data][unit_amount]", None),
        (asked("40.00"), "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        (asked(-5), "line_items[0][price_data][unit_amount]", None),
        (asked(currency="USD"), "line_items[0][price_data][currency]", None),
        (asked(currency="xyz"), "line_items[0][price_data][currency]", None),
        (asked(customer_email="no address"), "customer_email", "email_invalid"),
        (asked(locale="xx"), "locale", None),
        (asked(success_url="nowhere"), "success_url", "url_invalid"),
        (asked(expires_at=int(time.time()) + 60), "expires_at", None),
        (asked(expires_at=int(time.time()) + 90_000), "expires_at", None),
        (asked(client_reference_id="x" * 201), "client_reference_id", None),
        (asked(metadata={"k": "v" * 501}), "metadata", None),
        (asked(surprise="x"), "surprise", "parameter_unknown"),
        ({**asked(), "line_items": []}, "line_items", "parameter_missing"),
        ({**asked(), "mode": "setup"}, "mode", None),
    ],
)
def test_what_stripe_refuses_is_refused(api, guests, wrong, param, code):
    """Each with the parameter or the code that tells what is wrong; and nothing is made."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.checkout.sessions.create(wrong)

    assert (refused.value.param, refused.value.code) == (param, code)
    assert guests.checkouts() == []


def test_amounts_at_the_limit_are_taken(api):
    """The smallest ones, whole yens, thousandths in steps of ten."""
    for amount, currency in (
        (50, "usd"),
        (50, "jpy"),
        (30, "gbp"),
        (1230, "kwd"),
        (5000, "isk"),
        (99_999_999, "eur"),
    ):
        made = api.checkout.sessions.create(asked(amount, currency))
        assert (made.amount_total, made.currency, made.status) == (amount, currency, "open")


def test_only_the_account_is_answered(ws, api):
    """Another key, an unknown object, an address that there is not."""
    other = stripe.StripeClient("sk_test_x", base_addresses={"api": ws.facts["stripe"].rstrip("/")}).v1
    with pytest.raises(stripe.AuthenticationError):
        other.balance.retrieve()
    for missing in (
        lambda: api.checkout.sessions.retrieve("cs_1"),
        lambda: api.refunds.create({"payment_intent": "pi_1"}),
        api.customers.list,
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            missing()
        assert refused.value.http_status == 404
    assert api.accounts.retrieve_current().charges_enabled


def test_a_key_answers_once_and_only_the_same_question(ws, api, guests):
    """Replayed word for word for a day; refused with other parameters; free again after it."""
    key = {"idempotency_key": "k"}
    first = api.checkout.sessions.create(asked(), key)
    assert api.checkout.sessions.create(asked(), key).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        api.checkout.sessions.create(asked(5000), key)
    ws.clock.advance(86_401)
    assert api.checkout.sessions.create(asked(5000), key).id != first.id
    with pytest.raises(stripe.InvalidRequestError):
        api.checkout.sessions.create(asked(1), {"idempotency_key": "free"})
    assert api.checkout.sessions.create(asked(), {"idempotency_key": "free"}).status == "open"
    assert len(guests.checkouts()) == 3


def test_the_checkout_page_leads_back_paid_or_not(ws, api, guests):
    """[Cancel] leaves it open, a declined card too; [Pay 40.00 USD] ends it, and the page says so."""
    home = ws.facts["url"] + "/guests/"
    made = api.checkout.sessions.create(
        asked(success_url=home, cancel_url=home, customer_email="j@example.com")
    )
    page = guests.browse(made.url)
    assert "Coaching <b>" in page.text
    assert page.buttons == ["Pay 40.00 USD", "Cancel"]

    assert guests.cancel(made.url).url == home
    assert "declined" in guests.pay(made.url, how="declined").text
    assert api.checkout.sessions.retrieve(made.id).status == "open"
    assert guests.pay(made.url).url == home
    assert api.checkout.sessions.retrieve(made.id).payment_status == "paid"
    assert (guests.browse(made.url).status, guests.browse(made.url).buttons) == (410, [])
    assert guests.browse(made.url + "x").status == 404


def test_a_checkout_ends_by_the_workspaces_clock(ws, api, guests, came):
    """Its time is over at once when the clock jumps; the event comes, and nobody can pay any more."""
    made = api.checkout.sessions.create(asked(expires_at=int(ws.clock.now()) + 1_860))
    ws.clock.advance(1_861)
    assert types(came, 1) == ["checkout.session.expired"]
    assert guests.browse(made.url).status == 410
    with pytest.raises(stripe.InvalidRequestError):
        api.checkout.sessions.expire(made.id)


def test_events_come_signed_as_the_library_wants_them(ws, api, guests, came):
    """In order, each for the object as it was; forged, old, changed and unsigned ones are not believed."""
    made = api.checkout.sessions.create(asked(metadata={"bill_id": "7"}))
    ws.post("/control/stripe/pay", checkout=made.id)
    secret = ws.facts["stripe_webhook_secret"]
    told = [stripe.Webhook.construct_event(*came.get(timeout=5), secret, api_key="k") for _ in range(3)]
    assert {one.type for one in told} == {
        "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
    }  # fmt: skip
    (event,) = guests.events("checkout.session.completed")
    for tamper in ("forged", "old", "body", "unsigned"):
        assert guests.send(event["id"], tamper=tamper)[0]["http"] == 200
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*came.get(timeout=5), secret, api_key="k")
    assert len(guests.send(event["id"], times=3)) == 3
    assert types(came, 3) == ["checkout.session.completed"] * 3


def test_webhooks_are_lost_doubled_late_and_out_of_order(ws, api, guests, came):
    """By the type of the event."""
    kind = "checkout.session.completed"

    def paid(*faults):
        ws.clear_faults()
        ws.faults([{"match": {"delivery": name}} | {"do": do} for name, do in faults])
        made = api.checkout.sessions.create(asked())
        ws.post("/control/stripe/pay", checkout=made.id)

    paid((kind, "lose"))
    assert kind not in types(came, 2)
    paid((kind, "twice"), ("charge.succeeded", "lose"), ("payment_intent.succeeded", "lose"))
    assert types(came, 2) == [kind, kind]
    paid(("charge.succeeded", {"reorder": {"ms": 3_000}}))
    assert types(came, 3)[0] != "charge.succeeded"
    paid(("stripe", {"delay": {"ms": 50}}))
    assert kind in types(came, 3)
    assert came.empty()


def test_an_event_that_nobody_took_comes_again(ws, api, guests):
    """Until it is answered with a 2xx."""
    ws.settings(stripe_webhook="http://127.0.0.1:9/nobody", retry_factor=0.001)
    made = api.checkout.sessions.create(asked())
    mark = ws.mark()
    api.checkout.sessions.expire(made.id)

    def tries():
        found = [e for e in ws.journal(mark, kinds=("stripe_delivery",)) if e["how"] == "refused"]
        return found if len(found) == 4 else None

    assert ws.wait_until(tries)
    ws.settings(stripe_webhook=None, retry_factor=1.0)


def test_refunds_never_exceed_what_was_paid(ws, api):
    """In parts, with the charge's sum; then it is refunded already."""
    made = api.checkout.sessions.create(asked())
    ws.post("/control/stripe/pay", checkout=made.id)
    intent = api.checkout.sessions.retrieve(made.id).payment_intent
    for amount, code in ((0, None), (4001, None)):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            api.refunds.create({"payment_intent": intent, "amount": amount})
        assert (refused.value.param, refused.value.code) == ("amount", code)
    api.refunds.create({"payment_intent": intent, "amount": 1500})
    api.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    assert [one.id for one in api.checkout.sessions.list({"payment_intent": intent}).data] == [made.id]
    assert api.checkout.sessions.list({"status": "open"}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        api.checkout.sessions.list({"limit": 0})
    assert [one.amount for one in api.refunds.list({"payment_intent": intent}).data] == [2500, 1500]
    charge = api.charges.retrieve(api.payment_intents.retrieve(intent).latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (4000, True)


def wait_for(came, kind, number):
    """Wait for the event of this type about this object."""
    while True:
        event = json.loads(came.get(timeout=5)[0])
        if (event["type"], event["data"]["object"]["id"]) == (kind, number):
            return


def kept(api, ws):
    """A customer whose card is kept, and the card."""
    made = api.checkout.sessions.create(
        asked(customer_creation="always", payment_intent_data={"setup_future_usage": "off_session"})
    )
    ws.post("/control/stripe/pay", checkout=made.id)
    done = api.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    return done.customer, done.payment_intent.payment_method


def a_charge(customer, card, **more):
    """A card that is charged while its owner is away."""
    return {
        "amount": 2500, "currency": "usd", "customer": customer, "payment_method": card, "confirm": True,
        "off_session": True, "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        **more,
    }  # fmt: skip


def test_a_kept_card_is_charged(api, ws, guests, came):
    """The payment is the customer's, is told of like another, and can be given back."""
    customer, card = kept(api, ws)
    made = api.payment_intents.create(a_charge(customer, card, metadata={"key": "k"}))

    assert (made.status, made.amount_received, made.customer) == ("succeeded", 2500, customer)
    assert api.payment_intents.list({"customer": customer}).data[0].id == made.id
    assert api.customers.retrieve(customer).email == "payer@example.com"
    wait_for(came, "payment_intent.succeeded", made.id)
    assert api.refunds.create({"payment_intent": made.id}).amount == 2500


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"amount": "49"}, None),
        ({"currency": "USD"}, "currency"),
        ({"customer": "cus_1"}, "customer"),
        ({"payment_method": "pm_1"}, "payment_method"),
        ({"off_session": False}, "off_session"),
        ({"confirm": False}, "confirm"),
        ({"automatic_payment_methods": {"enabled": True}}, "return_url"),
        ({"surprise": "x"}, "surprise"),
    ],
)
def test_a_charge_that_stripe_refuses_is_refused(api, ws, guests, wrong, param):
    """Nothing is made of it."""
    charge = a_charge(*kept(api, ws))
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.create(charge | wrong)

    assert refused.value.param == param
    assert len(guests.intents()) == 1


@pytest.mark.parametrize(
    ("how", "code"), [("declined", "card_declined"), ("authentication", "authentication_required")]
)
def test_a_bank_says_no_once_for_each_key(api, ws, guests, how, code):
    """A card error, which a repetition hears again even when the card works; the page has the switch."""
    charge = a_charge(*kept(api, ws))
    page = guests.browse(f"{ws.facts['url']}/guests/")
    page.press("Change", how=how)
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            api.payment_intents.create(charge, {"idempotency_key": "k"})
        assert refused.value.code == code
        guests.cards("work")
    assert [one["status"] for one in guests.intents()] == ["succeeded", "requires_payment_method"]
    assert api.payment_intents.create(charge, {"idempotency_key": "k2"}).status == "succeeded"
