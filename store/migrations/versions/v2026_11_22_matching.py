"""Matching rules of a program, and how the groups of a session were found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_matching"
down_revision = "20261122_programs"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("program") as batch:
        batch.add_column(sa.Column("rules", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("program") as batch:
        batch.alter_column("rules", existing_type=JSON, existing_nullable=False, server_default=None)
    with op.batch_alter_table("occurrence") as batch:
        batch.add_column(sa.Column("engine", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("method", sa.String(length=16), nullable=False, server_default=""))
        batch.add_column(sa.Column("unavoidable", sa.Integer(), nullable=True))
    with op.batch_alter_table("occurrence") as batch:
        batch.alter_column(
            "method", existing_type=sa.String(length=16), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    with op.batch_alter_table("occurrence") as batch:
        for name in ("unavoidable", "method", "engine"):
            batch.drop_column(name)
    with op.batch_alter_table("program") as batch:
        batch.drop_column("rules")
