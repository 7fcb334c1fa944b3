"""Nothing yet."""

revision = "0038_field"
down_revision = "0037_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
