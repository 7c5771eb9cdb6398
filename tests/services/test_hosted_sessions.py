"""A host's sessions: saved once, edited, moved; and what everybody hears of it."""

from datetime import timedelta

import pytest

from domain.errors import FieldRefusal
from domain.hosted import (
    Channel,
    Kind,
    NoKey,
    Stage,
    Stale,
    TooManyPeople,
)
from domain.messages import Kind as Message
from services import hosted_sessions
from tests.builders import TEAM
from tests.hosting import DANA, JOEY, OMAR, START, Hosting, at, somebody

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GUESTS = (Message.HOSTED_INVITE, Message.HOSTED_MOVED, Message.HOSTED_CANCELLED)


def test_a_session_is_saved_once_however_often_its_form_is_sent(db):
    """The second time gives the same session and codes, and nobody hears of it again."""
    hosting = Hosting(db)
    people = (JOEY, somebody(2, Channel.NONE), somebody(3, Channel.SLACK))
    first = hosting.save(*people, form="view-1")
    again = hosting.save(*people, form="view-1")

    joey, told, colleague = hosting.people(first.session_id)
    assert first.changed
    assert (again.changed, again.session_id, again.codes) == (False, first.session_id, first.codes)
    assert list(first.codes) == [told.id]
    assert hosting.found(first.codes[told.id]) == told.id
    assert hosting.found(hosting.code_of(joey)) == joey.id
    assert joey.code_until == START + 170 * MINUTE
    assert colleague.link_hash
    assert (colleague.code_hash, colleague.code_sealed) == (None, "")
    assert [row.subject_id for row in hosting.owed(Message.HOSTED_INVITE)] == [joey.id, colleague.id]
    assert hosting.told(Message.HOSTED_NOTICE) == [f"saved to {DANA}"]


def test_who_is_invited_stands_so_once_the_invitation_is_taken(db):
    """Whom nobody invites stays added until they come."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2, Channel.NONE))
    assert [one.state for one in hosting.people(session)] == ["added", "added"]
    hosting.world.run()

    assert [one.state for one in hosting.people(session)] == ["invited", "added"]
    assert len(hosting.mails.to("joey@example.com")) == 1


def test_a_session_now_is_live_at_once(db):
    """It begins with the minute in which it is saved; a form that says later is a session of that time."""
    hosting = Hosting(db, at("2026-03-03T14:03:27"))
    now = hosting.session(hosting.book(kind=Kind.NOW, start=at("2026-03-03T14:03")))
    later = hosting.session(hosting.book(kind=Kind.NOW, start=at("2026-03-03T15:00")))

    assert (now.state, now.starts_at, now.next_at) == (
        Stage.LIVE, at("2026-03-03T14:03"), at("2026-03-03T14:33:27"),
    )  # fmt: skip
    assert (later.state, later.kind, later.starts_at) == (
        Stage.SCHEDULED, Kind.SCHEDULED, at("2026-03-03T15:00"),
    )  # fmt: skip


def test_what_cannot_be_saved_says_why_and_leaves_nothing(db):
    """No key, too many people, one address twice, a time that has passed."""
    hosting = Hosting(db)
    twice = (JOEY, somebody(2), somebody(3, address="Joey@Example.com"))
    with pytest.raises(FieldRefusal) as refused:
        hosting.book(*twice)
    assert refused.value.problems == {"address": "joey@example.com is already in this session."}
    with pytest.raises(TooManyPeople):
        hosting.book(*map(somebody, range(21)))
    with pytest.raises(FieldRefusal, match="has passed"):
        hosting.book(start=hosting.now - 2 * MINUTE)
    with pytest.raises(NoKey):
        hosted_sessions.save(db, TEAM, None, host=DANA, vault=None, chance=hosting.chance, now=hosting.now)

    assert hosting.owed(*GUESTS) == []
    assert len(hosting.people(hosting.book(*map(somebody, range(20))))) == 20


def test_another_session_at_the_time_is_named(db):
    """One that begins or ends in between; not the same one, one of another host, or one that is over."""
    hosting = Hosting(db)
    session = hosting.book()

    def clash(start, minutes=50, **more):
        return hosted_sessions.clash(db, TEAM, more.pop("host", DANA), start, minutes, **more)

    assert clash(START + 30 * MINUTE) == START
    assert clash(START - 49 * MINUTE) == START
    assert clash(START - 50 * MINUTE) is None
    assert clash(START + 50 * MINUTE) is None
    assert clash(START - HOUR, 240) == START
    assert clash(START, but=session) is None
    assert clash(START, host=OMAR) is None
    hosting.cancel(session)
    assert clash(START) is None


# --- Edited and moved ----------------------------------------------------------------------------------


def test_a_new_name_or_room_is_told_to_nobody_and_a_new_duration_is(db):
    """The codes of a longer session work longer."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    hosting.edit(session, name="Coaching", room="https://meet.example.com/1")
    assert hosting.owed(Message.HOSTED_MOVED) == []
    hosting.edit(session, minutes=90)
    hosting.world.run()

    assert hosting.sent(Message.HOSTED_MOVED) == 1
    assert hosting.joey(session).code_until == START + 210 * MINUTE
    hosting.to(START)
    assert [one.state for one in hosting.reminders(session)] == ["sent"] * 3
    assert hosting.sent(Message.HOSTED_REMINDER) == 3


