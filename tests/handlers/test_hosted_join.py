"""The join page: from a code or a link, through payment and waiting, into the room; and nobody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.access_codes import TOO_MANY, UNKNOWN, shown
from domain.billing import Fee
from domain.hosted import Channel, NotYourSession, Presence
from domain.messages import Kind
from services import hosted_join, hosted_participants, hosted_sessions
from services.hosted import bill_of
from store.core import Audit
from store.hosted import Host, HostedParticipant, HostedSession
from store.outbox import Outbox
from store.payments import Bill
from tests.builders import TEAM
from tests.guests import HOST, OTHER, ROOM, STARTS, URL, Doorstep, words

FEE = Fee(service_id=0, service="Coaching", amount=4000, currency="USD")


@pytest.fixture
def step(world):
    """A door of six people's workspace."""
    return Doorstep(world)


def told(step, kind=Kind.HOSTED_NEWS):
    """What is owed to whom: of a kind."""
    with step.world.db.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id))
        return [(row.recipient, row.params["what"], row.subject_id) for row in rows]


def asks_first(step):
    """The host wants to be asked before guests enter."""
    with step.world.db.transaction() as tx:
        tx.add(Host(team_id=TEAM, user_id=HOST, admit=True))


# --- The way in ----------------------------------------------------------------------------------------


def test_a_code_leads_to_its_page_and_a_wrong_one_to_a_sentence(step):
    """By a redirect that a reload does not repeat; what was typed stands there to be mended."""
    (joey,) = step.book()

    right = step.type(shown(joey.code))
    assert (right.status_code, right.headers["Location"]) == (303, joey.here)
    wrong = step.type("000-000-000")
    assert (wrong.status_code, UNKNOWN in words(wrong)) == (422, True)
    short = step.type("12345678")
    assert "A code has 9 digits; you typed 8." in words(short)
    assert 'value="12345678"' in short.text
    page = step.client.get("/join").text
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    assert ">Access Code<" in page
    assert ">Continue<" in page


def test_one_cannot_tell_why_a_code_is_wrong(step):
    """Unknown, ended, cancelled, removed: the same page, to the byte."""
    joey, ann = step.book("Joey", "Ann")
    (eve,) = step.book("Eve")
    step.change(HostedParticipant, ann.id, removed_at=step.world.clock())
    hosted_sessions.cancel(step.world.db, TEAM, eve.session_id, by=HOST, now=step.world.clock())
    found = [step.type(code, f"192.0.2.{n}") for n, code in enumerate(["123123123", ann.code, eve.code])]
    step.at(hours=-3)
    found.append(step.type(joey.code))

    pages_of = {re.sub(r'value="\d*"', "", one.text) for one in found}
    assert len(pages_of) == 1
    assert {(one.status_code, *sorted(map(str, one.headers))) for one in found}.__len__() == 1


def test_the_sixth_try_waits_and_links_work_all_the_while(step):
    """Counted by who stands before our proxy, whatever else they claim."""
    (joey,) = step.book()
    for number in range(5):
        assert step.type("000000000", f"203.0.113.{number}, 192.0.2.1").status_code == 422

    sixth = step.type(joey.code, "8.8.8.8, 192.0.2.1")
    assert (sixth.status_code, sixth.headers["Retry-After"]) == (429, "600")
    assert TOO_MANY in words(sixth)
    assert step.look(joey).status_code == 200
    assert step.type(joey.code, "192.0.2.2").status_code == 303
    step.world.clock.move(minutes=10)
    assert step.type(joey.code, "192.0.2.1").status_code == 303


def test_before_it_opens_the_page_says_when_and_looks_again(step):
    """In the guest's zone, with the host's beside it; it opens a quarter of an hour before the start."""
    (joey,) = step.book()
    with step.world.db.transaction() as tx:
        tx.add(Host(team_id=TEAM, user_id=HOST, zone="America/New_York"))
    page = step.look(joey)
    assert "Your session opens at Thu 11 Mar, 20:45 CET." in words(page)
    assert "Thu 11 Mar, 21:00 CET 50 minutes 15:00 EST for your host" in words(page)
    assert page.headers["Refresh"] == "900"
    assert "Enter Session" not in page.text

    step.at(minutes=15, seconds=30)
    assert step.look(joey).headers["Refresh"] == "31"
    assert step.press(joey).headers["Location"] == joey.here
    step.at(minutes=15)
    page = step.look(joey)
    assert ">Enter Session<" in page.text
    assert "Refresh" not in page.headers


