"""Facts of all the cases within reach, one after the other: what another programme follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.models import Case
from crm.foundation import Actor, EventRow
from crm.trail import TrailEntry

_LOOKED_AT = 1000  # facts a call goes through, whoever may see them: what it costs has an end
_SETTLED = timedelta(minutes=2)
_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C


def facts_within_reach(
    session: Session, actor: Actor, after: int, now: datetime, *, limit: int = 50
) -> tuple[list[tuple[str, TrailEntry]], int]:
    """Facts with the reference of their case, and the id after which to go on. One statement.

    Ids are given before a transaction commits: one that is missing may still come. Nothing beyond it is told
    while it is fresh, so that no follower skips anything.
    """
    window = sa.select(EventRow).where(EventRow.id > after).order_by(EventRow.id).limit(_LOOKED_AT).subquery()
    row = window.c
    within = sa.and_(row.subject_kind == "case", _C.id == row.subject_id, visible(actor, _SEEN))
    query = (
        sa.select(
            _C.reference,
            row.id, row.at, row.kind, row.subject_kind, row.subject_id, row.actor_kind, row.actor_id,
            row.organization_id, row.data,
        )
        .select_from(window.outerjoin(Case.__table__, within))
        .order_by(row.id)
    )  # fmt: skip
    found: list[tuple[str, TrailEntry]] = []
    last = after
    for reference, *fact in session.execute(query):
        entry = TrailEntry(*fact)
        if last and entry.id > last + 1 and entry.at > now - _SETTLED:
            break
        last = entry.id
        if reference is not None:
            found.append((reference, entry))
            if len(found) == limit:
                break
    return found, last
