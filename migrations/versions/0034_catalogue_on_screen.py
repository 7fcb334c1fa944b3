"""Nothing yet."""

revision = "0034_catalogue_on_screen"
down_revision = "0033_revisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
