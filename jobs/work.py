"""All that is due in one workspace, in one job. The rows say what; running it twice does it once."""

import time
from functools import partial

import structlog

from domain.errors import TryLater
from domain.pace import Pace
from jobs import runtime
from jobs.outbox import Sender
from services import coffee, people, work
from services.ports import Deps

log = structlog.get_logger()


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
    deps.db.retrying(lambda: work.take(deps.db, deps.team_id))
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
            if what == "*":
                count = people.sync_people(deps.db, deps.directory, deps.team_id, now=now)
            else:
                count = people.sync_channel(deps.db, deps.directory, deps.team_id, what, now=now)
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
    due = work.rounds(db, team, now=now)
    moved = 0
    for occurrence in due.to_open:
        state = db.retrying(partial(coffee.open_round, db, team, occurrence, chance=deps.chance, now=now))
        moved += state != "planned"
        log.info("round_opened", team=team, occurrence=occurrence, state=state)
        deps.probe("after_open")
    for occurrence in due.to_ask + due.to_open:
        asked = coffee.ask(db, team, occurrence, now=now)
        moved += 1 if occurrence in due.to_ask else 0
        log.info("round_asked", team=team, occurrence=occurrence, people=asked)
        deps.probe("after_ask")
    for reminder in due.to_remind:
        reminded = db.retrying(partial(coffee.remind, db, team, reminder, now=now))
        log.info("round_reminded", team=team, reminder=reminder, people=reminded)
        deps.probe("after_remind")
    for occurrence in due.to_match:
        deps.probe("before_match")
        matched = coffee.match_round(db, team, occurrence, now=now)
        groups = len(matched.groups) if matched else 0
        log.info("round_matched", team=team, occurrence=occurrence, groups=groups)
        deps.probe("after_match")
    return moved + len(due.to_remind) + len(due.to_match)
