"""What is typed wrong, too late or never saved in the forms of hosted sessions: nothing typed is lost."""

from datetime import UTC, datetime

import pytest

from blocks.hosted_ids import HostedIds as Ids
from services import hosted_stops
from store.hosted import HostedParticipant, HostedSession
from store.payments import Bill
from tests.builders import TEAM
from tests.handlers.conftest import Door
from tests.handlers.hosted_desk import JOEY, NOW, Desk, Form
from tests.hosting import NEW_YORK, VAULT


@pytest.fixture
def desk(door: Door) -> Desk:
    """Everything is on."""
    return Desk(door)


def charging(desk: Desk, price: str, currency: str = "USD") -> Form:
    """A form at step 2 that asks for a price."""
    service = desk.offers(f"In {currency}", 1000, currency)
    form = desk.scheduled().fill(**JOEY).press(Ids.PAYMENT)
    return form.choose(Ids.SERVICE, service=service).fill(price=price)


# --- Chapter 4.1, 4.4, 4.6 and 5, through the door -----------------------------------------------------


def test_times_that_are_none_are_said_at_step_one(desk: Desk) -> None:
    """As rows of 4.1; a time that comes twice is noted, and taken."""
    passed = "This time has passed. Choose a later time or use New Session Now."
    gap = "02:30 does not exist on 8 Mar 2026 in America/New_York. Choose another time."
    form = desk.opened(Ids.NEW_SCHEDULED)
    assert form.errors(date="2026-03-08", time="02:30") == {"time": gap}
    assert form.errors(date="2026-03-01", time="10:00") == {"time": passed}
    form.submit(date="2026-11-01", time="01:30")
    assert "01:30 happens twice that night; we took the first." in form.words
    form.fill(**JOEY).submit()
    assert desk.rows(HostedSession)[0].starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    form = desk.now().fill(**JOEY)
    assert form.errors(time="10:00", name="J") == {"time": passed, "name": "Write at least 2 characters."}


def test_an_overlap_is_warned_about_once(desk: Desk) -> None:
    """The same [Save] again saves; another time is warned about anew, and adjoining ones are not."""
    desk.scheduled().fill(**JOEY).submit()
    form = desk.scheduled(at="15:30").fill(name="Ann", address="ann@example.com")
    form.submit()
    assert "You have another session at 15:00." in form.words
    assert form.holds("name") == "Ann"
    assert len(desk.rows(HostedSession)) == 1
    assert form.submit() == {"response_action": "clear"}
    assert len(desk.rows(HostedSession)) == 2
    assert desk.scheduled(at="16:20").fill(**JOEY).submit() == {"response_action": "clear"}


def test_prices_are_read_as_written(desk: Desk) -> None:
    """All rows of 4.4; 0 asks for nothing."""
    for currency, answers in (
        ("USD", {
            "1,000": "Write the price like 1000 or 1000.00.", "40.005": "USD has 2 decimals.",
            "-5": "Write a price, for example 40.00.", "abc": "Write a price, for example 40.00.",
            "40": 4000, "40.5": 4050, "40,50": 4050, "0": 0,
        }),
        ("JPY", {"500.5": "JPY has no decimals.", "500": 500}),
        ("KWD", {"1.235": "KWD prices end in 0 here: 1.230 or 1.240."}),
    ):  # fmt: skip
        form = charging(desk, "", currency)
        for price, answer in answers.items():
            if isinstance(answer, str):
                assert form.errors(price=price) == {"price": answer}
                continue
            form, before = charging(desk, "", currency), len(desk.rows(Bill))
            if form.submit(price=price)["response_action"] == "update":  # the warning of an overlap
                form.submit()
            assert sum(bill.amount for bill in desk.rows(Bill)[before:]) == answer, price


