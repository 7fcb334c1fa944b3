"""Count open demands, and pick those nearby, from indexes that hold what is needed.

Both are built without stopping anybody's work, outside a transaction; run again after a failure, they start
anew. Undo: the index of before is built again.
"""

from alembic import op

revision = "0025_read_from_indexes"
down_revision = "0024_webhooks_out"
branch_labels = None
depends_on = None

_ENDED_AT = "COALESCE(closed_at, 'infinity'::timestamp with time zone)"
_MAY_BE_THE_SAME = "cell IS NOT NULL AND duplicate_of_id IS NULL AND state <> 'cancelled'"
_COUNTED = "state, priority, due_at, insee, origin_insee, responsible_insee, contested_at, reminder_waiting_since, id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_open_counts")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_cases_open_counts ON cases (unit_id) "
            f"INCLUDE ({_COUNTED}) WHERE closed_at IS NULL"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_nearby_held")
        op.execute(
            f"CREATE INDEX CONCURRENTLY ix_cases_nearby_held ON cases (cell, category_code, {_ENDED_AT}) "
            f"INCLUDE (id, lon, lat, closed_at) WHERE {_MAY_BE_THE_SAME}"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_nearby")
        op.execute("ALTER INDEX ix_cases_nearby_held RENAME TO ix_cases_nearby")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_open_counts")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_nearby")
        op.execute(
            f"CREATE INDEX CONCURRENTLY ix_cases_nearby ON cases (cell, category_code, {_ENDED_AT}) "
            f"WHERE {_MAY_BE_THE_SAME}"
        )
