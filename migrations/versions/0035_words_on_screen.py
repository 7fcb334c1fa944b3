"""Short texts for calls and answers.

Safe while running: a new, empty table. Undo: they are lost; reply templates keep the words last published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035_words_on_screen"
down_revision = "0034_catalogue_on_screen"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "snippets",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("category_code", sa.Text, sa.ForeignKey("categories.code")),
        sa.Column("domain_code", sa.Text, sa.ForeignKey("domains.code")),
        sa.Column("until", sa.Date),
        sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.CheckConstraint("category_code IS NULL OR domain_code IS NULL", name="one_subject"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("snippets")
