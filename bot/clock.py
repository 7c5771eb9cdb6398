"""Product time: the host's clock, or in the laboratory a clock that can be moved."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """See ``services.ports.Clock``."""

    def __call__(self) -> datetime:
        """Tell the present instant."""
        return datetime.now(UTC)

    def tell_next(self, find: Callable[[], datetime | None]) -> None:
        """Nobody can make this clock jump, so nobody has to know."""


class LabClock:
    """The clock of the local workspace, asked at most every *fresh* real seconds.

    Between two questions it goes on at the pace of real time. If the workspace does not answer, the last
    known time goes on.
    """

    def __init__(self, url: str, fresh: float = 0.1) -> None:
        self.url = url
        self.fresh = fresh
        self.ahead = timedelta(0)
        self.asked = float("-inf")
        self.next: float | None = None  # the next event that the workspace knows of
        self.lock = threading.Lock()

    def __call__(self) -> datetime:
        """Tell the workspace's present instant."""
        with self.lock:
            if time.monotonic() - self.asked > self.fresh:
                self._speak()
            return datetime.now(UTC) + self.ahead

    def tell_next(self, find: Callable[[], datetime | None]) -> None:
        """Tell the workspace what it does not know already."""
        found = find()
        instant = None if found is None else found.timestamp()
        with self.lock:
            if instant != self.next:
                self._speak({"next": instant})

    def _speak(self, words: dict[str, float | None] | None = None) -> None:
        """Ask the workspace what it knows of time, after telling it *words*."""
        data = None if words is None else json.dumps(words).encode()
        try:
            with urllib.request.urlopen(self.url, data, timeout=2) as answer:  # noqa: S310 - loopback, see Settings
                told = json.load(answer)
                now, coming = datetime.fromtimestamp(float(told["now"]), UTC), told["next"]
        except (OSError, ValueError, KeyError):
            return
        self.ahead, self.next = now - datetime.now(UTC), coming
        self.asked = time.monotonic()
