"""What is read of arrivals when many come at once: how much one domain has just sent.

Safe while running: the table is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_mail_matching"
down_revision = "0017_inbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index("ix_inbound_domain", "inbound", [sa.text("split_part(sender, '@', 2)"), "received_at"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index("ix_inbound_domain", table_name="inbound")
