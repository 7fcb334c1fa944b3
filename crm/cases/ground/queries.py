"""What was said of a save that had arrived before."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.ground.models import FieldSave
from crm.cases.ground.saving import Taken

_ROWS: Any = cast(sa.Table, FieldSave.__table__)


def answered(session: Session, agent_id: int | None, key: str) -> Taken | None:
    """Asked before any photo is opened, and whatever became of the case since."""
    row = session.execute(
        sa.select(_ROWS.c.is_done, _ROWS.c.why, _ROWS.c.version).where(
            _ROWS.c.key == key, _ROWS.c.agent_id == agent_id
        )
    ).one_or_none()
    return Taken(row.is_done, row.why, row.version, again=True) if row else None
