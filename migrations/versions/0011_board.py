"""Kept counters of the board, messages that can be taken back, drafts of answers.

Safe while running: new tables and a nullable column; the indexes are built while writes wait, a few seconds for
600,000 cases. Undo: drops them; the counters are counted again, drafts that nobody sent are lost.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_board"
down_revision = "0010_drafts"
branch_labels = None
depends_on = None

_UNSENT = sa.text("state IN ('queued', 'failed')")
_PAST = sa.text("closed_at IS NOT NULL AND unit_id IS NOT NULL")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "hourly_volumes",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "channel", name=op.f("pk_hourly_volumes")),
    )
    op.create_index("ix_cases_created", "cases", ["created_at"], unique=False)
    op.create_index(
        "ix_cases_past_unit", "cases", ["category_code", "insee", "id"], unique=False, postgresql_where=_PAST
    )
    op.add_column("interactions", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_interactions_unsent", "interactions", ["created_at", "id"], unique=False, postgresql_where=_UNSENT
    )
    op.create_table(
        "answer_drafts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_answer_drafts_agent_id_agents")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_answer_drafts_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "kind", "agent_id", name=op.f("pk_answer_drafts")),
    )
    op.create_index("ix_answer_drafts_saved_at", "answer_drafts", ["saved_at"], unique=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("answer_drafts")
    op.drop_index("ix_interactions_unsent", table_name="interactions")
    op.drop_column("interactions", "held_until")
    op.drop_index("ix_cases_past_unit", table_name="cases")
    op.drop_index("ix_cases_created", table_name="cases")
    op.drop_table("hourly_volumes")
