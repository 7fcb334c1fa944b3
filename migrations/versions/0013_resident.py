"""What the resident may do while following a demand."""

revision = "0013_resident"
down_revision = "0012_desk_and_field"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
