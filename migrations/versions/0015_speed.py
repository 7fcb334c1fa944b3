"""Indexes of the hot paths."""

revision = "0015_speed"
down_revision = "0014_call"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
