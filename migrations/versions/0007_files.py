"""Photos and files of a case, and their bytes while they wait for the storage.

Safe while running: two new tables. Undo: forgets which file belongs to which case, and loses what still waits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_files"
down_revision = "0006_asking_needs_no_unit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("thumbnail_key", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="none", nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "evidence IN ('none', 'before', 'after')", name=op.f("ck_attachments_evidence_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("token", name=op.f("uq_attachments_token")),
        sa.UniqueConstraint("case_id", "sha256", name=op.f("uq_attachments_case_id_sha256")),
    )
    op.create_index("ix_attachments_case", "attachments", ["case_id", "id"])
    op.create_index(
        "ix_attachments_waiting", "attachments", ["id"], postgresql_where=sa.text("stored_at IS NULL")
    )
    op.create_table(
        "waiting_files",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_attached", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_waiting_files")),
    )
    op.create_index(
        "ix_waiting_files_staged", "waiting_files", ["made_at"], postgresql_where=sa.text("NOT is_attached")
    )
    # Pictures are compressed already: nothing is gained by trying again.
    op.execute(
        "ALTER TABLE waiting_files ALTER content SET STORAGE EXTERNAL, ALTER thumbnail SET STORAGE EXTERNAL"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("waiting_files")
    op.drop_table("attachments")
