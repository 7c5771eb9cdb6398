"""A short fault campaign with 1:1 sessions; ``sessions chaos-hosted`` plays the long ones."""

import json
from collections import Counter

import pytest

from bot.lab import chaos_hosted

KILLS = 4


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """The figures of one campaign: one round of few sessions."""
    out = tmp_path_factory.mktemp("chaos") / "report.json"
    code = chaos_hosted.run(seed=1, kills=KILLS, db="sqlite", few=True, speed=0.03, out=out)
    (told,) = json.loads(out.read_text())
    return {"code": code, **told}


def test_guests_get_each_message_once_and_money_is_where_the_rows_say(figures):
    """Reminders at their time, over a clock change too, and none of a session that was cancelled."""
    wrong = {name: figures[name] for name in ("lost", "doubled", "wrong", "money", "left", "stuck")}

    assert not any(wrong.values()), wrong
    assert figures["code"] == 0
    assert {"invitation", "reminder", "moved", "cancelled", "receipt"} <= figures["sent"].keys()


def test_processes_died_and_others_failed(figures):
    """A zero proves nothing unless the faults took place."""
    assert figures["kills"] == KILLS
    assert Counter(figures["troubles"]).total() >= 3
