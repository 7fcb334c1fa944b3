"""Why roles are given and taken. Undo: the facts stay, without their reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0047_role_notes"
down_revision = "0046_weeks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "role_notes",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_role_notes_agent_id", "role_notes", ["agent_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("role_notes")
