"""Tell the planner that a state and « not closed » go together.

Taken as independent, they made it believe that the open cases of a state are a handful, and walk them all
to find those of one unit. Safe while running: takes a light lock; the next ANALYZE fills it.
"""

from alembic import op

revision = "0015_speed"
down_revision = "0014_call"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("CREATE STATISTICS st_cases_open (mcv) ON state, closed_at FROM cases")
    op.execute("ANALYZE cases")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP STATISTICS st_cases_open")
