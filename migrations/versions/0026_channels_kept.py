"""What channels keep besides."""

revision = "0026_channels_kept"
down_revision = "0025_read_from_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
