"""User groups such as @mentors: which there are, and who is in those that belong to an audience."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, select, update
from sqlalchemy.orm import Session

from domain.text import on_one_line
from services.audiences import follow, show_again
from services.ports import Directory
from store import queries
from store.core import Audience
from store.database import Database
from store.people import Usergroup, UsergroupMember


def want(tx: Session, team_id: str, usergroup_ids: Iterable[str]) -> None:
    """Start to keep these groups' members; they are read at the next turn of work."""
    rows = [{"team_id": team_id, "usergroup_id": one, "handle": ""} for one in sorted(set(usergroup_ids))]
    if rows:
        queries.insert_new(tx, Usergroup, rows, keys=["team_id", "usergroup_id"])


def offered(db: Database, team_id: str, typed: str) -> list[tuple[str, str]]:
    """The groups whose handle holds what was *typed*: id and "@handle", at most a hundred."""
    wanted = on_one_line(typed).lstrip("@").casefold()
    with db.reading() as tx:
        rows = tx.execute(
            select(Usergroup.usergroup_id, Usergroup.handle)
            .where(Usergroup.team_id == team_id, Usergroup.handle != "")
            .order_by(Usergroup.handle)
        )
        return [(one, f"@{handle}") for one, handle in rows if wanted in handle.casefold()][:100]


def handles(db: Database, team_id: str, usergroup_ids: Iterable[str]) -> dict[str, str]:
    """What these groups are called, as far as we know."""
    mine = (Usergroup.team_id == team_id) & Usergroup.usergroup_id.in_(list(usergroup_ids))
    with db.reading() as tx:
        rows = tx.execute(select(Usergroup.usergroup_id, Usergroup.handle).where(mine))
        return {one: f"@{handle}" for one, handle in rows if handle}


def sync_list(db: Database, directory: Directory, team_id: str) -> int:
    """Read which groups there are. A plan without user groups has none, and that is no failure."""
    found = {group.usergroup_id: on_one_line(group.handle)[:255] for group in directory.usergroups() or ()}
    mine = Usergroup.team_id == team_id
    with db.transaction() as tx:
        rows = [
            {"team_id": team_id, "usergroup_id": one, "handle": handle}
            for one, handle in sorted(found.items())
        ]
        back = case((Usergroup.handle == "", None), else_=Usergroup.synced_at)  # its members are read anew
        for start in range(0, len(rows), queries.CHUNK):
            statement = queries.insert_into(tx, Usergroup).values(rows[start : start + queries.CHUNK])
            tx.execute(
                statement.on_conflict_do_update(
                    index_elements=["team_id", "usergroup_id"],
                    set_={"handle": statement.excluded.handle, "synced_at": back},
                )
            )
        known = tx.scalars(select(Usergroup.usergroup_id).where(mine, Usergroup.handle != "")).all()
        for one in sorted(set(known) - set(found)):
            _dissolve(tx, team_id, one)
    return len(found)


def sync_members(
    db: Database, directory: Directory, team_id: str, usergroup_id: str, *, now: datetime
) -> int:
    """Read who is in a group; how many. A group that Slack does not know any more has nobody."""
    here = _members(team_id, usergroup_id)
    with db.reading() as tx:  # before Slack is asked: who comes while we read is not missing from it
        known = set(tx.scalars(select(UsergroupMember.user_id).where(here)))
    listed = directory.usergroup_members(usergroup_id)
    members = set(listed or ())
    with db.transaction() as tx:
        gone = sorted(known - members)
        _remove(tx, team_id, usergroup_id, gone)
        new = _add(tx, team_id, usergroup_id, sorted(members - known))
        row = tx.get_one(Usergroup, (team_id, usergroup_id))
        if row.synced_at is None:
            show_again(tx, db, team_id)
        row.synced_at = now
        if listed is None:
            row.handle = ""
        if new or gone:
            follow(tx, db, team_id, now=now, part=_part(usergroup_id))
    return len(members)


def members(db: Database, directory: Directory, team_id: str, usergroup_ids: Iterable[str]) -> set[str]:
    """Who is in these groups; Slack is asked only about those whose members nobody has wanted yet."""
    wanted = sorted(set(usergroup_ids))
    mine = (Usergroup.team_id == team_id) & Usergroup.usergroup_id.in_(wanted)
    with db.reading() as tx:
        kept = set(tx.scalars(select(Usergroup.usergroup_id).where(mine, Usergroup.synced_at.is_not(None))))
        here = (UsergroupMember.team_id == team_id) & UsergroupMember.usergroup_id.in_(kept)
        found = set(tx.scalars(select(UsergroupMember.user_id).where(here)))
    for one in wanted:
        if one not in kept:
            found |= set(directory.usergroup_members(one) or ())
    return found


@dataclass(frozen=True)
class Told:
    """What an event says of a user group; *handle* None where it does not tell."""

    usergroup_id: str
    handle: str | None = None
    gone: bool = False  # disabled
    added: Sequence[str] = ()
    removed: Sequence[str] = ()


def changed(db: Database, team_id: str, told: Told, *, event_id: str, now: datetime) -> None:
    """Slack told us about a user group: what it is called, that it is disabled, who came and who left."""
    with db.transaction() as tx:
        if not queries.first_time(tx, team_id, event_id, now=now):
            return
        if told.handle is not None:
            want(tx, team_id, [told.usergroup_id])
        row = tx.get(Usergroup, (team_id, told.usergroup_id))
        if row is None:
            return
        if told.handle is not None:
            if not row.handle:  # it is new, or back: its members are read anew
                row.synced_at = None
            row.handle = on_one_line(told.handle)[:255]
            tx.flush()
        if told.gone:
            _dissolve(tx, team_id, told.usergroup_id)
            follow(tx, db, team_id, now=now, part=_part(told.usergroup_id))
        elif row.synced_at is not None:  # else its members are read as a whole, if they are wanted
            _remove(tx, team_id, told.usergroup_id, told.removed)
            _add(tx, team_id, told.usergroup_id, told.added)
            moved = [*told.added, *told.removed]
            follow(tx, db, team_id, now=now, part=_part(told.usergroup_id), users=moved)


def _part(usergroup_id: str) -> ColumnElement[bool]:
    return (Audience.part == "usergroup") & (Audience.ref == usergroup_id)


def _members(team_id: str, usergroup_id: str) -> ColumnElement[bool]:
    return (UsergroupMember.team_id == team_id) & (UsergroupMember.usergroup_id == usergroup_id)


def _dissolve(tx: Session, team_id: str, usergroup_id: str) -> None:
    """The group is not there any more: nobody is in it, and it is offered no more."""
    tx.execute(delete(UsergroupMember).where(_members(team_id, usergroup_id)))
    mine = (Usergroup.team_id == team_id) & (Usergroup.usergroup_id == usergroup_id)
    tx.execute(update(Usergroup).where(mine).values(handle=""))


def _remove(tx: Session, team_id: str, usergroup_id: str, users: Sequence[str]) -> None:
    for start in range(0, len(users), queries.CHUNK):
        some = UsergroupMember.user_id.in_(users[start : start + queries.CHUNK])
        tx.execute(delete(UsergroupMember).where(_members(team_id, usergroup_id), some))


def _add(tx: Session, team_id: str, usergroup_id: str, users: Sequence[str]) -> int:
    rows = [{"team_id": team_id, "usergroup_id": usergroup_id, "user_id": one} for one in sorted(set(users))]
    return queries.insert_new(tx, UsergroupMember, rows, keys=["team_id", "usergroup_id", "user_id"])
