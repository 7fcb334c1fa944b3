"""What a resident asked for, as their own space lists it: by every channel, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.lifecycle import CaseState, PublicStep, public_step
from crm.cases.models import Case

_C = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class OwnDemand:
    """One line: `token` opens its page, `is_ended` puts it below the others."""

    reference: str
    token: str
    category_code: str | None
    object: str
    received_at: datetime
    channel: str
    step: PublicStep
    is_ended: bool


def own_demands(session: Session, contact_ids: Sequence[int], limit: int = 100) -> list[OwnDemand]:
    """Of these contacts, who are the one mailbox that was proved."""
    query = (
        sa.select(
            _C.reference, _C.public_token, _C.category_code, _C.object, _C.received_at, _C.channel,
            _C.state, _C.outcome,
        )
        .where(_C.contact_id.in_(contact_ids))
        .order_by(_C.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [_line(row) for row in session.execute(query)] if contact_ids else []


def _line(row: sa.Row) -> OwnDemand:  # type: ignore[type-arg]
    state = CaseState(row.state)
    step = public_step(state, row.outcome)
    ended = state in {CaseState.CLOSED, CaseState.CANCELLED}
    return OwnDemand(
        row.reference,
        row.public_token,
        row.category_code,
        row.object,
        row.received_at,
        row.channel,
        step,
        ended,
    )
