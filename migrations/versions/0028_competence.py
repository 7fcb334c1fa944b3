"""Competence edited, dated and published."""

revision = "0028_competence"
down_revision = "0027_unaccounted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
