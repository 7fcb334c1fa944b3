"""What the telephone exchange tells, kept on the call it tells of; and whose screens must know."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.channels import Understood
from crm.foundation import UnitOfWork
from crm.inbox.models import Inbound, Outcome
from crm.interactions import CallStep, CallTold, note_call
from crm.staff import agent_at


def settle_call(uow: UnitOfWork, row: Inbound, told: Understood) -> tuple[Outcome, str | None]:
    said = told.details
    call_id, agents = note_call(
        uow,
        CallTold(
            exchange_id=said["call"],
            step=CallStep(said["event"]),
            at=min(told.sent_at or row.received_at, row.received_at),
            caller=told.sender,
            line=said["line"],
            agent_id=agent_at(uow.session, said["agent"]),
        ),
    )
    row.details = {**row.details, "call_id": call_id, "agents": sorted(agents)}
    return Outcome.INFORMATION, "call"


def screens_concerned(session: Session, inbound_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of an agent and the call that moved, from arrivals just understood."""
    if not inbound_ids:
        return []
    told = sa.select(Inbound.details).where(Inbound.id.in_(inbound_ids), Inbound.nature == "call")
    return [
        (agent_id, details["call_id"])
        for details in session.scalars(told)
        for agent_id in details.get("agents", ())
    ]
