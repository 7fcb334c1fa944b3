"""What each site does with what was promised there: the centre, each town hall's desk, each unit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require_everywhere, visible
from crm.cases import Case
from crm.foundation import Actor

Key = TypeVar("Key", bound=Hashable)
FEW = 10  # under that many promises, a share says nothing
_C: Any = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """
    Args:
        last: when the latest demand of the period was entered there, or one of the unit's; None: none.
        promised: demands whose announced date is settled: answered in the period, or past with no answer yet.
        kept: of those, answered by that date.
    """

    last: datetime | None = None
    promised: int = 0
    kept: int = 0

    @property
    def share(self) -> int | None:
        """How many in a hundred; None when there are too FEW."""
        return round(100 * self.kept / self.promised) if self.promised >= FEW else None


@dataclass(frozen=True, slots=True)
class BySite:
    """`centre`: what no desk entered. `desks` by commune, `units` by id; those without any are left out."""

    centre: SiteFigures
    desks: Mapping[str, SiteFigures]
    units: Mapping[int, SiteFigures]


def figures_by_site(session: Session, actor: Actor, since: datetime, now: datetime) -> BySite:
    """Two statements, over what came in or was answered since then and what is open.

    Raises:
        NotAllowed: the actor has not the whole house in view: these are the figures of others.
    """
    require_everywhere(actor, Permission.BOARD_VIEW)
    rows = [*session.execute(_came(actor, since)), *session.execute(_promised(actor, since, now))]
    desks = _summed(rows, lambda row: row.origin_insee or "")
    return BySite(
        centre=desks.pop("", SiteFigures()),
        desks=desks,
        units=_summed((row for row in rows if row.unit_id is not None), lambda row: row.unit_id),
    )


def _came(actor: Actor, since: datetime) -> sa.Select[Any]:
    return (
        sa.select(
            _C.origin_insee,
            _C.unit_id,
            sa.func.max(_C.created_at).label("last"),
            sa.literal(0).label("promised"),
            sa.literal(0).label("kept"),
        )
        .where(_C.created_at >= since, visible(actor, _C, Permission.BOARD_VIEW))
        .group_by(_C.origin_insee, _C.unit_id)
    )


def _promised(actor: Actor, since: datetime, now: datetime) -> sa.Select[Any]:
    """As « Délais par canal » counts what was answered; and what should have been counts too."""
    held = (_C.origin_insee, _C.unit_id, _C.answered_at, _C.announced_due_at)
    announced = sa.and_(_C.announced_due_at.is_not(None), visible(actor, _C, Permission.BOARD_VIEW))
    # Whatever was answered since has moved since: the index of what moved finds it.
    answered = sa.select(*held).where(_C.updated_at >= since, _C.answered_at >= since, announced)
    owed = sa.select(*held).where(
        _C.closed_at.is_(None), _C.answered_at.is_(None), _C.announced_due_at < now, announced
    )
    both = answered.union_all(owed).subquery().c
    return sa.select(
        both.origin_insee,
        both.unit_id,
        sa.cast(sa.null(), _C.created_at.type).label("last"),
        sa.func.count().label("promised"),
        sa.func.count().filter(both.answered_at <= both.announced_due_at).label("kept"),
    ).group_by(both.origin_insee, both.unit_id)


def _summed(rows: Iterable[Any], site: Callable[[Any], Key]) -> dict[Key, SiteFigures]:
    held: dict[Key, list[Any]] = {}
    for row in rows:
        held.setdefault(site(row), []).append(row)
    return {
        key: SiteFigures(
            max((row.last for row in some if row.last), default=None),
            sum(row.promised for row in some),
            sum(row.kept for row in some),
        )
        for key, some in held.items()
    }
