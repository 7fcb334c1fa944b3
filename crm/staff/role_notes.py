"""Why roles are given and taken: kept beside the facts, which hold no words."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import clean
from crm.staff.models import RoleNote

LONGEST_NOTE = 500


def keep_note(session: Session, agent_id: int, words: str) -> int | None:
    """Returns its id; None when nothing is said."""
    if not (text := clean(words)[:LONGEST_NOTE]):
        return None
    row = RoleNote(agent_id=agent_id, text=text)
    session.add(row)
    session.flush()
    return row.id


def role_notes(session: Session, note_ids: Collection[int]) -> dict[int, str]:
    """Id → words."""
    if not note_ids:
        return {}
    asked = sa.select(RoleNote.id, RoleNote.text).where(RoleNote.id.in_(note_ids))
    return {row.id: row.text for row in session.execute(asked)}
