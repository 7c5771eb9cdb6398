"""Classes: terms, weekly classes with their dates, memberships, purchases, registrations and waitlists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_classes"
down_revision = "20261123_hosted"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "class_credit", "class_registration", "class_waiting", "class_enrolment", "class_purchase",
    "class_offered", "class_date", "class_weekly", "class_membership", "class_type",
    "class_term", "class_setup", "class_draft",
)  # fmt: skip


def upgrade() -> None:
    _draft()
    _setup()
    _term()
    _type()
    _membership()
    _weekly()
    _date()
    _offered()
    _purchase()
    _enrolment()
    _waiting()
    _registration()
    _credit()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE kind LIKE 'classes.%'")


def _draft() -> None:
    op.create_table(
        "class_draft",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("typed", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_class_draft_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", "form", name=op.f("pk_class_draft")),
    )


def _setup() -> None:
    op.create_table(
        "class_setup",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("staff", JSON, nullable=False),
        sa.Column("waitlist_mode", sa.String(length=16), nullable=False),
        sa.Column("free_hours", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "waitlist_mode IN ('offer', 'at_once', 'everybody')", name=op.f("ck_class_setup_waitlist_mode")
        ),
        sa.CheckConstraint("free_hours BETWEEN 0 AND 168", name=op.f("ck_class_setup_free_hours")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_class_setup_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_class_setup")),
    )


def _term() -> None:
    op.create_table(
        "class_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("closed_days", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("members_first_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'running', 'ended', 'cancelled')", name=op.f("ck_class_term_state")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_class_term_days")),
        sa.ForeignKeyConstraint(
            ["team_id", "follows_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_term_team_id_follows_id_class_term"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_class_term_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_term")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_term_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_class_term_team_id_key")),
    )
    with op.batch_alter_table("class_term") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_term_team_id_next_at"), ["team_id", "next_at"], unique=False
        )
        batch_op.create_index(
            "uq_class_term_name",
            ["team_id", "name_key"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'open', 'running')"),
            postgresql_where=sa.text("state IN ('draft', 'open', 'running')"),
        )


def _type() -> None:
    op.create_table(
        "class_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_class_type_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_type")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_type_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_class_type_team_id_key")),
    )
    with op.batch_alter_table("class_type") as batch_op:
        batch_op.create_index(
            "uq_class_type_name",
            ["team_id", "name_key"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )


def _membership() -> None:
    op.create_table(
        "class_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("custom", sa.Integer(), nullable=True),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("late", sa.String(length=16), nullable=False),
        sa.Column("late_week", sa.Integer(), nullable=False),
        sa.Column("refund_rule", sa.String(length=16), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("intro", sa.Boolean(), nullable=False),
        sa.Column("new_only", sa.Boolean(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("late IN ('prorated', 'full', 'closed')", name=op.f("ck_class_membership_late")),
        sa.CheckConstraint("plan IN ('card', 'recurring', 'renew')", name=op.f("ck_class_membership_plan")),
        sa.CheckConstraint(
            "refund_rule IN ('none', 'prorated')", name=op.f("ck_class_membership_refund_rule")
        ),
        sa.CheckConstraint(
            "state IN ('on_sale', 'stopped', 'closed')", name=op.f("ck_class_membership_state")
        ),
        sa.CheckConstraint("unit IN ('week', 'month')", name=op.f("ck_class_membership_unit")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_class_membership_amount")),
        sa.CheckConstraint("custom IS NULL OR custom > 0", name=op.f("ck_class_membership_custom")),
        sa.CheckConstraint("lessons BETWEEN 1 AND 7", name=op.f("ck_class_membership_lessons")),
        sa.CheckConstraint(
            "sold >= 0 AND (custom IS NULL OR sold <= custom)", name=op.f("ck_class_membership_sold")
        ),
        sa.CheckConstraint("weeks BETWEEN 1 AND 52", name=op.f("ck_class_membership_weeks")),
        sa.ForeignKeyConstraint(
            ["team_id", "term_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_membership_team_id_term_id_class_term"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_membership")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_membership_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_class_membership_team_id_key")),
    )
    with op.batch_alter_table("class_membership") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_membership_team_id_term_id"), ["team_id", "term_id"], unique=False
        )


def _weekly() -> None:
    op.create_table(
        "class_weekly",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("waitlist_places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('new', 'assigned', 'cancelled')", name=op.f("ck_class_weekly_state")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_class_weekly_minute")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_class_weekly_minutes")),
        sa.CheckConstraint("places BETWEEN 1 AND 500", name=op.f("ck_class_weekly_places")),
        sa.CheckConstraint("waitlist_places BETWEEN 0 AND 200", name=op.f("ck_class_weekly_waitlist_places")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_class_weekly_weekday")),
        sa.ForeignKeyConstraint(
            ["team_id", "term_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_weekly_team_id_term_id_class_term"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "type_id"],
            ["class_type.team_id", "class_type.id"],
            name=op.f("fk_class_weekly_team_id_type_id_class_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_weekly")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_weekly_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_class_weekly_team_id_key")),
    )
    with op.batch_alter_table("class_weekly") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_weekly_team_id_term_id"), ["team_id", "term_id"], unique=False
        )


def _date() -> None:
    op.create_table(
        "class_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=255), nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.CheckConstraint("state IN ('planned', 'done', 'cancelled')", name=op.f("ck_class_date_state")),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_class_date_taken")),
        sa.ForeignKeyConstraint(
            ["team_id", "class_id"],
            ["class_weekly.team_id", "class_weekly.id"],
            name=op.f("fk_class_date_team_id_class_id_class_weekly"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "term_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_date_team_id_term_id_class_term"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_date")),
        sa.UniqueConstraint("class_id", "day", name=op.f("uq_class_date_class_id_day")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_date_team_id_id")),
    )
    with op.batch_alter_table("class_date") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_date_class_id_starts_at"), ["class_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_date_team_id_next_at"), ["team_id", "next_at"], unique=False
        )


def _offered() -> None:
    op.create_table(
        "class_offered",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "class_id"],
            ["class_weekly.team_id", "class_weekly.id"],
            name=op.f("fk_class_offered_team_id_class_id_class_weekly"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "membership_id"],
            ["class_membership.team_id", "class_membership.id"],
            name=op.f("fk_class_offered_team_id_membership_id_class_membership"),
        ),
        sa.PrimaryKeyConstraint("team_id", "membership_id", "class_id", name=op.f("pk_class_offered")),
    )
    with op.batch_alter_table("class_offered") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_offered_team_id_class_id"), ["team_id", "class_id"], unique=False
        )


def _purchase() -> None:
    op.create_table(
        "class_purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("later_amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("why_price", JSON, nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("refund_rule", sa.String(length=16), nullable=False),
        sa.Column("intro_of", sa.String(length=32), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("pay_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_by", sa.String(length=32), nullable=False),
        sa.Column("over_why", sa.String(length=255), nullable=False),
        sa.Column("sold_by", sa.String(length=32), nullable=False),
        sa.Column("sold_why", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("plan IN ('card', 'recurring', 'renew')", name=op.f("ck_class_purchase_plan")),
        sa.CheckConstraint(
            "state IN ('pending_approval', 'awaiting_payment', 'active', 'suspended', 'ended', 'cancelled', 'rejected', 'expired', 'paid_unallocated')",
            name=op.f("ck_class_purchase_state"),
        ),
        sa.CheckConstraint("amount >= 0 AND later_amount >= 0", name=op.f("ck_class_purchase_amount")),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_class_purchase_window")),
        sa.ForeignKeyConstraint(
            ["team_id", "membership_id"],
            ["class_membership.team_id", "class_membership.id"],
            name=op.f("fk_class_purchase_team_id_membership_id_class_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "term_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_purchase_team_id_term_id_class_term"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_purchase")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_purchase_team_id_id")),
        sa.UniqueConstraint("team_id", "intro_of", name=op.f("uq_class_purchase_team_id_intro_of")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_class_purchase_team_id_key")),
    )
    with op.batch_alter_table("class_purchase") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_purchase_team_id_next_at"), ["team_id", "next_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_purchase_team_id_user_id"), ["team_id", "user_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_purchase_term_id_state"), ["term_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_class_purchase_live",
            ["membership_id", "user_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('pending_approval', 'awaiting_payment', 'active', 'suspended', 'paid_unallocated')"
            ),
            postgresql_where=sa.text(
                "state IN ('pending_approval', 'awaiting_payment', 'active', 'suspended', 'paid_unallocated')"
            ),
        )


def _enrolment() -> None:
    op.create_table(
        "class_enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "class_id"],
            ["class_weekly.team_id", "class_weekly.id"],
            name=op.f("fk_class_enrolment_team_id_class_id_class_weekly"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "purchase_id"],
            ["class_purchase.team_id", "class_purchase.id"],
            name=op.f("fk_class_enrolment_team_id_purchase_id_class_purchase"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_enrolment")),
        sa.UniqueConstraint("purchase_id", "class_id", name=op.f("uq_class_enrolment_purchase_id_class_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_enrolment_team_id_id")),
    )
    with op.batch_alter_table("class_enrolment") as batch_op:
        batch_op.create_index(batch_op.f("ix_class_enrolment_class_id"), ["class_id"], unique=False)


def _waiting() -> None:
    op.create_table(
        "class_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("date_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("with_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'placed', 'passed', 'expired', 'left')",
            name=op.f("ck_class_waiting_state"),
        ),
        sa.CheckConstraint(
            "membership_id IS NOT NULL OR class_id IS NOT NULL OR date_id IS NOT NULL",
            name=op.f("ck_class_waiting_what"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "class_id"],
            ["class_weekly.team_id", "class_weekly.id"],
            name=op.f("fk_class_waiting_team_id_class_id_class_weekly"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "date_id"],
            ["class_date.team_id", "class_date.id"],
            name=op.f("fk_class_waiting_team_id_date_id_class_date"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "membership_id"],
            ["class_membership.team_id", "class_membership.id"],
            name=op.f("fk_class_waiting_team_id_membership_id_class_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "term_id"],
            ["class_term.team_id", "class_term.id"],
            name=op.f("fk_class_waiting_team_id_term_id_class_term"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_waiting")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_waiting_team_id_id")),
    )
    with op.batch_alter_table("class_waiting") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_waiting_team_id_offer_until"), ["team_id", "offer_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_waiting_term_id_state_rank"), ["term_id", "state", "rank"], unique=False
        )
        batch_op.create_index(
            "uq_class_waiting_class",
            ["class_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered') AND date_id IS NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered') AND date_id IS NULL"),
        )
        batch_op.create_index(
            "uq_class_waiting_date",
            ["date_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered') AND date_id IS NOT NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered') AND date_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_class_waiting_membership",
            ["membership_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered') AND class_id IS NULL AND date_id IS NULL"),
            postgresql_where=sa.text(
                "state IN ('waiting', 'offered') AND class_id IS NULL AND date_id IS NULL"
            ),
        )


def _registration() -> None:
    op.create_table(
        "class_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("date_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("waiting_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("make_up", sa.Boolean(), nullable=False),
        sa.Column("coming_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'offered', 'registered', 'on_hold', 'attended', 'no_show', 'skipped', 'late_cancelled', 'removed')",
            name=op.f("ck_class_registration_state"),
        ),
        sa.CheckConstraint(
            "(enrolment_id IS NULL) <> (waiting_id IS NULL)", name=op.f("ck_class_registration_whose")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "date_id"],
            ["class_date.team_id", "class_date.id"],
            name=op.f("fk_class_registration_team_id_date_id_class_date"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "enrolment_id"],
            ["class_enrolment.team_id", "class_enrolment.id"],
            name=op.f("fk_class_registration_team_id_enrolment_id_class_enrolment"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "waiting_id"],
            ["class_waiting.team_id", "class_waiting.id"],
            name=op.f("fk_class_registration_team_id_waiting_id_class_waiting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_registration")),
        sa.UniqueConstraint(
            "enrolment_id", "date_id", name=op.f("uq_class_registration_enrolment_id_date_id")
        ),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_registration_team_id_id")),
        sa.UniqueConstraint("waiting_id", "date_id", name=op.f("uq_class_registration_waiting_id_date_id")),
    )
    with op.batch_alter_table("class_registration") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_registration_date_id_state"), ["date_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_registration_team_id_user_id"), ["team_id", "user_id"], unique=False
        )


def _credit() -> None:
    op.create_table(
        "class_credit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("used_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'void')", name=op.f("ck_class_credit_state")),
        sa.CheckConstraint("why IN ('skipped', 'cancelled', 'no_place')", name=op.f("ck_class_credit_why")),
        sa.ForeignKeyConstraint(
            ["team_id", "purchase_id"],
            ["class_purchase.team_id", "class_purchase.id"],
            name=op.f("fk_class_credit_team_id_purchase_id_class_purchase"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "registration_id"],
            ["class_registration.team_id", "class_registration.id"],
            name=op.f("fk_class_credit_team_id_registration_id_class_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "used_id"],
            ["class_registration.team_id", "class_registration.id"],
            name=op.f("fk_class_credit_team_id_used_id_class_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_credit")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_class_credit_registration_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_class_credit_team_id_id")),
        sa.UniqueConstraint("used_id", name=op.f("uq_class_credit_used_id")),
    )
    with op.batch_alter_table("class_credit") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_credit_purchase_id_state"), ["purchase_id", "state"], unique=False
        )
