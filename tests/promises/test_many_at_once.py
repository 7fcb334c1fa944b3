"""However many clocks a round has, they are read and written in the same few statements."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.cases import Case
from crm.foundation import SYSTEM
from crm.promises import keep_clocks, reckoning
from tests.promises.house import Promised


def _statements(promised: Promised, many: int) -> list[bool]:
    """For each statement of a round: was it one row after the other?"""
    for _ in range(many):
        promised.open()
    seen: list[bool] = []

    def note(*told: Any) -> None:
        seen.append(told[5])

    with promised.units.begin(SYSTEM) as uow:
        ids = list(uow.session.scalars(sa.select(Case.id).order_by(Case.id.desc()).limit(many)))
        by, bind = reckoning(uow.session), uow.session.connection()
        sa.event.listen(bind, "before_cursor_execute", note)
        keep_clocks(uow, by, ids)
        sa.event.remove(bind, "before_cursor_execute", note)
    return seen


def test_a_round_costs_the_same_for_two_cases_and_for_twenty(promised: Promised) -> None:
    few, many = _statements(promised, 2), _statements(promised, 20)
    assert len(few) == len(many) <= 6
    assert not any(many)  # none is repeated row by row
