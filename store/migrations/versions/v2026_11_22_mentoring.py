"""Mentoring: programs with mentors and mentees, requests, matches and meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_mentoring"
down_revision = "20261122_matching"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "mentoring_survey",
    "mentoring_word", "mentoring_meeting", "mentoring_request", "mentoring_match", "mentoring_list",
    "mentoring_run", "mentoring_participant", "mentoring_exclusion", "mentoring",
)  # fmt: skip


def upgrade() -> None:
    _kinds("kind IN ('coffee', 'mentoring')")
    _mentoring()
    _exclusion()
    _participant()
    _run()
    _list()
    _match()
    _meeting()
    _request()
    _word()
    _survey()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE kind LIKE 'mentoring.%'")
    for table in ("owner", "audience", "automatic"):
        op.execute(
            f"DELETE FROM {table} WHERE program_id IN (SELECT id FROM program WHERE kind = 'mentoring')"  # noqa: S608  # our own names
        )
    op.execute("DELETE FROM program WHERE kind = 'mentoring'")
    _kinds("kind IN ('coffee')")


def _kinds(rule: str) -> None:
    with op.batch_alter_table("program") as batch:
        batch.drop_constraint(op.f("ck_program_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_program_kind"), rule)


def _mentoring() -> None:
    op.create_table(
        "mentoring",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("matching_on", sa.Boolean(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("process", sa.String(length=16), nullable=False),
        sa.Column("roles", sa.String(length=16), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.Integer(), nullable=False),
        sa.Column("default_places", sa.Integer(), nullable=False),
        sa.Column("most_places", sa.Integer(), nullable=False),
        sa.Column("mentors_per_mentee", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("weekend", JSON, nullable=False),
        sa.Column("holidays", JSON, nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("reply_required", sa.Boolean(), nullable=False),
        sa.Column("rhythm_days", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("may_search", sa.Boolean(), nullable=False),
        sa.Column("ending_asks", sa.Boolean(), nullable=False),
        sa.Column("keep_places", sa.Boolean(), nullable=False),
        sa.Column("invite_again_days", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed", sa.Integer(), nullable=False),
        sa.Column("ending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("support", sa.String(length=32), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("said", JSON, nullable=False),
        sa.CheckConstraint("process IN ('admin', 'approval', 'user')", name=op.f("ck_mentoring_process")),
        sa.CheckConstraint("roles IN ('mentoring', 'peers')", name=op.f("ck_mentoring_roles")),
        sa.CheckConstraint("stage IN ('draft', 'open', 'ended')", name=op.f("ck_mentoring_stage")),
        sa.CheckConstraint("type IN ('cohort', 'evergreen')", name=op.f("ck_mentoring_type")),
        sa.CheckConstraint("wording IN ('matching', 'pairing')", name=op.f("ck_mentoring_wording")),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 30", name=op.f("ck_mentoring_answer_days")),
        sa.CheckConstraint("choices BETWEEN 1 AND 5", name=op.f("ck_mentoring_choices")),
        sa.CheckConstraint("default_places BETWEEN 0 AND most_places", name=op.f("ck_mentoring_places")),
        sa.CheckConstraint(
            "mentors_per_mentee BETWEEN 1 AND 5", name=op.f("ck_mentoring_mentors_per_mentee")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("team_id", "program_id", name=op.f("pk_mentoring")),
    )


def _exclusion() -> None:
    op.create_table(
        "mentoring_exclusion",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("low_id", sa.String(length=32), nullable=False),
        sa.Column("high_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_exclusion_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint(
            "team_id", "program_id", "low_id", "high_id", name=op.f("pk_mentoring_exclusion")
        ),
    )


def _participant() -> None:
    op.create_table(
        "mentoring_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("mentee", sa.Boolean(), nullable=False),
        sa.Column("mentor", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("goals", sa.String(length=1000), nullable=False),
        sa.Column("offers", JSON, nullable=False),
        sa.Column("wants", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("seniority", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_why", sa.String(length=16), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("invite_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("exhausted", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('registered', 'active', 'paused', 'left')", name=op.f("ck_mentoring_participant_state")
        ),
        sa.CheckConstraint(
            "used >= 0 AND asked >= 0 AND matched >= 0", name=op.f("ck_mentoring_participant_counts")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_participant_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_participant")),
        sa.UniqueConstraint(
            "program_id", "user_id", name=op.f("uq_mentoring_participant_program_id_user_id")
        ),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mentoring_participant_team_id_id")),
    )
    with op.batch_alter_table("mentoring_participant") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_participant_program_id_state"), ["program_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_participant_team_id_user_id"), ["team_id", "user_id"], unique=False
        )


def _run() -> None:
    op.create_table(
        "mentoring_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staged", sa.Integer(), nullable=False),
        sa.Column("without", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_run_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_run")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_mentoring_run_team_id_key")),
    )
    with op.batch_alter_table("mentoring_run") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_run_team_id_program_id"), ["team_id", "program_id"], unique=False
        )


def _list() -> None:
    op.create_table(
        "mentoring_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'matched', 'exhausted', 'withdrawn', 'cancelled')",
            name=op.f("ck_mentoring_list_state"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mentee_id"],
            ["mentoring_participant.team_id", "mentoring_participant.id"],
            name=op.f("fk_mentoring_list_team_id_mentee_id_mentoring_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_list_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_list")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mentoring_list_team_id_id")),
    )
    with op.batch_alter_table("mentoring_list") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_list_program_id_state"), ["program_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_mentoring_list_open",
            ["mentee_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def _match() -> None:
    op.create_table(
        "mentoring_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("why", JSON, nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_by", sa.String(length=32), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_by", sa.String(length=32), nullable=False),
        sa.Column("end_reason", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("wish", JSON, nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("problem", JSON, nullable=False),
        sa.Column("approving", sa.String(length=32), nullable=False),
        sa.Column("anyway", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('staged', 'proposed', 'active', 'ended', 'discarded')",
            name=op.f("ck_mentoring_match_state"),
        ),
        sa.CheckConstraint("mentee_id <> mentor_id", name=op.f("ck_mentoring_match_two_people")),
        sa.ForeignKeyConstraint(
            ["team_id", "mentee_id"],
            ["mentoring_participant.team_id", "mentoring_participant.id"],
            name=op.f("fk_mentoring_match_team_id_mentee_id_mentoring_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mentor_id"],
            ["mentoring_participant.team_id", "mentoring_participant.id"],
            name=op.f("fk_mentoring_match_team_id_mentor_id_mentoring_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_match_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_match")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mentoring_match_team_id_id")),
    )
    with op.batch_alter_table("mentoring_match") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_match_mentee_id_state"), ["mentee_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_match_mentor_id_state"), ["mentor_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_match_team_id_approving"), ["team_id", "approving"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_match_team_id_program_id_state"),
            ["team_id", "program_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            "uq_mentoring_match_live",
            ["mentee_id", "mentor_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('staged', 'proposed', 'active')"),
            postgresql_where=sa.text("state IN ('staged', 'proposed', 'active')"),
        )


def _meeting() -> None:
    op.create_table(
        "mentoring_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'done', 'missed', 'cancelled')", name=op.f("ck_mentoring_meeting_state")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "match_id"],
            ["mentoring_match.team_id", "mentoring_match.id"],
            name=op.f("fk_mentoring_meeting_team_id_match_id_mentoring_match"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_meeting")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mentoring_meeting_team_id_id")),
    )
    with op.batch_alter_table("mentoring_meeting") as batch_op:
        batch_op.create_index(batch_op.f("ix_mentoring_meeting_match_id"), ["match_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentoring_meeting_team_id_state_starts_at"),
            ["team_id", "state", "starts_at"],
            unique=False,
        )


def _request() -> None:
    op.create_table(
        "mentoring_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("offer", sa.String(length=16), nullable=False),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "offer IN ('', 'made', 'accepted', 'declined', 'expired')",
            name=op.f("ck_mentoring_request_offer"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'pending', 'frozen', 'approved', 'declined', 'expired', 'withdrawn', "
            "'skipped_full', 'closed_unavailable', 'closed_full', 'cancelled')",
            name=op.f("ck_mentoring_request_state"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "list_id"],
            ["mentoring_list.team_id", "mentoring_list.id"],
            name=op.f("fk_mentoring_request_team_id_list_id_mentoring_list"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "match_id"],
            ["mentoring_match.team_id", "mentoring_match.id"],
            name=op.f("fk_mentoring_request_team_id_match_id_mentoring_match"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mentee_id"],
            ["mentoring_participant.team_id", "mentoring_participant.id"],
            name=op.f("fk_mentoring_request_team_id_mentee_id_mentoring_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mentor_id"],
            ["mentoring_participant.team_id", "mentoring_participant.id"],
            name=op.f("fk_mentoring_request_team_id_mentor_id_mentoring_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "program_id"],
            ["program.team_id", "program.id"],
            name=op.f("fk_mentoring_request_team_id_program_id_program"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_request")),
        sa.UniqueConstraint("list_id", "mentor_id", name=op.f("uq_mentoring_request_list_id_mentor_id")),
        sa.UniqueConstraint("list_id", "rank", name=op.f("uq_mentoring_request_list_id_rank")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mentoring_request_team_id_id")),
    )
    with op.batch_alter_table("mentoring_request") as batch_op:
        batch_op.create_index(batch_op.f("ix_mentoring_request_match_id"), ["match_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentoring_request_mentee_id_state"), ["mentee_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_request_mentor_id_state"), ["mentor_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_request_team_id_state_expires_at"),
            ["team_id", "state", "expires_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_mentoring_request_waiting",
            ["list_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'frozen')"),
            postgresql_where=sa.text("state IN ('pending', 'frozen')"),
        )


def _word() -> None:
    op.create_table(
        "mentoring_word",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("took_place", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("fit", sa.String(length=8), nullable=False),
        sa.CheckConstraint("fit IN ('', 'good', 'deciding', 'not_good')", name=op.f("ck_mentoring_word_fit")),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_mentoring_word_rating")),
        sa.ForeignKeyConstraint(
            ["team_id", "meeting_id"],
            ["mentoring_meeting.team_id", "mentoring_meeting.id"],
            name=op.f("fk_mentoring_word_team_id_meeting_id_mentoring_meeting"),
        ),
        sa.PrimaryKeyConstraint("team_id", "meeting_id", "user_id", name=op.f("pk_mentoring_word")),
    )


def _survey() -> None:
    op.create_table(
        "mentoring_survey",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("match_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_mentoring_survey_rating")),
        sa.ForeignKeyConstraint(
            ["team_id", "match_id"],
            ["mentoring_match.team_id", "mentoring_match.id"],
            name=op.f("fk_mentoring_survey_team_id_match_id_mentoring_match"),
        ),
        sa.PrimaryKeyConstraint("team_id", "match_id", "user_id", name=op.f("pk_mentoring_survey")),
    )
