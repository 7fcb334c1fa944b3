"""An agent leaves: what they had begun goes to a colleague, and is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, allows, require
from crm.appointments import give_seats_to, seats_held
from crm.cases import Case, give_cases_to
from crm.cases.orders import give_orders_to, orders_held
from crm.foundation import Actor, Invalid, NotFound, UnitOfWork
from crm.intake import draft_count, give_drafts_to
from crm.network.events import AgentHandedOver
from crm.staff import Agent, actor_of, disable_account

_C = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Forms begun and not sent, demands and interventions that name the agent, seats at their appointments to
    come: taken, free. Counted: nothing is read.
    """

    drafts: int
    cases: int
    orders: int
    appointments: int
    seats: int

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.cases or self.orders or self.appointments or self.seats)


def left_behind(session: Session, actor: Actor, agent_id: int, now: datetime) -> LeftBehind:
    require(actor, Permission.STAFF_MANAGE)
    followed = sa.select(sa.func.count()).where(_C.closed_at.is_(None), _C.accepted_by_id == agent_id)
    return LeftBehind(
        draft_count(session, agent_id),
        session.scalar(followed) or 0,
        orders_held(session, agent_id=agent_id),
        *seats_held(session, agent_id, now),
    )


def deactivate_agent(uow: UnitOfWork, agent_id: int, *, heir_id: int | None) -> LeftBehind:
    """Close an account, hand over what it leaves. Demands, interventions and appointments name the
    colleague where they work in the same unit; else nobody, and the unit sees them in its lists. Free seats
    are proposed no more. Returns what was handed over.

    Raises:
        NotAllowed, NotFound.
        Invalid: `heir_id` → `required` (there are drafts), `unknown`, `no_demands` (they cannot finish
            drafts); `role` → `last_admin`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = uow.session.get(Agent, agent_id)
    if agent is None:
        raise NotFound()
    left = left_behind(uow.session, uow.actor, agent_id, uow.now)
    _check_heir(uow, agent_id, heir_id, left)
    disable_account(uow, agent.email)
    if not left.is_empty:
        if heir_id is not None:
            give_drafts_to(uow, agent_id, heir_id)
        give_cases_to(uow, agent_id, heir_id)
        give_orders_to(uow, agent_id, heir_id)
        give_seats_to(uow, agent_id, heir_id)
        uow.record(
            AgentHandedOver(
                subject_id=agent_id,
                to_agent_id=heir_id,
                drafts=left.drafts,
                cases=left.cases,
                orders=left.orders,
            )
        )
    return left


def _check_heir(uow: UnitOfWork, agent_id: int, heir_id: int | None, left: LeftBehind) -> None:
    if heir_id is None:
        if left.drafts:
            raise Invalid({"heir_id": "required"})
        return
    heir = actor_of(uow.session, heir_id) if heir_id != agent_id else None
    if heir is None:
        raise Invalid({"heir_id": "unknown"})
    if left.drafts and not allows(heir, Permission.CASE_CREATE):
        raise Invalid({"heir_id": "no_demands"})
