"""Something cannot be done, or told, as it stands: whoever leads the case finds it first in the list."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case
from crm.foundation import UnitOfWork

_CASES = cast(sa.Table, Case.__table__)


def call_the_lead(uow: UnitOfWork, case: Case) -> bool:
    """Until somebody takes it up; the caller holds the case. False: it is over, or nobody leads it.

    The version of the case stays: it makes nobody's open page void.
    """
    if case.unit_id is None or CaseState(case.state) not in WITH_UNIT:
        return False
    now = {"needs_at": uow.now, "updated_at": uow.now}
    uow.session.execute(sa.update(_CASES).where(Case.id == case.id).values(now))
    uow.session.expire(case, list(now))
    return True
