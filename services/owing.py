"""What we owe: a message is a row first, in the transaction of the fact that causes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case
from sqlalchemy.orm import Session

from domain.messages import ERRANDS, FILLED, UNHURRIED, Kind, Method, OnDoubt
from store import queries
from store.database import Database
from store.outbox import Outbox

SETTLES = timedelta(seconds=1)  # after it, Slack shows the modal that answered a submission


@dataclass(frozen=True)
class Owed:
    """A message to be sent: to one person, or to a group of *users*. *key* is unique in the workspace."""

    kind: Kind
    subject_id: int
    key: str
    recipient: str = ""
    users: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    method: Method | None = None  # how it goes, where its kind does not say
    after: timedelta = timedelta(0)  # real time: not before what is answered just now stands there


def owe(session: Session, db: Database, team_id: str, owed: Sequence[Owed]) -> int:
    """Write what is owed, in the caller's transaction; how many were not owed already."""
    now = db.instant(session)
    rows = [
        {
            "team_id": team_id,
            "key": one.key,
            "kind": one.kind.value,
            "method": _first_step(one).value,
            "subject_id": one.subject_id,
            "recipient": one.recipient,
            "users": list(one.users),
            "params": one.params,
            "priority": one.kind.priority,
            "state": "pending",
            "due_at": now + one.after,
        }
        for one in owed
    ]
    return queries.insert_new(session, Outbox, rows, keys=["team_id", "key"])


def _first_step(owed: Owed) -> Method:
    if owed.method is not None:
        return owed.method
    if owed.kind in ERRANDS:
        return Method.MONEY
    if owed.kind in FILLED:
        return Method.FILL
    if owed.kind.on_doubt is OnDoubt.NEWEST:
        return Method.UPDATE
    return Method.OPEN if owed.users else Method.POST


@dataclass(frozen=True)
class Redraw:
    """A message that has to show the newest state of *subject_id*, best by the press's *response_url*."""

    subject_id: int
    response_url: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    urgent: bool = True  # somebody has just pressed; otherwise everything else goes first
    not_before: datetime | None = None  # real time; an earlier need of the same message keeps its time
    method: Method | None = None  # where it is no message that is drawn anew


def owe_redraw(
    session: Session,
    db: Database,
    team_id: str,
    kind: Kind,
    subject_id: int,
    *,
    response_url: str | None = None,
    **params: Any,
) -> None:
    """Owe the newest state of something to the message that shows it.

    There is one such row per kind and subject. While one is on its way, only its version grows: the sender
    then finds that a newer state is owed and sends again, so the newest is also the last to arrive.
    """
    owe_redraws(session, db, team_id, kind, [Redraw(subject_id, response_url, params)])


def owe_redraws(session: Session, db: Database, team_id: str, kind: Kind, redraws: Sequence[Redraw]) -> None:
    """``owe_redraw`` for many subjects at once: a cut-off holds a lock that all who press wait for."""
    if not redraws:
        return
    now = db.instant(session)
    until = (now + timedelta(minutes=25)).timestamp()  # Slack honours a response_url for 30 minutes
    rows = [
        {
            "team_id": team_id,
            "key": f"{kind.value}-{one.subject_id}",
            "kind": kind.value,
            "method": (one.method or (Method.REPLACE if one.response_url else Method.UPDATE)).value,
            "subject_id": one.subject_id,
            "params": {"response_url": one.response_url, "until": until, **one.params},
            "priority": kind.priority if one.urgent else UNHURRIED,
            "due_at": max(now, one.not_before or now),
        }
        # in one order, so that two of us cannot wait for each other
        for one in sorted(redraws, key=lambda one: one.subject_id)
    ]
    session.execute(_redraw(session.get_bind().dialect.name), rows)


@cache
def _redraw(dialect: str) -> Any:
    """Build the upsert once: every press runs it, and building costs more than running."""
    table = cast(Table, Outbox.__table__)
    statement = queries.INSERT[dialect](table).values(
        {
            name: bindparam(name, type_=table.c[name].type)
            for name in ("team_id", "key", "kind", "method", "subject_id", "params", "priority", "due_at")
        }
        | {"users": [], "state": "pending", "recipient": "", "version": 0, "attempts": 0, "repeated": False}
    )
    due = statement.excluded.due_at
    sooner = and_(Outbox.state == "pending", Outbox.due_at < due)
    return statement.on_conflict_do_update(
        index_elements=["team_id", "key"],
        set_={
            "version": Outbox.version + 1,
            "method": statement.excluded.method,
            "params": statement.excluded.params,
            "due_at": case((sooner, Outbox.due_at), else_=due),
            "priority": statement.excluded.priority,
            "attempts": 0,
            "state": case((Outbox.state == "leased", "leased"), else_="pending"),
        },
    )
