"""Alembic's entry: runs inside the connection that store.migrate opened."""

from typing import Any, Literal

from alembic import context

from store.base import Base, UtcDateTime


def render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our column types in SQLAlchemy's own words: a migration outlives the code it came from."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item.__class__.__name__ == "JSON":
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
if connection is not None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
