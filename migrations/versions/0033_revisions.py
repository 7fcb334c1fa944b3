"""Versions and drafts of what administrators change on screen.

Safe while running: a new, empty table. Undo: drafts and the history of changes are lost; what is in force stays.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033_revisions"
down_revision = "0032_together"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("edits", sa.Integer, nullable=False, server_default="1"),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("written_by", sa.BigInteger),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("subject", "key", "number", name="uq_revisions_subject_key_number"),
    )
    op.create_index(
        "uq_revisions_one_draft",
        "revisions",
        ["subject", "key"],
        unique=True,
        postgresql_where=sa.text("number IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("revisions")
