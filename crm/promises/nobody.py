"""Cases that no unit has: what is left so for an hour of service is told to the supervisors.

One at a time: whoever has not read the last of these notices is told no other while no unit has that one.
The board has them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import Case, CaseState
from crm.foundation import EventRow, UnitOfWork
from crm.promises.choices import choices_of
from crm.promises.clocks import Reckoning
from crm.promises.models import Notice
from crm.promises.notices import agents_holding, tell

PATIENCE = timedelta(hours=1)  # of service: nobody is told at night of what came in the evening
_LOOKED_AT = 200
_C = cast(sa.Table, Case.__table__).c
_E = cast(sa.Table, EventRow.__table__).c
_N = cast(sa.Table, Notice.__table__).c
_WAITS = sa.and_(_C.closed_at.is_(None), _C.state == CaseState.REGISTERED, _C.unit_id.is_(None))
# What leaves a case without a unit; a word that its usager adds meanwhile does not count again from there.
_LEAVES = (
    "case.unroutable",
    "case.bounced",
    "case.returned",
    "case.reopened",
    "case.replied",
    "case.resumed",
)


def warn_of_nobody(uow: UnitOfWork, by: Reckoning) -> list[int]:
    """Returns the agents who were told; of what a unit has by now, nobody's bell speaks any more."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    has_one = sa.update(Notice).where(_N.kind == "nobody", _N.read_at.is_(None), _N.case_id == _C.id, ~_WAITS)
    uow.session.execute(has_one.values(read_at=uow.now).execution_options(synchronize_session=False))
    unread = sa.select(_N.agent_id).where(_N.kind == "nobody", _N.read_at.is_(None))
    whom = set(agents_holding(uow.session, "supervisor")) - set(uow.session.scalars(unread))
    wanting = [id_ for id_, chosen in choices_of(uow.session, whom).items() if chosen.wants("nobody")]
    if not wanting:
        return []
    # Of the oldest that one of them may read: a restricted one that none may hides no other.
    told = (tell(uow, wanting, "nobody", case_id) for case_id in _left_alone(uow, by))
    return next(filter(None, told), [])


def _left_alone(uow: UnitOfWork, by: Reckoning) -> Iterator[int]:
    """Those that wait for an hour worked and more, and of which nobody was told since; the oldest first."""
    left = sa.select(sa.func.max(_E.at)).where(
        _E.subject_kind == "case", _E.subject_id == _C.id, _E.kind.in_(_LEAVES)
    )
    since = sa.func.coalesce(left.scalar_subquery(), _C.created_at)
    told = sa.select(_N.id).where(_N.case_id == _C.id, _N.kind == "nobody", _N.at >= since)
    query = (
        sa.select(_C.id, since.label("since"))
        .where(_WAITS, _C.created_at <= uow.now - PATIENCE, ~told.exists())
        .order_by(_C.created_at, _C.id)
        .limit(_LOOKED_AT)
    )
    rows = uow.session.execute(query).all()
    return (row.id for row in rows if by.working.between(row.since, uow.now) >= PATIENCE)
