"""The heartbeat: find workspaces with due work and say so; work oneself only when nobody listens."""

import time
from functools import partial
from threading import Event

import structlog

from jobs.work import run_due
from services import people, work, zones
from services.ports import Deps

log = structlog.get_logger()


class Ticker:
    """Any number of copies may run: a hint said twice is one hint, and the rows guard the work."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.waiting: dict[str, tuple[int, float]] = {}  # team -> the turn we hinted, and since when

    def tick(self) -> bool:
        """One beat; True if this process did the work itself."""
        deps = self.deps
        now = deps.clock()
        found = work.due(deps.db, now=now, fresh_after=now - people.FRESH)
        mine = next((one for one in found if one.team_id == deps.team_id), None)
        if mine is None:
            self.waiting.clear()
            return False
        deps.probe("before_hint")
        heard = deps.queue.hint(mine.team_id, mine.turn)
        deps.probe("after_hint")
        if heard and not self._nobody_came(mine):
            return False
        log.info("ticker_works", team=mine.team_id, heard=heard)
        self.waiting.clear()
        run_due(deps)
        return True

    def tell_next(self) -> None:
        """Let a clock that can jump know where to."""
        deps = self.deps
        deps.clock.tell_next(partial(work.next_due, deps.db, deps.team_id, now=deps.clock()))

    def _nobody_came(self, due: work.Due) -> bool:
        """Whether the same turn has been waiting for longer than our patience."""
        turn, since = self.waiting.get(due.team_id, (-1, 0.0))
        if turn != due.turn:
            self.waiting[due.team_id] = (due.turn, time.monotonic())
            return False
        return time.monotonic() - since > self.deps.timing.patience.total_seconds()


def run(deps: Deps, stop: Event) -> None:
    """Beat until *stop* is set. A failing beat is logged and tried again at the next."""
    ticker = Ticker(deps)
    _resolve_again(deps)
    while not stop.wait(deps.timing.tick.total_seconds()):
        try:
            ticker.tick()
            ticker.tell_next()
        except Exception as error:  # the heart goes on whatever one beat met
            log.warning("tick_failed", error=type(error).__name__)


def _resolve_again(deps: Deps) -> None:
    """Once at the start, as the tz database may be a new one. A failure stops no heart."""
    try:
        moved = deps.db.retrying(partial(zones.resolve_again, deps.db, deps.team_id))
    except Exception as error:
        log.error("sessions_not_resolved_again", team=deps.team_id, exc_info=error)
        return
    for one in moved:
        log.warning("session_moved", occurrence=one.occurrence_id, was=str(one.was), now=str(one.now))
