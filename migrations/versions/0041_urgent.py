"""A service's emergencies stand in an index of their own: they are read first, on each of its pages.

Built without stopping anybody's work, outside a transaction; run again after a failure, it starts anew.
"""

from alembic import op

revision = "0041_urgent"
down_revision = "0040_moments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_urgent")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_cases_urgent ON cases (unit_id, due_at, id) "
            "WHERE closed_at IS NULL AND priority = 1"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_urgent")
