"""Publications wait for each other: two of them take two version numbers, and the second sees the first."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

_LOCK = 7_206_001  # advisory, until the transaction ends


def one_at_a_time(session: Session) -> None:
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
