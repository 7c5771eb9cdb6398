"""What we owe: policies of each kind, waiting between attempts, and how fast we may speak."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import Kind, OnDoubt, backoff
from domain.pace import SLACK, Pace, Speed


@pytest.mark.parametrize(
    ("kind", "policy"),
    [
        (Kind.COFFEE_OPT_IN, OnDoubt.REPEAT),
        (Kind.COFFEE_REMINDER, OnDoubt.REPEAT),
        (Kind.COFFEE_CANCELLED, OnDoubt.REPEAT),
        (Kind.COFFEE_GROUP, OnDoubt.ASK),
        (Kind.COFFEE_REDRAW, OnDoubt.NEWEST),
        (Kind.COFFEE_BELOW, OnDoubt.NEWEST),
        (Kind.SCHEDULE_REDRAW, OnDoubt.NEWEST),
    ],
)
def test_a_doubt_is_settled_by_the_kind(kind: Kind, policy: OnDoubt) -> None:
    """A question may be repeated, an introduction never by itself, a drawing always."""
    assert kind.on_doubt is policy


def test_answers_to_presses_come_first() -> None:
    """What somebody waits for is sent before what nobody waits for; a summary comes last."""
    assert Kind.COFFEE_REDRAW.priority < Kind.COFFEE_OPT_IN.priority < Kind.COFFEE_SUMMARY.priority


@given(attempt=st.integers(1, 2000), jitter=st.floats(0, 1))
def test_waiting_grows_and_ends(attempt: int, jitter: float) -> None:
    """The wait is never nothing, never more than a quarter of an hour, and spread below 2^n."""
    wait = backoff(attempt, jitter)

    assert 0 < wait <= 900
    assert wait <= 2.0 ** min(attempt, 10)


def test_waiting_doubles() -> None:
    """Without luck, each attempt waits twice as long as the one before."""
    assert [backoff(n, 1.0) for n in (1, 2, 3, 9, 10, 11)] == [2, 4, 8, 512, 900, 900]


# --- Pace ------------------------------------------------------------------------------------------


@given(
    per_second=st.floats(0.1, 50),
    burst=st.integers(1, 50),
    steps=st.lists(st.floats(0, 5), max_size=60),
)
def test_a_bucket_never_lets_more_through(per_second: float, burst: int, steps: list[float]) -> None:
    """Whoever waits as told sends no more than the burst and the speed allow."""
    pace, now, sent = Pace({"post": Speed(per_second, burst)}), 0.0, 0
    for step in steps:
        now += step
        if pace.wait("post", now) == 0:
            pace.spend("post", now)
            sent += 1
            assert sent <= burst + now * per_second + 1e-6


def test_waiting_as_long_as_told_is_enough() -> None:
    """After the wait that was asked for, one more may go."""
    pace, now = Pace({"post": Speed(0.5, 2)}), 100.0
    for _ in range(2):
        assert pace.wait("post", now) == 0
        pace.spend("post", now)

    wait = pace.wait("post", now)

    assert wait == 2.0
    assert pace.wait("post", now + wait) == 0


def test_parts_have_their_own_buckets() -> None:
    """One busy channel does not slow down the others, and what has no speed is free."""
    pace = Pace({"channel": Speed(1, 1)})
    pace.spend("channel", 0.0, part="C1")

    assert pace.wait("channel", 0.0, part="C1") == 1.0
    assert pace.wait("channel", 0.0, part="C2") == 0.0
    assert pace.wait("post", 0.0) == 0.0


def test_our_speeds_stay_below_slacks() -> None:
    """One message a second and channel, fifty openings and updates a minute."""
    assert SLACK["channel"].per_second <= 1
    assert SLACK["open"].per_second * 60 <= 50
    assert SLACK["update"].per_second * 60 <= 50
