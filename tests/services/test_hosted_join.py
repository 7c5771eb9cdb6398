"""The door of a session on both databases: everything once, whatever happens at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.hosted import NoSuchGuest, Presence
from domain.hosted_page import NoSuchDoor, Step
from services import hosted_join, hosted_participants, hosted_sessions
from store.hosted import Host, HostedParticipant, HostedSession
from store.outbox import Outbox
from tests.builders import TEAM, World
from tests.guests import HOST, ROOM, Doorstep


@pytest.fixture
def step(db):
    """A door ten minutes before a session."""
    found = Doorstep(World(db))
    found.world.run()
    return found


def told(step):
    """What hosts hear of guests."""
    with step.world.db.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == "hosted.news").order_by(Outbox.id))
        return [(row.recipient, row.params["what"]) for row in rows]


def enter(step, guest):
    """Press [Enter Session]."""
    return hosted_join.enter(step.world.db, TEAM, step.vault, guest.token, now=step.world.clock())


def test_eight_presses_at_once_are_one_guest(step):
    """All of them come in, and the host hears of it once."""
    (joey,) = step.book()
    step.at(minutes=10)

    with ThreadPoolExecutor(8) as many:
        inside = list(many.map(lambda _: enter(step, joey), range(8)))

    assert {one.room for one in inside} == {ROOM}
    assert sum(one.changed for one in inside) == 1
    assert told(step) == [(HOST, "here")]


def test_who_enters_while_it_is_cancelled_is_in_or_not(step):
    """One decides after the other: nobody has joined a session that was cancelled before."""
    (joey,) = step.book()
    step.at(minutes=10)
    db, now = step.world.db, step.world.clock()

    def cancel():
        return hosted_sessions.cancel(db, TEAM, joey.session_id, by=HOST, now=now)

    with ThreadPoolExecutor(2) as both:
        pressed, ended = both.submit(enter, step, joey), both.submit(cancel)
        inside, done = pressed.result(), ended.result()

    assert done.changed
    joined = step.row(joey).state == Presence.JOINED
    assert (inside.room == ROOM) == joined == (told(step) == [(HOST, "here")])
    assert enter(step, joey).room == ""


def test_eight_knocks_are_one_and_so_are_eight_admissions(step):
    """The host is asked once, and lets somebody in once."""
    (joey,) = step.book()
    with step.world.db.transaction() as tx:
        tx.add(Host(team_id=TEAM, user_id=HOST, admit=True))
    now = step.at(minutes=10)

    with ThreadPoolExecutor(8) as many:
        assert {one.room for one in many.map(lambda _: enter(step, joey), range(8))} == {""}
        done = list(
            many.map(lambda _: hosted_join.admit(step.world.db, TEAM, joey.id, by=HOST, now=now), range(8))
        )

    assert sum(one.changed for one in done) == 1
    assert enter(step, joey).room == ROOM
    assert told(step) == [(HOST, "knocks")]


def test_a_late_guest_comes_in_while_their_code_works(step):
    """Two hours after the end at most; what the session came to does not change by it."""
    joey, ann = step.book("Joey", "Ann")
    step.change(HostedSession, joey.session_id, state="missed")
    step.at(minutes=-55)

    assert enter(step, joey).room == ROOM
    step.at(minutes=-170, seconds=-1)
    assert enter(step, ann).room == ""
    with step.world.db.reading() as tx:
        assert tx.get(HostedSession, joey.session_id).state == "missed"


def test_the_door_knows_no_stranger(step):
    """A token that is none, another workspace's, or one without a key: the same refusal."""
    (joey,) = step.book()
    now = step.world.clock()
    for team, vault, token in (
        (TEAM, step.vault, "0" * 32),
        ("T2", step.vault, joey.token),
        (TEAM, None, joey.token),
        (TEAM, step.vault, ""),
    ):
        with pytest.raises(NoSuchDoor):
            hosted_join.enter(step.world.db, team, vault, token, now=now)
    with pytest.raises(NoSuchGuest):
        hosted_join.admit(step.world.db, "T2", joey.id, by=HOST, now=now)


def test_who_was_taken_out_sees_a_cancelled_session(step):
    """By their old link too, and whatever is asked of the page."""
    joey, _ann = step.book("Joey", "Ann")
    now = step.world.clock()
    hosted_participants.remove(step.world.db, TEAM, joey.id, by=HOST, now=now)
    view = hosted_join.view(step.world.db, TEAM, step.reach, joey.token, now=now, choice="accept")

    assert view.step is Step.CANCELLED
    with pytest.raises(NoSuchGuest):
        hosted_join.answer(step.world.db, TEAM, step.vault, joey.token, True, now=now)
    assert step.row(joey).removed_at is not None
    with step.world.db.reading() as tx:
        assert tx.get(HostedParticipant, joey.id).code_hash is None
