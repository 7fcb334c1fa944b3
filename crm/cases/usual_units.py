"""Where past cases like these went: what to propose when nobody is entrusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.models import Case
from crm.foundation import EventRow

_C = cast(sa.Table, Case.__table__).c
_LOOKED_AT = 50  # the latest ones: who was competent five years ago is no guide
MOVES = ("case.bounced", "case.routed", "case.returned")  # whether a proposal still waits: the last says it


@dataclass(frozen=True, slots=True)
class UsualUnit:
    """Args:
    times: how many of the `out_of` latest ended cases of the same category and commune it had.
    """

    unit_id: int
    times: int
    out_of: int


_LIKE_IT = (
    sa.select(_C.unit_id)
    .where(
        _C.category_code == sa.literal_column("pair.category"),
        _C.insee == sa.literal_column("pair.insee"),
        _C.closed_at.is_not(None),
        _C.unit_id.is_not(None),
    )
    .order_by(_C.id.desc())
    .limit(_LOOKED_AT)
    .lateral("past")
)


def proposed_units(session: Session, case_ids: Iterable[int]) -> dict[int, int]:
    """Case → the unit that whoever sent it back proposed, and nobody answered. One statement at most."""
    asked = sorted(set(case_ids))
    query = (
        sa.select(EventRow.subject_id, EventRow.data["proposed_unit_id"].as_integer())
        .where(EventRow.subject_kind == "case", EventRow.subject_id.in_(asked))
        .where(EventRow.kind.in_(MOVES))
        .order_by(EventRow.id)
    )
    last = {case_id: unit_id for case_id, unit_id in session.execute(query)} if asked else {}
    return {case_id: unit_id for case_id, unit_id in last.items() if unit_id}


def usual_units(
    session: Session, pairs: Iterable[tuple[str | None, str | None]], active: Iterable[int]
) -> dict[tuple[str, str], UsualUnit]:
    """(category, commune) → the unit in use that had most of them. One statement at most."""
    wanted = sorted({(category, insee) for category, insee in pairs if category and insee})
    if not wanted:
        return {}
    pair = (
        sa.func.unnest(
            sa.cast([category for category, _ in wanted], sa.ARRAY(sa.Text)),
            sa.cast([insee for _, insee in wanted], sa.ARRAY(sa.Text)),
        )
        .table_valued(sa.column("category", sa.Text), sa.column("insee", sa.Text))
        .render_derived(name="pair")
    )
    rows = session.execute(
        sa.select(pair.c.category, pair.c.insee, _LIKE_IT.c.unit_id, sa.func.count().label("times"))
        .select_from(pair)
        .join(_LIKE_IT, sa.true())
        .group_by(pair.c.category, pair.c.insee, _LIKE_IT.c.unit_id)
    ).all()
    found: dict[tuple[str, str], UsualUnit] = {}
    in_use, totals = set(active), dict[tuple[str, str], int]()
    for row in rows:
        totals[row.category, row.insee] = totals.get((row.category, row.insee), 0) + row.times
    for row in sorted(rows, key=lambda row: (row.times, -row.unit_id)):
        if row.unit_id in in_use:
            key = (row.category, row.insee)
            found[key] = UsualUnit(row.unit_id, row.times, totals[key])
    return found