def test_names_and_addresses_that_are_none_are_said_at_their_fields(desk: Desk) -> None:
    """Rows of 4.6 and 5: all that is wrong at once, and the form stays as it was."""
    short, mail = "Write at least 2 characters.", "This is not an e-mail address."
    phone = "Write the number with country code, for example +1 514 555 0123."
    room = "Write a full link, for example https://meet.example.com/room."
    form = desk.scheduled()
    assert form.errors(name=" J ", address="joey", room="meet.example.com") == {
        "name": short, "address": mail, "room": room,
    }  # fmt: skip
    form.choose(Ids.CHANNEL, channel="text")
    assert form.errors(name="JP", address="12", room="javascript:alert(1)") == {
        "address": phone, "room": room,
    }  # fmt: skip
    assert form.errors(address=None, room=None) == {"address": phone}
    assert form.submit(name="李明", address="+1 (514) 555-0123") == {"response_action": "clear"}
    (one,) = desk.rows(HostedParticipant)
    assert (one.name, one.address) == ("李明", "+15145550123")


def test_who_wants_no_texts_gets_none(desk: Desk) -> None:
    """Whoever answered STOP is said so at the field."""
    hosted_stops.stop(desk.world.db, TEAM, VAULT, "+15145550123", NOW)
    form = desk.scheduled().choose(Ids.CHANNEL, channel="text").fill(name="JP", address="+1 514 555 0123")

    assert form.errors() == {"address": "This person does not want texts. Choose Email or no invite."}


def test_nobody_is_in_a_session_twice_and_twenty_are_the_most(desk: Desk) -> None:
    """The one who is there is named; the twenty-first is refused before anything is typed."""
    desk.scheduled().fill(**JOEY).submit()
    (session,) = desk.rows(HostedSession)
    form = desk.opened(Ids.ADD, str(session.id)).fill(name="Joe", address="JOEY@example.com")
    assert form.errors() == {"address": "joey@example.com is already in this session."}

    late = desk.opened(Ids.ADD, str(session.id)).fill(name="Late", address="late@example.com")
    with desk.world.db.transaction() as tx:
        for number in range(19):
            one = HostedParticipant(
                team_id=TEAM, session_id=session.id, key=f"more.{number}", name="Somebody", channel="none",
                zone=NEW_YORK, created_at=NOW,
            )  # fmt: skip
            tx.add(one)
    assert late.errors() == {"name": "A session has at most 20 participants."}
    assert desk.refused(Ids.ADD, str(session.id)) == "A session has at most 20 participants."


def test_payment_needs_a_service_and_a_price_that_stripe_takes(desk: Desk) -> None:
    """What Stripe says is said at the price; while it is away the session is saved all the same."""
    service = desk.offers()
    desk.offers("Supervision")
    form = desk.scheduled().fill(**JOEY).press(Ids.PAYMENT)
    assert form.errors() == {"service": "Choose a service."}
    form.choose(Ids.SERVICE, service=service)
    found = form.errors(price="0.10")
    assert found["price"].startswith("Stripe did not accept this price: ")
    assert desk.rows(HostedSession) == []
    desk.payments.away = True
    assert form.submit() == {"response_action": "clear"}


# --- Edit Participant ----------------------------------------------------------------------------------


def test_a_participant_is_edited_as_they_are(desk: Desk) -> None:
    """Everything is prefilled; the price only while it is unpaid."""
    service = desk.offers()
    form = desk.scheduled().fill(**JOEY).press(Ids.PAYMENT)
    form.choose(Ids.SERVICE, service=service).submit()
    (joey,) = desk.rows(HostedParticipant)

    form = desk.edits(joey.id)
    assert form.view["title"]["text"] == "Edit participant"
    assert [form.holds(one) for one in ("name", "channel", "address", "zone", "service", "price")] == [
        "Joey P.", "email", "joey@example.com", NEW_YORK, str(service), "40.00",
    ]  # fmt: skip
    assert form.submit(name="Joseph", price="35") == {"response_action": "clear"}
    (joey,), (bill,) = desk.rows(HostedParticipant), desk.rows(Bill)
    assert (joey.name, bill.amount) == ("Joseph", 3500)

    with desk.world.db.transaction() as tx:
        tx.get_one(Bill, bill.id).state = "paid"
    form = desk.edits(joey.id)
    assert "Price" not in form.fields
    assert "35.00 USD was paid: the price stays." in form.words
    assert form.submit(name="Joe") == {"response_action": "clear"}
    assert desk.rows(HostedParticipant)[0].name == "Joe"
    assert desk.rows(Bill)[0].amount == 3500


