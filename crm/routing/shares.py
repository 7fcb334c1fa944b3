"""Who holds the rules of a filter: unit by unit, those of certain days or hours apart from the usual ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.routing.drafts import RuleFilter
from crm.routing.rows import RULES
from crm.routing.rules import Rule


@dataclass(frozen=True, slots=True)
class Share:
    """Rules that one unit holds; at_times: nights, week-ends, what stands beside its usual rules."""

    unit_id: int
    at_times: bool
    number: int

    @property
    def code(self) -> str:
        """As `share_of` calls each of its rules."""
        return _code(self.unit_id, self.at_times)


def share_of(rule: Rule) -> str:
    """The code of the share that a rule belongs to; "" of a rule that names no unit."""
    return _code(rule.unit_id, rule.at_times) if rule.unit_id is not None else ""


def _code(unit_id: int, at_times: bool) -> str:
    return f"{unit_id}-{'at-times' if at_times else 'usual'}"


def shares(session: Session, table_id: int, kept: RuleFilter) -> list[Share]:
    """Of the rules that name a unit: usual ones first, the most numerous first. One statement."""
    at_times: sa.ColumnElement[Any] = sa.or_(
        sa.func.cardinality(RULES.c.weekdays) > 0, RULES.c.starts_at.is_not(None)
    )
    number = sa.func.count()
    query = (
        sa.select(RULES.c.unit_id, at_times, number)
        .where(RULES.c.table_id == table_id, RULES.c.unit_id.is_not(None), *kept.conditions())
        .group_by(RULES.c.unit_id, at_times)
        .order_by(at_times, number.desc(), RULES.c.unit_id)
    )
    return [Share(*row) for row in session.execute(query)]
