"""Presses at the same moment, in real processes: one wins, and nobody is lost, doubled or oversold."""

import pytest

from bot.lab.mentoring_races import play
from bot.lab.mentoring_races_run import RACES
from store.database import Database

REPETITIONS = 10  # ``sessions bench races`` runs 200


@pytest.mark.parametrize("race", RACES)
def test_whoever_wins_it_is_one_match_and_all_are_told(db: Database, db_url: str, race: str) -> None:
    """Whatever order the database puts them in."""
    db.engine.dispose()  # the workers open their own

    found = play(db_url, race, REPETITIONS)

    assert found.repetitions == REPETITIONS
    assert found.good, (found.faults, found.outcomes, found.ends)
