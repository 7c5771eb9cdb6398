"""How the stored base weeks were found: annealing on one week, or a few, that a cyclic group then develops.

Turning a week through the group turns each pair through an orbit of pairs. Nobody meets twice in all those
weeks exactly when the pairs of the base weeks lie in different orbits, each as long as the group's order.
"""

from collections.abc import Sequence
from random import Random

Orbits = list[list[int]]
NEVER = 0  # the orbit of pairs that come back before the last week; a base week may hold none of them

# The chance to accept a swap that adds so many repeats, exp(-added / 0.35): written out, because machines
# differ in the last digit of an exponential.
CHANCES = (1.0, 0.0574, 0.0033, 0.00019)


def search_base_week(
    groups: int, size: int, order: int, *, bases: int = 1, seed: int, moves: int
) -> list[list[list[int]]] | None:
    """*bases* weeks of groups that develop into bases * order weeks without a repeat.

    Seats are numbered as `plan.develop` has them. None after *moves* swaps: no clock, so that the answer is
    the same on any machine.
    """
    n = groups * size
    rng = Random(seed)  # noqa: S311  a repeatable search, not a secret
    orbits = pair_orbits(n, order)
    used = [0] * (1 + max(map(max, orbits), default=0))
    used[NEVER] = 1
    drafts = [rng.sample(range(n), n) for _ in range(bases)]
    repeats = sum(
        _enter(draft, seat, range(seat), size, orbits, used) for draft in drafts for seat in range(n)
    )
    for _ in range(moves):
        if not repeats:
            return [[draft[at : at + size] for at in range(0, n, size)] for draft in drafts]
        draft, one, two = drafts[rng.randrange(bases)], rng.randrange(n), rng.randrange(n)
        if one // size == two // size:
            continue
        added = _swap(draft, one, two, size, orbits, used)
        if added > 0 and (added >= len(CHANCES) or rng.random() >= CHANCES[added]):
            _swap(draft, two, one, size, orbits, used)
        else:
            repeats += added
    return None


def pair_orbits(n: int, order: int) -> Orbits:
    """The number of the orbit in which each pair lies, as a table of n rows."""
    whole = n - n % order
    names: dict[tuple[int, ...], int] = {}
    table = [[NEVER] * n for _ in range(n)]
    for one in range(whole):
        for two in range(one + 1, n):
            turn = (two - one) % order
            if two >= whole:
                name: tuple[int, ...] = (one // order, two)
            elif one // order != two // order:
                name = (one // order, two // order, turn)
            elif 2 * turn == order:
                continue  # half way round the pair is itself again
            else:
                name = (one // order, one // order, min(turn, order - turn))
            table[one][two] = table[two][one] = names.setdefault(name, len(names) + 1)
    return table


def _swap(draft: list[int], one: int, two: int, size: int, orbits: Orbits, used: list[int]) -> int:
    """Exchange two seats of different groups; how many repeats that adds. The same again takes it back."""
    added = 0
    for at in (one, two):
        for other in _others(at, size):
            orbit = orbits[draft[at]][draft[other]]
            used[orbit] -= 1
            added -= used[orbit]
    draft[one], draft[two] = draft[two], draft[one]
    return added + sum(_enter(draft, at, _others(at, size), size, orbits, used) for at in (one, two))


def _enter(
    draft: Sequence[int], at: int, others: Sequence[int], size: int, orbits: Orbits, used: list[int]
) -> int:
    """Count the pairs of a seat with those of *others* in its group; how many of them repeat."""
    repeats = 0
    for other in others:
        if other // size == at // size:
            orbit = orbits[draft[at]][draft[other]]
            repeats += used[orbit]
            used[orbit] += 1
    return repeats


def _others(at: int, size: int) -> list[int]:
    first = at - at % size
    return [seat for seat in range(first, first + size) if seat != at]
