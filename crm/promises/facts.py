"""What the clocks of cases are derived from, read for many cases in three statements: the cases and what
their categories promise, their facts, what we sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, CaseState
from crm.catalogue.models import CategoryRow
from crm.contacts.models import SupportNeed
from crm.deadlines import DelayUnit, Pause, PauseReason
from crm.foundation import EventRow
from crm.interactions import Exchange, Interaction
from crm.interactions.models import LEFT
from crm.promises.clocks import CaseFacts

_DELAY_DAYS = 5  # promised while nobody knows what it is about
_C = cast(sa.Table, Case.__table__).c
_I = cast(sa.Table, Interaction.__table__).c
_E = cast(sa.Table, EventRow.__table__).c

_ENTRUSTED = frozenset({"case.routed", "case.reopened", "case.unmerged", "case.parted"})
_TAKEN = frozenset(
    {
        "case.accepted", "case.planned", "case.secured", "case.awaits_partner", "case.resumed",
        "case.replied", "case.resolved", "case.entrusted", "case.on_the_way", "urgent.taken",
    }
)  # fmt: skip
_SETS_DATE = {"case.delayed": "delay", "case.raised": "raised", "case.reopened": "reopened"}
_ENDS_WAITING = frozenset(
    {
        "case.replied", "case.resumed", "case.planned", "case.secured", "case.awaits_partner", "case.routed",
        "case.bounced", "case.resolved", "case.closed", "case.cancelled", "case.merged", "case.reopened",
        "case.taken_back",
    }
)  # fmt: skip

_CASES = (
    sa.select(
        _C.id, _C.state, _C.priority, _C.channel, _C.unit_id, _C.accepted_by_id, _C.answer_channel,
        _C.duplicate_of_id, _C.received_at, _C.created_at, _C.announced_due_at, _C.due_at, _C.resolved_at,
        _C.answered_at, _C.closed_at, CategoryRow.delay_days, CategoryRow.delay_unit,
        sa.exists().where(SupportNeed.contact_id == _C.contact_id).label("needs"),
    )
    .select_from(Case.__table__)
    .outerjoin(CategoryRow, CategoryRow.code == _C.category_code)
)  # fmt: skip


@dataclass(slots=True)
class _Told:
    """What the facts of one case say, gone through in their order."""

    last_event: int = 0
    entrusted_at: datetime | None = None
    taken_at: datetime | None = None
    set_by: str = "category"
    set_at: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    waiting: Pause | None = None

    def hear(self, fact: Any, sent: Mapping[int, datetime]) -> None:
        self.last_event = fact.id
        if fact.kind in _ENDS_WAITING and self.waiting is not None:
            self._wait_no_more(fact.at)
        if fact.kind in _ENTRUSTED:
            self.entrusted_at, self.taken_at = fact.at, None
        elif fact.kind == "case.bounced":
            self.entrusted_at = self.taken_at = None
        elif fact.kind in _TAKEN and self.taken_at is None:
            self.taken_at = fact.at
        self._hear_of_dates(fact)
        if fact.kind == "case.asked" and (left_at := sent.get(int(fact.data["interaction_id"]))):
            self.waiting = Pause(PauseReason(fact.data.get("reason") or PauseReason.PRECISION), left_at)

    def _hear_of_dates(self, fact: Any) -> None:
        if fact.kind in _SETS_DATE:
            self.set_by, self.set_at = _SETS_DATE[fact.kind], fact.at
        elif fact.kind == "case.edited" and "due_at" in fact.data.get("changes", {}):
            self.set_by, self.set_at = "category", None  # corrected: its new category counts from reception

    def _wait_no_more(self, at: datetime) -> None:
        if self.waiting is not None and self.waiting.since < at:
            self.pauses.append(Pause(self.waiting.reason, self.waiting.since, at))
        self.waiting = None

    @property
    def every_pause(self) -> tuple[Pause, ...]:
        return (*self.pauses, self.waiting) if self.waiting else tuple(self.pauses)


@dataclass(slots=True)
class _Sent:
    """What left for the usager of one case."""

    at: dict[int, datetime] = field(default_factory=dict)
    receipt_at: datetime | None = None
    by_a_person_at: datetime | None = None


def facts_of(session: Session, case_ids: Collection[int]) -> dict[int, CaseFacts]:
    """Case's id → what bears on its clocks. Three statements, however many cases."""
    rows = session.execute(_CASES.where(_C.id.in_(case_ids))).all()
    sent = _sent(session, case_ids)
    told = _told(session, case_ids, sent)
    return {row.id: _facts(row, told[row.id], sent[row.id]) for row in rows}


def pauses_in(facts: Iterable[Any], said: Iterable[Exchange]) -> tuple[Pause, ...]:
    """The same pauses, from the facts of one case in their order and its exchanges, read already."""
    left = {
        one.id: one.sent_at
        for one in said
        if one.sent_at and one.state in LEFT and one.is_public and one.direction == "out"
    }
    told = _Told()
    for fact in facts:
        told.hear(fact, left)
    return told.every_pause


def _sent(session: Session, case_ids: Collection[int]) -> defaultdict[int, _Sent]:
    left = (
        sa.select(_I.id, _I.case_id, _I.kind, _I.agent_id, _I.sent_at)
        .where(
            _I.case_id.in_(case_ids),
            _I.direction == "out",
            _I.is_public,
            _I.state.in_([str(s) for s in LEFT]),
        )
        .order_by(_I.sent_at, _I.id)
    )
    found: defaultdict[int, _Sent] = defaultdict(_Sent)
    for row in session.execute(left):
        one = found[row.case_id]
        one.at[row.id] = row.sent_at
        if row.kind in {"registration", "acknowledgement"}:
            one.receipt_at = one.receipt_at or row.sent_at
        elif row.agent_id is not None:
            one.by_a_person_at = one.by_a_person_at or row.sent_at
    return found


def _told(session: Session, case_ids: Collection[int], sent: Mapping[int, _Sent]) -> defaultdict[int, _Told]:
    query = (
        sa.select(_E.id, _E.subject_id, _E.kind, _E.at, _E.data)
        .where(_E.subject_kind == "case", _E.subject_id.in_(case_ids))
        .order_by(_E.id)
    )
    found: defaultdict[int, _Told] = defaultdict(_Told)
    nothing = _Sent()
    for fact in session.execute(query):
        found[fact.subject_id].hear(fact, sent.get(fact.subject_id, nothing).at)
    return found


def _facts(row: Any, told: _Told, sent: _Sent) -> CaseFacts:
    unit: DelayUnit = "month" if row.delay_unit == "month" else "working_day"
    return CaseFacts(
        case_id=row.id,
        seen_event=told.last_event,
        state=CaseState(row.state),
        priority=row.priority,
        channel=row.channel,
        delay=row.delay_days or _DELAY_DAYS,
        delay_unit=unit,
        unit_id=row.unit_id,
        accepted_by_id=row.accepted_by_id,
        is_told=row.answer_channel != "none",
        is_duplicate=row.duplicate_of_id is not None,
        received_at=row.received_at,
        created_at=row.created_at,
        announced_due_at=row.announced_due_at,
        due_at=row.due_at,
        resolved_at=row.resolved_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        entrusted_at=told.entrusted_at if row.unit_id is not None else None,
        taken_at=told.taken_at,
        receipt_at=sent.receipt_at,
        first_answer_at=sent.by_a_person_at or row.answered_at,
        set_by=told.set_by,
        set_at=told.set_at or row.received_at,
        pauses=told.every_pause,
        needs=row.needs,
    )
