"""Kept counters of the supervisor's board."""

revision = "0011_board"
down_revision = "0010_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
