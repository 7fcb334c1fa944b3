"""Cases that came back twice: for a coordinator, with all that was said each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, visible
from crm.cases import MOST_RETURNS, Case, CaseState
from crm.foundation import Actor, EventRow

_RETURNS = ("case.bounced", "guest.referral_answered")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Return:
    """Once that it came back: from which unit of ours, or from outside."""

    at: datetime
    from_unit_id: int | None
    interaction_id: int | None


@dataclass(frozen=True, slots=True)
class Returned:
    id: int
    reference: str
    title: str
    category_code: str | None
    place_label: str
    bounce_count: int
    due_at: datetime
    history: tuple[Return, ...]


def cases_to_decide(session: Session, actor: Actor) -> list[Returned]:
    """Those that nobody but a coordinator may entrust again, the most urgent first. Two statements."""
    rows = session.execute(
        sa.select(
            Case.id, Case.reference, sa.func.left(Case.object, 140).label("title"), Case.category_code,
            Case.place_label, Case.bounce_count, Case.due_at,
        )
        .where(_waits_for(actor))
        .order_by(Case.due_at, Case.id)
        .limit(_MOST)
    ).all()  # fmt: skip
    history = _history(session, [row.id for row in rows])
    return [Returned(**row._asdict(), history=tuple(history.get(row.id, ()))) for row in rows]


def to_decide_count(session: Session, actor: Actor) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Case).where(_waits_for(actor))) or 0


def _waits_for(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(
        Case.closed_at.is_(None),
        Case.state == CaseState.REGISTERED,
        Case.bounce_count >= MOST_RETURNS,
        visible(actor, Case, Permission.CASE_COORDINATE),
    )


def _history(session: Session, case_ids: list[int]) -> dict[int, list[Return]]:
    facts = session.execute(
        sa.select(EventRow.subject_id, EventRow.at, EventRow.kind, EventRow.data)
        .where(
            EventRow.subject_kind == "case",
            EventRow.subject_id.in_(case_ids),
            EventRow.kind.in_(_RETURNS),
        )
        .order_by(EventRow.id)
    )
    found: dict[int, list[Return]] = {}
    for fact in facts:
        if fact.data.get("answer", "refused") == "refused":
            back = Return(fact.at, fact.data.get("from_unit_id"), fact.data.get("interaction_id"))
            found.setdefault(fact.subject_id, []).append(back)
    return found
