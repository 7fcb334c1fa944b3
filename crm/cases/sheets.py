"""One case whole, for whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases.lifecycle import CaseState
from crm.cases.models import RESTRICTED_SEEN, Case
from crm.foundation import Actor, NotFound

_C = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """Everything of one case but its exchanges and events."""

    id: int
    reference: str
    public_token: str
    kind: str
    state: CaseState
    channel: str
    category_code: str | None
    priority: int
    object: str
    answers: dict[str, Any]
    received_at: datetime
    created_at: datetime
    updated_at: datetime
    announced_due_at: datetime | None
    due_at: datetime
    planned_on: date | None
    made_safe_at: datetime | None
    resolved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    contested_at: datetime | None
    insee: str | None
    origin_insee: str | None
    responsible_insee: str | None
    sector_code: str | None
    street_id: int | None
    address_id: int | None
    place_label: str
    place_hint: str
    place_precision: str
    road_owner: str | None
    postcode: str | None
    lon: float | None
    lat: float | None
    contact_id: int | None
    answer_channel: str
    answer_to: str
    message_waiting_since: datetime | None
    reminded_at: datetime | None
    reminder_count: int
    unit_id: int | None
    organization_id: int | None
    agent_id: int | None
    accepted_by_id: int | None
    outcome: str | None
    no_answer_reason: str | None
    duplicate_of_id: int | None
    follower_count: int
    order_count: int
    open_order_count: int
    work_ended_at: datetime | None
    routing: dict[str, Any]
    bounce_count: int
    reopen_count: int
    version: int
    readers: list[str] | None


_SHEET = sa.select(*(_C[f.name] for f in fields(CaseSheet)))


def _sheet(session: Session, condition: sa.ColumnElement[bool]) -> CaseSheet | None:
    row = session.execute(_SHEET.where(condition)).one_or_none()
    if row is None:
        return None
    return CaseSheet(**{**row._asdict(), "state": CaseState(row.state)})


def one_case(session: Session, actor: Actor, reference: str) -> CaseSheet:
    """
    Raises:
        NotFound: no such case, or out of reach: the same answer.
    """
    sheet = _sheet(session, _C.reference == reference)
    if sheet is None:
        raise NotFound(reference=reference)
    require(actor, Permission.CASE_VIEW, sheet)
    if sheet.readers is not None:
        session.info.setdefault(RESTRICTED_SEEN, set()).add(sheet.id)
    return sheet


def case_by_token(session: Session, token: str) -> CaseSheet:
    """The case of a message's link. Raises NotFound."""
    sheet = _sheet(session, _C.public_token == token)
    if sheet is None:
        raise NotFound()
    return sheet


def case_by_id(session: Session, case_id: int) -> CaseSheet:
    """For what the programme itself composes. Raises NotFound."""
    sheet = _sheet(session, _C.id == case_id)
    if sheet is None:
        raise NotFound(case_id=case_id)
    return sheet


def tracked_case(session: Session, reference: str) -> CaseSheet | None:
    """The case a resident asks for; the caller still checks the proof."""
    return _sheet(session, _C.reference == reference)
