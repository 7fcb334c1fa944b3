"""Publishing a version of the decision table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, UnitOfWork
from crm.routing.checking import check
from crm.routing.events import RoutingPublished
from crm.routing.models import CompetenceRule, RoutingTable
from crm.routing.rule_file import read_rule_file, spread_rules
from crm.routing.rules import Rule
from crm.routing.wording import problem_sentence
from crm.staff import units

_ONE_AT_A_TIME = 7_206_001  # advisory lock: two publications take two version numbers, one after the other


def load_routing(uow: UnitOfWork, path: Path) -> int:
    """Publish the rules of a file as a new version, in force at once; former versions stay, to explain.

    Returns:
        The number of the new version.

    Raises:
        NotAllowed.
        Invalid: `problems` names every mistake at once; nothing was published. Rules are numbered after
            lists were spread when they contradict each other, as in the file when an entry is wrong.
    """
    require(uow.actor, Permission.ROUTING_LOAD)
    read = read_rule_file(path)
    cards = units(uow.session)
    rules = spread_rules(read, {card.code: card.id for card in cards})
    if problems := check(rules, {card.id: card for card in cards}):
        raise Invalid({"file": "unusable"}, problems=[problem_sentence(problem) for problem in problems])
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    latest = uow.session.scalar(sa.select(sa.func.max(RoutingTable.version))) or 0
    table = RoutingTable(
        version=latest + 1,
        note=read.note,
        outside_advice=read.outside_advice,
        outside_advice_en=read.outside_advice_en,
        published_at=uow.now,
        created_by=uow.actor.id,
    )
    uow.session.add(table)
    uow.session.flush()
    uow.session.execute(sa.insert(CompetenceRule), [_row(rule, table.id) for rule in rules])
    uow.record(RoutingPublished(subject_id=table.id, version=table.version, rules=len(rules)))
    return table.version


def _row(rule: Rule, table_id: int) -> dict[str, Any]:
    columns = {column.name for column in CompetenceRule.__table__.columns} - {"id", "table_id"}
    row = {name: getattr(rule, name) for name in columns}
    answers = {key: list(accepted) for key, accepted in rule.answers.items()}
    return {**row, "table_id": table_id, "answers": answers, "weekdays": sorted(rule.weekdays)}
