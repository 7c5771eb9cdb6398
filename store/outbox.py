"""What we owe, what we know of it, and how long to keep away: the tables of delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states


class Outbox(Base):
    """A message owed to somebody, written in the transaction of the fact that causes it.

    *due_at*, leases and *sent_at* are real time (``Database.instant``); *first_attempt_at* is product
    time, because it is compared with the time stamps of messages.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]  # the row that the kind speaks about: invitation, group, occurrence, series
    params: Mapped[dict[str, Any]]
    recipient: Mapped[str] = mapped_column(String(255), default="")  # a user id; empty for a group
    users: Mapped[list[str]]  # the people of a group message
    method: Mapped[str] = mapped_column(String(16))  # the next step it needs: open, post, replace, update
    priority: Mapped[int]
    version: Mapped[int] = mapped_column(
        default=0
    )  # grows when a newer state is owed while one is on its way
    state: Mapped[str] = mapped_column(String(16), default="pending")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[bool] = mapped_column(default=False)  # sent once more, because nobody could tell
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    fenced_at: Mapped[datetime | None]
    first_attempt_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(255), default="")
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("team_id", "key"),  # owed once, however often the job runs
        UniqueConstraint("team_id", "id"),
        states("state", "pending", "leased", "unknown", "sent", "skipped", "dead"),
        Index(None, "team_id", "state", "priority", "due_at"),
        Index(None, "kind", "subject_id"),
    )


class Evidence(Base):
    """Proof that a message exists. Two for one outbox row are a duplicate."""

    __tablename__ = "delivery_evidence"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    outbox_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(16))
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "outbox_id"], ["outbox.team_id", "outbox.id"]),
        states("source", "answer", "history", "press", "admin"),
        Index(None, "outbox_id"),
    )


class Throttle(Base):
    """Until when Slack asked us to stay away from a method."""

    __tablename__ = "throttle"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    method: Mapped[str] = mapped_column(String(64), primary_key=True)
    not_before: Mapped[datetime]
