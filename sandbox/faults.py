"""Rules that make calls and deliveries go wrong on purpose, repeatably, and count their hits."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sandbox.answers import CannotDo, Json
from sandbox.journal import Journal

CALL_DEEDS = frozenset(
    [
        "rate_limited",
        "status",
        "error",
        "refuse",
        "drop_before",
        "drop_after",
        "status_after",
        "slow",
        "late",
        "garbage",
    ]
)
DELIVERY_DEEDS = frozenset({"twice", "delay", "lose", "reorder"})


@dataclass
class Rule:
    """One fault: whom it strikes, how often, and what it does."""

    id: int
    match: Mapping[str, Any]
    deed: str
    how: Json
    rng: random.Random
    times: int | None = None
    seen: int = 0
    hits: int = 0
    source: Json = field(default_factory=dict)

    def due(self, facts: Mapping[str, Any]) -> bool:
        """Count this call or delivery if it is of the kind meant; tell whether it is to strike."""
        if not self._meant(facts):
            return False
        self.seen += 1
        if self.times is not None and self.hits >= self.times:
            return False
        if "nth" in self.match and self.seen != int(self.match["nth"]):
            return False
        if "every" in self.match and self.seen % int(self.match["every"]):
            return False
        return "chance" not in self.match or self.rng.random() < float(self.match["chance"])

    def _meant(self, facts: Mapping[str, Any]) -> bool:
        if "outside" in facts and not {"method", "delivery"} & self.match.keys():
            return False  # a rule that names nothing is about Slack
        if self.deed in DELIVERY_DEEDS:
            names = facts.get("delivery", ())
            if not any(fnmatchcase(n, str(self.match.get("delivery", "*"))) for n in names):
                return False
        elif not fnmatchcase(facts.get("method", ""), str(self.match.get("method", "*"))):
            return False
        return all(
            key not in self.match or self.match[key] in facts.get(key, ())
            for key in ("channel", "user", "team")
        )


class Faults:
    """The rules in force. The first rule that strikes decides."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._rules: list[Rule] = []
        self._serial = 0

    def add(self, specs: Iterable[Mapping[str, Any]]) -> list[Rule]:
        """Add rules; an unknown deed, or a match that does not fit it, is refused."""
        fresh = [self._rule(spec) for spec in specs]
        self._rules += fresh
        return fresh

    def clear(self) -> None:
        """Remove every rule."""
        self._rules = []

    def remove(self, number: int) -> None:
        """Remove one rule by its id."""
        kept = [rule for rule in self._rules if rule.id != number]
        if len(kept) == len(self._rules):
            raise CannotDo(f"There is no fault rule {number}.", there=[str(r.id) for r in self._rules])
        self._rules = kept

    def counts(self) -> list[Json]:
        """Every rule with how many calls or deliveries it looked at, and how many it struck."""
        return [{**r.source, "id": r.id, "seen": r.seen, "hits": r.hits} for r in self._rules]

    def for_call(self, method: str, **facts: Iterable[str]) -> Rule | None:
        """The rule that strikes this call, if any."""
        return self._first(CALL_DEEDS, {"method": method, **facts})

    def for_delivery(self, names: Iterable[str], **facts: Iterable[str]) -> Rule | None:
        """The rule that strikes this delivery, if any; *names* are its kind and its type."""
        return self._first(DELIVERY_DEEDS, {"delivery": tuple(names), **facts})

    def _first(self, deeds: frozenset[str], facts: Mapping[str, Any]) -> Rule | None:
        # Every rule counts every call it means, so that "the third post" does not depend on others.
        due = [rule for rule in self._rules if rule.deed in deeds and rule.due(facts)]
        if not due:
            return None
        rule = due[0]
        rule.hits += 1
        self._journal.add("fault", rule=rule.id, do=rule.deed, how=rule.how, on=facts)
        return rule

    def _rule(self, spec: Mapping[str, Any]) -> Rule:
        deed, how = deed_of(spec.get("do"))
        match = dict(spec.get("match") or {})
        if ("delivery" in match) != (deed in DELIVERY_DEEDS) and match:
            raise ValueError(f"The fault {deed} does not fit a match on {sorted(match)}.")
        self._serial += 1
        return Rule(
            id=self._serial,
            match=match,
            deed=deed,
            how=how,
            rng=random.Random(spec.get("seed", 1)),
            times=spec.get("times"),
            source=dict(spec),
        )


def deed_of(do: object) -> tuple[str, Json]:
    """Read ``"drop_after"``, ``{"drop_after": {}}`` or ``{"status": 503}`` as a deed and its facts."""
    if isinstance(do, str):
        do = {do: {}}
    if not isinstance(do, Mapping) or len(do) != 1:
        raise ValueError("A fault does exactly one thing.")
    deed, how = next(iter(do.items()))
    if deed not in CALL_DEEDS | DELIVERY_DEEDS:
        raise ValueError(f"There is no fault named {deed}.")
    if not isinstance(how, Mapping):
        how = {_MAIN_FACT.get(deed, "value"): how}
    return str(deed), dict(how)


_MAIN_FACT = {
    "rate_limited": "retry_after",
    "status": "status",
    "status_after": "status",
    "error": "name",
    "slow": "ms",
    "late": "ms",
    "delay": "ms",
    "refuse": "ms",
    "reorder": "ms",
}
