"""What the desk at full speed still lacked.

Safe while running: only adds.
"""

from alembic import op

revision = "0016_desk_gaps"
down_revision = "0015_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
