"""Calendars published for a day to come. Undo: those that have not taken effect are forgotten."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0048_planned_calendars"
down_revision = "0047_role_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "planned_calendars",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("calendar_id", sa.BigInteger, sa.ForeignKey("calendars.id")),
        sa.Column("written", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("takes_effect_on", sa.Date, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger),
        sa.Column("version", sa.Integer, sa.ForeignKey("calendar_versions.version")),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "uq_planned_calendars_one_to_come",
        "planned_calendars",
        ["calendar_id"],
        unique=True,
        postgresql_where=sa.text("version IS NULL AND withdrawn_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("planned_calendars")
