"""Who works on a case now: whom its restriction would cut off, said before and after."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import may_read
from crm.cases.lifecycle import WITH_UNIT
from crm.cases.models import Case
from crm.cases.orders.models import WorkOrder
from crm.cases.rounds.models import Round, RoundStop
from crm.cases.sheets import CaseSheet
from crm.staff import actor_of

_W, _R, _S = (cast(Any, cast(sa.Table, entity.__table__).c) for entity in (WorkOrder, Round, RoundStop))


class WorkingAs(StrEnum):
    CHARGE = "charge"  # the service it is entrusted to
    FOLLOWS = "follows"  # the agent who took it up
    ORDER = "order"  # another service that owes an intervention
    ROUND = "round"  # the agent whose round stops there


@dataclass(frozen=True, slots=True)
class AtWork:
    """A service or an agent, as a mark of crm/access/restriction.py; `day`: of the round."""

    mark: str
    part: WorkingAs
    day: date | None = None


def at_work(session: Session, case: Case | CaseSheet, today: date) -> list[AtWork]:
    """The service in charge first. One statement, and one more when the case has orders."""
    if case.state not in WITH_UNIT or case.unit_id is None:
        return []
    found = [AtWork(f"u{case.unit_id}", WorkingAs.CHARGE)]
    if case.accepted_by_id is not None:
        found.append(AtWork(f"a{case.accepted_by_id}", WorkingAs.FOLLOWS))
    if case.open_order_count:
        owed = sa.select(_W.unit_id).where(_W.case_id == case.id, _W.ended_at.is_(None)).distinct()
        owing = sorted(set(session.scalars(owed)) - {case.unit_id})
        found += [AtWork(f"u{id_}", WorkingAs.ORDER) for id_ in owing]
    stops = (
        sa.select(_R.agent_id, sa.func.min(_R.day))
        .join(RoundStop, _S.round_id == _R.id)
        .where(_S.case_id == case.id, _R.day >= today, _R.cancelled_at.is_(None), _R.agent_id.is_not(None))
        .group_by(_R.agent_id)
        .order_by(_R.agent_id)
    )
    return found + [AtWork(f"a{id_}", WorkingAs.ROUND, day) for id_, day in session.execute(stops)]


def cut_off(session: Session, working: Collection[AtWork], readers: Collection[str]) -> list[AtWork]:
    """Those of them who do not read a case of these readers; each once."""
    left = {one.mark: one for one in working if not _reads(session, one.mark, readers)}
    return list(left.values())


def _reads(session: Session, mark: str, readers: Collection[str]) -> bool:
    if mark.startswith("u"):
        return mark in readers and f"-{mark}" not in readers
    actor = actor_of(session, int(mark[1:]))
    return actor is not None and may_read(actor, readers)
