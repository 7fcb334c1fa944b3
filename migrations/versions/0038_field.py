"""What telephones sent from the ground, by key: a second sending is told the same.

Safe while running: a new, empty table. Undo: a telephone that sends again what had arrived already is heard as if
for the first time; the case having moved since, its words are then kept as a note.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038_field"
down_revision = "0037_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "field_saves",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("occurred_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_field_saves_case_id_cases")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_field_saves")),
    )
    op.create_index("ix_field_saves_case", "field_saves", ["case_id", "agent_id"])
    op.create_index("ix_field_saves_received_at", "field_saves", ["received_at"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("field_saves")
