"""Reads of what usagers wrote and nobody answered yet, and of the links they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.lifecycle import CaseState
from crm.cases.lists.waiting_words import waits_for_a_word
from crm.cases.models import AnswerReach, Case
from crm.cases.sheets import CaseSheet, case_by_id
from crm.foundation import Actor, NotFound

_C = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A demand whose usager waits for a word of ours."""

    id: int
    reference: str
    category_code: str | None
    place_label: str
    state: CaseState
    priority: int
    unit_id: int | None
    contact_id: int | None
    waiting_since: datetime


def cases_written_to(session: Session, actor: Actor, *, limit: int = 100) -> list[WrittenCase]:
    """Open or ended, within the actor's reach, who waits longest first. One statement."""
    query = (
        sa.select(
            _C.id, _C.reference, _C.category_code, _C.place_label, _C.state, _C.priority, _C.unit_id,
            _C.contact_id, _C.message_waiting_since,
        )
        .where(waits_for_a_word(actor))
        .order_by(_C.message_waiting_since, _C.id)
        .limit(limit)
    )  # fmt: skip
    rows = session.execute(query)
    return [WrittenCase(*row[:4], CaseState(row.state), *row[5:]) for row in rows]


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """What the link of a confirmation is about."""

    case: CaseSheet
    channel: str
    reach: str
    asked_at: datetime
    confirmed_at: datetime | None


def reach_asked(session: Session, token: str) -> ReachAsked:
    """Raises NotFound."""
    row = session.scalar(sa.select(AnswerReach).where(AnswerReach.token == token))
    if row is None:
        raise NotFound()
    return ReachAsked(
        case_by_id(session, row.case_id), row.channel, row.reach, row.asked_at, row.confirmed_at
    )