def test_an_edit_of_what_changed_meanwhile_keeps_what_was_typed(desk: Desk) -> None:
    """The new state stands on top, and the next [Save] saves."""
    desk.scheduled().fill(**JOEY).submit()
    (joey,) = desk.rows(HostedParticipant)
    mine, other = desk.edits(joey.id), desk.edits(joey.id)
    desk.world.clock.move(minutes=5)
    other.submit(name="Joseph", address="joseph@example.com")
    mine.submit(name="Joe Parker")

    assert "This session changed at 10:08. Your changes are kept below." in mine.words
    assert "Now: Joseph · Email · joseph@example.com · America/New_York" in mine.words
    assert (mine.holds("name"), mine.holds("address")) == ("Joe Parker", "joey@example.com")
    assert mine.submit() == {"response_action": "clear"}
    (joey,) = desk.rows(HostedParticipant)
    assert (joey.name, joey.address) == ("Joe Parker", "joey@example.com")


# --- Drafts --------------------------------------------------------------------------------------------


def test_a_form_that_was_closed_can_be_continued(desk: Desk) -> None:
    """Whether Slack tells what was typed last or not; not after it was saved, nor after a day."""
    gone = "There is no draft any more: it was saved, or it is older than a day."
    assert desk.refused(Ids.DRAFT) == gone
    form = desk.scheduled().fill(**JOEY, title="Talk")
    form.close()
    form = desk.opened(Ids.DRAFT)
    assert [form.holds(name) for name in ("name", "address", "title")] == [
        "Joey P.", "joey@example.com", "Talk",
    ]  # fmt: skip
    assert "Tue 3 Mar, 15:00 EST" in form.words
    assert form.errors(name="J")
    form.fill(name="lost").close(told=False)  # older than what was refused
    form = desk.opened(Ids.DRAFT)
    assert form.holds("name") == "J"
    assert form.submit(name="Joey P.") == {"response_action": "clear"}
    assert desk.refused(Ids.DRAFT) == gone
    form.close()
    assert desk.refused(Ids.DRAFT) == gone

    desk.now().close()
    desk.opened(Ids.NEW_SCHEDULED).close(told=False)
    desk.edits(desk.rows(HostedParticipant)[0].id).close()
    assert desk.refused(Ids.DRAFT) == gone  # nothing was typed into them

    form = desk.now().fill(name="Ann").choose(Ids.CHANNEL, channel="text").fill(address="unseen")
    form.close(told=False)
    assert desk.opened(Ids.DRAFT).holds("name") == "Ann"
    desk.world.clock.move(hours=24)
    assert desk.refused(Ids.DRAFT) == gone


def test_the_longest_of_everything_fits(desk: Desk) -> None:
    """In characters that take two units each: the view, and what travels with it."""
    wide = "\N{GRINNING FACE}"
    service = desk.offers("S" * 80, 99999999)
    form = desk.scheduled()
    form.fill(name=wide * 80, address='"' * 254, title=wide * 80, room='"' * 500)
    form.choose(Ids.CHANNEL, channel="text").fill(address=wide * 40).press(Ids.PAYMENT)
    form.choose(Ids.SERVICE, service=service).fill(price=wide * 20).press(Ids.TIME_BACK)
    form.submit()

    assert form.holds("name") == wide * 80
    assert len(form.view["private_metadata"].encode("utf-16-le")) // 2 <= 3000
    assert set(form.errors()) == {"name", "address", "room", "price"} - {"name"}
