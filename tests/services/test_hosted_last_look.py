"""The last look before a message leaves: it agrees with what was decided after the message was owed.

Whoever decides takes back what waits; what was owed in the same moment is caught here.
"""

import pytest

from domain.hosted import Channel
from domain.messages import Kind, Verdict
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.outbox import Outbox
from tests.conftest import Copies
from tests.hosted_post import DAY, HOUR, hosting_stop, loaded, mail_is_away, owe_one
from tests.hosting import DANA, OMAR, START, Hosting, somebody


@pytest.fixture
def hosting(sqlite_copies: Copies) -> Hosting:
    """Dana hosts."""
    return Hosting(Database(sqlite_copies.fresh()))


def decide(
    hosting: Hosting, table: type[HostedSession | HostedParticipant], key: int, **values: object
) -> None:
    """Somebody decides, and knows of no message."""
    with hosting.db.transaction() as tx:
        row = tx.get_one(table, key)
        for name, value in values.items():
            setattr(row, name, value)


def waiting(hosting: Hosting) -> tuple[int, int, Outbox]:
    """A session, its participant, and an invitation that waits for the server."""
    mail_is_away(hosting, times=9)
    session = hosting.book()
    hosting.world.run()
    return session, hosting.joey(session).id, hosting.owed(Kind.HOSTED_INVITE)[0]


def test_an_invitation_stays_where_nothing_is_to_come(hosting: Hosting) -> None:
    """Each with its reason, which administrators read."""
    session, joey, row = waiting(hosting)
    decide(hosting, HostedSession, session, state="cancelled")
    assert loaded(hosting, row) == "the session is cancelled"
    decide(hosting, HostedSession, session, state="scheduled")
    decide(hosting, HostedParticipant, joey, copy=1)
    assert loaded(hosting, row) == "a newer invitation takes its place"
    decide(hosting, HostedParticipant, joey, copy=0, state="joined")
    assert loaded(hosting, row) == "has joined already"
    decide(hosting, HostedParticipant, joey, removed_at=hosting.now)
    assert loaded(hosting, row) == "not part of the session any more"
    decide(hosting, HostedParticipant, joey, removed_at=None, state="added")
    hosting.clock.now = START + HOUR

    assert loaded(hosting, row) == "the session is over"


def test_a_reminder_stays_where_nobody_wants_it(hosting: Hosting) -> None:
    """They declined, or the session was cancelled; a reminder that was superseded never leaves."""
    session, joey, _row = waiting(hosting)
    hosting.jump(START - HOUR)
    row = hosting.owed(Kind.HOSTED_REMINDER)[-1]
    decide(hosting, HostedParticipant, joey, state="declined")
    assert loaded(hosting, row) == "declined"
    assert hosting.reminders(session)[-2].state == "cancelled"
    decide(hosting, HostedParticipant, joey, state="invited")

    assert loaded(hosting, row) == "this reminder is not wanted any more"


def test_a_text_reminder_stays_for_a_number_that_stopped(hosting: Hosting) -> None:
    """Its row says that it failed, and why."""
    session = hosting.book(somebody(2, Channel.TEXT))
    hosting.world.run()
    hosting_stop(hosting)
    hosting.jump(START - HOUR)

    assert len(hosting.texts.texts) == 1
    assert [(one.state, one.reason) for one in hosting.reminders(session) if one.before == 60] == [
        ("failed", "this number wants no texts")
    ]


def test_a_reminder_that_nobody_takes_failed(hosting: Hosting) -> None:
    """Its row says so, and why."""
    session = hosting.book()
    hosting.world.run()
    hosting.mails.fail(Verdict.REFUSED, reason="the mailbox is full")
    hosting.jump(START - DAY)
    failed = [one for one in hosting.reminders(session) if one.state == "failed"]

    assert [(one.before, one.reason) for one in failed] == [(1440, "the mailbox is full")]


def test_a_move_is_told_only_to_who_knows_another_time(hosting: Hosting) -> None:
    """Not of a time that is past again, nor to whom the invitation tells the new one."""
    session, joey, _row = waiting(hosting)
    old = {"was_at": (START - HOUR).timestamp()}
    row = owe_one(hosting, Kind.HOSTED_MOVED, joey, params=old, key=f"hosted-moved-{joey}-0")
    assert loaded(hosting, row) == "the invitation tells the new time"
    decide(hosting, HostedSession, session, sequence=1)

    assert loaded(hosting, row) == "the session was moved meanwhile"


def test_a_cancellation_is_told_only_to_who_was_invited(hosting: Hosting) -> None:
    """The invitation never left: there is nothing to take back; nor of a session that takes place."""
    session, joey, row = waiting(hosting)
    told = owe_one(hosting, Kind.HOSTED_CANCELLED, joey)
    assert loaded(hosting, told) == "the session takes place after all"
    decide(hosting, HostedSession, session, state="cancelled")
    assert loaded(hosting, told) == "was never invited"
    with hosting.db.transaction() as tx:
        tx.get_one(Outbox, row.id).state = "unknown"

    assert loaded(hosting, told).meeting.name == "Joey P."


def test_news_go_to_whoever_hosts_now(hosting: Hosting) -> None:
    """The session was given away while they waited for Slack."""
    session, joey, _row = waiting(hosting)
    hosting.clock.move(minutes=1)
    decide(hosting, HostedParticipant, joey, state="accepted")
    owe_one(hosting, Kind.HOSTED_NEWS, joey, DANA, params={"what": "accepted"})
    decide(hosting, HostedSession, session, host_id=OMAR)
    hosting.world.drain()

    assert [shown.wire.text for shown in hosting.world.messenger.to(OMAR)] == ["Joey P. accepted."]
