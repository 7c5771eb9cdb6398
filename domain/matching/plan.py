"""Plans: weeks of groups in which nobody meets anybody twice, for as long as everybody comes.

A plan is computed, not stored: the same number of people and the same seed give the same plan, so a program
follows it by asking each week for one that is still fresh. Pairs come from the circle method. Larger groups
are the social golfer problem (CSPLib 010): base weeks developed by a cyclic group, or lines over a ring.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cache
from itertools import combinations, product
from math import comb
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.matching.chance import dice, order
from domain.matching.starters import STARTERS

MOST_IN_PAIRS = 1_000  # people; a larger program cannot meet everybody in its lifetime, so it needs no plan
MOST_IN_GROUPS = 120
LARGEST_GROUP = 8

# (groups, size): where the longest plan is proved to be shorter than counting says. Collected in
# github.com/guwidoe/GroupMixer, solver5_target_matrix.v1.json; (6, 6) is Tarry's theorem of 1900.
PROVED = {(4, 3): 4, (5, 4): 5, (6, 6): 3}

P = TypeVar("P", bound=Hashable)
Week = tuple[tuple[P, ...], ...]
Plan = tuple[Week[P], ...]

Element = tuple[int, ...]  # of a product of fields, one number of each
Field = tuple[list[list[int]], list[list[int]]]  # the tables of sums and of products


def weeks(n: int, size: int, *, seed: int) -> Plan[int]:
    """The plan for seats 0 to *n* - 1 in groups of *size*, shuffled by *seed*.

    With pairs and an odd *n* the one in no pair sits out, each once in *n* weeks. Empty where no known
    plan lasts longer than a search week by week, where *n* is no multiple of a larger *size*, and beyond
    `MOST_IN_PAIRS` or `MOST_IN_GROUPS` people.
    """
    plan = _plan(n, size)
    return seated(plan, order(dice(seed, "plan"), n))


def _plan(n: int, size: int) -> Plan[int]:
    if size == 2:
        return circle(n) if 1 < n <= MOST_IN_PAIRS else ()
    if n > MOST_IN_GROUPS or not 2 < size <= LARGEST_GROUP or n % size:
        return ()
    return cyclic(n // size, size) or affine(n // size, size)


def seated(plan: Plan[int], people: Sequence[P]) -> Plan[P]:
    """The plan with people in place of seats; sort them first, so that the same roster has the same plan."""
    return tuple(tuple(tuple(map(people.__getitem__, group)) for group in week) for week in plan)


def next_week(
    plan: Plan[P], met: Collection[frozenset[P]], *, cost: Callable[[Week[P]], float] | None = None
) -> Week[P] | None:
    """A week of the plan in which nobody meets again: the cheapest by *cost*, or the first; else None.

    *met* holds all pairs who met, in the plan's weeks or others: once everybody is back, the weeks of the
    plan that are still fresh are found again.
    """
    fresh = (week for week in plan if not any(pair in met for pair in pairs(week)))
    return next(fresh, None) if cost is None else min(fresh, key=cost, default=None)


def pairs(week: Week[P]) -> Iterator[frozenset[P]]:
    """Every two people who meet in a week."""
    return (frozenset(two) for group in week for two in combinations(group, 2))


def most_fresh_weeks(n: int, size: int) -> int:
    """No more weeks than this can pass before somebody meets again; reached where `weeks` says so.

    A remainder is spread over the groups; with pairs it sits out.
    """
    if size == 2:
        return fresh_bound(n, [2] * (n // 2))
    if not n % size and (n // size, size) in PROVED:
        return PROVED[n // size, size]
    count = max(1, n // size)
    return fresh_bound(n, [n // count + (group < n % count) for group in range(count)])


def fresh_bound(n: int, sizes: Sequence[int]) -> int:
    """At most so many fresh weeks for *n* people in groups of these sizes, by counting pairs.

    Where all have a seat and groups are fewer than people in one, two of any group in the second week were
    together in the first.
    """
    each_week = sum(comb(size, 2) for size in sizes)
    if not each_week:
        return 0
    bound = comb(n, 2) // each_week
    if sum(sizes) < n or min(sizes) < 2:
        return bound  # somebody meets nobody that week, so only the pairs count
    return 1 if len(sizes) < max(sizes) else min(bound, (n - 1) // (min(sizes) - 1))


def circle(n: int) -> Plan[int]:
    """Everybody meets everybody: *n* - 1 weeks of pairs for even *n*; *n* for odd, and each sits out once."""
    return tuple(tuple(map(tuple, week)) for week in circle_table(n).tolist())


def circle_table(n: int) -> NDArray[np.int32]:
    """The circle method as numbers of shape (weeks, pairs, 2).

    In week r those meet whose numbers on a circle of odd length add up to 2r; r itself meets the last person,
    who stands in the middle, or sits out where the middle is empty.
    """
    if n % 2:
        return circle_table(n + 1)[:, 1:]
    around = max(n - 1, 1)
    week = np.arange(n and around, dtype=np.int32)[:, None]
    step = np.arange(n // 2, dtype=np.int32)
    table = np.stack([(week + step) % around, (week - step) % around], axis=-1)
    table[:, :1, 1] = around
    return table


def cyclic(groups: int, size: int) -> Plan[int]:
    """The stored base weeks of *groups* groups, developed; empty where none is stored."""
    if (groups, size) not in STARTERS:
        return ()
    order, *base = STARTERS[groups, size].split("|")
    drafts = [[[int(seat) for seat in group.split(".")] for group in week.split()] for week in base]
    return develop(drafts, int(order), groups * size)


def develop(base: Sequence[Sequence[Sequence[int]]], order: int, n: int) -> Plan[int]:
    """Each base week turned through a cyclic group of *order*; a week that turns into itself counts once.

    Seats form orbits of *order* neighbours; the n mod order last ones stay where they are.
    """
    found: dict[Week[int], None] = {}
    for week in base:
        for turn in range(order):
            turned = (tuple(sorted(_turned(seat, turn, order, n) for seat in group)) for group in week)
            found[tuple(sorted(turned))] = None
    return tuple(found)


def _turned(seat: int, turn: int, order: int, n: int) -> int:
    orbit, place = divmod(seat, order)
    return seat if seat >= n - n % order else orbit * order + (place + turn) % order


def affine(groups: int, size: int) -> Plan[int]:
    """Lines over a ring of *groups* elements: *groups* weeks, and more where the columns can be grouped too.

    Group b of week w takes from column c the element w * c + b, so two people of different columns meet once.
    Two of one column never meet there: where *size* divides *groups*, each column then has a plan of its own.
    Empty where a field the ring is made of has fewer than *size* elements.
    """
    fields = _fields(groups)
    if size < 2 or min((len(plus) for plus, _ in fields), default=0) < size:
        return ()
    elements = list(product(*(range(len(plus)) for plus, _ in fields)))
    place = {element: number for number, element in enumerate(elements)}

    def seat(week: Element, group: Element, column: int) -> int:
        each = zip(fields, week, group, strict=True)
        return column * groups + place[tuple(plus[times[w][column]][b] for (plus, times), w, b in each)]

    lines = tuple(tuple(tuple(seat(w, b, c) for c in range(size)) for b in elements) for w in elements)
    return lines + tuple(
        tuple(tuple(column * groups + one for one in group) for column in range(size) for group in week)
        for week in _within(groups, size)
    )


def _within(column: int, size: int) -> Plan[int]:
    """The plan of one column of people who never met."""
    if column == size:
        return ((tuple(range(size)),),)
    return () if column % size else cyclic(column // size, size) or affine(column // size, size)


@cache
def _fields(order: int) -> tuple[Field, ...]:
    """The fields of prime power order whose product is a ring of *order* elements."""
    fields = []
    for p in range(2, order + 1):
        degree = 0
        while order % p == 0:
            order, degree = order // p, degree + 1
        if degree:
            fields.append(_field(p, degree))
    return tuple(fields)


def _field(p: int, degree: int) -> Field:
    """Sums and products of the field of p**degree elements, numbers standing for their digits in base p."""
    digits = [[x // p**place % p for place in range(degree)] for x in range(p**degree)]
    plus = [[_number([a + b for a, b in zip(x, y, strict=True)], p) for y in digits] for x in digits]
    tables = ([[_product(x, y, modulus, p) for y in digits] for x in digits] for modulus in digits)
    # a modulus under which no two factors give zero is irreducible, and there is one for every degree
    return plus, next(times for times in tables if all(all(row[1:]) for row in times[1:]))


def _number(digits: Sequence[int], p: int) -> int:
    return sum(digit % p * p**place for place, digit in enumerate(digits))


def _product(x: Sequence[int], y: Sequence[int], modulus: Sequence[int], p: int) -> int:
    """The product of x and y, where x**degree is replaced by the modulus."""
    total = [0] * len(x)
    for digit in reversed(y):
        total = [0, *total]
        over = total.pop()
        total = [t + over * m + digit * d for t, m, d in zip(total, modulus, x, strict=True)]
    return _number(total, p)
