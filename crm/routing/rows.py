"""Rules as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.routing.models import CompetenceRule
from crm.routing.rules import Rule

RULES = cast(sa.Table, CompetenceRule.__table__)
_NAMES = tuple(field.name for field in fields(Rule))
RULE_COLUMNS = tuple(RULES.c[name] for name in _NAMES)


def rule_of(line: Mapping[Any, Any]) -> Rule:
    told = {name: line[name] for name in _NAMES}
    answers = {key: tuple(accepted) for key, accepted in line["answers"].items()}
    return Rule(**{**told, "answers": answers, "weekdays": frozenset(line["weekdays"])})


def row_of(rule: Rule) -> dict[str, Any]:
    """Without what the database gives: its id, and its number when it has none yet."""
    row = {name: getattr(rule, name) for name in _NAMES if name != "id"}
    if not rule.number:
        del row["number"]
    answers = {key: list(accepted) for key, accepted in rule.answers.items()}
    return {**row, "answers": answers, "weekdays": sorted(rule.weekdays)}


def rules_of(session: Session, table_id: int | None) -> tuple[Rule, ...]:
    """All the rules of a version or a draft; none of no table."""
    query = sa.select(*RULE_COLUMNS).where(RULES.c.table_id == table_id).order_by(RULES.c.position)
    return tuple(rule_of(dict(line)) for line in session.execute(query).mappings())


def write_rules(session: Session, table_id: int, rules: Iterable[Rule]) -> None:
    if rows := [{**row_of(rule), "table_id": table_id} for rule in rules]:
        session.execute(sa.insert(RULES), rows)
