"""A group whose message may or may not have arrived, where nobody may look: the organizer is asked."""

import pytest

from domain.messages import Verdict
from tests.builders import ADMIN, MATCH, World


@pytest.fixture
def world(db, plays):
    """A matched round whose first group message got no answer, in a workspace whose history is closed."""
    world = World(db, plays=plays)
    world.an_open_round()
    world.all_join()
    world.run()
    world.messenger.history = False
    world.messenger.fail("post", Verdict.UNKNOWN, effect=True, at="G-", reason="HTTP 500")
    world.clock.now = MATCH
    world.run()
    world.leases_run_out()
    world.run()
    return world


def test_the_organizer_is_asked_once_and_nothing_is_called_refused(world):
    """One question, and no notice beside it that says Slack had refused the message."""
    told = world.told(ADMIN)

    assert told.count("I cannot tell whether one group got its message") == 1
    assert "refused" not in told


def test_no_group_is_introduced_twice(world):
    """While nobody has answered, the group has one message."""
    shown = [message.channel for message in world.messenger.groups()]

    assert len(shown) == len(set(shown))
