"""A form of classes that was not finished is kept: [Continue Draft]."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store import queries
from store.classes import ClassDraft
from store.database import Database


def put(
    db: Database, team_id: str, user_id: str, form: str, typed: Mapping[str, Any], *, now: datetime
) -> None:
    """Keep what somebody typed into a *form*, instead of what was kept of that form before."""
    values = {"typed": dict(typed), "at": now}
    with db.transaction() as tx:
        statement = queries.insert_into(tx, ClassDraft).values(
            team_id=team_id, user_id=user_id, form=form, **values
        )
        tx.execute(
            statement.on_conflict_do_update(index_elements=["team_id", "user_id", "form"], set_=values)
        )


def read(db: Database, team_id: str, user_id: str, form: str) -> dict[str, Any] | None:
    """What was typed into a form and not saved; None if there is nothing."""
    with db.reading() as tx:
        row = tx.get(ClassDraft, (team_id, user_id, form))
        return dict(row.typed) if row is not None else None


def drop(db: Database, team_id: str, user_id: str, form: str) -> None:
    """Forget it: the form was saved."""
    with db.transaction() as tx:
        row = tx.get(ClassDraft, (team_id, user_id, form))
        if row is not None:
            tx.delete(row)
