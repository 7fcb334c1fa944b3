"""How many hours a service works in a week, and how long each thing it plans will take.

Columns that nobody has filled cost nothing; the indexes are built without stopping anybody's work, outside a
transaction; run again after a failure, it starts anew.
"""

from alembic import op

revision = "0046_weeks"
down_revision = "0045_translations"
branch_labels = None
depends_on = None

_PLANNED = ("cases", "work_orders")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute(
            "ALTER TABLE units ADD COLUMN IF NOT EXISTS weekly_minutes integer"
            " CONSTRAINT ck_units_weekly_minutes_counted CHECK (weekly_minutes > 0),"
            " ADD COLUMN IF NOT EXISTS usual_minutes integer NOT NULL DEFAULT 60"
            " CONSTRAINT ck_units_usual_minutes_counted CHECK (usual_minutes > 0)"
        )
        for table in _PLANNED:
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS planned_minutes integer")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_planned")
            op.execute(
                f"CREATE INDEX CONCURRENTLY ix_{table}_planned ON {table} (planned_on, unit_id) "
                "WHERE planned_on IS NOT NULL"
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        for table in _PLANNED:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_planned")
            op.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS planned_minutes")
        op.execute(
            "ALTER TABLE units DROP COLUMN IF EXISTS weekly_minutes, DROP COLUMN IF EXISTS usual_minutes"
        )
