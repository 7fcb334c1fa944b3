"""Work orders, incidents and rounds."""

revision = "0031_work"
down_revision = "0030_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
