"""Profiles: what people stated reaches the matching, and only of those who take part now."""

from collections.abc import Iterator

import pytest

from services import mentoring_profiles as profiles
from services.mentoring import setup_of
from store.database import Database
from tests.builders import World
from tests.mentoring import Mentorship


@pytest.fixture
def program(db: Database) -> Iterator[Mentorship]:
    """Mentors U1 and U2, mentees U3 and U4."""
    world = World(db, 6)
    world.read_people()
    return Mentorship(world, mentors=["U1", "U2"], mentees=["U3", "U4"])


def read(program: Mentorship, **wanted: object) -> dict[str, profiles.Profile]:
    """The profiles by person."""
    with program.db.reading() as tx:
        found = profiles.profiles(tx, setup_of(tx, program.team, program.id), **wanted)  # type: ignore[arg-type]
    return {one.user_id: one for one in found}


def test_what_somebody_states_is_what_is_compared(program: Mentorship) -> None:
    """Skills, languages, department and level come from the program, the zone from Slack."""
    program.join("U3", mentee=True, wants=("Python",), languages=("French",), department="Sales", seniority=3)

    (found,) = read(program, ids=[program.who("U3")]).values()

    assert (found.skills_wanted, found.languages) == (("Python",), ("French",))
    assert (found.department, found.seniority) == ("Sales", 3)
    assert found.zone


def test_each_side_is_read_apart(program: Mentorship) -> None:
    """Mentees, mentors, or both; whoever paused is on neither side, but found by id."""
    program.join("U4", mentee=True, mentor=True)
    with program.db.transaction() as tx:
        tx.merge(program.participant("U2")).state = "paused"

    assert set(read(program, mentees=True)) == {"U3", "U4"}
    assert set(read(program, mentors=True)) == {"U1", "U4"}
    assert set(read(program, mentees=True, mentors=True)) == {"U1", "U3", "U4"}
    assert set(read(program, ids=[program.who("U2")])) == {"U2"}
    assert set(read(program, mentors=True, ids=[program.who("U2"), program.who("U1")])) == {"U1"}
    assert read(program) == {}


def test_a_program_without_rules_has_ours(program: Mentorship) -> None:
    """Skills weigh half."""
    with program.db.reading() as tx:
        assert profiles.rules_of(setup_of(tx, program.team, program.id)).weights["skills"] == 50
