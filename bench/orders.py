"""Work orders for a population: one for three cases, as one case in three is sent out to be done."""

from __future__ import annotations

import sqlalchemy as sa

_EVERY = 3
# Of a case that is over, done; of one being worked on, a third each asked, accepted and planned.
# The first exchange of the case says what is to be done.
_ADD = """
INSERT INTO work_orders (key, case_id, number, state, unit_id, insee, origin_insee, responsible_insee,
    readers, due_on, planned_on, outcome, asked_at, updated_at, ended_at, asked_note_id, ended_note_id)
SELECT 'bench-' || c.id, c.id, 1,
    CASE WHEN over THEN 'done' ELSE (ARRAY['asked', 'accepted', 'planned'])[1 + (c.id / :every % 3)::int] END,
    c.unit_id, c.insee, c.origin_insee, c.responsible_insee, c.readers, c.due_at::date,
    CASE WHEN over THEN NULL ELSE current_date + (c.id % 12)::int END,
    CASE WHEN over THEN 'done' END, c.created_at, c.updated_at, CASE WHEN over THEN c.updated_at END,
    first.id, CASE WHEN over THEN first.id END
FROM cases c
CROSS JOIN LATERAL (SELECT c.state IN ('resolved', 'closed') AS over) AS ended
CROSS JOIN LATERAL (SELECT min(i.id) AS id FROM interactions i WHERE i.case_id = c.id) AS first
WHERE c.id % :every = 0 AND c.unit_id IS NOT NULL AND c.due_at IS NOT NULL AND first.id IS NOT NULL
    AND c.state IN ('assigned', 'in_progress', 'scheduled', 'resolved', 'closed')
"""
_COUNT = """
UPDATE cases SET order_count = 1, open_order_count = (w.ended_at IS NULL)::int
FROM work_orders w WHERE w.case_id = cases.id
"""


def add_orders(engine: sa.Engine) -> int:
    with engine.begin() as connection:
        connection.execute(
            sa.text("SET LOCAL session_replication_role = replica")
        )  # keys are known to be right
        added = connection.execute(sa.text(_ADD), {"every": _EVERY}).rowcount
        connection.execute(sa.text(_COUNT))
    return added
