"""Calendars besides the centre's, and which units go by them.

A version says of which calendar it is; those that are there are the centre's. Undo: units go by the centre's
again; clocks that run and that a calendar of theirs dated are marked to be reckoned at its next publication.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043_unit_calendars"
down_revision = "0042_outcomes_on_screen"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "calendars",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_folded", sa.Text, nullable=False, unique=True),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "unit_calendars",
        sa.Column("unit_id", sa.BigInteger, sa.ForeignKey("units.id"), primary_key=True),
        sa.Column("calendar_id", sa.BigInteger, sa.ForeignKey("calendars.id"), nullable=False),
    )
    op.add_column("calendar_versions", sa.Column("calendar_id", sa.BigInteger, sa.ForeignKey("calendars.id")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(
        "UPDATE case_clocks SET calendar_version = 0 WHERE met_at IS NULL AND ended_at IS NULL "
        "AND calendar_version IN (SELECT version FROM calendar_versions WHERE calendar_id IS NOT NULL)"
    )
    op.execute("DELETE FROM calendar_versions WHERE calendar_id IS NOT NULL")
    op.drop_column("calendar_versions", "calendar_id")
    op.drop_table("unit_calendars")
    op.drop_table("calendars")
