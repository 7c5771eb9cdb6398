"""Tables of hosted sessions: hosts and their contacts, sessions, participants and reminders.

A guest has no Slack account, so a participant is a person here, and not an id of Slack's. Whoever changes a
session or its participants holds the lock of its row first; docs/adr/0010-hosted.md says why.
"""

from datetime import datetime
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

HERE = "removed_at IS NULL"


class HostedSetup(Base):
    """What administrators set for all hosts of a workspace."""

    __tablename__ = "hosted_setup"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    hosts: Mapped[str] = mapped_column(String(32), default="")  # a user group's id; "": every full member
    support: Mapped[str] = mapped_column(
        String(32), default=""
    )  # a person's or user group's id: orientations
    currency: Mapped[str] = mapped_column(String(3), default="USD")  # that a new service begins with
    typing_closed_until: Mapped[datetime | None]  # too many wrong codes: until then only links work
    changed_by: Mapped[str] = mapped_column(String(32), default="")


class Host(Base):
    """How somebody hosts: the modal [My Settings]."""

    __tablename__ = "hosted_host"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64), default="")  # "": the zone of their Slack account
    phone_country: Mapped[str] = mapped_column(String(2), default="")  # of numbers without a country code
    room: Mapped[str] = mapped_column(String(500), default="")  # the default room link
    minutes: Mapped[int] = mapped_column(default=50)  # how long a new session lasts
    offsets: Mapped[list[Any]] = mapped_column(default=lambda: [1440, 60, 10])  # reminders, minutes before
    quiet_texts: Mapped[bool] = mapped_column(default=True)  # no reminders by text at night
    admit: Mapped[bool] = mapped_column(default=False)  # ask before guests enter
    payment_mails: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str] = mapped_column(String(254), default="")  # where those go
    cancellation_rule: Mapped[str] = mapped_column(String(500), default="")  # shown before somebody pays
    invited_by: Mapped[str] = mapped_column(String(8), default="slack")  # when a colleague invites them
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a form that was not saved
    draft_at: Mapped[datetime | None]
    __table_args__ = (
        states("invited_by", "slack", "email", "text", "none"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),
    )


class Contact(Base):
    """Somebody whom a host has met before: what fills in the form the next time."""

    __tablename__ = "hosted_contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    owner_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(240))  # folded, to be found by the beginning of any word
    email: Mapped[str | None] = mapped_column(String(254))  # lower case
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    channel: Mapped[str] = mapped_column(String(8), default="none")
    zone: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "owner_id", "email", name="uq_hosted_contact_email"),
        UniqueConstraint("team_id", "owner_id", "phone", name="uq_hosted_contact_phone"),
        states("channel", "email", "text", "none"),
        Index(None, "team_id", "owner_id", "name_key"),
    )


class HostedSession(Base):
    """One session of a host. *version* grows with each edit, *sequence* with each change of its time.

    *next_at* is when time alone changes something about it; None: never again.
    """

    __tablename__ = "hosted_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    key: Mapped[str] = mapped_column(String(120))  # of the form that made it: submitted twice, made once
    host_id: Mapped[str] = mapped_column(String(32))  # "" for an orientation that nobody took yet
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80), default="")
    room: Mapped[str] = mapped_column(String(500), default="")  # "": the host's default
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))  # in which the host chose the time
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(32))
    next_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # the room, 15 minutes before the start
    asked_at: Mapped[datetime | None]  # the host was told who has not answered
    over_at: Mapped[datetime | None]  # done, missed, cancelled or removed
    over_by: Mapped[str] = mapped_column(String(32), default="")
    undo: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what a cancellation ended, for 10 minutes
    given_by: Mapped[str] = mapped_column(String(32), default="")  # who gave it to its host
    given_at: Mapped[datetime | None]
    need: Mapped[str] = mapped_column(String(1000), default="")  # of an orientation, as the next ones
    asked_by: Mapped[str] = mapped_column(String(32), default="")
    support: Mapped[list[str]]  # who was asked to give it
    suggested_by: Mapped[str] = mapped_column(String(32), default="")
    suggested_at: Mapped[datetime | None]  # another time, which the other side has to accept
    note: Mapped[str] = mapped_column(String(1000), default="")
    nudged_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]  # names and addresses of its guests are gone
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        states("kind", "now", "scheduled", "orientation"),
        states("state", "requested", "scheduled", "live", "done", "missed", "cancelled", "removed"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),
        Index(None, "team_id", "next_at"),
        Index(None, "team_id", "host_id", "starts_at"),
        Index(None, "team_id", "asked_by"),
        Index(None, "team_id", "forgotten_at", "starts_at"),
    )


