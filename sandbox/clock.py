"""Two clocks: the warp clock people live by, and the real one that limits and signatures use."""

import asyncio
import time
from datetime import UTC, datetime


class WarpClock:
    """Workspace time. It runs at *rate* seconds a second, may jump, and never goes back."""

    def __init__(self, start: float | None = None) -> None:
        self._base = time.time() if start is None else start
        self._since = time.monotonic()
        self._rate = 1.0
        self._next: float | None = None
        self._moved = asyncio.Event()

    @property
    def next(self) -> float | None:
        """The next event that the app told of; None when there is none, or it has come already."""
        return None if self._next is None or self._next <= self.now() else self._next

    def expect(self, instant: float | None) -> None:
        """Take down when the app has its next event; None for never."""
        self._next = instant

    @property
    def rate(self) -> float:
        """How many workspace seconds pass in one real second."""
        return self._rate

    def now(self) -> float:
        """The workspace's present moment, as seconds since 1970."""
        return self._base + (time.monotonic() - self._since) * self._rate

    def advance(self, seconds: float) -> None:
        """Jump forward; a negative duration is refused."""
        if seconds < 0:
            raise ValueError("The clock only moves forward.")
        self._settle(self.now() + seconds)

    def advance_to(self, instant: float) -> None:
        """Jump to *instant*; an instant already passed is refused."""
        now = self.now()
        if instant < now:
            raise ValueError("The clock only moves forward.")
        self._settle(instant)

    def set_rate(self, rate: float) -> None:
        """From now on let *rate* workspace seconds pass in each real second; 0 stands still."""
        if rate < 0:
            raise ValueError("The clock only moves forward.")
        self._settle(self.now())
        self._rate = rate

    def restart(self, start: float | None = None) -> None:
        """Begin a new life at *start*, or at the real time, at normal speed."""
        self._rate = 1.0
        self._next = None
        self._settle(time.time() if start is None else start)

    async def until(self, instant: float) -> None:
        """Wait until the warp clock shows *instant*, however it gets there."""
        while (left := instant - self.now()) > 0:
            self._moved = asyncio.Event() if self._moved.is_set() else self._moved
            patience = left / self._rate if self._rate else None
            try:
                await asyncio.wait_for(self._moved.wait(), patience)
            except TimeoutError:
                continue

    def _settle(self, instant: float) -> None:
        self._base = instant
        self._since = time.monotonic()
        self._moved.set()


def instant_of(value: object) -> float:
    """Read an instant given as seconds, or as ISO text that names its offset."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("An instant needs an offset, such as 2027-03-01T09:00:00+00:00.")
    return moment.timestamp()


def iso(instant: float) -> str:
    """Write an instant as ISO text in UTC."""
    return datetime.fromtimestamp(instant, UTC).isoformat()


def real_now() -> float:
    """Real wall-clock time; signatures and retries live by it, whatever the warp clock says."""
    return time.time()


def ticks() -> float:
    """Real elapsed time for limits and deadlines; it never jumps."""
    return time.monotonic()
