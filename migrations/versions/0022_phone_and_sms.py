"""Calls told by the telephone exchange, the number each agent answers, and how far each SMS got.

Safe while running: an empty table, columns without a rewrite, two indexes on the SMS alone. Undo: what the
exchange told, the numbers of agents and the proofs of delivery are lost; the exchanges stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022_phone_and_sms"
down_revision = "0021_machines"
branch_labels = None
depends_on = None

_MOMENTS = ("rang_at", "answered_at", "ended_at", "missed_at")
_SMS = "direction = 'out' AND channel = 'sms'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moment = sa.DateTime(timezone=True)
    op.add_column("agents", sa.Column("extension", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_agents_extension"), "agents", ["extension"])
    op.add_column("interactions", sa.Column("delivered_at", moment, nullable=True))
    op.create_index(
        "ix_interactions_sms_to", "interactions", ["recipient", "sent_at"], postgresql_where=sa.text(_SMS)
    )
    op.create_index(
        "ix_interactions_provider_id",
        "interactions",
        ["provider_id"],
        postgresql_where=sa.text(f"{_SMS} AND provider_id IS NOT NULL"),
    )
    op.create_table(
        "phone_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("exchange_id", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False, server_default=""),
        sa.Column("line", sa.Text(), nullable=False, server_default=""),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        *(sa.Column(name, moment, nullable=True) for name in _MOMENTS),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.Column("call_back_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_calls")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_phone_calls_exchange_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_phone_calls_agent_id_agents")),
    )
    unsaid = sa.text("interaction_id IS NULL AND missed_at IS NULL")
    op.create_index("ix_phone_calls_unsaid", "phone_calls", ["agent_id", "id"], postgresql_where=unsaid)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("phone_calls")
    op.drop_index("ix_interactions_provider_id", "interactions")
    op.drop_index("ix_interactions_sms_to", "interactions")
    op.drop_column("interactions", "delivered_at")
    op.drop_constraint(op.f("uq_agents_extension"), "agents")
    op.drop_column("agents", "extension")
