"""A case with a long story."""

from __future__ import annotations

import psycopg

_NOTES = """
WITH notes AS (
  INSERT INTO interactions (case_id, direction, channel, kind, body, state, occurred_at, created_at)
  SELECT %(id)s, 'internal', 'internal', 'note', 'Vu avec l’équipe, à suivre. ' || n, 'recorded', now(), now()
  FROM generate_series(1, %(notes)s) n
  RETURNING id
)
INSERT INTO events (kind, subject_kind, subject_id, actor_kind, at, data)
SELECT 'note.added', 'case', %(id)s, 'system', now(),
       jsonb_build_object('interaction_id', id, 'note_kind', 'note')
FROM notes
"""
_CALM = """
SELECT c.id, c.reference FROM cases c
WHERE closed_at IS NULL AND unit_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM events e WHERE e.subject_kind = 'case' AND e.subject_id = c.id
                  AND e.kind = 'note.added')
ORDER BY c.id LIMIT 1
"""


def case_with(connection: psycopg.Connection, entries: int) -> str:
    """The reference of an open case that is given so many notes, as a long quarrel leaves."""
    found = connection.execute(_CALM).fetchone()
    assert found, "no open case without notes"
    connection.execute(_NOTES, {"id": found[0], "notes": entries})
    connection.commit()
    return str(found[1])


def opened_case(database_url: str) -> str:
    """The reference of an open case."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute(_CALM).fetchone()
    assert found, "no open case without notes"
    return str(found[1])
