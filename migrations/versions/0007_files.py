"""Photos and files of a case, and where their bytes are."""

revision = "0007_files"
down_revision = "0006_asking_needs_no_unit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
