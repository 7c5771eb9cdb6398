"""What is due now. The rows say it; a job only says "team T has due work, look now"."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from services import classes_due, followups, hosted_due, looks, mentoring_due
from store.core import Audience, Channel, Occurrence, Program, Reminder, Workspace
from store.database import Database
from store.hosted import HostedSetup
from store.outbox import Outbox
from store.people import Pause, Usergroup


@dataclass(frozen=True)
class Due:
    """A workspace with due work. *turn* counts how often work was taken up; *taken_at* is real time."""

    team_id: str
    turn: int
    taken_at: datetime | None


def due(db: Database, *, now: datetime, fresh_after: datetime) -> list[Due]:
    """Workspaces with something to do: sessions, reminders, messages, or a picture of people gone stale.

    *now* and *fresh_after* are product time; messages are due by real time.
    """
    with db.reading() as tx:
        instant = db.instant(tx)
        work = or_(
            Workspace.people_synced_at.is_(None),
            Workspace.people_synced_at < fresh_after,
            exists().where(Channel.team_id == Workspace.team_id, channel_stale(fresh_after)),
            exists().where(Usergroup.team_id == Workspace.team_id, usergroup_stale(fresh_after)),
            exists().where(Occurrence.team_id == Workspace.team_id, occurrence_due(now)),
            exists().where(
                Reminder.team_id == Workspace.team_id, Reminder.state == "planned", Reminder.due_at <= now
            ),
            exists().where(Occurrence.team_id == Workspace.team_id, followups.due(now)),
            exists().where(Pause.team_id == Workspace.team_id, Pause.until <= now),
            exists().where(Outbox.team_id == Workspace.team_id, message_due(instant)),
            mentoring_due.work(now),
            hosted_due.work(now),
            classes_due.work(now),
            looks.work(now),
        )
        rows = tx.execute(
            select(Workspace.team_id, Workspace.work_turn, Workspace.work_taken_at)
            .where(Workspace.gone_at.is_(None), work)
            .order_by(Workspace.team_id)
        )
        return [Due(*row) for row in rows]


def next_due(db: Database, team_id: str, *, now: datetime) -> datetime | None:
    """The first instant after *now* at which a session or a reminder of a workspace is due; None if none is.

    A session that should be open by now counts with its matching, so that nothing is passed over while it
    opens. Messages are due by real time, and reading people anew is no event: neither counts.
    """
    sessions = select(Occurrence.opens_at.label("at")).where(
        Occurrence.team_id == team_id, Occurrence.state == "planned", Occurrence.opens_at > now
    )
    matchings = select(Occurrence.match_at).where(
        Occurrence.team_id == team_id, Occurrence.state.in_(["planned", "open"]), Occurrence.match_at > now
    )
    sendings = select(Occurrence.send_at).where(
        Occurrence.team_id == team_id,
        Occurrence.state.in_(["planned", "open", "matching", "review"]),
        Occurrence.send_at > now,
    )
    asked_again = select(Reminder.due_at).where(
        Reminder.team_id == team_id, Reminder.state == "planned", Reminder.due_at > now
    )
    followed_up = select(Occurrence.follow_up_at).where(
        Occurrence.team_id == team_id,
        Occurrence.state == "matched",
        Occurrence.followed_up_at.is_(None),
        Occurrence.follow_up_at > now,
    )
    ahead = union_all(sessions, matchings, sendings, asked_again, followed_up).subquery()
    with db.reading() as tx:
        first: datetime | None = tx.scalar(select(func.min(ahead.c.at)))
        mentoring = mentoring_due.next_due(tx, team_id, now=now)
        hosted = hosted_due.next_due(tx, team_id, now=now)
        classes = classes_due.next_due(tx, team_id, now=now)
        return min((at for at in (first, mentoring, hosted, classes) if at is not None), default=None)


def channel_stale(fresh_after: datetime) -> ColumnElement[bool]:
    """Channels of an audience whose members were never read, or not after *fresh_after*."""
    wanted = exists().where(
        Audience.team_id == Channel.team_id, Audience.part == "channel", Audience.ref == Channel.channel_id
    )
    return and_(or_(Channel.synced_at.is_(None), Channel.synced_at < fresh_after), wanted)


def usergroup_stale(fresh_after: datetime) -> ColumnElement[bool]:
    """User groups of an audience, of a rule, or of hosts, never read, or not after *fresh_after*."""
    asked = exists().where(
        Audience.team_id == Usergroup.team_id,
        Audience.part == "usergroup",
        Audience.ref == Usergroup.usergroup_id,
    )
    quoted = literal('"') + Usergroup.usergroup_id + literal('"')  # as it stands in the JSON of the rules
    team = exists().where(Program.team_id == Usergroup.team_id, cast(Program.rules, Text).contains(quoted))
    hosts = exists().where(
        HostedSetup.team_id == Usergroup.team_id,
        or_(
            HostedSetup.hosts == Usergroup.usergroup_id,
            HostedSetup.support == Usergroup.usergroup_id,
        ),
    )
    old = or_(Usergroup.synced_at.is_(None), Usergroup.synced_at < fresh_after)
    return and_(old, or_(asked, team, hosts))


def occurrence_due(now: datetime) -> ColumnElement[bool]:
    """Sessions that have to be opened, asked for, matched, or sent at *now*."""
    return or_(
        and_(Occurrence.state == "planned", Occurrence.opens_at <= now),
        and_(Occurrence.state == "open", or_(Occurrence.asked_at.is_(None), Occurrence.match_at <= now)),
        Occurrence.state == "matching",
        and_(Occurrence.state == "review", Occurrence.send_at <= now),
    )


def message_due(instant: datetime) -> ColumnElement[bool]:
    """Messages that have to be sent, taken over, or looked up at *instant* (real time)."""
    return or_(
        and_(Outbox.state == "pending", Outbox.due_at <= instant),
        and_(Outbox.state.in_(["leased", "unknown"]), Outbox.lease_until <= instant),
    )


def take(db: Database, team_id: str) -> bool:
    """Note that somebody works on this workspace now, so that the next hint is a new one.

    False if the workspace is gone: nothing may be done there any more.
    """
    with db.transaction() as tx:
        taken = tx.execute(
            update(Workspace)
            .where(Workspace.team_id == team_id, Workspace.gone_at.is_(None))
            .values(work_turn=Workspace.work_turn + 1, work_taken_at=db.instant(tx))
            .returning(Workspace.team_id)
        )
        return taken.first() is not None


def turn(db: Database, team_id: str) -> int:
    """The present turn, for a hint."""
    with db.reading() as tx:
        return tx.scalars(select(Workspace.work_turn).where(Workspace.team_id == team_id)).one_or_none() or 0


@dataclass(frozen=True)
class DueRounds:
    """Ids of what is due in one workspace, by what has to be done."""

    to_open: list[int]
    to_ask: list[int]
    to_remind: list[int]
    to_match: list[int]
    to_send: list[int] = field(default_factory=list)  # reviewed, and their date has come


def rounds(db: Database, team_id: str, *, now: datetime) -> DueRounds:
    """The sessions and reminders of one workspace that are due at *now*, oldest first."""
    with db.reading() as tx:
        rows = tx.execute(
            select(Occurrence.id, Occurrence.state, Occurrence.asked_at, Occurrence.match_at)
            .where(Occurrence.team_id == team_id, occurrence_due(now))
            .order_by(Occurrence.opens_at, Occurrence.id)
        ).all()
        reminders = tx.scalars(
            select(Reminder.id)
            .where(Reminder.team_id == team_id, Reminder.state == "planned", Reminder.due_at <= now)
            .order_by(Reminder.due_at)
        ).all()
        return DueRounds(
            to_open=[row.id for row in rows if row.state == "planned"],
            to_ask=[row.id for row in rows if row.state == "open" and row.asked_at is None],
            to_remind=list(reminders),
            to_match=[
                row.id
                for row in rows
                if row.state == "matching"
                or (row.state == "open" and row.asked_at is not None and row.match_at <= now)
            ],
            to_send=[row.id for row in rows if row.state == "review"],
        )
