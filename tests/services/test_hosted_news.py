"""What hosts and administrators hear: what is news, once, with buttons while they lead somewhere."""

from datetime import timedelta

import pytest

from domain.billing import Amount, ExpireOrder, RefundOrder
from domain.hosted_facts import Receipt, Refunded
from domain.messages import Kind, Method, Verdict
from services import facts, hosted, hosted_join
from services.delivery import Skip
from store.core import PersonRow
from store.database import Database
from store.hosted import HostedSession
from store.outbox import Outbox
from store.payments import Refund
from tests.builders import ADMIN, TEAM
from tests.conftest import Copies
from tests.hosted_post import (
    COLLEAGUE,
    DAY,
    HOUR,
    PRIYA,
    ROOM,
    a_bill,
    a_refund,
    last,
    loaded,
    owe_one,
    run_later,
    to_dana,
)
from tests.hosting import DANA, JOEY, OMAR, START, Hosting


@pytest.fixture
def hosting(sqlite_copies: Copies) -> Hosting:
    """Dana hosts from New York, and so may Omar."""
    found = Hosting(Database(sqlite_copies.fresh()))
    found.settings(zone="America/New_York")
    return found


# --- What hosts hear -----------------------------------------------------------------------------------


def test_a_colleague_who_left_is_not_invited_and_the_host_knows(hosting: Hosting) -> None:
    """Slack would take the message; nobody would read it."""
    session = hosting.book(COLLEAGUE)
    with hosting.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, PRIYA)).deleted = True
    hosting.world.drain()
    hosting.world.drain()

    assert hosting.world.messenger.to(PRIYA) == []
    assert hosting.joey(session).state == "invite_failed"
    assert to_dana(hosting)[-1] == "The invitation to Priya Nair could not be delivered: deactivated."


def test_a_host_hears_what_is_news(hosting: Hosting) -> None:
    """Saved, accepted, starting; each where they read times, and once."""
    hosting.settings(zone="America/New_York", room=ROOM)
    session = hosting.book()
    hosting.world.run()
    hosting.answer(hosting.joey(session).id, accepted=True)
    hosting.to(START - timedelta(minutes=15))

    assert to_dana(hosting) == [
        "Session saved for Tue 3 Mar, 15:00 EST.",
        "Joey P. accepted.",
        "Your session starts at 15:00.",
    ]
    assert last(hosting).buttons == ["Open Room"]


def test_an_answer_that_was_changed_at_once_is_told_as_it_is(hosting: Hosting) -> None:
    """Slack was away: of two answers the first one is no news."""
    session = hosting.book()
    hosting.world.run()
    joey = hosting.joey(session)
    hosting.world.messenger.fail("post", Verdict.LATER, times=9)
    hosting.answer(joey.id, accepted=True)
    hosting.world.drain()
    hosting.clock.move(minutes=1)
    hosting.answer(joey.id, accepted=False)
    hosting.world.messenger.faults.clear()
    run_later(hosting)

    assert to_dana(hosting)[1:] == ["Joey P. declined."]


def test_who_answers_in_time_is_not_called_silent(hosting: Hosting) -> None:
    """The message waited for Slack, and they have answered meanwhile."""
    session = hosting.book()
    hosting.world.run()
    hosting.world.messenger.fail("post", Verdict.LATER, times=9)
    hosting.jump(START - 2 * HOUR)
    hosting.answer(hosting.joey(session).id, accepted=True)
    hosting.world.messenger.faults.clear()
    run_later(hosting)

    assert "Joey P. has not answered." not in to_dana(hosting)
    assert "Joey P. accepted." in to_dana(hosting)


def test_a_session_that_is_over_says_what_can_be_done(hosting: Hosting) -> None:
    """Missed, it may be moved or said to have taken place; after that there is nothing to press."""
    session = hosting.book()
    hosting.to(START + 2 * HOUR)
    shown = last(hosting)
    assert (shown.wire.text, shown.buttons) == ("Nobody joined.", ["Reschedule", "It Took Place"])
    hosting.move(session, START + DAY)
    hosting.world.run()
    assert shown.buttons == []

    hosting.to(START + DAY)
    hosting.joins(hosting.joey(session).id)
    hosting.to(START + DAY + 2 * HOUR)
    assert last(hosting).buttons == ["Schedule Next"]


def test_a_session_is_given_and_given_back(hosting: Hosting) -> None:
    """The colleague may give it back, once; what happens with it is told to whoever hosts it then."""
    session = hosting.book()
    hosting.world.run()
    hosting.give(session)
    hosting.world.run()
    given = last(hosting, OMAR)
    assert given.wire.text.startswith("Person 1 gave you the session on Tue 3 Mar, ")
    assert given.buttons == ["Give Back"]
    hosting.answer(hosting.joey(session).id, accepted=True)
    hosting.world.run()
    assert last(hosting, OMAR).wire.text == "Joey P. accepted."

    hosting.give_back(session)
    hosting.world.run()
    assert given.buttons == []
    assert last(hosting).wire.text.startswith("Person 2 gave the session on Tue 3 Mar, ")


