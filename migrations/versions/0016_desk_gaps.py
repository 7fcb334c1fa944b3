"""What the desk at full speed still lacked: work on many demands done behind, reminders that wait, incidents
proposed by hand, files withdrawn.

Safe while running: empty tables and columns without a default that rewrites. The partial indexes hold few
rows, but reading 600,000 cases for them stops whoever writes for a few seconds. Undo: lots, proposals and the
marks of withdrawal are lost; what was withdrawn stays out of the storage.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016_desk_gaps"
down_revision = "0015_speed"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INDEXES = {
    "ix_cases_reminders": "cases (reminder_waiting_since, id) WHERE reminder_waiting_since IS NOT NULL",
    "ix_cases_answer_to": "cases (answer_to, id) WHERE answer_to <> ''",
    "ix_interactions_calls_ended": "interactions (occurred_at) WHERE reason IS NOT NULL",
    "ix_attachments_withdrawn": "attachments (id) WHERE withdrawn_at IS NOT NULL AND stored_at IS NOT NULL",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "lots",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("told", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_lots"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_lots_agent_id_agents"),
    )
    op.create_index("ix_lots_agent", "lots", ["agent_id", "id"])
    op.create_table(
        "lot_rows",
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("result", sa.Text()),
        sa.PrimaryKeyConstraint("lot_id", "place", name="pk_lot_rows"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="fk_lot_rows_lot_id_lots", ondelete="CASCADE"),
    )
    op.add_column("cases", sa.Column("reminder_waiting_since", _MOMENT))
    op.add_column("incidents", sa.Column("proposed_by_id", sa.BigInteger()))
    op.add_column("incidents", sa.Column("proposal", sa.Text(), server_default="", nullable=False))
    op.add_column("attachments", sa.Column("withdrawn_at", _MOMENT))
    op.add_column("agents", sa.Column("anonymity_motive", sa.Text(), server_default="", nullable=False))
    op.execute(
        "UPDATE cases SET reminder_waiting_since = reminded_at WHERE reminded_at IS NOT NULL"
        " AND closed_at IS NULL AND state NOT IN ('resolved', 'waiting_requester')"
    )
    for name, on in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for name in _INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {name}")
    op.drop_column("agents", "anonymity_motive")
    op.drop_column("attachments", "withdrawn_at")
    op.drop_column("incidents", "proposal")
    op.drop_column("incidents", "proposed_by_id")
    op.drop_column("cases", "reminder_waiting_since")
    op.drop_table("lot_rows")
    op.drop_table("lots")
