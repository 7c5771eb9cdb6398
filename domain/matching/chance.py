"""Chance that is the same on every machine: only what numpy and Python promise to keep is used."""

import math
from random import Random

import numpy as np

from domain.matching.problem import Ints

STEPS = 4096


class Chance:
    """Draws for arrays, from the raw stream of a generator, whose bits are fixed for each seed."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def draws(self, *shape: int) -> Ints:
        """Whole numbers of 62 bits, in an array of this shape."""
        raw = self._bits.random_raw(math.prod(shape))
        return (raw >> np.uint64(2)).astype(np.int64).reshape(shape)

    def order(self, count: int) -> Ints:
        """0 … count-1 in a drawn order."""
        return np.argsort(self.draws(count), kind="stable")


# Quantiles of the exponential distribution. Rounded, since machines may differ in a logarithm's last bit.
PATIENCE = tuple(round(-math.log((step + 0.5) / STEPS), 9) for step in range(STEPS))


def dice(seed: int, what: str) -> Random:
    """A generator for plain Python, apart from others of the same round by *what* it is for."""
    return Random(f"{what} {seed}")  # noqa: S311 - a seed that can be replayed, not a secret


def order(rng: Random, count: int) -> list[int]:
    """0 … count-1 in a drawn order; by ``random()`` alone, since ``shuffle`` may change with Python."""
    return sorted(range(count), key=[rng.random() for _ in range(count)].__getitem__)
