"""Hosted sessions: hosts, contacts, sessions with participants, reminders, bills and refunds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_hosted"
down_revision = "20261122_mentoring"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "hosted_refund", "hosted_bill", "hosted_reminder", "hosted_participant", "hosted_session", "hosted_service",
    "hosted_contact", "hosted_host", "hosted_setup", "hosted_wrong_code", "hosted_stopped_phone",
)  # fmt: skip


def upgrade() -> None:
    _contact()
    _host()
    _service()
    _session()
    _setup()
    _stopped_phone()
    _wrong_code()
    _participant()
    _bill()
    _reminder()
    _refund()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE kind LIKE 'hosted.%'")


def _contact() -> None:
    op.create_table(
        "hosted_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'text', 'none')", name=op.f("ck_hosted_contact_channel")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_contact_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_contact")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_contact_team_id_id")),
        sa.UniqueConstraint("team_id", "owner_id", "email", name="uq_hosted_contact_email"),
        sa.UniqueConstraint("team_id", "owner_id", "phone", name="uq_hosted_contact_phone"),
    )
    with op.batch_alter_table("hosted_contact") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hosted_contact_team_id_owner_id_name_key"),
            ["team_id", "owner_id", "name_key"],
            unique=False,
        )


def _host() -> None:
    op.create_table(
        "hosted_host",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("phone_country", sa.String(length=2), nullable=False),
        sa.Column("room", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("offsets", JSON, nullable=False),
        sa.Column("quiet_texts", sa.Boolean(), nullable=False),
        sa.Column("admit", sa.Boolean(), nullable=False),
        sa.Column("payment_mails", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("cancellation_rule", sa.String(length=500), nullable=False),
        sa.Column("invited_by", sa.String(length=8), nullable=False),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "invited_by IN ('slack', 'email', 'text', 'none')", name=op.f("ck_hosted_host_invited_by")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_hosted_host_minutes")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_host_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_hosted_host")),
    )


def _service() -> None:
    op.create_table(
        "hosted_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_hosted_service_amount")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_service_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_service")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_service_team_id_id")),
    )
    with op.batch_alter_table("hosted_service") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hosted_service_team_id_owner_id"), ["team_id", "owner_id"], unique=False
        )


def _session() -> None:
    op.create_table(
        "hosted_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("host_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=500), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_by", sa.String(length=32), nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.Column("given_by", sa.String(length=32), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("need", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("support", JSON, nullable=False),
        sa.Column("suggested_by", sa.String(length=32), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('now', 'scheduled', 'orientation')", name=op.f("ck_hosted_session_kind")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'scheduled', 'live', 'done', 'missed', 'cancelled', 'removed')",
            name=op.f("ck_hosted_session_state"),
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_hosted_session_minutes")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_session_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_session")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_session_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_hosted_session_team_id_key")),
    )
    with op.batch_alter_table("hosted_session") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hosted_session_team_id_asked_by"), ["team_id", "asked_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hosted_session_team_id_forgotten_at_starts_at"),
            ["team_id", "forgotten_at", "starts_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_hosted_session_team_id_host_id_starts_at"),
            ["team_id", "host_id", "starts_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_hosted_session_team_id_next_at"), ["team_id", "next_at"], unique=False
        )


def _setup() -> None:
    op.create_table(
        "hosted_setup",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("hosts", sa.String(length=32), nullable=False),
        sa.Column("support", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("typing_closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_setup_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_hosted_setup")),
    )


def _stopped_phone() -> None:
    op.create_table(
        "hosted_stopped_phone",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_stopped_phone_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", "phone", name=op.f("pk_hosted_stopped_phone")),
    )


def _wrong_code() -> None:
    op.create_table(
        "hosted_wrong_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_hosted_wrong_code_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_wrong_code")),
    )
    with op.batch_alter_table("hosted_wrong_code") as batch_op:
        batch_op.create_index(batch_op.f("ix_hosted_wrong_code_team_id_at"), ["team_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hosted_wrong_code_team_id_source_at"), ["team_id", "source", "at"], unique=False
        )


def _participant() -> None:
    op.create_table(
        "hosted_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=255), nullable=False),
        sa.Column("told_trouble", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("knocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_sealed", sa.String(length=255), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_sealed", sa.String(length=255), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'text', 'slack', 'none')", name=op.f("ck_hosted_participant_channel")
        ),
        sa.CheckConstraint(
            "state IN ('added', 'invited', 'invite_failed', 'accepted', 'declined', 'no_reply', 'joined', 'no_show')",
            name=op.f("ck_hosted_participant_state"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "session_id"],
            ["hosted_session.team_id", "hosted_session.id"],
            name=op.f("fk_hosted_participant_team_id_session_id_hosted_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_participant")),
        sa.UniqueConstraint("team_id", "code_hash", name=op.f("uq_hosted_participant_team_id_code_hash")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_participant_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_hosted_participant_team_id_key")),
        sa.UniqueConstraint("team_id", "link_hash", name="uq_hosted_participant_link"),
    )
    with op.batch_alter_table("hosted_participant") as batch_op:
        batch_op.create_index(batch_op.f("ix_hosted_participant_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hosted_participant_team_id_code_until"), ["team_id", "code_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hosted_participant_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_hosted_participant_address",
            ["session_id", "address"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )


def _bill() -> None:
    op.create_table(
        "hosted_bill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
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
        sa.CheckConstraint(
            "state IN ('required', 'link_sent', 'checkout_open', 'processing', 'paid', 'partially_refunded', 'refunded', 'expired', 'failed', 'waived', 'disputed', 'paid_unallocated')",
            name=op.f("ck_hosted_bill_state"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hosted_bill_amount")),
        sa.CheckConstraint("refunded >= 0 AND refunded <= paid", name=op.f("ck_hosted_bill_refunded")),
        sa.ForeignKeyConstraint(
            ["team_id", "participant_id"],
            ["hosted_participant.team_id", "hosted_participant.id"],
            name=op.f("fk_hosted_bill_team_id_participant_id_hosted_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_bill")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_hosted_bill_participant_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_bill_team_id_id")),
        sa.UniqueConstraint("team_id", "link_hash", name=op.f("uq_hosted_bill_team_id_link_hash")),
    )
    with op.batch_alter_table("hosted_bill") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hosted_bill_team_id_checkout"), ["team_id", "checkout"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hosted_bill_team_id_intent"), ["team_id", "intent"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hosted_bill_team_id_poll_at"), ["team_id", "poll_at"], unique=False
        )


def _reminder() -> None:
    op.create_table(
        "hosted_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'sent', 'superseded', 'cancelled', 'missed', 'failed', 'skipped')",
            name=op.f("ck_hosted_reminder_state"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "participant_id"],
            ["hosted_participant.team_id", "hosted_participant.id"],
            name=op.f("fk_hosted_reminder_team_id_participant_id_hosted_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "session_id"],
            ["hosted_session.team_id", "hosted_session.id"],
            name=op.f("fk_hosted_reminder_team_id_session_id_hosted_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_reminder")),
        sa.UniqueConstraint(
            "participant_id", "plan", "before", name=op.f("uq_hosted_reminder_participant_id_plan_before")
        ),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_reminder_team_id_id")),
    )
    with op.batch_alter_table("hosted_reminder") as batch_op:
        batch_op.create_index(batch_op.f("ix_hosted_reminder_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hosted_reminder_team_id_state_due_at"),
            ["team_id", "state", "due_at"],
            unique=False,
        )


def _refund() -> None:
    op.create_table(
        "hosted_refund",
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
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'failed', 'dropped')", name=op.f("ck_hosted_refund_state")
        ),
        sa.CheckConstraint(
            "why IN ('cancelled', 'declined', 'removed', 'host', 'twice', 'late', 'mismatch')",
            name=op.f("ck_hosted_refund_why"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hosted_refund_amount")),
        sa.ForeignKeyConstraint(
            ["team_id", "bill_id"],
            ["hosted_bill.team_id", "hosted_bill.id"],
            name=op.f("fk_hosted_refund_team_id_bill_id_hosted_bill"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_refund")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hosted_refund_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_hosted_refund_team_id_key")),
    )
    with op.batch_alter_table("hosted_refund") as batch_op:
        batch_op.create_index(batch_op.f("ix_hosted_refund_bill_id"), ["bill_id"], unique=False)
