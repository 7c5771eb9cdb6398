"""A sender that stands still between its fence and its post, for longer than its lease, and then goes on."""

import pytest
from sqlalchemy import func, select

from domain.messages import Verdict
from store.outbox import Evidence, Outbox
from tests.builders import OPT_IN, World


@pytest.fixture
def world(db, plays):
    """A session that is about to be opened."""
    world = World(db, size=3, plays=plays)
    world.recall(World.a_series)
    world.clock.now = OPT_IN
    return world


def freeze_at_first_post(world, meanwhile):
    """Let *meanwhile* happen right before the first question is posted, as if the sender had stood still."""

    def before(method, where):
        if (method, where) == ("post", "U1"):
            world.messenger.before = lambda method, where: None
            meanwhile()

    world.messenger.before = before


def others_look_and_send(world):
    """The lease runs out, the others find nothing in the conversation, and send."""
    for _ in range(2):
        world.leases_run_out()
        world.run()


def questions(world):
    """How many questions stand in each conversation, and the states of their rows."""
    standing = [
        len([m for m in world.messenger.to(user) if m.key.endswith("opt-in")]) for user in world.members
    ]
    with world.db.reading() as tx:
        rows = tx.scalars(select(Outbox.state).where(Outbox.kind == "coffee.opt_in")).all()
    return standing, set(rows)


def test_its_late_copy_is_taken_back(world):
    """Somebody else sent the message meanwhile: the copy goes, the first one stays."""
    freeze_at_first_post(world, lambda: others_look_and_send(world))
    world.run()

    assert questions(world) == ([1, 1, 1], {"sent"})
    assert [method for method, _ in world.messenger.calls].count("withdraw") == 1
    with world.db.reading() as tx:
        evidence = tx.execute(select(Evidence.outbox_id, func.count()).group_by(Evidence.outbox_id)).all()
    assert {count for _, count in evidence} == {1}


def test_a_press_on_what_stands_counts(world):
    """The message that stayed is the one that is known, and redrawn."""
    freeze_at_first_post(world, lambda: others_look_and_send(world))
    world.run()
    for user in world.members:
        world.press(user)
    world.run()

    assert set(world.states().values()) == {"accepted"}
    assert all("You're in" in world.messenger.to(user)[0].words for user in world.members)


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.UNKNOWN])
def test_taking_back_is_tried_again(world, verdict):
    """A throttled or lost deletion is repeated: deleting twice is deleting once."""
    world.messenger.fail("withdraw", verdict, effect=verdict is Verdict.UNKNOWN, retry_after=0.01)
    freeze_at_first_post(world, lambda: others_look_and_send(world))
    world.run()

    assert questions(world) == ([1, 1, 1], {"sent"})
    assert [method for method, _ in world.messenger.calls].count("withdraw") == 2


def test_a_sender_that_stood_still_at_the_other_side_is_right_too(world):
    """Its post came first, its answer last: the message that others found counts once."""
    original = world.messenger.post
    frozen = []

    def post(channel, wire, key):
        outcome = original(channel, wire, key)
        if channel == "U1" and not frozen:
            frozen.append(key)
            others_look_and_send(world)
        return outcome

    world.messenger.post = post
    world.run()

    assert questions(world) == ([1, 1, 1], {"sent"})
    assert "withdraw" not in [method for method, _ in world.messenger.calls]
