"""The cached picture of a workspace: who is there, who is in which channel, who may do what."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from domain.errors import TryLater
from domain.people import Person, may_administer
from domain.text import on_one_line
from services import delivery, usergroups, work
from services.audiences import follow, show_again
from services.ports import Deps, Directory
from store import queries
from store.core import Audience, Channel, ChannelMember, PersonRow, Workspace
from store.database import Database
from store.people import Usergroup

FRESH = timedelta(hours=24)  # the whole picture is read anew once a day, besides the events


def remember_workspace(db: Database, team_id: str, *, name: str, bot_user_id: str, bot_id: str) -> None:
    """Note the workspace this process works for.

    One that had removed us is back: what it was owed then is owed again, and looked at once more before it
    is sent.
    """
    with db.transaction() as tx:
        known = tx.get(Workspace, team_id)
        if known is not None and known.gone_at is not None:
            delivery.owed_again(tx, db, team_id, reason=known.gone_reason)
        statement = queries.insert_into(tx, Workspace).values(
            team_id=team_id, name=name, bot_user_id=bot_user_id, bot_id=bot_id, gone_reason=""
        )
        tx.execute(
            statement.on_conflict_do_update(
                index_elements=["team_id"],
                set_={
                    "name": name,
                    "bot_user_id": bot_user_id,
                    "bot_id": bot_id,
                    "gone_at": None,
                    "gone_reason": "",
                },
            )
        )


def find(db: Database, team_id: str, user_id: str) -> Person | None:
    """The person as cached."""
    with db.reading() as tx:
        row = tx.get(PersonRow, (team_id, user_id))
        return _person(row) if row else None


def locale(db: Database, team_id: str, user_id: str) -> str:
    """The language and country that somebody set in Slack, such as "fr-FR"; empty while we do not know it."""
    mine = (PersonRow.team_id == team_id) & (PersonRow.user_id == user_id)
    with db.reading() as tx:
        return tx.scalar(select(PersonRow.locale).where(mine)) or ""


def is_admin(deps: Deps, user_id: str) -> bool:
    """Whether somebody may schedule; Slack is asked only about a person we have never seen."""
    person = find(deps.db, deps.team_id, user_id)
    if person is None and user_id not in deps.admins:
        person = deps.directory.person(user_id)
        if person is not None:
            save(deps.db, deps.team_id, [person])
    return may_administer(person, user_id, admins=deps.admins)


def save(db: Database, team_id: str, people: Sequence[Person]) -> None:
    """Keep these pictures; an older one never replaces a newer one, nor an empty locale a known one."""
    with db.transaction() as tx:
        _keep(tx, team_id, people)


def _keep(tx: Session, team_id: str, people: Sequence[Person]) -> None:
    rows = [
        {"team_id": team_id, **asdict(p), "name": on_one_line(p.name), "title": on_one_line(p.title)}
        for p in people
    ]
    if rows:
        tx.execute(_picture(tx.get_bind().dialect.name), rows)


@cache
def _picture(dialect: str) -> Any:
    """Build the upsert once, for any number of people."""
    table = cast(Table, PersonRow.__table__)
    new = queries.INSERT[dialect](table)
    columns = [c.name for c in table.columns if not c.primary_key]
    return new.on_conflict_do_update(
        index_elements=["team_id", "user_id"],
        set_={name: new.excluded[name] for name in columns}
        | {"locale": func.coalesce(func.nullif(new.excluded.locale, ""), table.c.locale)},
        where=table.c.updated <= new.excluded.updated,
    )


def gone(db: Database, team_id: str, user_ids: Sequence[str], *, now: datetime) -> None:
    """Slack does not know these people any more."""
    with db.transaction() as tx:
        _mark_gone(tx, team_id, user_ids)
        follow(tx, db, team_id, now=now, users=user_ids)


def _mark_gone(tx: Session, team_id: str, user_ids: Sequence[str]) -> None:
    for start in range(0, len(user_ids), queries.CHUNK):
        some = PersonRow.user_id.in_(user_ids[start : start + queries.CHUNK])
        tx.execute(update(PersonRow).where(PersonRow.team_id == team_id, some).values(deleted=True))


def changed(db: Database, team_id: str, person: Person, *, event_id: str, now: datetime) -> None:
    """Slack told us about a new or changed person (team_join, user_change)."""
    with db.transaction() as tx:
        if not queries.first_time(tx, team_id, event_id, now=now):
            return
        before = _standing(tx, team_id, person.user_id)
        _keep(tx, team_id, [person])
        if _standing(tx, team_id, person.user_id) != before:
            follow(tx, db, team_id, now=now, users=[person.user_id])


def _standing(tx: Session, team_id: str, user_id: str) -> tuple[bool, ...]:
    """What decides whether somebody can take part; the profile changes far more often than this."""
    row = PersonRow
    mine = select(row.deleted, row.is_bot, row.is_stranger, row.is_guest)
    return tuple(tx.execute(mine.where(row.team_id == team_id, row.user_id == user_id)).one_or_none() or ())


def joined_channel(
    db: Database, team_id: str, channel_id: str, user_id: str, *, event_id: str, now: datetime
) -> None:
    """Somebody joined a channel; if it is part of an audience, open sessions ask them too."""
    with db.transaction() as tx:
        if not queries.first_time(tx, team_id, event_id, now=now):
            return
        channel = tx.get(Channel, (team_id, channel_id))
        if channel is None:
            return
        if tx.scalars(select(Workspace.bot_user_id).where(Workspace.team_id == team_id)).one() == user_id:
            channel.synced_at = None  # we may see this channel only from now on
            return
        row = {"team_id": team_id, "channel_id": channel_id, "user_id": user_id}
        queries.insert_new(tx, ChannelMember, [row], keys=["team_id", "channel_id", "user_id"])
        follow(tx, db, team_id, now=now, part=_part(channel_id), users=[user_id])


def left_channel(
    db: Database, team_id: str, channel_id: str, user_id: str, *, event_id: str, now: datetime
) -> None:
    """Somebody left a channel; if nothing else makes them part of an audience, open sessions let them go."""
    with db.transaction() as tx:
        if not queries.first_time(tx, team_id, event_id, now=now):
            return
        mine = (ChannelMember.team_id == team_id) & (ChannelMember.channel_id == channel_id)
        left = delete(ChannelMember).where(mine, ChannelMember.user_id == user_id)
        if tx.execute(left.returning(ChannelMember.user_id)).first() is not None:
            follow(tx, db, team_id, now=now, part=_part(channel_id), users=[user_id])


def _part(channel_id: str) -> ColumnElement[bool]:
    return (Audience.part == "channel") & (Audience.ref == channel_id)


def stale(db: Database, team_id: str, *, now: datetime) -> list[str]:
    """What has to be read anew: "*" for the workspace's people, channel ids, or "@" and a user group's id."""
    with db.reading() as tx:
        workspace = tx.get_one(Workspace, team_id)
        found = []
        if workspace.people_synced_at is None or workspace.people_synced_at < now - FRESH:
            found.append("*")
        old = work.channel_stale(now - FRESH)
        found += tx.scalars(select(Channel.channel_id).where(Channel.team_id == team_id, old))
        old = work.usergroup_stale(now - FRESH)
        ids = tx.scalars(select(Usergroup.usergroup_id).where(Usergroup.team_id == team_id, old))
        return found + [f"@{one}" for one in ids]


def refresh(db: Database, directory: Directory, team_id: str, what: str, *, now: datetime) -> int:
    """Read anew what ``stale`` named; how many there are. Raises TryLater while Slack cannot be read."""
    if what.startswith("@"):
        return usergroups.sync_members(db, directory, team_id, what[1:], now=now)
    if what != "*":
        return sync_channel(db, directory, team_id, what, now=now)
    count = sync_people(db, directory, team_id, now=now)
    with suppress(TryLater):  # people come first; events and tomorrow's turn make it good
        usergroups.sync_list(db, directory, team_id)
    return count


def sync_people(db: Database, directory: Directory, team_id: str, *, now: datetime) -> int:
    """Read everybody of the workspace, page by page; those who are not listed any more count as gone."""
    mine = PersonRow.team_id == team_id
    with db.reading() as tx:  # before the first page: who comes while we read is not missing from it
        known = set(tx.scalars(select(PersonRow.user_id).where(mine, PersonRow.deleted.is_(False))))
    seen: set[str] = set()
    for page in directory.people():
        save(db, team_id, page)
        seen.update(person.user_id for person in page)
    if not seen:  # we ourselves are in every workspace: an empty list is an answer to something else
        raise TryLater("Slack lists nobody.")
    with db.transaction() as tx:
        _mark_gone(tx, team_id, sorted(known - seen))
        follow(tx, db, team_id, now=now)
        if tx.scalars(select(Workspace.people_synced_at).where(Workspace.team_id == team_id)).one() is None:
            show_again(tx, db, team_id)
        tx.execute(update(Workspace).where(Workspace.team_id == team_id).values(people_synced_at=now))
    return len(seen)


def sync_channel(db: Database, directory: Directory, team_id: str, channel_id: str, *, now: datetime) -> int:
    """Read a channel's name and members; how many there are. A channel we may not see has none."""
    here = (ChannelMember.team_id == team_id) & (ChannelMember.channel_id == channel_id)
    with db.reading() as tx:  # before the first page, as in sync_people
        known = set(tx.scalars(select(ChannelMember.user_id).where(here)))
    info = directory.channel(channel_id)
    members: set[str] = set()
    if info is not None:
        for page in directory.members(channel_id):
            members.update(page)
    gone = sorted(known - members)
    with db.transaction() as tx:
        for start in range(0, len(gone), queries.CHUNK):
            some = gone[start : start + queries.CHUNK]
            tx.execute(delete(ChannelMember).where(here, ChannelMember.user_id.in_(some)))
        new = [
            {"team_id": team_id, "channel_id": channel_id, "user_id": user_id}
            for user_id in sorted(members - known)
        ]
        queries.insert_new(tx, ChannelMember, new, keys=["team_id", "channel_id", "user_id"])
        if tx.get_one(Channel, (team_id, channel_id)).synced_at is None:
            show_again(tx, db, team_id)
        tx.execute(
            update(Channel)
            .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
            .values(synced_at=now, **({"name": info.name} if info else {}))
        )
        if new or gone:
            follow(tx, db, team_id, now=now, part=_part(channel_id))
    return len(members)


def workspace_left(db: Database, team_id: str, *, reason: str) -> None:
    """The app was uninstalled, or its tokens revoked: nothing more is sent."""
    with db.transaction() as tx:
        delivery.workspace_gone(tx, db, team_id, reason)


def want_channels(tx: Session, team_id: str, channel_ids: Iterable[str]) -> None:
    """Start to keep these channels' members; they are read at the next turn of work."""
    rows = [{"team_id": team_id, "channel_id": c, "name": ""} for c in channel_ids]
    if rows:
        queries.insert_new(tx, Channel, rows, keys=["team_id", "channel_id"])


def names(db: Database, team_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """The names of these people, for reading."""
    with db.reading() as tx:
        return {uid: row.name for uid, row in queries.people_by_id(tx, team_id, user_ids).items()}


def _person(row: PersonRow) -> Person:
    return Person(
        user_id=row.user_id,
        name=row.name,
        title=row.title,
        tz=row.tz,
        locale=row.locale,
        deleted=row.deleted,
        is_bot=row.is_bot,
        is_guest=row.is_guest,
        is_stranger=row.is_stranger,
        is_admin=row.is_admin,
        updated=row.updated,
    )
