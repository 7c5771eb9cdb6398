"""Two at once about one session, and workers that die between two steps: reminders once, no code twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import FieldRefusal
from domain.hosted import Channel, Kind, NewSession
from domain.messages import Kind as Message
from services import hosted_participants, hosted_reminders, hosted_sessions
from store.database import Database, make_engine
from store.hosted import HostedParticipant
from tests.builders import TEAM
from tests.fakes import CountedChance
from tests.hosting import DANA, JOEY, NEW_YORK, START, VAULT, Hosting, at, somebody
from tests.races import in_processes, meanwhile

DUE = at("2026-03-03T19:00")
NOW = DUE + timedelta(seconds=1)


class Killed(BaseException):
    """The worker is gone, with all that it had not committed."""


def on(url, work):
    """The same work on connections of its own."""

    def run():
        engine = make_engine(url)
        try:
            return work(Database(engine))
        finally:
            engine.dispose()

    return run


def remind(session):
    """What the worker does about reminders."""
    return lambda db: hosted_reminders.send_due(db, TEAM, session, now=NOW)


def before_the_reminder(db, *people):
    """A session whose reminder of one hour is due, and everybody invited."""
    hosting = Hosting(db)
    session = hosting.book(*people)
    hosting.to(DUE - timedelta(minutes=1))
    hosting.clock.now = NOW
    return hosting, session


@pytest.mark.parametrize("first", ["reminder", "change"])
@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_reminder_and_a_change_at_once_leave_no_reminder_of_what_is_not_so(db, db_url, first, change):
    """Whichever comes first: what has not left is taken back, and nothing is sent afterwards."""
    hosting, session = before_the_reminder(db)

    def move(own):
        return hosted_sessions.move(
            own,
            TEAM,
            session,
            START + timedelta(days=1),
            by=DANA,
            now=NOW,
            vault=VAULT,
            chance=CountedChance(),
        )

    def cancel(own):
        return hosted_sessions.cancel(own, TEAM, session, by=DANA, now=NOW)

    works = [remind(session), move if change == "move" else cancel]
    one, other = works if first == "reminder" else works[::-1]
    results = meanwhile(db_url, one, before="FROM hosted_session", second=other)
    assert [found for found in results if isinstance(found, Exception)] == []
    hosting.world.run()

    old = [row.state for row in hosting.reminders(session, plan=0)]
    assert old == ["sent", *(["superseded" if change == "move" else "cancelled"] * 2)]
    assert hosting.sent(Message.HOSTED_REMINDER) == 1  # of the day before
    hosting.to(START + timedelta(days=2))
    assert hosting.sent(Message.HOSTED_REMINDER) == (4 if change == "move" else 1)


def test_two_forms_at_once_add_one_address_once(db, db_url):
    """The second one reads that it is there already; the same form twice adds one participant."""
    hosting = Hosting(db)
    session = hosting.book(somebody(1))
    db.engine.dispose()

    def adding(key, number, seed):
        def work(own):
            chance = CountedChance()
            chance.drawn = seed
            new = somebody(number, key=key)
            try:
                return hosted_participants.add(
                    own, TEAM, session, new, by=DANA, now=NOW - timedelta(days=1), vault=VAULT, chance=chance
                ).changed
            except FieldRefusal as refused:
                return refused.problems["address"]

        return on(db_url, work)

    others = in_processes([adding("one", 2, 100), adding("two", 2, 200)])
    same = in_processes([adding("three", 3, 300), adding("three", 3, 400)])

    assert sorted(map(str, others)) == ["True", "client2@example.com is already in this session."]
    assert sorted(same) == [False, True]
    assert [one.address for one in hosting.people(session)] == [
        "client1@example.com", "client2@example.com", "client3@example.com",
    ]  # fmt: skip


def test_two_who_draw_the_same_code_get_two(db, db_url):
    """The table holds each once; whoever comes second draws again."""
    hosting = Hosting(db)
    db.engine.dispose()

    def saving(number):
        def work(own):
            person = replace(JOEY, channel=Channel.NONE, address="", key=f"race-{number}.1")
            new = NewSession(Kind.SCHEDULED, START, 50, NEW_YORK, f"race-{number}", people=(person,))
            done = hosted_sessions.save(
                own, TEAM, new, host=DANA, vault=VAULT, chance=CountedChance(), now=hosting.now
            )
            return list(done.codes.values())

        return on(db_url, work)

    codes = in_processes([saving(number) for number in range(3)])

    assert len({code for (code,) in codes}) == 3
    stored = hosting.rows(HostedParticipant)
    assert len({one.code_hash for one in stored}) == 3


def test_one_form_sent_twice_at_once_is_one_session(db, db_url):
    """Both submissions are told the same."""
    hosting = Hosting(db)
    db.engine.dispose()

    def save(own):
        new = NewSession(
            Kind.SCHEDULED, START, 50, NEW_YORK, "view-1", people=(replace(JOEY, key="view-1.1"),)
        )
        done = hosted_sessions.save(
            own, TEAM, new, host=DANA, vault=VAULT, chance=CountedChance(), now=hosting.now
        )
        return done.changed, done.session_id

    first, second = sorted(in_processes([on(db_url, save), on(db_url, save)]))

    assert (first[0], second[0]) == (False, True)
    assert first[1] == second[1]
    assert len(hosting.owed(Message.HOSTED_INVITE)) == 1


@pytest.mark.parametrize(
    "point",
    [
        "after_take",
        "after_hosted_remind",
        "before_claim",
        "after_claim",
        "after_fence",
        "after_post",
        "after_record",
    ],
)
def test_a_worker_that_dies_anywhere_sends_each_reminder_once(db, point):
    """At every step of the way; another one goes on where it stood.

    Between the post and its record nobody can know whether an e-mail went out: then it comes twice under one
    Message-ID, which mail programs show once.
    """
    hosting, session = before_the_reminder(db, somebody(1), somebody(2))
    deaths = []

    def die(reached):
        if reached == point and not deaths:
            deaths.append(reached)
            raise Killed

    alive = hosting.world.deps
    hosting.world.deps = replace(alive, probe=die)
    with pytest.raises(Killed):
        hosting.world.run()
    hosting.world.deps = alive
    for _ in range(3):
        hosting.world.leases_run_out()
        hosting.world.run()

    assert deaths == [point]
    keys = [mail.key.partition(".")[0] for mail in hosting.mails.mails if "reminder" in mail.key]
    due = [row.id for row in hosting.reminders(session) if row.due_at <= NOW]
    assert {*keys} == {f"hosted-reminder-{one}" for one in due}
    assert len(keys) == len(due) + (point in ("after_post",))
    assert {row.state for row in hosting.owed(Message.HOSTED_REMINDER)} == {"sent"}


@pytest.mark.parametrize("point", ["after_claim", "after_fence"])
def test_a_worker_that_dies_before_the_post_reminds_nobody_of_what_was_cancelled_meanwhile(db, point):
    """The one who goes on looks again before anything leaves."""
    hosting, session = before_the_reminder(db)

    def die(reached):
        if reached == point:
            raise Killed

    alive = hosting.world.deps
    hosting.world.deps = replace(alive, probe=die)
    with pytest.raises(Killed):
        hosting.world.run()
    hosting.world.deps = alive
    hosting.cancel(session)
    for _ in range(3):
        hosting.world.leases_run_out()
        hosting.world.run()

    assert hosting.sent(Message.HOSTED_REMINDER) == 1
    assert hosting.sent(Message.HOSTED_CANCELLED) == 1
