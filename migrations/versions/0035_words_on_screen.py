"""Nothing yet."""

revision = "0035_words_on_screen"
down_revision = "0034_catalogue_on_screen"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
