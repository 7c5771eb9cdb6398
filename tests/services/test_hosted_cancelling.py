"""Sessions that are not to be: cancelled, removed, not cancelled after all; and those that are given."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.billing import Fee
from domain.hosted import Channel, MayNotHost, NotYourSession, TooLate
from domain.messages import Kind as Message
from domain.messages import Verdict
from services import hosted_contacts
from store.database import Database
from store.hosted import Contact
from tests.builders import TEAM
from tests.hosting import DANA, JOEY, OMAR, START, Hosting, somebody

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GUESTS = (Message.HOSTED_INVITE, Message.HOSTED_MOVED, Message.HOSTED_CANCELLED)


def test_who_was_invited_hears_of_a_cancellation_and_codes_die(db):
    """Once; and whose invitation had not left never hears of the session at all."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2, Channel.NONE))
    hosting.world.run()
    hosting.add(session, somebody(3))
    joey, _told, late = hosting.people(session)
    code = hosting.code_of(joey)
    hosting.cancel(session)
    assert hosting.cancel(session).changed is False
    hosting.world.run()

    assert [(row.subject_id, row.state) for row in hosting.owed(Message.HOSTED_CANCELLED)] == [
        (joey.id, "sent")
    ]
    assert hosting.mails.to(late.address) == []
    assert hosting.found(code) == 0
    one = hosting.session(session)
    assert (one.state, one.over_by, one.sequence) == ("cancelled", DANA, 1)
    assert (hosting.joey(session).code_until, bool(hosting.joey(session).code_sealed)) == (hosting.now, True)
    hosting.pass_by(minutes=10)
    assert not hosting.joey(session).code_sealed
    assert not hosting.joey(session).code_hash
    assert hosting.session(session).next_at is None


def test_until_five_minutes_after_the_start_it_is_cancelled_and_later_removed(db):
    """Removing is silent; neither can be done in the other's time."""
    hosting = Hosting(db)
    first, second = hosting.book(), hosting.book()
    hosting.to(START + 5 * MINUTE)
    with pytest.raises(TooLate):
        hosting.remove(first)
    hosting.cancel(first)
    hosting.clock.now += timedelta(seconds=1)
    with pytest.raises(TooLate):
        hosting.cancel(second)
    hosting.remove(second)
    hosting.world.run()

    joey = hosting.joey(second)
    assert [row.subject_id for row in hosting.owed(Message.HOSTED_CANCELLED)] == [hosting.joey(first).id]
    assert (hosting.session(second).state, joey.code_hash, joey.code_sealed) == ("removed", None, "")
    assert hosting.remove(second).changed is False
    with pytest.raises(TooLate):
        hosting.move(second, START + HOUR)


def test_undone_before_anybody_heard_nobody_hears_anything(db):
    """What waits in the queue is dropped, and the guest's code works again."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    code = hosting.code_of(hosting.joey(session))
    hosting.cancel(session)
    hosting.undo(session)
    assert hosting.undo(session).changed is False
    hosting.world.run()

    assert [row.state for row in hosting.owed(Message.HOSTED_CANCELLED)] == ["skipped"]
    assert hosting.owed(Message.HOSTED_MOVED) == []
    assert hosting.found(code) == hosting.joey(session).id
    one = hosting.session(session)
    assert (one.state, one.undo, one.over_at) == ("scheduled", {}, None)
    assert one.next_at == START - 2 * HOUR


def test_undone_after_people_heard_they_hear_that_it_takes_place(db):
    """The same code works again, and reminders come."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2, Channel.NONE))
    hosting.world.run()
    codes = [hosting.code_of(one) for one in hosting.people(session)]
    hosting.cancel(session)
    hosting.world.run()
    hosting.clock.move(minutes=9, seconds=59)
    hosting.world.run()
    hosting.undo(session)
    hosting.world.run()

    (row,) = hosting.owed(Message.HOSTED_MOVED)
    assert (row.state, row.params) == ("sent", {"was_at": START.timestamp(), "undone": True})
    assert [hosting.found(code) for code in codes] == [one.id for one in hosting.people(session)]
    assert "takes place after all" in hosting.mails.to("joey@example.com")[-1].text
    hosting.to(START)
    assert hosting.sent(Message.HOSTED_REMINDER) == 3


