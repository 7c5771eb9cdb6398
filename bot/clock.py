"""Product time: the host's clock, or in the laboratory a clock that can be moved."""

import json
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta


class SystemClock:
    """See ``services.ports.Clock``."""

    def __call__(self) -> datetime:
        """Tell the present instant."""
        return datetime.now(UTC)


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
        self.lock = threading.Lock()

    def __call__(self) -> datetime:
        """Tell the workspace's present instant."""
        with self.lock:
            if time.monotonic() - self.asked > self.fresh:
                self._ask()
            return datetime.now(UTC) + self.ahead

    def _ask(self) -> None:
        try:
            with urllib.request.urlopen(self.url, timeout=2) as answer:  # noqa: S310 - loopback, see Settings
                told = datetime.fromtimestamp(float(json.load(answer)["now"]), UTC)
        except (OSError, ValueError, KeyError):
            return
        self.ahead = told - datetime.now(UTC)
        self.asked = time.monotonic()
