"""The forecast on a program's card, in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blocks import forecast
from domain.forecast import Forecast

WEEKLY = Forecast(24, 2, 14, 1, datetime(2027, 3, 14, 23, 30, tzinfo=UTC), "Europe/Paris")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            WEEKLY,
            "24 people in groups of 2, weekly: if all take part, fresh groups for at most 14 more sessions, "
            "until 15 March 2027.",  # it is past midnight in Paris
        ),
        (
            replace(WEEKLY, fresh=1, weeks=3),
            "24 people in groups of 2, every 3 weeks: if all take part, fresh groups for at most 1 more "
            "session, until 15 March 2027.",
        ),
        (
            Forecast(24, 2, 14),
            "24 people in groups of 2: if all take part, fresh groups for at most 14 more sessions.",
        ),
        (
            Forecast(24, 2, 0, 1),
            "24 people in groups of 2: if all take part, somebody meets again from now on; those who met "
            "longest ago come first. A larger audience helps, or a longer interval.",
        ),
        (Forecast(2_400, 4, None), "2400 people in groups of 4: somebody new to meet for more than a year."),
    ],
)
def test_it_promises_no_more_than_is_known(found: Forecast, said: str) -> None:
    """At most, and if all take part; kindly where nothing fresh is left; roughly for very many people."""
    (line,) = forecast.line(found)

    assert line["elements"][0]["text"] == said
    assert line["type"] == "context"


def test_where_nothing_is_known_nothing_is_said() -> None:
    """A program of nobody has no forecast."""
    assert forecast.line(None) == []
