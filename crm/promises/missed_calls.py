"""Promised calls that nobody tried between their two moments: who promised and the supervisors hear once."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.interactions import Interaction, SendingState
from crm.promises.models import Notice
from crm.promises.notices import agents_holding, tell
from crm.staff import Agent

_A_ROUND = 200
_I = cast(sa.Table, Interaction.__table__).c
_N = cast(sa.Table, Notice.__table__).c
_TO_CALL = _I.state == sa.literal_column(f"'{SendingState.TO_CALL}'")  # a partial index serves a constant


def warn_of_missed_calls(uow: UnitOfWork) -> list[int]:
    """Returns the agents who were told."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    told = sa.select(_N.id).where(
        _N.case_id == _I.case_id, _N.kind == "call_missed", _N.due_at == _I.promised_until
    )
    late = (
        sa.select(_I.case_id, _I.promised_until, Agent.id.label("agent_id"))
        .select_from(Interaction)
        .outerjoin(Agent, sa.and_(Agent.id == _I.agent_id, Agent.is_active))
        .where(_TO_CALL, _I.tries == 0, _I.case_id.is_not(None), _I.promised_until <= uow.now, ~told.exists())
        .order_by(_I.promised_until, _I.id)
        .limit(_A_ROUND)
    )
    rows = uow.session.execute(late).all()
    supervisors = agents_holding(uow.session, "supervisor") if rows else []
    found: set[int] = set()
    for row in rows:
        whom = {*supervisors, *([row.agent_id] if row.agent_id is not None else [])}
        found |= set(tell(uow, whom, "call_missed", row.case_id, row.promised_until))
    return sorted(found)
