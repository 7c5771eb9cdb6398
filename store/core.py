"""The tables every kind of program shares.

Tenant tables carry team_id, and so do their foreign keys: a row of one workspace cannot point into another.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


def states(column: str, *allowed: str) -> CheckConstraint:
    """A named CHECK that lists the states of a column."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(s) for s in allowed)})", name=column)


class Workspace(Base):
    """A Slack team: the tenant."""

    __tablename__ = "workspace"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    bot_user_id: Mapped[str] = mapped_column(String(32), default="")
    bot_id: Mapped[str] = mapped_column(String(32), default="")
    gone_at: Mapped[datetime | None]  # we were revoked: nothing is sent any more
    gone_reason: Mapped[str] = mapped_column(String(64), default="")
    people_synced_at: Mapped[datetime | None]
    work_turn: Mapped[int] = mapped_column(default=0)  # grows each time somebody takes up the due work
    work_taken_at: Mapped[datetime | None]


class PersonRow(Base):
    """The cached picture of a Slack user."""

    __tablename__ = "person"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(255), default="")
    tz: Mapped[str] = mapped_column(String(64), default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    deleted: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    updated: Mapped[int] = mapped_column(BigInteger, default=0)


class Channel(Base):
    """A channel that is, or was, part of an audience."""

    __tablename__ = "channel"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    synced_at: Mapped[datetime | None]  # None: its members have to be read


class ChannelMember(Base):
    """Who is in a channel."""

    __tablename__ = "channel_member"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "channel_id"], ["channel.team_id", "channel.channel_id"]),
    )


class Program(Base):
    """A named activity with an audience."""

    __tablename__ = "program"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(180))  # case-folded: names are unique to a reader's eye
    zone: Mapped[str] = mapped_column(String(64))
    group_size: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="active")
    opt_in: Mapped[str] = mapped_column(String(8), default="on")  # mixed: those picked are not asked
    include_guests: Mapped[bool] = mapped_column(default=False)
    leftover: Mapped[str] = mapped_column(String(16), default="larger")  # who remains when groups are full
    ask_new: Mapped[bool] = mapped_column(default=True)  # whoever joins the audience of an open session
    at_deadline: Mapped[str] = mapped_column(
        String(8), default="wait"
    )  # a draft nobody gave a date: wait, send
    follow_up_days: Mapped[int] = mapped_column(default=7)  # 0: nobody is asked whether they met
    icebreakers: Mapped[list[str]] = mapped_column(default=list)  # empty: our own
    rules: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # of matching, the weightiest first
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # message texts edited by its owners, by kind
    audience_at: Mapped[datetime | None]  # when its audience was chosen anew; sessions open then keep theirs
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("team_id", "name_key"),
        UniqueConstraint("team_id", "id"),
        states("kind", "coffee", "mentoring"),
        states("state", "active", "paused", "archived"),
        states("opt_in", "on", "off", "mixed"),
        states("leftover", "larger", "smaller", "sit_out"),
        states("at_deadline", "wait", "send"),
        CheckConstraint("group_size BETWEEN 2 AND 8", name="group_size"),
        CheckConstraint("follow_up_days BETWEEN 0 AND 60", name="follow_up_days"),
    )

    @property
    def asks_first(self) -> bool:
        """Whether anybody gets an opt-in message."""
        return self.opt_in != "off"


class Audience(Base):
    """One part of a program's audience; the audience is the union of its parts."""

    __tablename__ = "audience"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(32), primary_key=True
    )  # id of a channel, user group or user, or "*"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"]),
        states("part", "channel", "usergroup", "person", "everyone"),
        Index(None, "team_id", "part", "ref"),
    )


class SeriesRow(Base):
    """The recurrence that occurrences belong to, as it was entered: local dates and times of a zone."""

    __tablename__ = "series"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    anchor: Mapped[date]
    first_number: Mapped[int] = mapped_column(default=0)
    weeks: Mapped[int]
    groups: Mapped[str] = mapped_column(String(16), default="automatic")  # or review: an admin looks first
    zone: Mapped[str] = mapped_column(String(64))
    opt_in_time: Mapped[str | None] = mapped_column(String(5))  # "09:00"; None where nobody is asked first
    match_days: Mapped[int]
    match_time: Mapped[str] = mapped_column(String(5))
    version: Mapped[int] = mapped_column(default=0)  # grows with each edit
    ended_at: Mapped[datetime | None]  # cancelled: nothing follows
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"]),
        UniqueConstraint("team_id", "id"),
        CheckConstraint("weeks BETWEEN 0 AND 4", name="weeks"),
        states("groups", "automatic", "review"),
        Index(None, "team_id", "program_id"),
    )


