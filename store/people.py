"""What is known of people beyond their names: groups they are in, what they own, how they take part."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base

EVERY_PROGRAM = 0  # the program of a pause that holds for all


class Usergroup(Base):
    """A user group of Slack, such as @mentors, that is, or was, part of an audience."""

    __tablename__ = "usergroup"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    usergroup_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    handle: Mapped[str] = mapped_column(String(255), default="")
    synced_at: Mapped[datetime | None]  # None: its members have to be read


class UsergroupMember(Base):
    """Who is in a user group."""

    __tablename__ = "usergroup_member"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    usergroup_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "usergroup_id"], ["usergroup.team_id", "usergroup.usergroup_id"]),
    )


class Owner(Base):
    """An admin of one program only."""

    __tablename__ = "owner"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"]),)


class Automatic(Base):
    """Somebody who takes part in a program with mixed opt-in without being asked."""

    __tablename__ = "automatic"
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["team_id", "program_id"], ["program.team_id", "program.id"]),)


class Pause(Base):
    """Somebody who takes no part, in one program or in all, until an instant or for good."""

    __tablename__ = "pause"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    program_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # or EVERY_PROGRAM
    until: Mapped[datetime | None]  # None: until they come back
    since: Mapped[datetime]
    silent: Mapped[bool] = mapped_column(default=False)  # ours, after sessions without any answer


class NeverMatch(Base):
    """A confidential wish: these two are never in one group. Shown to nobody but the one who wishes."""

    __tablename__ = "never_match"
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    other_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    __table_args__ = (Index(None, "team_id", "other_id"),)


class Home(Base):
    """The App Home of somebody who opened it: how they look at it, and what it shows now.

    Its instants are real time (``Database.instant``).
    """

    __tablename__ = "home"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("workspace.team_id"))
    user_id: Mapped[str] = mapped_column(String(32))
    look: Mapped[dict[str, Any]] = mapped_column(default=dict)  # which month, which zone and so on
    organizes: Mapped[bool] = mapped_column(default=False)  # whether it shows programs and their sessions
    named: Mapped[bool] = mapped_column(default=False)  # an admin by configuration, which no table knows
    seen_until: Mapped[datetime]  # Slack does not tell when it is closed: kept true for a while
    shown: Mapped[str] = mapped_column(String(64), default="")  # a digest of what stands there; "": who knows
    rests_until: Mapped[datetime | None]  # it is not drawn again before
    __table_args__ = (
        UniqueConstraint("team_id", "user_id"),
        Index(None, "team_id", "seen_until"),
    )