def test_giving_back_is_not_offered_for_longer_than_a_day(hosting: Hosting) -> None:
    """Drawn anew after 24 hours, the button is gone."""
    session = hosting.book(start=START + 10 * DAY)
    hosting.world.run()
    hosting.give(session)
    hosting.world.run()
    given = last(hosting, OMAR)
    hosting.clock.move(hours=25)
    with hosted.changing(hosting.db, TEAM, session, now=hosting.now) as held:
        hosted.redraw(held, [Kind.HOSTED_NOTICE], [session])
    hosting.world.drain()

    assert given.buttons == []


def test_somebody_at_the_door_is_let_in_once(hosting: Hosting) -> None:
    """[Admit] stands until somebody pressed it, wherever."""
    session = hosting.book()
    hosting.to(START - timedelta(minutes=5))
    joey = hosting.joey(session)
    with hosted.changing(hosting.db, TEAM, session, now=hosting.now) as held:
        hosted.tell(held, Kind.HOSTED_NEWS, joey.id, DANA, f"news-knocks-{joey.id}-0", what="knocks")
    hosting.world.drain()
    shown = last(hosting)
    assert (shown.wire.text, shown.buttons) == ("Joey P. is here.", ["Admit"])
    hosted_join.admit(hosting.db, TEAM, joey.id, by=DANA, now=hosting.now)
    hosting.world.drain()

    assert shown.buttons == []
    assert "You let them in." in shown.words


# --- Money, and what administrators hear ---------------------------------------------------------------


def test_a_receipt_is_for_who_paid_and_for_the_host_who_wants_it(hosting: Hosting) -> None:
    """By e-mail, to the address of the host's settings; who wants none gets none."""
    session = hosting.book()
    bill = a_bill(hosting, hosting.joey(session).id)
    own = loaded(hosting, owe_one(hosting, Kind.HOSTED_RECEIPT, bill, method=Method.MAIL))
    told = {"recipient": DANA, "method": Method.MAIL, "params": {"for": "host"}}
    none = loaded(hosting, owe_one(hosting, Kind.HOSTED_RECEIPT, bill, **told))
    hosting.settings(zone="America/New_York", email="dana@example.com")
    hosts = loaded(hosting, owe_one(hosting, Kind.HOSTED_RECEIPT, bill, **told))

    assert isinstance(own, Receipt)
    assert (own.meeting.to, own.amount, own.for_host) == (JOEY.address, Amount(4000, "USD"), False)
    assert none == "the host wants no e-mails about payments"
    assert (hosts.meeting.to, hosts.meeting.zone, hosts.for_host) == (
        "dana@example.com",
        "America/New_York",
        True,
    )


def test_money_goes_back_as_it_was_asked_for(hosting: Hosting) -> None:
    """Once: what is settled is asked no more. A Checkout that is to be closed is named."""
    session = hosting.book()
    refund = a_refund(hosting, hosting.joey(session).id, amount=1500)
    row = owe_one(hosting, Kind.PAYMENT_REFUND, refund)
    assert loaded(hosting, row) == RefundOrder("pi_1", Amount(1500, "USD"), "refund-1")
    told = loaded(hosting, owe_one(hosting, Kind.HOSTED_REFUNDED, refund, method=Method.MAIL))
    assert isinstance(told, Refunded)
    assert (told.amount, told.whole) == (Amount(1500, "USD"), False)
    with hosting.db.transaction() as tx:
        tx.get_one(Refund, refund).state = "done"

    assert loaded(hosting, row) == "it is settled already"
    expire = owe_one(hosting, Kind.PAYMENT_EXPIRE, 1, params={"checkout": "cs_1"})
    assert loaded(hosting, expire) == ExpireOrder("cs_1")


def test_administrators_read_alarms_while_they_matter(hosting: Hosting) -> None:
    """Amounts that differ always; that codes are closed, until they are open again."""
    until = (hosting.now + HOUR).timestamp()
    owe_one(hosting, Kind.HOSTED_ALARM, 0, ADMIN, params={"what": "codes", "until": until})
    differs = {"what": "amount", "expected": [4000, "USD"], "got": [3900, "USD"]}
    owe_one(hosting, Kind.HOSTED_ALARM, 0, ADMIN, params=differs)
    hosting.world.drain()
    late = owe_one(hosting, Kind.HOSTED_ALARM, 0, ADMIN, params={"what": "codes", "until": until})
    hosting.clock.move(hours=1)

    assert last(hosting, ADMIN).wire.text == "Amount differs: expected 40.00 USD, got 39.00 USD."
    assert loaded(hosting, late) == "its time has passed"


def test_a_message_of_another_workspace_says_nothing(hosting: Hosting) -> None:
    """Ids are looked up under the workspace of the message."""
    session = hosting.book()
    joey = hosting.joey(session)
    for kind, subject in ((Kind.HOSTED_INVITE, joey.id), (Kind.HOSTED_NOTICE, session)):
        with hosting.db.transaction() as tx:
            tx.info["now"] = hosting.now
            row = Outbox(team_id="T2", kind=kind.value, subject_id=subject, key="x-0", params={}, users=[],
                         recipient=DANA)  # fmt: skip
            found = facts.LOADERS[kind](tx, row)
        assert isinstance(found, Skip)


def test_a_session_without_a_host_is_read_all_the_same(hosting: Hosting) -> None:
    """A row that nobody hosts breaks nothing."""
    session = hosting.book()
    with hosting.db.transaction() as tx:
        tx.get_one(HostedSession, session).host_id = ""
    hosting.world.run()

    assert len(hosting.mails.mails) == 1
    assert hosting.mails.mails[0].to == JOEY.address