def test_who_enters_has_joined_and_their_host_hears_of_it_once(step):
    """However often they press; the room opens from a page of its own."""
    (joey,) = step.book()
    step.at(minutes=10)

    assert step.client.get(f"{joey.here}/room").headers["Location"] == joey.here
    for _ in range(3):
        assert step.press(joey).headers["Location"] == f"{joey.here}/room"
    page = step.client.get(f"{joey.here}/room")
    assert page.headers["Refresh"] == f"0; url={ROOM}"
    assert f'href="{ROOM}"' in page.text
    assert told(step) == [(HOST, "here", joey.id)]
    row = step.row(joey)
    assert (row.state, row.joined_at) == (Presence.JOINED, step.world.clock())
    with step.world.db.reading() as tx:
        notes = tx.scalars(select(Audit).where(Audit.action == "joined")).all()
        assert [(one.actor, one.detail) for one in notes] == [(f"guest {joey.id}", {"participant": joey.id})]


def test_without_a_room_the_host_is_told_that_somebody_waits(step):
    """Once; when the room is there, the same page leads to it."""
    joey, ann = step.book("Joey", "Ann", room="")
    step.at(minutes=10)
    for guest in (joey, joey, ann):
        step.press(guest)

    page = step.look(joey)
    assert "Your host will send you the room." in words(page)
    assert page.headers["Refresh"] == "15"
    assert told(step) == [(HOST, "here", joey.id), (HOST, "here", ann.id)]
    notices = [one for one in told(step, Kind.HOSTED_NOTICE) if one[1] != "saved"]
    assert notices == [(HOST, "needs_room", joey.session_id)]
    step.change(HostedSession, joey.session_id, room=ROOM)
    assert ">Enter Session<" in step.look(joey).text
    assert step.press(joey).headers["Location"].endswith("/room")


def test_who_has_to_be_admitted_knocks_and_waits(step):
    """The host hears it once, lets them in once, and nobody else can."""
    (joey,) = step.book()
    asks_first(step)
    step.at(minutes=10)
    for _ in range(2):
        assert step.press(joey).headers["Location"] == joey.here
    page = step.look(joey)
    assert "Please wait. This page goes on by itself." in words(page)
    assert page.headers["Refresh"] == "5"
    assert told(step) == [(HOST, "knocks", joey.id)]
    assert step.row(joey).joined_at is None

    def admit(by):
        return hosted_join.admit(step.world.db, TEAM, joey.id, by=by, now=step.world.clock())

    for stranger in (OTHER, "UADMIN", "", f"guest {joey.id}"):
        with pytest.raises(NotYourSession):
            admit(stranger)
    assert admit(HOST).changed
    assert not admit(HOST).changed
    assert told(step) == [(HOST, "knocks", joey.id)]
    assert "Your host lets you in." in words(step.look(joey))
    assert step.press(joey).headers["Location"].endswith("/room")
    assert told(step) == [(HOST, "knocks", joey.id)]


def test_payment_comes_first(step):
    """[Pay Now] leads to the pay page; whoever presses around it stays outside until it is paid."""
    (joey,) = step.book(fee=FEE)
    page = step.look(joey)
    assert "Please pay 40.00 USD before the session." in words(page)
    link = re.search(r'href="(/pay/[^"]+)">Pay Now<', page.text)
    assert link
    step.at(minutes=10)
    assert step.press(joey).headers["Location"] == joey.here
    assert step.row(joey).joined_at is None

    with step.world.db.reading() as tx:
        bill = bill_of(tx, joey.id)
    step.change(Bill, bill.id, state="paid")
    assert ">Enter Session<" in step.look(joey).text
    step.change(Bill, bill.id, state="refunded")
    assert "Your payment was given back." in words(step.look(joey))
    assert step.press(joey).headers["Location"] == joey.here


