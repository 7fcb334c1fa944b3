"""What an agent was typing, and how each one likes the screens.

Safe while running: columns with constant defaults and an empty table. Undo: drafts and preferences are lost.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010_drafts"
down_revision = "0009_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("agents", sa.Column("density", sa.Text(), nullable=False, server_default="comfortable"))
    op.add_column("agents", sa.Column("shortcuts_on", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "agents", sa.Column("shortcut_keys", JSONB(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.create_check_constraint("density_known", "agents", "density IN ('comfortable', 'compact')")
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tab", sa.Text(), nullable=False, server_default=""),
        sa.Column("tab_save", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("interrupted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("callback_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_drafts_agent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_drafts_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["callback_id"],
            ["interactions.id"],
            name=op.f("fk_drafts_callback_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("agent_id", "kind", "key", name=op.f("uq_drafts_agent_id_kind_key")),
    )
    op.create_index(op.f("ix_drafts_saved_at"), "drafts", ["saved_at"])
    op.create_index("ix_drafts_key", "drafts", ["key"])
    op.create_index(
        "ix_drafts_contact_id", "drafts", ["contact_id"], postgresql_where=sa.text("contact_id IS NOT NULL")
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("drafts")
    op.drop_constraint(op.f("ck_agents_density_known"), "agents", type_="check")
    for column in ("shortcut_keys", "shortcuts_on", "density"):
        op.drop_column("agents", column)
