"""What a call leaves behind: danger said and checked, for whom the call is."""

revision = "0014_call"
down_revision = "0013_resident"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
