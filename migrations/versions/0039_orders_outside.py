"""Nothing yet."""

revision = "0039_orders_outside"
down_revision = "0038_field"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
