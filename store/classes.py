"""Tables of classes: terms with weekly classes and their dates, and what an administrator set.

Whoever changes a term, or anything that belongs to one, holds the lock of the term's row first;
docs/adr/0012-classes.md says why.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states


class ClassSetup(Base):
    """What administrators set for all classes of a workspace."""

    __tablename__ = "class_setup"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    staff: Mapped[list[Any]] = mapped_column(default=list)  # user ids, beside the administrators
    waitlist_mode: Mapped[str] = mapped_column(String(16), default="offer")
    free_hours: Mapped[int] = mapped_column(default=12)  # so long before a class skipping it is free
    currency: Mapped[str] = mapped_column(String(3), default="USD")  # that a new membership begins with
    changed_by: Mapped[str] = mapped_column(String(32), default="")
    __table_args__ = (
        states("waitlist_mode", "offer", "at_once", "everybody"),
        CheckConstraint("free_hours BETWEEN 0 AND 168", name="free_hours"),
    )


class ClassDraft(Base):
    """What somebody typed into a form that was not finished."""

    __tablename__ = "class_draft"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    form: Mapped[str] = mapped_column(String(32), primary_key=True)
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class ClassType(Base):
    """A kind of class, such as Yoga."""

    __tablename__ = "class_type"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    key: Mapped[str] = mapped_column(String(120))  # of the form that made it
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(240))  # folded: one name once
    description: Mapped[str] = mapped_column(String(500), default="")
    minutes: Mapped[int] = mapped_column(default=60)  # that a new class of this type begins with
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        Index("uq_class_type_name", "team_id", "name_key", unique=True,
              sqlite_where=text("archived_at IS NULL"), postgresql_where=text("archived_at IS NULL")),
    )  # fmt: skip


STANDS = "state IN ('draft', 'open', 'running')"


class Term(Base):
    """A period with weekly classes; people read "session". Both its dates belong to it."""

    __tablename__ = "class_term"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(240))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    closed_days: Mapped[list[Any]] = mapped_column(default=list)  # ISO dates without classes
    state: Mapped[str] = mapped_column(String(16), default="draft")
    version: Mapped[int] = mapped_column(default=0)  # grows with each edit
    follows_id: Mapped[int | None]  # the term that it was copied from
    members_first_until: Mapped[datetime | None]  # until then only members of that term may buy
    next_at: Mapped[datetime | None]  # when time alone changes it
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "follows_id"], ["class_term.team_id", "class_term.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("state", "draft", "open", "running", "ended", "cancelled"),
        CheckConstraint("starts_on <= ends_on", name="days"),
        Index("uq_class_term_name", "team_id", "name_key", unique=True,
              sqlite_where=text(STANDS), postgresql_where=text(STANDS)),
        Index(None, "team_id", "next_at"),
    )  # fmt: skip


class WeeklyClass(Base):
    """One class a week, on its day at its time; one that belongs to no term yet has no dates."""

    __tablename__ = "class_weekly"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(120))  # of the form, and its day
    term_id: Mapped[int | None]
    type_id: Mapped[int]
    weekday: Mapped[int]  # Monday is 0
    minute: Mapped[int]  # of the day on the wall clock: 18:00 is 1080
    minutes: Mapped[int]  # how long it lasts
    teacher_id: Mapped[str] = mapped_column(String(32), default="")
    place: Mapped[str] = mapped_column(String(500), default="")  # or a link
    places: Mapped[int]
    waitlist_places: Mapped[int] = mapped_column(default=10)
    state: Mapped[str] = mapped_column(String(16), default="new")
    version: Mapped[int] = mapped_column(default=0)
    undo: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what [Cancel Class] ended, for 24 hours
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "term_id"], ["class_term.team_id", "class_term.id"]),
        ForeignKeyConstraint(["team_id", "type_id"], ["class_type.team_id", "class_type.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("state", "new", "assigned", "cancelled"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),
        CheckConstraint("places BETWEEN 1 AND 500", name="places"),
        CheckConstraint("waitlist_places BETWEEN 0 AND 200", name="waitlist_places"),
        Index(None, "team_id", "term_id"),
    )


class ClassDate(Base):
    """One class on one day. *taken* counts its places: those of registrations that take one (TAKES).

    *day* is the day that it was made for, and stays when the date is moved.
    """

    __tablename__ = "class_date"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    term_id: Mapped[int]
    class_id: Mapped[int]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default="planned")
    sequence: Mapped[int] = mapped_column(
        default=0
    )  # grows with each change of its time, and when it is cancelled
    was_at: Mapped[datetime | None]  # before it was moved for the last time
    extra: Mapped[bool] = mapped_column(default=False)  # added by hand
    next_at: Mapped[datetime | None]  # its reminders, the teacher's list, its end
    reminded_at: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]  # the teacher got the list
    over_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(255), default="")  # it was cancelled
    undo: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what cancelling it ended, for 24 hours
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "term_id"], ["class_term.team_id", "class_term.id"]),
        ForeignKeyConstraint(["team_id", "class_id"], ["class_weekly.team_id", "class_weekly.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("class_id", "day"),
        states("state", "planned", "done", "cancelled"),
        CheckConstraint("taken >= 0 AND taken <= places", name="taken"),
        Index(None, "team_id", "next_at"),
        Index(None, "class_id", "starts_at"),
    )