def test_a_session_that_changed_meanwhile_is_not_written_over(db):
    """The host reads when it changed, on the clock of her zone."""
    hosting = Hosting(db)
    hosting.settings(zone="America/New_York")
    session = hosting.book()
    hosting.to(at("2026-03-02T19:02"))
    hosting.edit(session, name="Coaching")
    with pytest.raises(Stale, match=r"This session changed at 14:02\. Your changes are kept below\."):
        hosting.edit(session, version=0, name="Other")
    assert hosting.edit(session, version=0, name="Coaching").changed is False
    assert hosting.session(session).name == "Coaching"


def test_those_who_were_invited_hear_of_the_new_time_and_keep_their_codes(db):
    """Not who declined, nor whom nobody invites; and again nobody, where nothing changed."""
    hosting = Hosting(db)
    session = hosting.book(JOEY, somebody(2), somebody(3, Channel.NONE))
    hosting.world.run()
    joey, other, _ = hosting.people(session)
    code = hosting.code_of(joey)
    hosting.answer(other.id, False)
    hosting.move(session, START + HOUR)
    assert hosting.move(session, START + HOUR).changed is False
    hosting.world.run()

    (row,) = hosting.owed(Message.HOSTED_MOVED)
    assert (row.subject_id, row.params["was_at"]) == (joey.id, START.timestamp())
    assert (row.key, row.state) == (f"hosted-moved-{joey.id}-1", "sent")
    assert hosting.found(code) == joey.id
    hosting.to(START + HOUR + 169 * MINUTE)
    assert hosting.found(code) == joey.id
    hosting.to(START + HOUR + 170 * MINUTE)
    assert hosting.found(code) == 0


def test_an_invitation_that_has_not_left_tells_the_new_time_itself(db):
    """Nobody hears of a move who was never told of the time before."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.move(session, START + HOUR)
    hosting.world.run()

    assert hosting.owed(Message.HOSTED_MOVED) == []
    (mail,) = hosting.mails.to("joey@example.com")
    assert "22:00 CET" in mail.subject


def test_moves_that_were_not_told_yet_become_one(db):
    """From the time that people know to the newest; moved back before anybody heard is no news."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.world.run()
    hosting.move(session, START + HOUR)
    hosting.move(session, START + 2 * HOUR)
    first, second = hosting.owed(Message.HOSTED_MOVED)
    assert (first.state, second.params) == ("skipped", {"was_at": START.timestamp()})
    hosting.move(session, START)
    hosting.world.run()

    assert hosting.sent(Message.HOSTED_MOVED) == 0


def test_a_session_that_was_missed_may_be_moved_with_new_codes_where_the_old_ones_died(db):
    """Within two hours of its end the codes still live; later there are new ones, and a new invitation."""
    hosting = Hosting(db)
    soon, late = hosting.book(), hosting.book(JOEY, somebody(2, Channel.NONE))
    hosting.to(START + HOUR)
    assert {hosting.session(one).state for one in (soon, late)} == {"missed"}
    assert {one.state for one in hosting.people(late)} == {"no_show"}
    code = hosting.code_of(hosting.joey(soon))
    hosting.move(soon, START + 24 * HOUR)
    assert hosting.found(code) == hosting.joey(soon).id

    hosting.to(START + 4 * HOUR)
    joey, told = hosting.people(late)
    assert (joey.code_hash, joey.code_sealed, told.code_hash) == (None, "", None)
    done = hosting.move(late, START + 24 * HOUR)
    hosting.world.run()
    joey, told = hosting.people(late)
    assert list(done.codes) == [told.id]
    assert (joey.state, joey.copy, told.state) == ("invited", 1, "added")
    assert hosting.found(hosting.code_of(joey)) == joey.id
    assert hosting.owed(Message.HOSTED_MOVED)[-1].subject_id != joey.id
    hosting.to(START + 24 * HOUR)
    assert hosting.session(late).state == "live"


def test_who_had_come_before_a_session_was_moved_is_expected_again(db):
    """Otherwise the session would be done at its new end, whoever comes."""
    hosting = Hosting(db)
    session = hosting.book()
    hosting.to(START)
    hosting.joins(hosting.joey(session).id)
    hosting.move(session, START + 24 * HOUR)
    assert (hosting.joey(session).state, hosting.joey(session).joined_at) == ("accepted", None)
    hosting.to(START + 26 * HOUR)

    assert hosting.session(session).state == "missed"
