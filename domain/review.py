"""Review before sending: a draft of groups, what an organizer may change in it, and what it is worth."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from domain.coffee import LARGEST_GROUP, Rules, apart, grouped, mended
from domain.errors import FieldRefusal, Refusal
from domain.text import N_, say

WINDOW = timedelta(hours=24)  # so long before they are sent, the groups can be looked at

Names = Mapping[str, str]

TAKEN_OUT = N_("An organizer took you out of the groups of this session.")


class AllLocked(Refusal):
    """There is nobody to regroup: unlock a group first."""


class NothingToMend(Refusal):
    """Nothing has to be mended here."""


class NothingToUndo(Refusal):
    """There is nothing to undo."""


@dataclass(frozen=True)
class Draft:
    """The groups as they would be sent. Everybody is in exactly one group, or in *out*, or in *removed*.

    Groups are numbered from 0 here and from 1 for people. *out* found no group; *removed* was taken out by
    an organizer, so that [Regroup the rest] does not bring them back.
    """

    groups: tuple[tuple[str, ...], ...]
    locked: frozenset[int] = frozenset()
    out: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def people(self) -> list[str]:
        """Everybody, each once."""
        return [*(who for group in self.groups for who in group), *self.out, *self.removed]

    def number_of(self, who: str) -> int | None:
        """The group somebody is in."""
        return next((number for number, group in enumerate(self.groups) if who in group), None)


@dataclass(frozen=True)
class Problem:
    """What has to be mended in a group before it is sent. Why two must be apart is nobody's business."""

    gone: tuple[str, ...] = ()
    apart: bool = False


def cut_off(opt_in_at: datetime, send_at: datetime) -> datetime:
    """When answers close, so that there is time to look at the groups before they are sent."""
    return send_at - min(WINDOW, (send_at - opt_in_at) / 2)


def score(groups: Sequence[Sequence[str]], repeats: int) -> int:
    """How many of a hundred pairs meet for the first time."""
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups)
    return 100 if not pairs else round(100 * (pairs - repeats) / pairs)


def problems(draft: Draft, rules: Rules, gone: Collection[str]) -> dict[int, Problem]:
    """What has to be mended, by group: people who left since, and people who cannot be in one group."""
    found = {}
    for number, group in enumerate(draft.groups):
        left = tuple(who for who in group if who in gone)
        apart = any(rules.clashes(one, (other,)) for one, other in combinations(group, 2))
        if left or apart:
            found[number] = Problem(left, apart)
    return found


def swap(draft: Draft, first: str, second: str, rules: Rules, names: Names) -> Draft:
    """Two people change places."""
    here = _in_a_group(draft, first, "first", names)
    there = _in_a_group(draft, second, "second", names)
    if here == there:
        raise FieldRefusal({"second": say("They are in the same group. Choose somebody of another group.")})
    _unlocked(draft, here, "first")
    _unlocked(draft, there, "second")
    groups = list(draft.groups)
    groups[here] = _with(draft.groups[here], first, second)
    groups[there] = _with(draft.groups[there], second, first)
    for who, number in ((second, here), (first, there)):
        _fits(who, groups[number], rules, "second")
    return replace(draft, groups=tuple(groups))


def move(draft: Draft, who: str, to: int, rules: Rules, names: Names) -> Draft:
    """Somebody goes to another group."""
    here = _in_a_group(draft, who, "person", names)
    _exists(draft, to)
    if here == to:
        raise FieldRefusal({"to": say("{name} is in this group already.", name=_name(who, names))})
    _unlocked(draft, here, "person")
    if len(draft.groups[here]) == 2:
        (other,) = (one for one in draft.groups[here] if one != who)
        sentence = say("{name} would be alone then. Swap two people instead.", name=_name(other, names))
        raise FieldRefusal({"person": sentence})
    return _put(draft, who, to, rules, leaves=here)


def add(draft: Draft, who: str, to: int, rules: Rules, names: Names) -> Draft:
    """Somebody who is in no group gets one."""
    if who not in (*draft.out, *draft.removed):
        raise FieldRefusal({"person": say("{name} is in a group already.", name=_name(who, names))})
    _exists(draft, to)
    return _put(draft, who, to, rules)


def remove(draft: Draft, who: str, names: Names) -> Draft:
    """Somebody takes no part. Of a group of two the other one is in no group then: nobody is sent alone."""
    here = _in_a_group(draft, who, "person", names)
    _unlocked(draft, here, "person")
    rest = tuple(one for one in draft.groups[here] if one != who)
    groups = [list(rest if number == here else group) for number, group in enumerate(draft.groups)]
    alone = () if len(rest) > 1 else rest
    if alone:
        groups[here] = []
    return drawn(groups, draft.locked, out=(*draft.out, *alone), removed=(*draft.removed, who))


def lock(draft: Draft, number: int, locked: bool) -> Draft:
    """Keep a group as it is, or let it be changed again."""
    _exists(draft, number)
    return replace(draft, locked=draft.locked | {number} if locked else draft.locked - {number})


