"""Who takes part: added, changed, removed, invited again; what they answer, and what time does."""

from datetime import timedelta

import pytest

from domain.errors import FieldRefusal
from domain.hosted import (
    Channel,
    Presence,
    TooLate,
    TooManyPeople,
)
from domain.messages import Kind as Message
from domain.messages import Verdict
from services import hosted_sessions
from services.hosted_participants import LastOne, NotInvited, TooSoon
from tests.builders import TEAM
from tests.hosting import DANA, JOEY, START, Hosting, somebody

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GUESTS = (Message.HOSTED_INVITE, Message.HOSTED_MOVED, Message.HOSTED_CANCELLED)


def test_somebody_is_added_once_and_has_a_code_and_reminders(db):
    """The same form again adds nobody."""
    hosting = Hosting(db)
    session = hosting.book()
    new = somebody(2, Channel.NONE, key="add.1")
    first, again = hosting.add(session, new), hosting.add(session, new)
    hosting.add(session, somebody(3, key="add.2"))

    assert (first.changed, again.changed) == (True, False)
    assert first.codes == again.codes
    assert [hosting.found(code) for code in first.codes.values()] == list(first.codes)
    assert len(hosting.people(session)) == 3
    assert len(hosting.reminders(session)) == 6


def test_who_cannot_be_added_is_refused_by_name(db):
    """One who is there, number twenty-one, and anybody when it is over; one who was removed may come back."""
    hosting = Hosting(db)
    session = hosting.book(*map(somebody, range(1, 20)))
    with pytest.raises(FieldRefusal, match=r"client7@example\.com is already in this session\."):
        hosting.add(session, somebody(7, key="other"))
    hosting.take_out(hosting.people(session)[6].id)
    hosting.add(session, somebody(7, key="other"))
    hosting.add(session, somebody(20))
    with pytest.raises(TooManyPeople):
        hosting.add(session, somebody(21))
    hosting.to(START + 50 * MINUTE)
    with pytest.raises(TooLate):
        hosting.add(session, somebody(22))


def test_a_new_address_is_invited_with_a_code_that_the_old_one_does_not_know(db):
    """The host told the code by phone: then the e-mail carries the same one."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    before = hosting.joey(session)
    old = hosting.code_of(before)
    hosting.change(before.id, somebody(2))
    hosting.world.run()
    after = hosting.joey(session)
    assert hosting.found(old) == 0
    assert hosting.found(hosting.code_of(after)) == after.id
    assert after.link_hash != before.link_hash
    assert [len(hosting.mails.to(one)) for one in ("joey@example.com", "client2@example.com")] == [1, 1]

    done = hosting.change(after.id, somebody(2, Channel.NONE))
    told = done.codes[after.id]
    hosting.change(after.id, somebody(2, Channel.EMAIL))
    assert hosting.code_of(hosting.joey(session)) == told
    copies = hosting.joey(session).copy
    hosting.change(after.id, somebody(2, Channel.EMAIL, name="Joseph", zone="Asia/Tokyo"))
    assert (hosting.joey(session).name, hosting.joey(session).copy) == ("Joseph", copies)


def test_who_is_removed_hears_of_it_if_they_were_invited_and_the_last_one_stays(db):
    """Their code dies at once, their reminders too; the others know nothing of it."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2), somebody(3, Channel.NONE))
    hosting.world.run()
    joey, other, told = hosting.people(session)
    code = hosting.code_of(joey)
    hosting.take_out(joey.id)
    assert hosting.take_out(joey.id).changed is False
    hosting.take_out(told.id)
    with pytest.raises(LastOne):
        hosting.take_out(other.id)
    hosting.to(START)

    assert [(row.subject_id, row.state) for row in hosting.owed(Message.HOSTED_CANCELLED)] == [
        (joey.id, "sent")
    ]
    assert hosting.found(code) == 0
    assert hosting.people(session)[0].code_sealed == ""
    assert hosting.sent(Message.HOSTED_REMINDER) == 3


