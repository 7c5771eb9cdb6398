"""Reads and writes used by more than one use case, each with a name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.text import all_of, say, say_n
from store.base import Base
from store.core import (
    Audience,
    Channel,
    ChannelMember,
    Inbox,
    Invitation,
    Occurrence,
    PersonRow,
    Program,
    Workspace,
)
from store.people import Usergroup, UsergroupMember

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])
CHUNK = 500  # ids per statement: well under the parameter limits of both databases


INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_into(session: Session, table: type[Base]) -> Any:
    """The INSERT of this session's database, which knows ON CONFLICT."""
    return INSERT[session.get_bind().dialect.name](cast(Table, table.__table__))


def insert_new(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]
) -> int:
    """Insert the rows whose *keys* are not there yet; how many were really inserted."""
    if not rows:
        return 0
    statement = _insert_new(session.get_bind().dialect.name, table, tuple(keys))
    return len(session.execute(statement, rows).all())


@cache
def _insert_new(dialect: str, table: type[Base], keys: tuple[str, ...]) -> Any:
    """Build it once, for any number of rows: each message writes a few, and building costs more."""
    columns = cast(Table, table.__table__)
    new = INSERT[dialect](columns).on_conflict_do_nothing(index_elements=list(keys))
    return new.returning(columns.c[keys[0]])


def first_time(session: Session, team_id: str, dedupe_key: str, *, now: datetime) -> bool:
    """Note what Slack told us; False if it was told before."""
    row = {"team_id": team_id, "dedupe_key": dedupe_key, "received_at": now}
    return insert_new(session, Inbox, [row], keys=["team_id", "dedupe_key"]) == 1


def counts_as_participant(*, include_guests: bool | InstrumentedAttribute[bool]) -> ColumnElement[bool]:
    """``domain.people.takes_part`` as SQL."""
    return and_(
        PersonRow.deleted.is_(False),
        PersonRow.is_bot.is_(False),
        PersonRow.is_stranger.is_(False),
        PersonRow.is_guest.is_(False) | include_guests,
    )


def audience_of(program: Program) -> Select[str]:
    """The user ids of everyone a program may ask, each once."""
    return select(PersonRow.user_id).where(in_audience(program))


def in_audience(program: Program | type[Program]) -> ColumnElement[bool]:
    """Whether a person is somebody whom *program* may ask: this one, or the one of the statement's row."""
    mine = and_(Audience.team_id == program.team_id, Audience.program_id == program.id)
    in_channel = exists().where(
        mine,
        Audience.part == "channel",
        ChannelMember.team_id == Audience.team_id,
        ChannelMember.channel_id == Audience.ref,
        ChannelMember.user_id == PersonRow.user_id,
    )
    in_usergroup = exists().where(
        mine,
        Audience.part == "usergroup",
        UsergroupMember.team_id == Audience.team_id,
        UsergroupMember.usergroup_id == Audience.ref,
        UsergroupMember.user_id == PersonRow.user_id,
    )
    named = exists().where(mine, Audience.part == "person", Audience.ref == PersonRow.user_id)
    everyone = exists().where(mine, Audience.part == "everyone")
    return and_(
        PersonRow.team_id == program.team_id,
        counts_as_participant(include_guests=program.include_guests),
        or_(in_channel, in_usergroup, named, everyone),
    )


def people_in(session: Session, program: Program) -> int:
    """How many people a program's audience has now."""
    return session.scalars(select(func.count()).select_from(audience_of(program).subquery())).one()


def audience_unread(session: Session, program: Program) -> bool:
    """Whether a channel or user group of the audience, or the workspace's people, have not been read yet."""
    unread = exists().where(
        Audience.team_id == program.team_id,
        Audience.program_id == program.id,
        Audience.part == "channel",
        Channel.team_id == Audience.team_id,
        Channel.channel_id == Audience.ref,
        Channel.synced_at.is_(None),
    )
    unread_group = exists().where(
        Audience.team_id == program.team_id,
        Audience.program_id == program.id,
        Audience.part == "usergroup",
        Usergroup.team_id == Audience.team_id,
        Usergroup.usergroup_id == Audience.ref,
        Usergroup.synced_at.is_(None),
    )
    nobody = exists().where(Workspace.team_id == program.team_id, Workspace.people_synced_at.is_(None))
    return bool(session.scalar(select(or_(unread, unread_group, nobody))))