class HostedParticipant(Base):
    """Somebody who is invited to a session: a guest, or a colleague (*user_id*).

    The access code and the link stand here twice: as a keyed hash to be found by, and sealed, to be shown and
    sent. Both copies of the code are gone when it dies.
    """

    __tablename__ = "hosted_participant"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    session_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))  # as of a session
    name: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(String(254))  # e-mail, E.164 number or user id, by channel
    user_id: Mapped[str] = mapped_column(String(32), default="")
    contact_id: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16), default="added")
    created_at: Mapped[datetime]
    copy: Mapped[int] = mapped_column(default=0)  # of the invitation: grows when it is sent again
    resent_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]  # when the invitation was accepted by whoever carries it
    trouble: Mapped[str] = mapped_column(String(255), default="")  # why it could not be delivered
    told_trouble: Mapped[bool] = mapped_column(default=False)  # the host knows
    answered_at: Mapped[datetime | None]
    knocked_at: Mapped[datetime | None]  # at the door, waiting to be admitted
    admitted_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_sealed: Mapped[str] = mapped_column(String(255), default="")
    code_until: Mapped[datetime | None]
    link_hash: Mapped[str | None] = mapped_column(String(64))
    link_sealed: Mapped[str] = mapped_column(String(255), default="")
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "session_id"], ["hosted_session.team_id", "hosted_session.id"]),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        UniqueConstraint("team_id", "code_hash"),
        UniqueConstraint("team_id", "link_hash", name="uq_hosted_participant_link"),
        states("channel", "email", "text", "slack", "none"),
        states(
            "state", "added", "invited", "invite_failed", "accepted", "declined", "no_reply", "joined",
            "no_show",
        ),
        Index("uq_hosted_participant_address", "session_id", "address", unique=True,
              sqlite_where=text(HERE), postgresql_where=text(HERE)),
        Index(None, "team_id", "code_until"),
        Index(None, "contact_id"),
        Index(None, "user_id"),
    )  # fmt: skip


class HostedReminder(Base):
    """One reminder of one participant; *plan* is the session's sequence it was made for."""

    __tablename__ = "hosted_reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    session_id: Mapped[int]
    participant_id: Mapped[int]
    plan: Mapped[int]
    before: Mapped[int]  # minutes before the start
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="planned")
    reason: Mapped[str] = mapped_column(String(255), default="")
    decided_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "session_id"], ["hosted_session.team_id", "hosted_session.id"]),
        ForeignKeyConstraint(
            ["team_id", "participant_id"], ["hosted_participant.team_id", "hosted_participant.id"]
        ),
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("participant_id", "plan", "before"),
        states("state", "planned", "sent", "superseded", "cancelled", "missed", "failed", "skipped"),
        Index(None, "team_id", "state", "due_at"),
        Index(None, "session_id"),
    )


class WrongCode(Base):
    """A code that was typed and is none; *source* is the keyed hash of the address it came from."""

    __tablename__ = "hosted_wrong_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "team_id", "at"), Index(None, "team_id", "source", "at"))


class StoppedPhone(Base):
    """A number that answered STOP: nothing is sent there any more.

    *phone* is a keyed hash, to be found by. *sealed* is read by nobody but whoever changes the key: without
    it the number would be texted again as soon as the old key is gone.
    """

    __tablename__ = "hosted_stopped_phone"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]