def test_an_invitation_is_sent_again_with_the_same_code_once_a_minute(db):
    """Not to whom nobody invites."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2, Channel.NONE))
    joey, told = hosting.people(session)
    hosting.world.run()
    hosting.clock.move(seconds=59)
    with pytest.raises(TooSoon):
        hosting.resend(joey.id)
    hosting.clock.move(seconds=1)
    hosting.resend(joey.id)
    with pytest.raises(TooSoon):
        hosting.resend(joey.id)
    with pytest.raises(NotInvited):
        hosting.resend(told.id)
    hosting.world.run()

    first, second = hosting.mails.to("joey@example.com")
    code = hosting.code_of(hosting.joey(session))
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in first.text
    assert first.text == second.text


def test_the_host_hears_each_answer_and_a_declined_one_may_come_back(db):
    """The same answer twice is one; after the session it is too late."""
    hosting = Hosting(db)
    session = hosting.book()
    joey = hosting.joey(session).id
    hosting.world.run()
    assert hosting.answer(joey, True).changed
    assert hosting.answer(joey, True).changed is False
    hosting.clock.move(minutes=1)
    hosting.answer(joey, False)
    hosting.clock.move(minutes=1)
    hosting.answer(joey, True)
    assert hosting.told(Message.HOSTED_NEWS) == [
        f"{one} to {DANA}" for one in ("accepted", "declined", "accepted")
    ]
    hosting.to(START + 50 * MINUTE)
    with pytest.raises(TooLate):
        hosting.answer(joey, False)


# --- Time ----------------------------------------------------------------------------------------------


def test_a_session_opens_ends_and_forgets_its_codes(db):
    """Live a quarter of an hour before; missed at its end if nobody came, and the host hears of both."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(START - 15 * MINUTE - timedelta(seconds=1))
    assert hosting.session(session).state == "scheduled"
    hosting.to(START - 15 * MINUTE)
    assert hosting.session(session).state == "live"
    hosting.to(START + 50 * MINUTE - timedelta(seconds=1))
    assert hosting.session(session).state == "live"
    hosting.to(START + 50 * MINUTE)
    assert (hosting.session(session).state, hosting.joey(session).state) == ("missed", "no_show")
    assert hosting.joey(session).code_sealed
    hosting.to(START + 170 * MINUTE)
    assert not hosting.joey(session).code_sealed
    assert hosting.told(Message.HOSTED_NOTICE) == [
        f"{one} to {DANA}" for one in ("saved", "starts", "missed")
    ]
    hosted_sessions.took_place(db, TEAM, session, by=DANA, now=hosting.now)
    assert hosting.session(session).state == "done"


def test_a_session_to_which_somebody_came_is_done(db):
    """Who did not come did not show up; who had declined did not have to."""
    hosting = Hosting(db)
    session = hosting.book(*map(somebody, range(3)))
    hosting.to(START)
    came, _missing, declined = hosting.people(session)
    hosting.joins(came.id)
    hosting.answer(declined.id, False)
    hosting.to(START + 50 * MINUTE)

    assert hosting.session(session).state == "done"
    assert [one.state for one in hosting.people(session)] == ["joined", "no_show", "declined"]
    with pytest.raises(TooLate):
        hosting.move(session, START + 24 * HOUR)


def test_two_hours_before_the_host_hears_who_has_not_answered(db):
    """Of each once; not of who is told by the host, and not where the booking was later than that."""
    hosting = Hosting(db)
    session = hosting.book(*map(somebody, range(2)), somebody(2, Channel.NONE))
    hosting.world.run()
    hosting.answer(hosting.joey(session).id, True)
    hosting.to(START - 2 * HOUR)
    late = hosting.book(somebody(5))
    hosting.world.run()
    hosting.to(START)

    assert [one.state for one in hosting.people(session)] == ["accepted", "no_reply", "added"]
    assert hosting.told(Message.HOSTED_NEWS) == [f"accepted to {DANA}", f"silent to {DANA}"]
    assert hosting.joey(late).state == "invited"


def test_the_host_hears_once_of_an_invitation_that_waits_for_half_an_hour(db):
    """The server is away: it stays queued, and arrives when the server is back."""
    hosting = Hosting(db)
    hosting.mails.fail(Verdict.LATER, times=99)
    session = hosting.book()
    hosting.to(hosting.now + 29 * MINUTE)
    assert hosting.told(Message.HOSTED_NEWS) == []
    hosting.pass_by(minutes=1)
    assert hosting.told(Message.HOSTED_NEWS) == [f"undelivered to {DANA}"]
    hosting.pass_by(minutes=60)
    assert hosting.told(Message.HOSTED_NEWS) == [f"undelivered to {DANA}"]
    hosting.mails.faults.clear()
    hosting.world.leases_run_out()
    hosting.world.run()

    assert len(hosting.mails.mails) == 1
    assert hosting.joey(session).state == Presence.INVITED