class Occurrence(Base):
    """One dated event of a program. People call it a session."""

    __tablename__ = "occurrence"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    program_id: Mapped[int]
    series_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="planned")
    opens_at: Mapped[datetime]
    opt_in_at: Mapped[datetime | None]
    match_at: Mapped[datetime]  # when the groups are made; in review, from when on there is a draft
    send_at: Mapped[datetime | None]  # in review: when the groups get their messages; None: nobody has said
    confirmed: Mapped[bool] = mapped_column(default=False)  # an organizer has said so, and not only the plan
    moved: Mapped[bool] = mapped_column(default=False)  # has dates of its own, and not those of its series
    zone: Mapped[str] = mapped_column(String(64))
    tz_version: Mapped[str] = mapped_column(String(16))  # the tz database that turned wall time into instants
    colour: Mapped[str] = mapped_column(String(7))
    seed: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # None while open: somebody may still have to be asked
    matched_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]  # when the groups are asked whether they met; None: never
    followed_up_at: Mapped[datetime | None]  # when those who had not said were asked, which is done once
    closed_at: Mapped[datetime | None]
    draft_version: Mapped[int] = mapped_column(default=0)  # grows with each edit of the draft
    reason: Mapped[str] = mapped_column(String(255), default="")
    engine: Mapped[int | None]  # the version of the matching that made the groups: with the seed, a replay
    method: Mapped[str] = mapped_column(String(16), default="")  # how it found them
    unavoidable: Mapped[int | None]  # repeats that no grouping avoids, as far as is proven
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"]),
        ForeignKeyConstraint(["team_id", "series_id"], ["series.team_id", "series.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("series_id", "number"),  # two schedulers planning at once plan it once
        states("state", "planned", "open", "matching", "review", "matched", "closed", "cancelled", "skipped"),
        Index(None, "team_id", "state", "opens_at"),
        Index(None, "program_id", "state"),
    )


class Invitation(Base):
    """One question to one person, with the answer."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    withdrawn_from: Mapped[str] = mapped_column(String(16), default="")  # the state that comes back with them
    answered_at: Mapped[datetime | None]
    pressed: Mapped[str] = mapped_column(String(32), default="")  # Slack's time of the press that counts
    channel: Mapped[str | None] = mapped_column(String(32))  # where the newest copy of the question stands
    ts: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
        UniqueConstraint("occurrence_id", "user_id"),  # everybody is asked once
        UniqueConstraint("team_id", "id"),
        states("state", "pending", "accepted", "declined", "expired", "withdrawn"),
        Index(None, "occurrence_id", "state"),
    )


class Reminder(Base):
    """The question again, at a date, to those without an answer."""

    __tablename__ = "reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="planned")
    created_by: Mapped[str] = mapped_column(String(32))
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
        states("state", "planned", "sent", "skipped", "cancelled"),
        Index(None, "team_id", "state", "due_at"),
    )


class Card(Base):
    """Where the newest live card of a session stands in an admin's direct messages."""

    __tablename__ = "card"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    shown: Mapped[str] = mapped_column(String(64), default="")  # a digest of what stands there; "": who knows
    rests_until: Mapped[datetime | None]  # real time: it is not drawn again before, unless its state changes
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
        UniqueConstraint("occurrence_id", "user_id"),
    )


class Inbox(Base):
    """What Slack has told us already; a redelivery finds its key and does nothing."""

    __tablename__ = "inbox"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    received_at: Mapped[datetime]
    __table_args__ = (Index(None, "received_at"),)


class Audit(Base):
    """Each change by an admin, and each refusal that somebody should be able to look up. Insert only."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    __table_args__ = (Index(None, "team_id", "at"),)
