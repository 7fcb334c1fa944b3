"""What came back twice is decided by one person: the supervisors are told, once for each return."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import MOST_RETURNS, Case, CaseState
from crm.foundation import EventRow, UnitOfWork
from crm.promises.models import Notice
from crm.promises.notices import agents_holding, tell

_KIND = "to_decide"
_AT_ONCE = 50
_C: Any = cast(sa.Table, Case.__table__).c
_E: Any = cast(sa.Table, EventRow.__table__).c
_N: Any = cast(sa.Table, Notice.__table__).c
_WAITS = sa.and_(_C.closed_at.is_(None), _C.state == CaseState.REGISTERED, _C.bounce_count >= MOST_RETURNS)


def warn_of_decisions(uow: UnitOfWork) -> list[int]:
    """Returns the agents who were told; of what was decided, nobody's bell speaks any more."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    decided = sa.update(Notice).where(_N.kind == _KIND, _N.read_at.is_(None), _N.case_id == _C.id, ~_WAITS)
    uow.session.execute(decided.values(read_at=uow.now).execution_options(synchronize_session=False))
    back = sa.select(sa.func.max(_E.at)).where(
        _E.subject_kind == "case", _E.subject_id == _C.id, _E.kind.in_(("case.bounced", "case.returned"))
    )
    told = sa.select(_N.id).where(_N.case_id == _C.id, _N.kind == _KIND, _N.at >= back.scalar_subquery())
    waiting = sa.select(_C.id).where(_WAITS, ~told.exists()).order_by(_C.id).limit(_AT_ONCE)
    whom = agents_holding(uow.session, "supervisor")
    return [one for case_id in uow.session.scalars(waiting).all() for one in tell(uow, whom, _KIND, case_id)]
