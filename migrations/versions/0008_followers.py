"""People who follow a demand that others made, and where demands are near each other."""

revision = "0008_followers"
down_revision = "0007_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
