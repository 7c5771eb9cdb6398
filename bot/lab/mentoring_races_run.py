"""The races of ``sessions bench races``: what is prepared, and who presses what at the same moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from domain.errors import Refusal, TryLater
from domain.mentoring import Done, PreferencesForm, Press
from domain.messages import Kind
from services import (
    mentoring_bulk,
    mentoring_choices,
    mentoring_matches,
    mentoring_requests,
    mentoring_staging,
)
from services import mentoring_clock as clock
from services.mentoring import changing
from services.mentoring_matches import Staging
from store.database import Database
from store.mentoring import Match, Participant, Preferences, Request
from store.outbox import Outbox

GOAL = "I want to learn how to lead a team."
TRIES = 20  # presses that find the database busy are repeated, as people do
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Arena:
    """Where a race is run: a program, and its people by repetition. Each mentor has one place."""

    db: Database
    team: str
    program: int
    admin: str
    now: datetime
    mentors: dict[int, list[str]]
    mentees: dict[int, list[str]]

    def who(self, *users: str) -> list[int]:
        """Who takes part as what number."""
        with self.db.reading() as tx:
            rows = tx.execute(
                select(Participant.user_id, Participant.id).where(
                    Participant.program_id == self.program, Participant.user_id.in_(users)
                )
            )
            found = {user_id: one for user_id, one in rows}
        return [found[user_id] for user_id in users]

    def ask(self, mentee: str, *mentors: str) -> int:
        """A mentee asks; the request to the first mentor."""
        form = PreferencesForm(tuple(self.who(*mentors)), GOAL)
        mentoring_choices.submit(
            self.db, self.team, self.program, mentee, form, key=f"ask-{mentee}", now=self.now
        )
        (asker,) = self.who(mentee)
        with self.db.reading() as tx:
            mine = select(Request.id).where(Request.mentee_id == asker).order_by(Request.id)
            return tx.scalars(mine).first() or 0

    def stage(self, mentee: str, mentor: str) -> int:
        """An organizer stages two people; the match."""
        pair = self.who(mentee, mentor)
        how = Staging()
        mentoring_staging.stage(
            self.db, self.team, self.program, (pair[0], pair[1]), how, actor=self.admin, now=self.now
        )
        with self.db.reading() as tx:
            return tx.scalars(select(Match.id).where(Match.mentee_id == pair[0])).one()


@dataclass(frozen=True)
class Job:
    """One press: *what* is a name of ``DOES``, the rest is what it needs."""

    what: str
    arena: tuple[str, int, str]  # workspace, program, organizer
    now: datetime
    subject: Any
    user_id: str = ""
    message: int = 0  # the outbox row whose button is pressed


def do(db: Database, job: Job) -> str:
    """Press, and again while the database is busy: what came of it, in a word or two."""
    for _ in range(TRIES):
        try:
            done = DOES[job.what](db, job)
        except TryLater:
            continue
        except Refusal as refusal:
            return type(refusal).__name__
        except Exception as error:  # a fault that the judge counts
            return f"failed: {error!r}"
        if isinstance(done, Done):
            return str(done.state) if done.changed else f"nothing, it was {done.state}"
        return str(done)
    return "failed: busy"


def _press(job: Job) -> Press:
    place = f"D{job.message}", f"{job.message}.0"
    return Press(job.user_id, job.message, *place) if job.message else Press(job.user_id)


def _expire(db: Database, job: Job) -> str:
    done = mentoring_requests.come_due(db, job.arena[0], job.subject, now=job.now)
    return done or "nothing"


def _approve_all(db: Database, job: Job) -> str:
    team, program, organizer = job.arena
    chosen = mentoring_bulk.approve_these(db, team, program, [job.subject], actor=organizer, now=job.now)
    mentoring_bulk.approve_some(db, team, program, now=job.now)
    return "chosen" if chosen else "nothing"


DOES: dict[str, Callable[[Database, Job], Any]] = {
    "mentor approves": lambda db, job: mentoring_requests.approve(
        db, job.arena[0], job.subject, _press(job), now=job.now
    ),
    "mentee withdraws": lambda db, job: mentoring_choices.withdraw(
        db, job.arena[0], job.subject, _press(job), now=job.now
    ),
    "time is over": _expire,
    "organizer approves": lambda db, job: mentoring_staging.approve(
        db, job.arena[0], job.subject, actor=job.arena[2], now=job.now
    ),
    "organizer approves all": _approve_all,
    "organizer assigns": lambda db, job: mentoring_matches.assign(
        db, job.arena[0], job.arena[1], *job.subject, actor=job.arena[2], now=job.now
    ),
}


# --- The races -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Race:
    """How a repetition is prepared, and how many press."""

    presses: int
    prepare: Callable[[Arena, int], Sequence[Job]]


def _job(arena: Arena, what: str, subject: Any, user_id: str = "", **more: Any) -> Job:
    return Job(
        what, (arena.team, arena.program, arena.admin), more.get("now", arena.now), subject, user_id,
        more.get("message", 0),
    )  # fmt: skip


def _message(arena: Arena, request: int) -> int:
    with arena.db.reading() as tx:
        wanted = select(Outbox.id).where(
            Outbox.kind == Kind.MENTORING_REQUEST, Outbox.subject_id == request, Outbox.team_id == arena.team
        )
        return tx.scalars(wanted).one()


def _five_approvals(arena: Arena, number: int) -> list[Job]:
    """One place, five mentees: their mentor approves all at once, in messages that are still on their way."""
    mentor = arena.mentors[number][0]
    asked = [arena.ask(mentee, mentor) for mentee in arena.mentees[number]]
    return [_job(arena, "mentor approves", one, mentor, message=_message(arena, one)) for one in asked]


def _approve_or_expire(arena: Arena, number: int) -> list[Job]:
    """The last second: two presses, and two workers who see that the time is over."""
    mentor, mentee = arena.mentors[number][0], arena.mentees[number][0]
    request = arena.ask(mentee, mentor)
    with changing(arena.db, arena.team, arena.program, now=arena.now) as held:
        row = held.tx.get_one(Request, request)
        clock.arrived(held, row)
        until = row.expires_at or arena.now
    press = _job(arena, "mentor approves", request, mentor, now=until - SECOND)
    late = _job(arena, "time is over", request, now=until)
    return [press, late, press, late]


def _withdraw_or_approve(arena: Arena, number: int) -> list[Job]:
    """Both press, each twice."""
    mentor, mentee = arena.mentors[number][0], arena.mentees[number][0]
    request = arena.ask(mentee, mentor, arena.mentors[number][1])
    (asker,) = arena.who(mentee)
    with arena.db.reading() as tx:
        wish = tx.scalars(select(Preferences.id).where(Preferences.mentee_id == asker)).one()
    message = _message(arena, request) if number % 2 else 0  # to prove that it arrived takes a moment
    approve = _job(arena, "mentor approves", request, mentor, message=message)
    withdraw = _job(arena, "mentee withdraws", wish, mentee)
    return [approve, withdraw, approve, withdraw]


def _two_organizers(arena: Arena, number: int) -> list[Job]:
    """Two approve the same staged match, and a third all of them."""
    match = arena.stage(arena.mentees[number][0], arena.mentors[number][0])
    return [
        _job(arena, "organizer approves", match),
        _job(arena, "organizer approves", match),
        _job(arena, "organizer approves all", match),
    ]


def _assign_or_approve(arena: Arena, number: int) -> list[Job]:
    """A mentor approves, while organizers give the mentee to another, and the mentor's place to another."""
    (first, second), (mentee, other, *_) = arena.mentors[number], arena.mentees[number]
    request = arena.ask(mentee, first)
    message = _message(arena, request) if number % 2 else 0
    return [
        _job(arena, "mentor approves", request, first, message=message),
        _job(arena, "organizer assigns", tuple(arena.who(mentee, second))),
        _job(arena, "organizer assigns", tuple(arena.who(other, first))),
    ]


RACES = {
    "five approvals on one place": Race(5, _five_approvals),
    "approve or expire": Race(4, _approve_or_expire),
    "withdraw or approve": Race(4, _withdraw_or_approve),
    "two organizers approve one match": Race(3, _two_organizers),
    "assign or approve": Race(3, _assign_or_approve),
}
