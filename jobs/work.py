"""All that is due in one workspace, in one job. The rows say what; running it twice does it once."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog

from domain.coffee import Matched
from domain.errors import TryLater
from domain.pace import Pace
from jobs import classes, hosted, mentoring, payments, runtime
from jobs.outbox import Sender
from services import coffee, followups, members, people, sending, work
from services.ports import Deps

log = structlog.get_logger()
T = TypeVar("T")


def run(team_id: str) -> None:
    """The job that a hint names."""
    deps = runtime.current()
    if team_id != deps.team_id:
        log.warning("work_for_another_workspace", team=team_id)
        return
    run_due(deps)


def run_due(deps: Deps) -> int:
    """Do what is due until nothing is, or the time of one job is over; how many steps were done."""
    until = time.monotonic() + deps.timing.run.total_seconds()
    if not deps.db.retrying(lambda: work.take(deps.db, deps.team_id)):
        return 0
    deps.probe("after_take")
    sender = Sender(deps, Pace(deps.speeds))
    steps = 0
    while time.monotonic() < until:
        try:
            done = _read_people(deps) + _rounds(deps) + sender.drain(until) + sender.look_up()
        except TryLater as later:
            log.info("work_put_off", team=deps.team_id, why=str(later))
            return steps
        if not done:
            return steps
        steps += done
    deps.queue.hint(deps.team_id, work.turn(deps.db, deps.team_id))
    return steps


def _read_people(deps: Deps) -> int:
    """Read what is stale; how many were read. Slack being away holds nothing else up."""
    now = deps.clock()
    read = 0
    for what in people.stale(deps.db, deps.team_id, now=now):
        try:
            count = people.refresh(deps.db, deps.directory, deps.team_id, what, now=now)
        except TryLater as later:
            log.warning("people_not_read", team=deps.team_id, what=what, why=str(later))
            continue
        read += 1
        log.info("people_read", team=deps.team_id, what=what, count=count)
    return read


def _rounds(deps: Deps) -> int:
    """Take each due session and reminder one step further; how many moved."""
    now = deps.clock()
    db, team = deps.db, deps.team_id
    moved = 0
    if members.rested(db, team, now=now):
        moved += _step(deps, "wake", 0, partial(members.wake, db, team, now=now)) or 0
    due = work.rounds(db, team, now=now)
    for one in due.to_open:
        state = _step(
            deps, "open", one, partial(coffee.open_round, db, team, one, chance=deps.chance, now=now)
        )
        moved += state not in (None, "planned")
    for one in due.to_ask + due.to_open:
        asked = _step(deps, "ask", one, partial(coffee.ask, db, team, one, now=now))
        moved += asked is not None and one in due.to_ask
    for one in due.to_remind:
        moved += _step(deps, "remind", one, partial(coffee.remind, db, team, one, now=now)) is not None
    for one in due.to_match:
        deps.probe("before_match")
        matched = _step(deps, "match", one, partial(coffee.match_round, db, team, one, now=now))
        moved += matched is not None
    for one in due.to_send:
        moved += _step(deps, "send", one, partial(sending.send, db, team, one, now=now)) is not None
    moved += mentoring.due(deps, partial(_step, deps), now=now)
    moved += hosted.due(deps, partial(_step, deps), now=now)
    moved += classes.due(deps, partial(_step, deps), now=now)
    moved += payments.due(deps, partial(_step, deps), now=now)
    for one in followups.find(db, team, now=now):
        followed = _step(deps, "follow_up", one, partial(followups.follow_up, db, team, one, now=now))
        moved += followed is not None
    return moved


def _step(deps: Deps, what: str, subject: int, do: Callable[[], T]) -> T | None:
    """One step of one session. A bug in it holds up no other session, and no message; the log has it."""
    try:
        found = deps.db.retrying(do)
    except TryLater:
        raise
    except Exception as error:
        log.error("step_failed", team=deps.team_id, step=what, subject=subject, exc_info=error)
        return None
    log.info("step", team=deps.team_id, step=what, subject=subject, result=_short(found))
    deps.probe(f"after_{what}")
    return found


def _short(found: object) -> object:
    return len(found.groups) if isinstance(found, Matched) else found
