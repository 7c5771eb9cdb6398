"""The bench of the card measures what it says, and a small run keeps what it promises."""

import io
from collections import Counter
from dataclasses import replace

import pytest
from rich.console import Console

from bot.lab import card
from bot.lab.card import Figures

GOOD = Figures(10, 6.0, Counter({"200": 10}), [1.0], [0.0, 5.0, 10.1], 0, right=True, settled=1.0)


def test_a_small_run_keeps_what_it_promises():
    """Forty answers in six seconds: all counted, no two drawings in five seconds, and no 429."""
    said = io.StringIO()

    assert card.run(answers=40, seconds=6, console=Console(file=said, width=120)) == 0, said.getvalue()
    assert "The card is right in the end." in said.getvalue()


@pytest.mark.parametrize(
    "wrong",
    [
        {"drawn": [0.0, 4.5]},
        {"refused": 1},
        {"right": False},
        {"acknowledged": Counter({"200": 9, "500": 1})},
    ],
    ids=["hasty", "refused", "wrong", "unacknowledged"],
)
def test_a_bad_run_is_called_bad(wrong):
    """Each promise that was not kept fails the bench."""
    assert GOOD.good
    assert not replace(GOOD, **wrong).good
