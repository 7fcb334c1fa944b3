"""A category is retired on a day, for another that takes its new demands.

Safe while running: a small table, columns without a default; the process of before does not name them.
Undo: the days and the heirs are lost; retire the categories by their file first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034_catalogue_on_screen"
down_revision = "0033_revisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("categories", sa.Column("retired_on", sa.Date))
    op.add_column("categories", sa.Column("replaced_by", sa.Text))
    op.create_foreign_key(
        "fk_categories_replaced_by_categories", "categories", "categories", ["replaced_by"], ["code"]
    )
    op.create_check_constraint(
        "heir_needs_a_day", "categories", "replaced_by IS NULL OR retired_on IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("categories", "replaced_by")
    op.drop_column("categories", "retired_on")
