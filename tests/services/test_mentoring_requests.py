"""Requests: a list is asked from the top, one mentor at a time, and each learns what they should, once."""

from collections.abc import Iterator

import pytest

from domain.mentoring import Asking
from domain.messages import Kind
from store.database import Database
from tests.builders import World
from tests.mentoring import Mentorship


@pytest.fixture
def world(db: Database) -> World:
    """Twelve people."""
    world = World(db, 12)
    world.read_people()
    return world


@pytest.fixture
def program(world: World) -> Iterator[Mentorship]:
    """A program with approval: mentors U1 to U4, mentees U5 to U12, matching on."""
    return Mentorship(world, mentors=["U1", "U2", "U3", "U4"], mentees=[f"U{n}" for n in range(5, 13)])


def test_the_first_choice_is_asked_and_the_rest_waits(program: Mentorship) -> None:
    """One mentor is asked at a time, in the order of the list."""
    program.submit("U5", "U1", "U2")

    assert program.asked() == {"U1": Asking.PENDING, "U2": Asking.QUEUED}
    assert program.told(Kind.MENTORING_REQUEST) == ["U1"]
    assert program.told(Kind.MENTORING_ASKED) == ["U5"]