def test_undone_whoever_has_to_pay_is_told_so_again(db):
    """What was paid may have gone back meanwhile, and the door stays shut without it."""
    hosting = Hosting(db)
    session = hosting.book(replace(JOEY, fee=Fee(0, "Coaching", 4000, "USD")), somebody(2))
    hosting.world.run()
    hosting.cancel(session)
    hosting.world.run()
    hosting.undo(session)
    hosting.world.run()

    joey, other = (hosting.mails.to(one)[-1].text for one in ("joey@example.com", "client2@example.com"))
    assert "takes place after all" in joey
    assert "Please pay 40.00 USD before the session: " in joey
    assert "takes place after all" in other
    assert "pay" not in other


def test_undone_an_invitation_that_was_dropped_goes_out_and_a_move_is_told(db):
    """What the cancellation took back is owed again."""
    hosting = Hosting(db)
    moved, fresh = hosting.book(), hosting.book(somebody(2))
    hosting.mails.fail(Verdict.LATER, times=99, at="client2")
    hosting.world.run()
    hosting.move(moved, START + HOUR)
    hosting.cancel(moved)
    hosting.cancel(fresh)
    hosting.undo(moved)
    hosting.undo(fresh)
    hosting.mails.faults.clear()
    hosting.world.leases_run_out()
    hosting.world.run()

    (told,) = (row for row in hosting.owed(Message.HOSTED_MOVED) if row.state == "sent")
    assert told.params == {"was_at": START.timestamp()}
    assert len(hosting.mails.to("client2@example.com")) == 1
    assert hosting.joey(fresh).state == "invited"
    hosting.cancel(moved)
    hosting.undo(moved)
    hosting.world.run()
    assert hosting.sent(Message.HOSTED_MOVED) == 1


def test_ten_minutes_later_nothing_can_be_undone(db):
    """Nor what was removed."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.cancel(session)
    hosting.clock.move(minutes=10)
    with pytest.raises(TooLate):
        hosting.undo(session)
    with pytest.raises(TooLate):
        hosting.move(session, START + HOUR)


def test_a_live_session_is_live_again_when_its_cancellation_is_undone(db):
    """The host is not told a second time that it begins."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(START)
    hosting.cancel(session)
    hosting.undo(session)
    hosting.world.run()

    assert hosting.session(session).state == "live"
    assert hosting.told(Message.HOSTED_NOTICE).count(f"starts to {DANA}") == 1


# --- Given ---------------------------------------------------------------------------------------------


def test_a_session_is_given_to_a_colleague_who_may_give_it_back_for_a_day(db):
    """Participants are not told; who gave it may not change it any more."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    hosting.give(session)
    hosting.world.run()
    assert hosting.give(session).changed is False
    with pytest.raises(NotYourSession):
        hosting.cancel(session)
    hosting.give_back(session)
    hosting.world.run()
    hosting.give(session)
    hosting.world.run()
    assert hosting.told(Message.HOSTED_NOTICE) == [
        f"saved to {DANA}", f"given to {OMAR}", f"given_back to {DANA}", f"given to {OMAR}",
    ]  # fmt: skip
    assert len(hosting.mails.mails) == 1

    hosting.pass_by(hours=24)
    with pytest.raises(TooLate):
        hosting.give_back(session)
    hosting.to(START - HOUR)
    assert "Person 2" in hosting.mails.mails[-1].text


def test_only_a_colleague_who_may_host_is_given_a_session_and_only_before_it_begins(db):
    """Neither somebody unknown, nor a session that is live."""
    hosting = Hosting(db)
    session = hosting.book()
    with pytest.raises(MayNotHost):
        hosting.give(session, "UNOBODY")
    hosting.to(START - 15 * MINUTE)
    with pytest.raises(TooLate):
        hosting.give(session)
    with pytest.raises(TooLate):
        hosting.give_back(session, by=DANA)


def test_nobody_but_the_host_changes_a_session(db):
    """Whatever a button carries."""
    hosting = Hosting(db)
    session = hosting.book()
    with pytest.raises(NotYourSession):
        hosting.cancel(session, by=OMAR)
    with pytest.raises(NotYourSession):
        hosting.move(session, START + HOUR, by=OMAR)
    with pytest.raises(NotYourSession):
        hosting.give(session, "U3", by="U3")
    with pytest.raises(NotYourSession):
        hosting.save(form="form-1", host=OMAR)


def test_what_is_forgotten_is_not_undone(db: Database) -> None:
    """Nobody could be invited again: their name and address were deleted after the cancellation."""
    hosting = Hosting(db)
    session_id = hosting.book(replace(JOEY, keep=True))
    hosting.cancel(session_id)
    (contact,) = hosting.rows(Contact)
    hosted_contacts.delete(db, TEAM, DANA, contact.id, now=hosting.now)

    with pytest.raises(TooLate):
        hosting.undo(session_id)
