"""What contractors reported done, by whatever door, and what usagers said of it: « ce n’est pas fait »."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import Permission, visible
from crm.cases import Case
from crm.foundation import Actor, EventRow
from crm.guests.actions.asking import CONTRACTOR
from crm.staff import Unit

_DONE = ("case.resolved", "order.done")
_CONTESTED = "case.reopened"


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """
    Args:
        closed: reports that the work is done, of demands and of work orders.
        contested: those after which the usager said that it is not; each contestation counts once a unit,
            against its last report.
    """

    unit_id: int
    closed: int
    contested: int

    @property
    def share(self) -> float:
        return self.contested / self.closed


def closures_contested(session: Session, actor: Actor, since: datetime) -> list[ClosureLine]:
    """One line a contractor's unit, within the actor's reach. One statement."""
    closures = _closures(since)
    said = aliased(EventRow)
    contested = (
        sa.select(said.id)
        .where(
            said.subject_kind == "case",
            said.subject_id == closures.c.case_id,
            said.kind == _CONTESTED,
            said.data["contested"].as_boolean(),
            said.id > closures.c.id,
            sa.or_(closures.c.next_id.is_(None), said.id < closures.c.next_id),
        )
        .exists()
    )
    rows = session.execute(
        sa.select(closures.c.unit_id, sa.func.count(), sa.func.count().filter(contested))
        .join(Case, Case.id == closures.c.case_id)
        .where(visible(actor, Case, Permission.BOARD_VIEW))
        .group_by(closures.c.unit_id)
        .order_by(closures.c.unit_id)
    )
    return [ClosureLine(*row) for row in rows]


def _closures(since: datetime) -> sa.CTE:
    """Each report, with the same unit's next one on the same demand."""
    unit_id = EventRow.data["unit_id"].as_integer()
    again = sa.func.lead(EventRow.id).over(partition_by=(EventRow.subject_id, unit_id), order_by=EventRow.id)
    return (
        sa.select(
            EventRow.id,
            EventRow.subject_id.label("case_id"),
            unit_id.label("unit_id"),
            again.label("next_id"),
        )
        .where(
            EventRow.at >= since,
            EventRow.subject_kind == "case",
            EventRow.kind.in_(_DONE),
            unit_id.in_(sa.select(Unit.id).where(Unit.operation == CONTRACTOR)),
        )
        .cte("closures")
    )
