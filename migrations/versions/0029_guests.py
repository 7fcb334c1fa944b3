"""People outside who answer by a link."""

revision = "0029_guests"
down_revision = "0028_competence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
