"""Programs in full, review before sending, pauses, cards and follow-ups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_programs"
down_revision = "20261122_core"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OLD_PARTS = "part IN ('channel', 'person', 'everyone')"
NEW_PARTS = "part IN ('channel', 'usergroup', 'person', 'everyone')"
OLD_STATES = "state IN ('planned', 'open', 'matching', 'matched', 'closed', 'cancelled', 'skipped')"
NEW_STATES = "state IN ('planned', 'open', 'matching', 'review', 'matched', 'closed', 'cancelled', 'skipped')"

# What rows that are there already get in new columns: table, column, type, value.
FILLED = (
    ("coffee_group", "locked", sa.Boolean(), sa.false()),
    ("coffee_group", "why", JSON, "[]"),
    ("coffee_group_member", "met", sa.String(length=8), ""),
    ("invitation", "withdrawn_from", sa.String(length=16), ""),
    ("occurrence", "moved", sa.Boolean(), sa.false()),
    ("occurrence", "confirmed", sa.Boolean(), sa.false()),
    ("occurrence", "draft_version", sa.Integer(), "0"),
    ("program", "state", sa.String(length=16), "active"),
    ("program", "opt_in", sa.String(length=8), "on"),
    ("program", "leftover", sa.String(length=16), "larger"),
    ("program", "ask_new", sa.Boolean(), sa.true()),
    ("program", "at_deadline", sa.String(length=8), "wait"),
    ("program", "follow_up_days", sa.Integer(), "7"),
    ("program", "icebreakers", JSON, "[]"),
    ("program", "texts", JSON, "{}"),
    ("series", "groups", sa.String(length=16), "automatic"),
)
INSTANTS = (
    ("coffee_group_member", "met_at"),
    ("occurrence", "send_at"),
    ("occurrence", "follow_up_at"),
    ("occurrence", "followed_up_at"),
    ("occurrence", "closed_at"),
    ("program", "audience_at"),
)
CHECKS = (
    ("coffee_group_member", "met", "met IN ('', 'met', 'not_yet', 'no')"),
    ("program", "state", "state IN ('active', 'paused', 'archived')"),
    ("program", "opt_in", "opt_in IN ('on', 'off', 'mixed')"),
    ("program", "leftover", "leftover IN ('larger', 'smaller', 'sit_out')"),
    ("program", "at_deadline", "at_deadline IN ('wait', 'send')"),
    ("program", "follow_up_days", "follow_up_days BETWEEN 0 AND 60"),
    ("series", "groups", "groups IN ('automatic', 'review')"),
)
TABLES = ("coffee_group", "coffee_group_member", "invitation", "occurrence", "program", "series")


def upgrade() -> None:
    _people_tables()
    _session_tables()
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            for _, name, kind, value in _of(FILLED, table):
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
            for _, name in _of(INSTANTS, table):
                batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE program SET opt_in = CASE WHEN asks_first THEN 'on' ELSE 'off' END")
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            for _, name, kind, _ in _of(FILLED, table):
                batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
            for _, name, rule in _of(CHECKS, table):
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
            if table == "program":
                batch.drop_column("asks_first")
            if table == "occurrence":
                _change_check(batch, "ck_occurrence_state", NEW_STATES)
    with op.batch_alter_table("audience") as batch:
        _change_check(batch, "ck_audience_part", NEW_PARTS)


def downgrade() -> None:
    op.execute("DELETE FROM audience WHERE part = 'usergroup'")
    op.execute("UPDATE occurrence SET state = 'cancelled' WHERE state = 'review'")
    with op.batch_alter_table("program") as batch:
        batch.add_column(sa.Column("asks_first", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute("UPDATE program SET asks_first = (opt_in <> 'off')")
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            for _, name, _ in _of(CHECKS, table):
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for _, name, *_ in (*_of(FILLED, table), *_of(INSTANTS, table)):
                batch.drop_column(name)
            if table == "program":
                batch.alter_column("asks_first", existing_type=sa.Boolean(), server_default=None)
            if table == "occurrence":
                _change_check(batch, "ck_occurrence_state", OLD_STATES)
    with op.batch_alter_table("audience") as batch:
        _change_check(batch, "ck_audience_part", OLD_PARTS)
    for table in (
        "coffee_sat_out", "coffee_draft_edit", "card", "usergroup_member", "usergroup", "owner", "automatic",
        "pause", "never_match", "home",
    ):  # fmt: skip
        op.drop_table(table)


def _of(rows: tuple, table: str) -> list:  # type: ignore[type-arg]
    return [row for row in rows if row[0] == table]


def _change_check(batch, name: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    batch.drop_constraint(op.f(name), type_="check")
    batch.create_check_constraint(op.f(name), rule)


def _people_tables() -> None:
    op.create_table(
        "home",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("team_id"),
        _text("user_id"),
        sa.Column("look", JSON, nullable=False),
        sa.Column("organizes", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["workspace.team_id"], name=op.f("fk_home_team_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_home_team_id_user_id")),
    )
    op.create_index(op.f("ix_home_team_id_seen_until"), "home", ["team_id", "seen_until"])
    op.create_table(
        "never_match",
        _text("team_id"),
        _text("user_id"),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_never_match_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", "other_id", name=op.f("pk_never_match")),
    )
    op.create_index(op.f("ix_never_match_team_id_other_id"), "never_match", ["team_id", "other_id"])
    op.create_table(
        "pause",
        _text("team_id"),
        _text("user_id"),
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["workspace.team_id"], name=op.f("fk_pause_team_id_workspace")),
        sa.PrimaryKeyConstraint("team_id", "user_id", "program_id", name=op.f("pk_pause")),
    )
    op.create_table(
        "usergroup",
        _text("team_id"),
        sa.Column("usergroup_id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspace.team_id"], name=op.f("fk_usergroup_team_id_workspace")
        ),
        sa.PrimaryKeyConstraint("team_id", "usergroup_id", name=op.f("pk_usergroup")),
    )
    op.create_table(
        "usergroup_member",
        _text("team_id"),
        sa.Column("usergroup_id", sa.String(length=32), nullable=False),
        _text("user_id"),
        sa.ForeignKeyConstraint(
            ["team_id", "usergroup_id"],
            ["usergroup.team_id", "usergroup.usergroup_id"],
            name=op.f("fk_usergroup_member_team_id_usergroup_id_usergroup"),
        ),
        sa.PrimaryKeyConstraint("team_id", "usergroup_id", "user_id", name=op.f("pk_usergroup_member")),
    )
    for table in ("automatic", "owner"):
        op.create_table(
            table,
            _text("team_id"),
            sa.Column("program_id", sa.Integer(), nullable=False),
            _text("user_id"),
            sa.ForeignKeyConstraint(
                ["team_id", "program_id"],
                ["program.team_id", "program.id"],
                name=op.f(f"fk_{table}_team_id_program_id_program"),
            ),
            sa.PrimaryKeyConstraint("team_id", "program_id", "user_id", name=op.f(f"pk_{table}")),
        )


def _session_tables() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        _to_occurrence("card"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("occurrence_id", "user_id", name=op.f("uq_card_occurrence_id_user_id")),
    )
    op.create_table(
        "coffee_draft_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=255), nullable=False),
        sa.Column("before", JSON, nullable=False),
        _to_occurrence("coffee_draft_edit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coffee_draft_edit")),
        sa.UniqueConstraint(
            "occurrence_id", "version", name=op.f("uq_coffee_draft_edit_occurrence_id_version")
        ),
    )
    op.create_table(
        "coffee_sat_out",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        _to_occurrence("coffee_sat_out"),
        sa.PrimaryKeyConstraint("team_id", "occurrence_id", "user_id", name=op.f("pk_coffee_sat_out")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _to_occurrence(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["team_id", "occurrence_id"],
        ["occurrence.team_id", "occurrence.id"],
        name=op.f(f"fk_{table}_team_id_occurrence_id_occurrence"),
    )