def test_who_reads_the_invitation_before_we_know_that_it_left_is_asked_as_well(step):
    """An e-mail may be opened before its sender has noted that it was taken; the code alone asks nobody."""
    (joey,) = step.book(by={"channel": Channel.EMAIL, "address": "joey@example.com"})
    page = step.look(joey)
    assert step.row(joey).state == "added"
    assert "Will you come?" in words(page)
    step.client.post(f"{joey.here}/answer", data={"answer": "accept"})
    assert step.row(joey).state == "accepted"
    step.world.drain()
    assert step.row(joey).state == "accepted"
    (ann,) = step.book("Ann")
    assert "Will you come?" not in words(step.look(ann))


def test_an_answer_is_asked_for_and_given_by_a_button(step):
    """A link of the e-mail shows its choice first, and looking answers nothing."""
    (joey,) = step.book()
    step.change(HostedParticipant, joey.id, state="invited")

    for ask, first in (("accept", "Accept"), ("decline", "Decline")):
        page = step.look(joey, f"?answer={ask}").text
        assert re.findall(r"<button[^>]*>(\w+)<", page)[0] == first
    assert step.row(joey).state == "invited"
    assert step.press(joey, "answer", answer="maybe").headers["Location"] == joey.here
    assert step.row(joey).state == "invited"
    assert step.press(joey, "answer", answer="accept").headers["Location"] == joey.here
    assert "You accepted." in words(step.look(joey))
    assert step.press(joey, "answer", answer="decline").status_code == 303
    page = step.look(joey)
    assert "This session was cancelled." in words(page)
    assert ">Accept<" in page.text
    assert step.row(joey).state == "declined"


def test_a_session_that_is_not_to_be_says_so(step):
    """Cancelled, not part of it, removed, over: no button leads anywhere."""
    joey, ann = step.book("Joey", "Ann")
    (eve,) = step.book("Eve")
    now = step.world.clock()
    hosted_participants.remove(step.world.db, TEAM, ann.id, by=HOST, now=now)
    hosted_sessions.cancel(step.world.db, TEAM, eve.session_id, by=HOST, now=now)
    step.at(minutes=-170, seconds=-1)
    for guest, said in (
        (joey, "This session is over."),
        (ann, "This session was cancelled."),
        (eve, "This session was cancelled."),
    ):
        page = step.look(guest)
        assert said in words(page)
        assert "<form" not in page.text
        assert step.press(guest).headers["Location"] == guest.here
        assert step.client.get(f"{guest.here}/room").headers["Location"] == guest.here
    assert told(step) == []


def test_the_calendar_has_the_session(step):
    """As a file to be opened, with the page's link and without the code."""
    (joey,) = step.book()
    answer = step.client.get(f"{joey.here}/calendar.ics")

    assert answer.mimetype == "text/calendar"
    assert b"DTSTART:20270311T200000Z" in answer.data
    assert joey.code.encode() not in answer.data.replace(b"-", b"")


def test_the_page_speaks_the_guests_language(step):
    """What the browser asks for if we speak it, else what is known of the guest; the markup says which."""
    (joey,) = step.book()
    assert '<html lang="fr">' in step.look(joey, **{"Accept-Language": "fr-CA, en;q=0.5"}).text
    assert '<html lang="en">' in step.look(joey, **{"Accept-Language": "de"}).text
    step.change(HostedParticipant, joey.id, locale="fr-FR")
    assert '<html lang="fr">' in step.look(joey, **{"Accept-Language": "de"}).text
    assert '<html lang="en">' in step.look(joey, **{"Accept-Language": "en-GB"}).text


def test_a_link_names_the_address_of_the_installation(step):
    """What is sent to a guest leads to their page."""
    from services import hosted_codes

    (joey,) = step.book()
    assert hosted_codes.link(step.reach, step.row(joey)) == f"{URL}{joey.here}"
    assert hosted_codes.link(replace(step.reach, url=""), step.row(joey)) == ""


def test_an_hour_before_the_page_looks_each_minute(step):
    """And seldom before: it may stand open for days."""
    (joey,) = step.book()
    step.world.clock.now = STARTS - timedelta(minutes=74)
    assert step.look(joey).headers["Refresh"] == "60"
