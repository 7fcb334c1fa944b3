"""Which facts subscribers may be told, and who is to be told of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.access import Permission, require
from crm.cases import (
    Case,
    CaseAccepted,
    CaseAsked,
    CaseAwaitsPartner,
    CaseBounced,
    CaseCancelled,
    CaseClosed,
    CaseDelayed,
    CaseMerged,
    CaseOpened,
    CasePlanned,
    CaseReferred,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseResumed,
    CaseRouted,
    CaseSecured,
)
from crm.foundation import Event, EventRow, UnitOfWork
from crm.webhooks.events import WebhookDue
from crm.webhooks.models import Sending, Subscription

TOLD: tuple[type[Event], ...] = (
    CaseOpened,
    CaseRouted,
    CaseReferred,
    CaseAccepted,
    CasePlanned,
    CaseSecured,
    CaseAsked,
    CaseReplied,
    CaseAwaitsPartner,
    CaseResumed,
    CaseBounced,
    CaseDelayed,
    CaseResolved,
    CaseClosed,
    CaseCancelled,
    CaseReopened,
    CaseMerged,
)
KINDS = tuple(fact.kind for fact in TOLD)
# Over a fact that is being written: does anybody want its kind?
WANTED = "EXISTS (SELECT 1 FROM webhook_subscriptions AS s WHERE s.is_active AND given.kind = ANY (s.kinds))"
_UNITS = ("unit_id", "from_unit_id")
_S = cast(sa.Table, Subscription.__table__).c
_CASE = sa.select(Case.unit_id, Case.readers)
_WANTING = sa.select(_S.id, _S.unit_id).where(
    _S.is_active, sa.bindparam("kind", type_=sa.Text()) == sa.any_(_S.kinds)
)


def prepare_sendings(
    uow: UnitOfWork, event_id: int, *, kind: str, case_id: int, data: Mapping[str, Any], at: datetime
) -> int:
    """One sending for each subscriber that wants this fact, each once. Returns how many are new.

    Without subscribers, one small statement.
    """
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    wanting = uow.session.execute(_WANTING, {"kind": kind}).all()
    if not wanting or _taken_back(uow, case_id, data):
        return 0
    case = uow.session.execute(_CASE.where(Case.id == case_id)).one_or_none()
    if case is None or case.readers is not None:
        return 0  # no machine reads a case whose readers are named
    of_units = {data.get(name) for name in _UNITS} | {case.unit_id} - {None}
    chosen = [row.id for row in wanting if row.unit_id is None or row.unit_id in of_units]
    if not chosen:
        return 0
    told = {"event_id": event_id, "case_id": case_id, "state": "waiting", "created_at": at}
    rows = [{"subscription_id": one, **told} for one in chosen]
    kept = postgresql.insert(Sending).values(rows).on_conflict_do_nothing().returning(Sending.id)
    new = sorted(uow.session.scalars(kept))
    for sending_id in new:
        uow.record(WebhookDue(subject_id=sending_id))
    return len(new)


def _taken_back(uow: UnitOfWork, case_id: int, data: Mapping[str, Any]) -> bool:
    """Its author took it back before it left: outside, it never was."""
    if not data.get("interaction_id"):
        return False
    back = sa.select(EventRow.id).where(
        EventRow.subject_kind == "case",
        EventRow.subject_id == case_id,
        EventRow.kind == "case.taken_back",
        EventRow.data["interaction_id"].as_integer() == data["interaction_id"],
    )
    return uow.session.scalar(back.limit(1)) is not None
