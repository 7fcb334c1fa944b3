"""Nothing unaccounted."""

revision = "0027_unaccounted"
down_revision = "0026_channels_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
