"""A short fault campaign with classes; ``sessions chaos-classes`` plays the long ones."""

import json
from collections import Counter

import pytest

from bot.lab import chaos_classes

KILLS = 4


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """The figures of one campaign: one term of few members."""
    out = tmp_path_factory.mktemp("chaos") / "report.json"
    code = chaos_classes.run(seed=1, kills=KILLS, db="sqlite", few=True, speed=0.03, out=out)
    (told,) = json.loads(out.read_text())
    return {"code": code, **told}


def test_members_have_their_places_their_messages_and_nothing_is_charged_twice(figures):
    """Over a clock change, with a date that is moved, one that is called off, one added, and a waitlist."""
    kinds = ("lost", "doubled", "wrong", "places", "money", "left", "stuck")
    wrong = {name: figures[name] for name in kinds}

    assert not any(wrong.values()), wrong
    assert figures["code"] == 0
    assert {"in", "moved", "called off", "added", "offer", "reminder", "ended"} <= figures["sent"].keys()


def test_processes_died_and_others_failed(figures):
    """A zero proves nothing unless the faults took place."""
    assert figures["kills"] == KILLS
    assert Counter(figures["troubles"]).total() >= 3
