"""Two at once: a webhook and a poll, the same event twice, a payment and a waiver, two tabs."""

from dataclasses import replace
from functools import partial

import pytest

from domain.billing import Money
from services import hosted_cancelling, hosted_payments, payments
from store.database import Database, make_engine
from tests.builders import TEAM, World
from tests.payers import till_of
from tests.races import in_processes, meanwhile


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


def told(url, event, now):
    """Stripe tells, in a process of its own."""
    return payments.take(Database(make_engine(url)), TEAM, event, now=now)


def looked(url, deps, bill, now):
    """Stripe is asked, in a process of its own."""
    return payments.poll(replace(deps, db=Database(make_engine(url))), bill, now=now)


def test_a_webhook_and_a_poll_in_two_processes_tell_one_payment(till, db_url):
    """Webhook, poll and the same webhook again at the same second: one H5, one badge."""
    one = till.payer()
    event = till.pays(one)
    bill, now, deps = till.bill(one).id, till.now, till.world.deps
    till.world.db.engine.dispose()  # a connection does not cross a fork
    works = [partial(told, db_url, event, now), partial(looked, db_url, deps, bill, now)] * 2
    assert sorted(in_processes(works)) == [False, False, False, True]
    assert till.news(one) == ["paid"]
    assert till.state(one) is Money.PAID
    till.agrees(one)


@pytest.mark.parametrize("before", ["hosted_session", "INSERT INTO outbox", "UPDATE bill"])
def test_whoever_comes_between_finds_the_payment_or_waits(till, db_url, before):
    """A webhook is stopped before a statement, and the job asks Stripe meanwhile."""
    one = till.payer()
    event = till.pays(one)
    bill, now, deps = till.bill(one).id, till.now, till.world.deps

    def take(db):
        return payments.take(db, TEAM, event, now=now)

    def poll(db):
        return payments.poll(replace(deps, db=db), bill, now=now)

    assert sorted(meanwhile(db_url, take, before=before, second=poll)) == [False, True]
    assert till.news(one) == ["paid"]
    till.agrees(one)


def test_a_payment_and_a_cancellation_at_once_end_in_one_story(till, db_url):
    """Either the money was first and goes back with the cancellation, or it was late and goes back."""
    one = till.payer()
    event = till.pays(one)

    def take(db):
        return payments.take(db, TEAM, event, now=till.now)

    def cancel(db):
        return hosted_cancelling.cancel(db, TEAM, one.session_id, by="U1", now=till.now).changed

    assert meanwhile(db_url, take, before="UPDATE bill", second=cancel) == (True, True)
    till.world.leases_run_out()
    till.world.drain()
    assert till.state(one) is Money.REFUNDED
    assert [amount for _, amount, _ in till.refunds(one)] == [4000]
    till.agrees(one)


def test_two_refunds_at_once_are_one(till, db_url):
    """[Refund] pressed twice gives all back once."""
    one = till.payer()
    till.paid(one)

    def give(db):
        return hosted_payments.refund(db, TEAM, one.id, None, by="U1", now=till.now).changed

    done = meanwhile(db_url, give, before="INSERT INTO refund", second=give)
    assert done == (True, False)
    till.world.drain()
    assert till.refunds(one) == [("host", 4000, "done")]
