"""Everything that happened, in order: calls, effects, deliveries, acks, faults and warnings.

Tests and checkers wait on the journal instead of sleeping.
"""

import asyncio
from collections.abc import Collection, Iterator
from typing import Any

from sandbox.clock import WarpClock, real_now

# Bodies of older calls and deliveries are dropped, so that a long load test stays small. Effects
# keep everything: an outside checker counts lost and doubled messages by them.
HEAVY_FIELDS = ("args", "answer", "payload", "body")
HEAVY_ENTRIES_KEPT = 3_000


class Journal:
    """An append-only list with rising numbers; a reader asks for what came after a number."""

    def __init__(self, clock: WarpClock) -> None:
        self._clock = clock
        self._entries: list[dict[str, Any]] = []
        self._first = 1
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def last(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return self._first + len(self._entries) - 1

    def add(self, kind: str, **facts: object) -> dict[str, Any]:
        """Write one entry and wake every reader that waits."""
        entry = {
            "n": self.last + 1,
            "at": real_now(),
            "warp": self._clock.now(),
            "kind": kind,
            **facts,
        }
        self._entries.append(entry)
        self._lighten()
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()
        return entry

    def get(self, n: int) -> dict[str, Any] | None:
        """The entry with this number, if it was not cleared away."""
        return self._entries[n - self._first] if self._first <= n <= self.last else None

    def backwards(self) -> Iterator[dict[str, Any]]:
        """The entries, newest first."""
        yield from reversed(self._entries)

    def after(self, n: int, kinds: Collection[str] = ()) -> list[dict[str, Any]]:
        """All entries with a number above *n*, of the named kinds only if any are named."""
        fresh = self._entries[max(0, n + 1 - self._first) :]
        return [e for e in fresh if e["kind"] in kinds] if kinds else fresh

    async def wait(self, n: int, timeout: float, kinds: Collection[str] = ()) -> list[dict[str, Any]]:
        """Entries after *n*, waiting up to *timeout* real seconds for the first of them."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        seen = n
        while not (found := self.after(seen, kinds)):
            remaining = deadline - loop.time()
            if remaining <= 0:
                return []
            seen = max(n, self.last)
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting.add(waiter)
            try:
                await asyncio.wait_for(waiter, remaining)
            except TimeoutError:
                return []
            finally:
                self._waiting.discard(waiter)
        return found

    def clear(self) -> None:
        """Forget the entries; numbering goes on, so a reader's place stays valid."""
        self._first = self.last + 1
        self._entries = []

    def _lighten(self) -> None:
        index = len(self._entries) - HEAVY_ENTRIES_KEPT - 1
        if index < 0 or self._entries[index]["kind"] == "effect":
            return
        for field in HEAVY_FIELDS:
            self._entries[index].pop(field, None)