def audience_name(session: Session, program: Program) -> str:
    """The audience in words: "#coffee, @mentors and 3 people", or "everyone in the workspace"."""
    parts = session.execute(
        select(Audience.part, Channel.name, Channel.synced_at, Usergroup.handle, Usergroup.synced_at)
        .outerjoin(Channel, and_(Channel.team_id == Audience.team_id, Channel.channel_id == Audience.ref))
        .outerjoin(
            Usergroup,
            and_(Usergroup.team_id == Audience.team_id, Usergroup.usergroup_id == Audience.ref),
        )
        .where(Audience.team_id == program.team_id, Audience.program_id == program.id)
        .order_by(Channel.name, Usergroup.handle)
    ).all()
    if any(row.part == "everyone" for row in parts):
        return say("everyone in the workspace")
    words = [_channel_name(name, read) for part, name, read, _, _ in parts if part == "channel"]
    words += [_usergroup_name(handle, read) for part, _, _, handle, read in parts if part == "usergroup"]
    people = sum(row.part == "person" for row in parts)
    if people:
        words.append(say_n("{count} person", "{count} people", people))
    return all_of(words)


def _channel_name(name: str | None, read: datetime | None) -> str:
    if name:
        return f"#{name}"
    return say("a channel that Sessions is not in") if read else say("a channel that is being read")


def _usergroup_name(handle: str | None, read: datetime | None) -> str:
    if handle:
        return f"@{handle}"
    return say("a user group that is gone") if read else say("a user group that is being read")


def is_one_channel(session: Session, program: Program) -> bool:
    """Whether the audience is the members of one channel and nobody else."""
    parts = session.scalars(
        select(Audience.part).where(Audience.team_id == program.team_id, Audience.program_id == program.id)
    ).all()
    return list(parts) == ["channel"]


def one_program(session: Session, team_id: str, program_id: int, *, lock: bool = False) -> Program | None:
    """A program of this tenant; with *lock* nobody else changes it until we are done."""
    wanted = select(Program).where(Program.team_id == team_id, Program.id == program_id)
    return session.scalars(locked(wanted) if lock else wanted).one_or_none()


def one_occurrence(
    session: Session, team_id: str, occurrence_id: int, *, lock: bool = False
) -> Occurrence | None:
    """An occurrence of this tenant; with *lock* nobody else changes it until we are done."""
    wanted = select(Occurrence).where(Occurrence.team_id == team_id, Occurrence.id == occurrence_id)
    return session.scalars(locked(wanted) if lock else wanted).one_or_none()


def locked(rows: Rows) -> Rows:
    """Read the newest committed rows and keep them from changing; SQLite's writers are alone anyway.

    Two who decide by what they read must not read the same: the second one waits here, and reads what
    the first one decided. Locks are taken in one order everywhere: outbox row, series, occurrence,
    invitation, redraws.
    """
    return rows.with_for_update(key_share=True).execution_options(populate_existing=True)


def answers(session: Session, occurrence_id: int) -> dict[str, int]:
    """How many invitations of an occurrence are in each state."""
    rows = session.execute(
        select(Invitation.state, func.count())
        .where(Invitation.occurrence_id == occurrence_id)
        .group_by(Invitation.state)
    )
    return {state: count for state, count in rows}


def people_by_id(session: Session, team_id: str, user_ids: Iterable[str]) -> dict[str, PersonRow]:
    """The cached pictures of these people."""
    wanted = list(user_ids)
    found: dict[str, PersonRow] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = session.scalars(
            select(PersonRow).where(
                PersonRow.team_id == team_id, PersonRow.user_id.in_(wanted[start : start + CHUNK])
            )
        )
        found.update({row.user_id: row for row in rows})
    return found
