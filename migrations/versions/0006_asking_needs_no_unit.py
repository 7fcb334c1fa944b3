"""The centre may wait for a usager's answer before any unit is known to be competent.

Safe while running: a check is replaced, the new one is proven in a second step that blocks no writer.
Undo: cases that wait without a unit go back to « À qualifier ».
"""

from alembic import op

revision = "0006_asking_needs_no_unit"
down_revision = "0005_timetable_runs"
branch_labels = None
depends_on = None

_NAME = "ck_cases_has_unit"
_BEFORE = "state IN ('registered', 'cancelled', 'closed') OR unit_id IS NOT NULL"
_AFTER = "state IN ('registered', 'waiting_requester', 'closed', 'cancelled') OR unit_id IS NOT NULL"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _replace(_AFTER)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("UPDATE cases SET state = 'registered' WHERE state = 'waiting_requester' AND unit_id IS NULL")
    _replace(_BEFORE)


def _replace(condition: str) -> None:
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT {_NAME}")
    op.execute(f"ALTER TABLE cases ADD CONSTRAINT {_NAME} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE cases VALIDATE CONSTRAINT {_NAME}")
