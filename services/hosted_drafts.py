"""A form that was closed, or could not be saved, is kept for 24 hours: [Continue Draft]."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select

from domain.hosted import DRAFT_KEPT
from store import queries
from store.database import Database
from store.hosted import Host, HostedParticipant, HostedSession


def put(
    db: Database,
    team_id: str,
    user_id: str,
    form: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
    anew: bool = True,
) -> None:
    """Keep what was typed into the form *key*, instead of what was kept before; nothing if it was saved.

    *anew* False: what is known of this form is older than what may have been kept of it, and does not
    replace it.
    """
    with db.transaction() as tx:
        row = tx.get(Host, (team_id, user_id), with_for_update=True)
        held = row.draft if row is not None and row.draft_at is not None else {}
        if (not anew and held.get("key") == key) or tx.scalar(select(_saved(team_id, key))):
            return
        values = {"draft": {"key": key, "form": dict(form)}, "draft_at": now}
        statement = queries.insert_into(tx, Host).values(team_id=team_id, user_id=user_id, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=values))


def read(db: Database, team_id: str, user_id: str, *, now: datetime) -> dict[str, Any] | None:
    """What was typed, and not saved, in the last 24 hours; None if there is nothing."""
    with db.reading() as tx:
        row = tx.get(Host, (team_id, user_id))
        if row is None or row.draft_at is None or now >= row.draft_at + DRAFT_KEPT:
            return None
        found = row.draft.get("form")
        return found if isinstance(found, dict) else None


def drop(db: Database, team_id: str, user_id: str, *, key: str) -> None:
    """Forget the draft of the form *key*: it was saved. Any other draft stays."""
    with db.transaction() as tx:
        row = tx.get(Host, (team_id, user_id), with_for_update=True)
        if row is not None and row.draft.get("key") == key:
            row.draft, row.draft_at = {}, None


def _saved(team_id: str, key: str) -> Any:
    return or_(
        exists().where(HostedSession.team_id == team_id, HostedSession.key == key),
        exists().where(HostedParticipant.team_id == team_id, HostedParticipant.key == f"{key}.1"),
    )
