"""Webhooks out: who is told of what, and what they were told.

Safe while running: only adds.
"""

from alembic import op

revision = "0024_webhooks_out"
down_revision = "0023_legal_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
