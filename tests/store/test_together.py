"""Threads that want the same work share its turns."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.errors import TryLater
from store.together import Together


def test_each_gets_their_own_answer_from_a_turn_that_began_after_they_asked():
    """Sixteen threads share turns; none gets an answer from a turn that had begun before it asked."""
    begun: list[int] = []
    clock = iter(range(1_000_000))

    def double(asked):
        began = next(clock)
        begun.append(len(asked))
        threading.Event().wait(0.003)
        return [(number * 2, began) for number, _ in asked]

    together = Together(double)

    def ask_often(thread):
        for turn in range(20):
            number, before = thread * 100 + turn, next(clock)
            told, began = together((number, before))
            assert told == number * 2
            assert began > before

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask_often, range(16)))
    assert sum(begun) == 320
    assert len(begun) < 320 / 4


def test_a_call_alone_waits_for_nobody():
    """One call is one turn."""
    together = Together(lambda asked: [f"{one}!" for one in asked])
    assert together("yes") == "yes!"
    assert together("no") == "no!"


def test_a_turn_that_fails_fails_for_all_of_it_and_for_nobody_else():
    """Everybody of the turn hears of the error; the next turn works."""
    gate = threading.Event()

    def work(asked):
        gate.wait(5)
        if "bad" in asked:
            raise ValueError("a bug")
        return asked

    together = Together(work)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together, "good")
        while not together.busy:
            threading.Event().wait(0.001)
        others = [pool.submit(together, word) for word in ("bad", "unlucky")]
        while len(together.waiting) < 2:
            threading.Event().wait(0.001)
        gate.set()
        assert first.result(5) == "good"
        for one in others:
            with pytest.raises(ValueError, match="a bug"):
                one.result(5)
    assert together("good") == "good"


def test_a_turn_that_is_interrupted_is_no_answer():
    """Whoever waited for a turn that was broken off, by the end of its thread say, hears that it was."""
    gate = threading.Event()

    def work(asked):
        gate.wait(5)
        if "last" in asked:
            raise SystemExit
        return asked

    together = Together(work)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together, "first")
        while not together.busy:
            threading.Event().wait(0.001)
        others = [pool.submit(together, word) for word in ("last", "other")]
        while len(together.waiting) < 2:
            threading.Event().wait(0.001)
        gate.set()
        assert first.result(5) == "first"
        errors = {type(one.exception(5)) for one in others}
    assert errors == {SystemExit, TryLater}
    assert not together.busy
