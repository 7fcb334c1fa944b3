"""Text search over demands, and saved views of lists."""

revision = "0009_search"
down_revision = "0008_followers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
