"""Calendars, clocks and whom to remind."""

revision = "0030_promises"
down_revision = "0029_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
