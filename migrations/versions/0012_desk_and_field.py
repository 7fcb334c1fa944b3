"""What the mairie's desk and the field need.

Safe while running: new columns with constant defaults rewrite nothing; new tables are empty. The two
indexes of cases stop whoever writes while they are built: seconds at 600,000 cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_desk_and_field"
down_revision = "0011_board"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_cases_insee_received": "(insee, received_at, id)",
    "ix_cases_insee_ended": "(insee, closed_at) WHERE closed_at IS NOT NULL",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "agents", sa.Column("weekly_digest", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("cases", sa.Column("needs_at", sa.DateTime(timezone=True)))
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger()),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sent_forms"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_sent_forms_case_id_cases"),
    )
    op.create_index("ix_sent_forms_sent_at", "sent_forms", ["sent_at"])
    op.create_table(
        "weekly_digests",
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("insee", sa.String(5), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("week_on", "insee", "recipient", name="pk_weekly_digests"),
    )
    for name, on in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON cases {on}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for name in _INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {name}")
    op.drop_table("weekly_digests")
    op.drop_table("sent_forms")
    op.drop_column("cases", "needs_at")
    op.drop_column("agents", "weekly_digest")
