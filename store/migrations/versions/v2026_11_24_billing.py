"""One table of bills and one of refunds for all that is paid for."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_billing"
down_revision = "20261124_classes"
branch_labels = None
depends_on = None

STATES = (
    "'required', 'link_sent', 'checkout_open', 'processing', 'paid', 'partially_refunded', 'refunded', "
    "'expired', 'failed', 'waived', 'disputed', 'paid_unallocated'"
)
OF_BILL = (
    "id, team_id, participant_id, service_id, service, amount, currency, state, link_hash, link_sealed, number, "
    "checkout, checkout_url, checkout_until, poll_at, misses, intent, paid, paid_at, refunded, refunding, "
    "waived_why, waived_by, trouble, created_at"
)
OF_REFUND = (
    "id, team_id, bill_id, key, intent, amount, currency, why, state, stripe_id, reason, asked_by, asked_at, "
    "done_at"
)


def upgrade() -> None:
    _bill("bill", shared=True)
    _refund("refund", "bill")
    op.execute(
        f"INSERT INTO bill ({OF_BILL}, part, customer, card, tries) "  # noqa: S608 - names from above
        f"SELECT {OF_BILL}, 0, '', '', 0 FROM hosted_bill"
    )
    op.execute(f"INSERT INTO refund ({OF_REFUND}) SELECT {OF_REFUND} FROM hosted_refund")  # noqa: S608
    _go_on_counting("hosted_bill", "bill")
    _go_on_counting("hosted_refund", "refund")
    op.drop_table("hosted_refund")
    op.drop_table("hosted_bill")
    _rename("hosted", "payment")


def downgrade() -> None:
    """What was bought is older code's no more than its bills are: they go with the tables."""
    _bill("hosted_bill", shared=False)
    _refund("hosted_refund", "hosted_bill")
    op.execute(
        f"INSERT INTO hosted_bill ({OF_BILL}) "  # noqa: S608 - names from above
        f"SELECT {OF_BILL} FROM bill WHERE participant_id IS NOT NULL"
    )
    op.execute(
        f"INSERT INTO hosted_refund ({OF_REFUND}) "  # noqa: S608 - names from above
        f"SELECT {OF_REFUND} FROM refund WHERE bill_id IN (SELECT id FROM hosted_bill)"
    )
    _go_on_counting("bill", "hosted_bill")
    _go_on_counting("refund", "hosted_refund")
    op.drop_table("refund")
    op.drop_table("bill")
    op.execute("DELETE FROM outbox WHERE kind = 'payment.charge'")
    op.execute(
        "DELETE FROM outbox WHERE kind = 'payment.refund' AND subject_id NOT IN (SELECT id FROM hosted_refund)"
    )
    op.execute(
        "DELETE FROM outbox WHERE kind = 'payment.expire' AND subject_id NOT IN (SELECT id FROM hosted_bill)"
    )
    _rename("payment", "hosted")


def _go_on_counting(old: str, new: str) -> None:
    """Numbers that were given once are not given again: keys at Stripe and of messages are made of them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{new}', 'id'), last_value, is_called) "  # noqa: S608
            f"FROM {old}_id_seq"
        )


def _rename(was: str, to: str) -> None:
    """What is owed to Stripe."""
    for what in ("refund", "expire"):
        op.execute(
            f"UPDATE outbox SET kind = '{to}.{what}', "  # noqa: S608 - words from above
            f"key = SUBSTR('{to}-' || SUBSTR(key, {len(was) + 2}), 1, 120) WHERE kind = '{was}.{what}'"
        )


def _bill(table: str, *, shared: bool) -> None:
    """The bills; *shared* among sessions and what members buy, or of sessions alone."""
    more: list[sa.schema.SchemaItem] = (
        [
            sa.Column("purchase_id", sa.Integer(), nullable=True),
            sa.Column("part", sa.Integer(), nullable=False),
            sa.Column("customer", sa.String(length=255), nullable=False),
            sa.Column("card", sa.String(length=255), nullable=False),
            sa.Column("tries", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "(participant_id IS NULL) <> (purchase_id IS NULL)", name=op.f(f"ck_{table}_whose")
            ),
            sa.ForeignKeyConstraint(
                ["team_id", "purchase_id"],
                ["class_purchase.team_id", "class_purchase.id"],
                name=op.f(f"fk_{table}_team_id_purchase_id_class_purchase"),
            ),
            sa.UniqueConstraint("purchase_id", "part", name=op.f(f"uq_{table}_purchase_id_part")),
        ]
        if shared
        else []
    )
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=shared),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_sealed", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("checkout", sa.String(length=255), nullable=False),
        sa.Column("checkout_url", sa.String(length=2000), nullable=False),
        sa.Column("checkout_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(length=255), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("refunding", sa.BigInteger(), nullable=False),
        sa.Column("waived_why", sa.String(length=255), nullable=False),
        sa.Column("waived_by", sa.String(length=32), nullable=False),
        sa.Column("trouble", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("amount > 0", name=op.f(f"ck_{table}_amount")),
        sa.CheckConstraint("refunded >= 0 AND refunded <= paid", name=op.f(f"ck_{table}_refunded")),
        sa.ForeignKeyConstraint(
            ["team_id", "participant_id"],
            ["hosted_participant.team_id", "hosted_participant.id"],
            name=op.f(f"fk_{table}_team_id_participant_id_hosted_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("participant_id", name=op.f(f"uq_{table}_participant_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f(f"uq_{table}_team_id_id")),
        sa.UniqueConstraint("team_id", "link_hash", name=op.f(f"uq_{table}_team_id_link_hash")),
    )
    for columns in (["team_id", "checkout"], ["team_id", "intent"], ["team_id", "poll_at"]):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)


def _refund(table: str, bill: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("bill_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("intent", sa.String(length=255), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stripe_id", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'done', 'failed', 'dropped')", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint(
            "why IN ('cancelled', 'declined', 'removed', 'host', 'twice', 'late', 'mismatch')",
            name=op.f(f"ck_{table}_why"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f(f"ck_{table}_amount")),
        sa.ForeignKeyConstraint(
            ["team_id", "bill_id"],
            [f"{bill}.team_id", f"{bill}.id"],
            name=op.f(f"fk_{table}_team_id_bill_id_{bill}"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("team_id", "id", name=op.f(f"uq_{table}_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f(f"uq_{table}_team_id_key")),
    )
    op.create_index(op.f(f"ix_{table}_bill_id"), table, ["bill_id"], unique=False)
