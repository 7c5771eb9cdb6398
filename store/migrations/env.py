"""Alembic's entry: runs inside the connection that store.migrate opened."""

from alembic import context

import store.coffee
import store.core
import store.outbox
from store.base import Base

connection = context.config.attributes["connection"]
if connection is not None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
