"""What an agent was typing, and how each one likes the screens."""

revision = "0010_drafts"
down_revision = "0009_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
