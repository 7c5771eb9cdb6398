"""Tables of the coffee area: who was brought together."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.core import states


class Group(Base):
    """People brought together by a round."""

    __tablename__ = "coffee_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    number: Mapped[int]
    icebreaker: Mapped[str] = mapped_column(String(255), default="")
    repeats: Mapped[int] = mapped_column(default=0)  # pairs of this group that had met before
    locked: Mapped[bool] = mapped_column(default=False)  # in a draft: [Regroup the rest] leaves it alone
    why: Mapped[list[Any]] = mapped_column(default=list)  # as ``domain.reasons`` keeps them
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
        UniqueConstraint("occurrence_id", "number"),
        UniqueConstraint("team_id", "id"),
    )


class GroupMember(Base):
    """One person of a group. Nobody is in two groups of one round: the schema says so."""

    __tablename__ = "coffee_group_member"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    group_id: Mapped[int]
    met: Mapped[str] = mapped_column(String(8), default="")  # what this person said of the meeting
    met_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "group_id"], ["coffee_group.team_id", "coffee_group.id"]),
        states("met", "", "met", "not_yet", "no"),
        Index(None, "group_id"),
    )


class SatOut(Base):
    """Somebody who joined a round and is in no group, and why. The next round remembers it."""

    __tablename__ = "coffee_sat_out"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(255))
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
    )


class DraftEdit(Base):
    """One edit of a draft, with the groups as they were before, so that it can be undone."""

    __tablename__ = "coffee_draft_edit"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    version: Mapped[int]  # of the draft, before the edit
    actor: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(255))  # a sentence for the other admin
    before: Mapped[dict[str, Any]]
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrence.team_id", "occurrence.id"]),
        UniqueConstraint("occurrence_id", "version"),
    )
