"""Agents who work together."""

revision = "0032_together"
down_revision = "0031_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
