"""On-call shifts by agent: every page of an agent asks whether they are on call.

A small table: the index is built at once.
"""

from alembic import op

revision = "0049_who_is_on_call"
down_revision = "0048_planned_calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_index("ix_on_call_shifts_agent", "on_call_shifts", ["agent_id", "ends_at"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index("ix_on_call_shifts_agent", table_name="on_call_shifts")
