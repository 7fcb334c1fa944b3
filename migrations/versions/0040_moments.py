"""Nothing yet."""

revision = "0040_moments"
down_revision = "0039_orders_outside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
