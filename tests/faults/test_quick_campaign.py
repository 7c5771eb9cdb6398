"""A short fault campaign with the real processes; the long ones run by ``sessions chaos``."""

import json
from collections import Counter

import pytest

from bot.lab import chaos

KILLS = 8  # once each: a job, its worker, web, ticker, Redis, all of them, a standstill, a flush


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """The figures of one campaign: one round of 24 people."""
    out = tmp_path_factory.mktemp("chaos") / "report.json"
    code = chaos.run(seed=7, kills=KILLS, db="sqlite", people=24, speed=0.03, out=out)
    (told,) = json.loads(out.read_text())
    return {"code": code, **told}


def test_nothing_is_lost_and_nothing_is_sent_twice(figures):
    """Whatever died, and whatever Slack did: each message stands there once, and says what is true."""
    wrong = {name: figures[name] for name in ("lost", "doubled", "wrong", "left", "never_struck", "stuck")}

    assert not any(wrong.values()), wrong
    assert figures["code"] == 0


def test_every_planned_process_died_where_it_should(figures):
    """A zero proves nothing unless the faults took place."""
    assert figures["kills"] == KILLS
    assert sum(figures["strikes"].values()) >= KILLS
    assert Counter(figures["troubles"]).total() >= 5
