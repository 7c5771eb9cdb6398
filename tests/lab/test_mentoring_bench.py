"""The benchmark of a mentoring program: everybody is matched, and the statements do not grow with people."""

import io
import re

import pytest
from rich.console import Console

from bot.lab import mentoring


def measured(mentees: int, mentors: int, db: str = "sqlite") -> tuple[int, dict[str, int], str]:
    """How a small run ends, the statements of each step, and all that is printed."""
    out = io.StringIO()
    code = mentoring.run(mentees=mentees, mentors=mentors, db=db, console=Console(file=out, width=120))
    lines = re.findall(r"│ ([a-z ]+?) +│ +\S.*? +│ +(\d+) │", out.getvalue())
    return code, {name: int(count) for name, count in lines}, out.getvalue()


def test_a_program_of_twice_the_people_takes_as_many_statements() -> None:
    """In every step: there is none per person."""
    code, few, told = measured(20, 6)
    again, many, _ = measured(40, 12)

    assert code == again == 0
    # a run claims places by how many each mentor gives: a statement for each number
    assert abs(few.pop("run") - many.pop("run")) < mentoring.PLACES
    assert few == many
    assert set(few) == {
        "read", "think", "run again", "dry approval", "press", "approve", "export",
    }  # fmt: skip
    assert "20 matches are live, 60 messages are owed" in told


def test_it_runs_on_postgresql(postgresql_server: object) -> None:
    """With the same end."""
    assert postgresql_server is not None

    assert measured(8, 3, "postgresql")[0] == 0


@pytest.mark.parametrize(("mentees", "mentors"), [(9, 1)])
def test_who_finds_no_place_stays_without(mentees: int, mentors: int) -> None:
    """A mentor has four places here."""
    assert "4 matches are live, 12 messages are owed" in measured(mentees, mentors)[2]
