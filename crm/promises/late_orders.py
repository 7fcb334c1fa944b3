"""Work asked of a service, once its own day has passed: whoever owes it and whoever leads the demand are
told, the next morning, once for each day given.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import Case
from crm.cases.orders import WorkOrder
from crm.foundation import PARIS, UnitOfWork
from crm.promises.models import Notice
from crm.promises.notices import agents_holding, tell
from crm.staff import Agent

_KIND = "order_late"
_MORNING = timedelta(hours=7)  # nobody is told at midnight
_NEWS = timedelta(days=7)  # who wanted to hear of older ones has: the others said that they do not
_C: Any = cast(sa.Table, Case.__table__).c
_O: Any = cast(sa.Table, WorkOrder.__table__).c
_N: Any = cast(sa.Table, Notice.__table__).c
_DAY_TOLD = sa.cast(sa.func.timezone("Europe/Paris", _N.due_at), sa.Date())


def warn_of_late_orders(uow: UnitOfWork) -> list[int]:
    """Returns the agents who were told; of what was done or put off, nobody's bell speaks any more."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    today = (uow.now.astimezone(PARIS) - _MORNING).date()
    late = sa.and_(_O.ended_at.is_(None), _O.due_on < today)
    same = sa.and_(_N.kind == _KIND, _N.case_id == _O.case_id, _O.due_on == _DAY_TOLD)
    over = sa.update(Notice).where(_N.kind == _KIND, _N.read_at.is_(None), ~sa.exists().where(same, late))
    uow.session.execute(over.values(read_at=uow.now).execution_options(synchronize_session=False))
    mine = Agent.__table__.c
    query = (
        sa.select(_O.case_id, _O.due_on, _O.unit_id, _C.unit_id.label("lead_id"), mine.id.label("agent_id"))
        .join(Case.__table__, _C.id == _O.case_id)
        .outerjoin(Agent.__table__, sa.and_(mine.id == _O.agent_id, mine.is_active))
        .where(late, _O.due_on >= today - _NEWS, ~sa.exists().where(same))
        .order_by(_O.case_id, _O.due_on)
    )
    leads = cache(lambda unit_id: agents_holding(uow.session, "team_lead", unit_id) if unit_id else [])
    supervisors = agents_holding(uow.session, "supervisor")
    whom: dict[tuple[int, date], set[int]] = {}
    for row in uow.session.execute(query).all():
        owing = [row.agent_id] if row.agent_id else leads(row.unit_id)
        told = {*owing, *leads(row.lead_id)} or supervisors
        whom.setdefault((row.case_id, row.due_on), set()).update(told)
    return [
        one
        for (case_id, day), agents in whom.items()
        for one in tell(uow, agents, _KIND, case_id, datetime.combine(day, time(12), PARIS))
    ]
