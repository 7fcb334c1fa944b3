"""A reply text may have its translation beside it: one more part of what a text is for."""

import sqlalchemy as sa
from alembic import op

revision = "0045_translations"
down_revision = "0043_unit_calendars"
branch_labels = None
depends_on = None

_USE = ("message", "outcome", "domain_code", "category_code", "channel")


def upgrade() -> None:
    op.execute("SET lock_timeout = '2s'")
    op.add_column("reply_templates", sa.Column("language", sa.Text(), server_default="", nullable=False))
    op.create_check_constraint("language_known", "reply_templates", "language IN ('', 'en')")
    _index(*_USE, "language")


def downgrade() -> None:
    op.execute("SET lock_timeout = '2s'")
    op.execute("DELETE FROM reply_templates WHERE language <> ''")
    op.drop_constraint("language_known", "reply_templates", type_="check")
    _index(*_USE)
    op.drop_column("reply_templates", "language")


def _index(*columns: str) -> None:
    op.drop_index("uq_reply_templates_use", table_name="reply_templates")
    op.create_index(
        "uq_reply_templates_use",
        "reply_templates",
        list(columns),
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("is_active"),
    )
