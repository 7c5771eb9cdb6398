"""What reading and erasing one's own data take in every area: rows without secrets, other names in JSON."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from store.base import Base

SECRET = frozenset(
    {
        "code_hash",
        "code_sealed",
        "link_hash",
        "link_sealed",
        "checkout",
        "checkout_url",
        "intent",
        "stripe_id",
        "customer",
        "card",
    }
)


def rows(tx: Session, table: type[Base], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The rows of *which* by their columns, without codes, links and Stripe's numbers."""
    columns = [one for one in table.__table__.columns if one.name not in SECRET]
    found = tx.execute(select(*columns).where(which).order_by(*table.__table__.primary_key)).mappings()
    return [dict(row) for row in found]


def named(column: Any, user_id: str) -> ColumnElement[bool]:
    """Rows whose JSON names somebody; an id stands in quotes there."""
    return cast(column, String).contains(f'"{user_id}"')


def renamed(found: Any, user_id: str, nobody: str) -> Any:
    """The same JSON with another name for somebody, wherever they are in it."""
    if isinstance(found, dict):
        return {renamed(k, user_id, nobody): renamed(v, user_id, nobody) for k, v in found.items()}
    if isinstance(found, list):
        return [renamed(one, user_id, nobody) for one in found]
    return nobody if found == user_id else found
