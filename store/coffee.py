"""Tables of the coffee area: who was brought together."""

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


class Group(Base):
    """People brought together by a round."""

    __tablename__ = "coffee_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32))
    occurrence_id: Mapped[int]
    number: Mapped[int]
    icebreaker: Mapped[str] = mapped_column(String(255), default="")
    repeats: Mapped[int] = mapped_column(default=0)  # pairs of this group that had met before
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
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "group_id"], ["coffee_group.team_id", "coffee_group.id"]),
        Index(None, "group_id"),
    )
