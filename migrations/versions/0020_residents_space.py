"""A resident's own space: links sent by mail, sessions, preferences.

Safe while running: only adds.
"""

from alembic import op

revision = "0020_residents_space"
down_revision = "0019_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