def regroup(draft: Draft, rules: Rules, *, seed: int, gone: Collection[str] = ()) -> Draft:
    """Group everybody anew who is not in a locked group and was not taken out."""
    free = [list(group) for number, group in enumerate(draft.groups) if number not in draft.locked]
    rest = sorted({who for group in free for who in group} | set(draft.out))
    left = [who for who in rest if who in gone]
    here = [who for who in rest if who not in gone]
    if len(here) < 2:
        raise AllLocked(AllLocked.__doc__)
    drawn_anew = replace(rules, roster_seed=None)  # a plan would give the same groups at each press
    made, out, _ = grouped(here, drawn_anew, seed, effort="quick")  # somebody is waiting for it
    groups = [
        list(g) if n in draft.locked else (made.pop(0) if made else []) for n, g in enumerate(draft.groups)
    ]
    return drawn([*groups, *made], draft.locked, out=out, removed=(*draft.removed, *left))


def mend(draft: Draft, rules: Rules, gone: Collection[str]) -> Draft:
    """Take out who left, part who cannot be together, and give a place to those who would be alone.

    A locked group that needs nothing but a farewell keeps its people and its lock; nobody joins it.
    """
    broken = problems(draft, rules, gone)
    if not broken:
        raise NothingToMend(NothingToMend.__doc__)
    groups = [[who for who in group if who not in gone] for group in draft.groups]
    firm = {n for n in draft.locked if len(groups[n]) > 1 and not (n in broken and broken[n].apart)}
    open_ones = [group for number, group in enumerate(groups) if number not in firm]
    known = {id(group) for group in open_ones}
    out = mended(open_ones, rules)
    kept = {id(group) for group in open_ones}
    groups = [group if number in firm or id(group) in kept else [] for number, group in enumerate(groups)]
    more = [group for group in open_ones if id(group) not in known]
    left = [who for problem in broken.values() for who in problem.gone]
    return drawn([*groups, *more], firm, out=(*draft.out, *out), removed=(*draft.removed, *left))


def parted(draft: Draft, rules: Rules, gone: Collection[str]) -> Draft:
    """The draft as it is sent: without those who left since, or who cannot be together by now.

    Nobody joins another group, so that all others meet exactly whom an organizer has seen.
    """
    groups = [[who for who in group if who not in gone] for group in draft.groups]
    left = [who for who in (*draft.people,) if who in gone]
    out = [who for who in draft.out if who not in gone]
    for group in groups:
        out += apart(group, rules)
    return drawn(groups, draft.locked, out, [*draft.removed, *left])


def as_json(draft: Draft) -> dict[str, Any]:
    """The draft, to be stored beside the edit that changed it."""
    return {
        "groups": [list(group) for group in draft.groups],
        "locked": sorted(draft.locked),
        "out": list(draft.out),
        "removed": list(draft.removed),
    }


def from_json(stored: Mapping[str, Any]) -> Draft:
    """The draft as it was stored."""
    return drawn(stored["groups"], stored["locked"], stored["out"], stored["removed"])


def drawn(
    groups: Sequence[Collection[str]],
    locked: Collection[int] = (),
    out: Collection[str] = (),
    removed: Collection[str] = (),
) -> Draft:
    """A draft in its one form: people in order, no empty group."""
    kept = [(tuple(sorted(group)), number in locked) for number, group in enumerate(groups) if group]
    return Draft(
        groups=tuple(group for group, _ in kept),
        locked=frozenset(number for number, (_, firm) in enumerate(kept) if firm),
        out=tuple(sorted(set(out))),
        removed=tuple(sorted(set(removed))),
    )


def _put(draft: Draft, who: str, to: int, rules: Rules, leaves: int | None = None) -> Draft:
    _unlocked(draft, to, "to")
    if len(draft.groups[to]) >= LARGEST_GROUP:
        sentence = say(
            "Group {number} has eight people already; a group message holds no more.", number=to + 1
        )
        raise FieldRefusal({"to": sentence})
    _fits(who, draft.groups[to], rules, "to")
    groups = [list(group) for group in draft.groups]
    if leaves is not None:
        groups[leaves].remove(who)
    groups[to].append(who)
    out, removed = (tuple(one for one in some if one != who) for some in (draft.out, draft.removed))
    return drawn(groups, draft.locked, out, removed)


def _in_a_group(draft: Draft, who: str, field: str, names: Names) -> int:
    number = draft.number_of(who)
    if number is None:
        raise FieldRefusal({field: say("{name} is in no group now.", name=_name(who, names))})
    return number


def _exists(draft: Draft, number: int) -> None:
    if not 0 <= number < len(draft.groups):
        raise FieldRefusal({"to": say("This group does not exist any more.")})


def _unlocked(draft: Draft, number: int, field: str) -> None:
    if number in draft.locked:
        raise FieldRefusal({field: say("Group {number} is locked. Unlock it first.", number=number + 1)})


def _fits(who: str, group: Collection[str], rules: Rules, field: str) -> None:
    if rules.clashes(who, set(group) - {who}):
        raise FieldRefusal({field: say("These two cannot be in one group.")})


def _with(group: Sequence[str], leaves: str, comes: str) -> tuple[str, ...]:
    return tuple(sorted(comes if who == leaves else who for who in group))


def _name(who: str, names: Names) -> str:
    return names.get(who) or say("This person")
