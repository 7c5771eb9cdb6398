"""Tables of the mentoring area: settings, who takes part, who asked whom, and who is matched.

Whoever changes the state of a program's requests or matches holds the lock of its ``mentoring`` row first, so
that within a program one decides after the other; docs/adr/0009-mentoring.md says why.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states

LIVE = "state IN ('staged', 'proposed', 'active')"
WAITING = "state IN ('pending', 'frozen')"


def _program() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"])


def _participant(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["team_id", column], ["mentoring_participant.team_id", "mentoring_participant.id"]
    )


class Mentoring(Base):
    """What a mentoring program has beside what every program has."""

    __tablename__ = "mentoring"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[str] = mapped_column(String(8), default="draft")
    matching_on: Mapped[bool] = mapped_column(default=False)
    off_at: Mapped[datetime | None]  # when matching was turned off last: the clocks of requests stand
    type: Mapped[str] = mapped_column(String(16), default="cohort")
    process: Mapped[str] = mapped_column(String(16), default="approval")
    roles: Mapped[str] = mapped_column(String(16), default="mentoring")
    wording: Mapped[str] = mapped_column(String(16), default="matching")
    choices: Mapped[int] = mapped_column(default=3)
    default_places: Mapped[int] = mapped_column(default=1)
    most_places: Mapped[int] = mapped_column(default=3)
    mentors_per_mentee: Mapped[int] = mapped_column(default=1)
    answer_days: Mapped[int] = mapped_column(default=3)  # business days
    weekend: Mapped[list[Any]] = mapped_column(default=lambda: [5, 6])  # days of the week, 0 is Monday
    holidays: Mapped[list[str]] = mapped_column(default=list)  # "2026-12-25"
    country: Mapped[str] = mapped_column(String(8), default="")  # whose public holidays count too
    reply_required: Mapped[bool] = mapped_column(default=False)
    rhythm_days: Mapped[int] = mapped_column(default=14)
    ends_on: Mapped[date | None]
    may_search: Mapped[bool] = mapped_column(default=True)
    ending_asks: Mapped[bool] = mapped_column(default=False)
    keep_places: Mapped[bool] = mapped_column(default=False)
    invite_again_days: Mapped[int] = mapped_column(default=2)
    digest: Mapped[bool] = mapped_column(default=True)
    digest_at: Mapped[datetime | None]  # when the next weekly digest is due; None: to be found out
    noticed: Mapped[int] = mapped_column(default=0)  # so many days before its end everybody was told last
    ending_at: Mapped[datetime | None]  # when the next step towards its end is due; None: to be found out
    gone_at: Mapped[datetime | None]  # when organizers hear of people who left the workspace
    support: Mapped[str] = mapped_column(String(32), default="")  # a person's or channel's id
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of matching; empty: ours
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)  # launch steps that are done: who and when
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the last action on many matches came to
    __table_args__ = (
        _program(),
        states("stage", "draft", "open", "ended"),
        states("type", "cohort", "evergreen"),
        states("process", "admin", "approval", "user"),
        states("roles", "mentoring", "peers"),
        states("wording", "matching", "pairing"),
        CheckConstraint("choices BETWEEN 1 AND 5", name="choices"),
        CheckConstraint("mentors_per_mentee BETWEEN 1 AND 5", name="mentors_per_mentee"),
        CheckConstraint("default_places BETWEEN 0 AND most_places", name="places"),
        CheckConstraint("answer_days BETWEEN 1 AND 30", name="answer_days"),
    )


class Participant(Base):
    """Somebody who takes part in a mentoring program, as mentee, mentor or both.

    *used* counts a mentor's places that are taken (active, staged and proposed matches), *asked* the requests
    that wait for this mentor, *matched* a mentee's active matches. They grow by one conditional update each.
    """

    __tablename__ = "mentoring_participant"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(32))
    mentee: Mapped[bool] = mapped_column(default=False)
    mentor: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="active")
    goals: Mapped[str] = mapped_column(String(1000), default="")
    offers: Mapped[list[str]] = mapped_column(default=list)
    wants: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    department: Mapped[str] = mapped_column(String(80), default="")
    seniority: Mapped[int | None]
    places: Mapped[int | None]  # mentees at a time; None: the program's default
    used: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None]
    left_why: Mapped[str] = mapped_column(String(16), default="")  # slack: gone from the workspace
    wave: Mapped[int] = mapped_column(default=0)  # how often they were invited to choose mentors
    invite_at: Mapped[datetime | None]  # when an organizer invited them last
    invited_at: Mapped[datetime | None]  # when Slack accepted the message
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)  # choices that could not be submitted yet
    exhausted: Mapped[int] = mapped_column(default=0)  # lists that were used up without a match
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    __table_args__ = (
        _program(),
        UniqueConstraint("program_id", "user_id"),
        UniqueConstraint("team_id", "id"),
        states("state", "registered", "active", "paused", "left"),
        CheckConstraint("used >= 0 AND asked >= 0 AND matched >= 0", name="counts"),
        Index(None, "team_id", "user_id"),
        Index(None, "program_id", "state"),
    )


class Exclusion(Base):
    """Two people of a program who must not be matched; *low_id* is the smaller of the two user ids."""

    __tablename__ = "mentoring_exclusion"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    low_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    high_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(255), default="")
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    __table_args__ = (_program(),)


class Preferences(Base):
    """A list of mentors that a mentee submitted: a round. It is asked from the top, one at a time."""

    __tablename__ = "mentoring_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    mentee_id: Mapped[int]
    goal: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime]
    __table_args__ = (
        _program(),
        _participant("mentee_id"),
        UniqueConstraint("team_id", "id"),
        states("state", "open", "matched", "exhausted", "withdrawn", "cancelled"),
        Index("uq_mentoring_list_open", "mentee_id", unique=True, sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
        Index(None, "program_id", "state"),
    )  # fmt: skip


class Request(Base):
    """One mentor on a list, or one whom an organizer asks first: the question, and what came of it."""

    __tablename__ = "mentoring_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    list_id: Mapped[int | None]  # None: an organizer asks, for the match below
    match_id: Mapped[int | None]  # proposed until the mentor has answered
    rank: Mapped[int]
    mentee_id: Mapped[int]
    mentor_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(24), default="queued")
    owed_at: Mapped[datetime | None]  # when the mentor's turn came
    asked_at: Mapped[datetime | None]  # when Slack accepted the question
    expires_at: Mapped[datetime | None]  # exclusive; stored when it was asked
    zone: Mapped[str] = mapped_column(String(64), default="")  # in which the days are counted
    remind_at: Mapped[datetime | None]
    response: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(32), default="")
    offer: Mapped[str] = mapped_column(String(16), default="")  # after it expired: the mentor offers anyway
    offer_until: Mapped[datetime | None]
    __table_args__ = (
        _program(),
        _participant("mentee_id"),
        _participant("mentor_id"),
        ForeignKeyConstraint(
            ["team_id", "list_id"], ["mentoring_list.team_id", "mentoring_list.id"]
        ),
        ForeignKeyConstraint(["team_id", "match_id"], ["mentoring_match.team_id", "mentoring_match.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("list_id", "mentor_id"),
        UniqueConstraint("list_id", "rank"),
        states(
            "state", "queued", "pending", "frozen", "approved", "declined", "expired", "withdrawn",
            "skipped_full", "closed_unavailable", "closed_full", "cancelled",
        ),
        states("offer", "", "made", "accepted", "declined", "expired"),
        # one mentor of a list is asked at a time
        Index("uq_mentoring_request_waiting", "list_id", unique=True, sqlite_where=text(WAITING),
              postgresql_where=text(WAITING)),
        Index(None, "team_id", "state", "expires_at"),
        Index(None, "mentor_id", "state"),
        Index(None, "mentee_id", "state"),
        Index(None, "match_id"),
    )  # fmt: skip


class Match(Base):
    """A mentee and a mentor, from the moment an organizer or they themselves put them together."""

    __tablename__ = "mentoring_match"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    mentee_id: Mapped[int]
    mentor_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))  # organizer, auto, request, mentee, offer
    score: Mapped[int | None]  # 0 to 100, when it was made
    why: Mapped[list[Any]] = mapped_column(default=list)  # as ``domain.reasons`` keeps them
    created_by: Mapped[str] = mapped_column(String(32), default="")
    staged_at: Mapped[datetime | None]
    active_at: Mapped[datetime | None]
    active_by: Mapped[str] = mapped_column(String(32), default="")
    over_at: Mapped[datetime | None]  # ended or discarded
    over_by: Mapped[str] = mapped_column(String(32), default="")
    end_reason: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")  # for organizers only
    wish: Mapped[dict[str, Any]] = mapped_column(default=dict)  # who of the two asks to end it, and why
    locked: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[list[Any]] = mapped_column(default=list)  # why it could not be approved
    approving: Mapped[str] = mapped_column(String(32), default="")  # who pressed [Approve All]; a job does it
    anyway: Mapped[bool] = mapped_column(default=False)  # staged in spite of an exclusion
    run_id: Mapped[int | None]
    nudged_at: Mapped[datetime | None]
    forgotten: Mapped[bool] = mapped_column(default=False)  # [Reset Discards]: may be proposed again
    __table_args__ = (
        _program(),
        _participant("mentee_id"),
        _participant("mentor_id"),
        UniqueConstraint("team_id", "id"),
        states("state", "staged", "proposed", "active", "ended", "discarded"),
        CheckConstraint("mentee_id <> mentor_id", name="two_people"),
        Index("uq_mentoring_match_live", "mentee_id", "mentor_id", unique=True, sqlite_where=text(LIVE),
              postgresql_where=text(LIVE)),
        Index(None, "team_id", "program_id", "state"),
        Index(None, "team_id", "approving"),
        Index(None, "mentor_id", "state"),
        Index(None, "mentee_id", "state"),
    )  # fmt: skip


class AutoRun(Base):
    """A run of the auto-matching: what went in, and why somebody got nobody."""

    __tablename__ = "mentoring_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))  # of the press: a job that comes twice runs once
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))  # of the whole input
    staged: Mapped[int]
    without: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # participant id -> why, as reasons are kept
    __table_args__ = (
        _program(),
        UniqueConstraint("team_id", "key"),
        Index(None, "team_id", "program_id"),
    )


class Meeting(Base):
    """A meeting of a match: proposed for a time to come, or logged afterwards."""

    __tablename__ = "mentoring_meeting"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    match_id: Mapped[int]
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=30)
    zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="planned")
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)  # of its calendar entry; grows with each change
    asked_at: Mapped[datetime | None]  # when both were asked whether it took place
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "match_id"], ["mentoring_match.team_id", "mentoring_match.id"]),
        UniqueConstraint("team_id", "id"),
        states("state", "planned", "done", "missed", "cancelled"),
        Index(None, "team_id", "state", "starts_at"),
        Index(None, "match_id"),
    )


class MeetingWord(Base):
    """What one of the two says of a meeting."""

    __tablename__ = "mentoring_word"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    took_place: Mapped[bool | None]
    rating: Mapped[int | None]  # 1 to 4
    fit: Mapped[str] = mapped_column(String(8), default="")
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "meeting_id"], ["mentoring_meeting.team_id", "mentoring_meeting.id"]
        ),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        states("fit", "", "good", "deciding", "not_good"),
    )


class Survey(Base):
    """How one of the two found a match that has ended."""

    __tablename__ = "mentoring_survey"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    match_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    rating: Mapped[int]  # 1 to 4
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "match_id"], ["mentoring_match.team_id", "mentoring_match.id"]),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
    )
