"""What the clocks of cases are derived from, read for many cases in three statements: the cases and what
their categories promise, their facts, what we sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, CaseState
from crm.catalogue.models import CategoryRow
from crm.contacts.models import SupportNeed
from crm.deadlines import DelayUnit, Pause, PauseReason
from crm.foundation import EventRow
from crm.interactions import Interaction, OtherWay, SendingState
from crm.interactions.models import LEFT
from crm.promises.case_facts import CaseFacts

_DELAY_DAYS = 5  # promised while nobody knows what it is about
_C = cast(sa.Table, Case.__table__).c
_I = cast(sa.Table, Interaction.__table__).c
_E = cast(sa.Table, EventRow.__table__).c

_ENTRUSTED = frozenset({"case.routed", "case.reopened", "case.unmerged", "case.parted"})
_TAKEN = frozenset(
    {
        "case.accepted", "case.planned", "case.secured", "case.awaits_partner", "case.resumed",
        "case.resolved", "case.entrusted", "case.on_the_way", "urgent.taken",
    }
)  # fmt: skip
_SETS_DATE = {"case.delayed": "delay", "case.raised": "raised", "case.reopened": "reopened"}
_ENDS_WAITING = frozenset(
    {
        "case.replied", "case.resumed", "case.planned", "case.secured", "case.awaits_partner", "case.routed",
        "case.bounced", "case.resolved", "case.closed", "case.referred", "case.cancelled", "case.merged",
        "case.reopened",
    }
)  # fmt: skip

_MAY_BE_UNDONE = frozenset({"case.asked", "case.closed"})

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
    questions: list[Pause] = field(default_factory=list)  # those that left since we wait

    def hear(self, fact: Any, sent: Mapping[int, datetime]) -> None:
        self.last_event = fact.id
        if fact.kind in _ENDS_WAITING:
            self.pauses += _in_turn(self.questions, fact.at)
            self.questions = []
        if fact.kind in _ENTRUSTED:
            self.entrusted_at, self.taken_at = fact.at, None
        elif fact.kind == "case.bounced":
            self.entrusted_at = self.taken_at = None
        elif fact.kind in _TAKEN and self.taken_at is None:
            self.taken_at = fact.at
        self._hear_of_dates(fact)
        if fact.kind == "case.asked" and (left_at := sent.get(int(fact.data["interaction_id"]))):
            reason = PauseReason(fact.data.get("reason") or PauseReason.PRECISION)
            self.questions.append(Pause(reason, left_at))

    def _hear_of_dates(self, fact: Any) -> None:
        if fact.kind in _SETS_DATE:
            self.set_by, self.set_at = _SETS_DATE[fact.kind], fact.at
        elif fact.kind == "case.edited" and "due_at" in fact.data.get("changes", {}):
            self.set_by, self.set_at = "category", None  # corrected: its new category counts from reception

    @property
    def every_pause(self) -> tuple[Pause, ...]:
        return (*self.pauses, *_in_turn(self.questions, None))


def _in_turn(questions: Iterable[Pause], ends: datetime | None) -> list[Pause]:
    """One wait is one pause after another: each lasts until the next question left, the last until we wait no
    more; what leaves later than that pauses nothing."""
    left = sorted(
        (one for one in questions if ends is None or one.since < ends), key=lambda pause: pause.since
    )
    until = [*(pause.since for pause in left[1:]), ends]
    pauses = (replace(pause, until=at) for pause, at in zip(left, until, strict=False))
    return [pause for pause in pauses if pause.since != pause.until]


@dataclass(slots=True)
class _Sent:
    """What left for the usager of one case.

    Args:
        at: message → when; one that was refused left when it did by another way.
    """

    at: dict[int, datetime] = field(default_factory=dict)
    receipt_at: datetime | None = None
    by_a_person_at: datetime | None = None


def facts_of(session: Session, case_ids: Collection[int]) -> dict[int, CaseFacts]:
    """Case's id → what bears on its clocks. Three statements, however many cases."""
    rows = session.execute(_CASES.where(_C.id.in_(case_ids))).all()
    sent = _sent(session, case_ids)
    told = _told(session, case_ids, sent)
    return {row.id: _facts(row, told[row.id], sent[row.id]) for row in rows}


def pauses_of(session: Session, case_id: int) -> tuple[Pause, ...]:
    """Those of one case, oldest first; counted or not."""
    return _told(session, [case_id], _sent(session, [case_id]))[case_id].every_pause


def _sent(session: Session, case_ids: Collection[int]) -> defaultdict[int, _Sent]:
    left = (
        sa.select(_I.id, _I.case_id, _I.kind, _I.agent_id, _I.state, _I.sent_at, OtherWay.refused_id)
        .outerjoin(OtherWay, OtherWay.message_id == _I.id)
        .where(
            _I.case_id.in_(case_ids),
            _I.direction == "out",
            _I.is_public,
            _I.state.in_([*map(str, LEFT), SendingState.REFUSED]),
        )
        .order_by(_I.id.desc())  # another way is newer than what it replaces
    )
    found: defaultdict[int, _Sent] = defaultdict(_Sent)
    for row in session.execute(left):
        one = found[row.case_id]
        if row.state != SendingState.REFUSED:
            one.at[row.id] = row.sent_at
        if (at := one.at.get(row.id)) is None:
            continue
        if row.refused_id is not None:
            one.at[row.refused_id] = at
        if row.kind in {"registration", "acknowledgement"}:
            one.receipt_at = min(at, one.receipt_at or at)
        elif row.agent_id is not None:
            one.by_a_person_at = min(at, one.by_a_person_at or at)
    return found


def _told(session: Session, case_ids: Collection[int], sent: Mapping[int, _Sent]) -> defaultdict[int, _Told]:
    query = (
        sa.select(_E.id, _E.subject_id, _E.kind, _E.at, _E.data)
        .where(_E.subject_kind == "case", _E.subject_id.in_(case_ids))
        .order_by(_E.id)
    )
    facts: defaultdict[int, list[Any]] = defaultdict(list)
    for fact in session.execute(query):
        facts[fact.subject_id].append(fact)
    nothing = _Sent()
    return defaultdict(
        _Told, {id_: heard(of_case, sent.get(id_, nothing).at) for id_, of_case in facts.items()}
    )


def heard(facts: Sequence[Any], sent: Mapping[int, datetime]) -> _Told:
    """The facts of one case, in their order. An act that was taken back never was.

    Args:
        sent: message → when it left, of those that did.
    """
    undone = {fact.data["interaction_id"] for fact in facts if fact.kind == "case.taken_back"}
    told = _Told()
    for fact in facts:
        if fact.kind not in _MAY_BE_UNDONE or fact.data.get("interaction_id") not in undone:
            told.hear(fact, sent)
    return told


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
