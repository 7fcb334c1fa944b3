"""What the mairie's desk and the field need."""

revision = "0012_desk_and_field"
down_revision = "0011_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
