"""How good each rule is: what people then did with the demands it had decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases import Case
from crm.foundation import Actor, EventRow
from crm.interactions import bodies_of
from crm.routing import Rule, rules_by_id

_C = cast(sa.Table, Case.__table__).c
_E = cast(sa.Table, EventRow.__table__).c
_RULE_ID = sa.cast(_C.routing["rule_id"].astext, sa.BigInteger)
_FEW = 20  # under that many demands, a rate says nothing


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """A rule, by its number whatever the version, and the demands it decided in a period.

    Args:
        rule: as the latest version that decided one of them says it.
        overridden: entrusted by hand to another unit than the rule's, which had not sent it back.
        bounced: sent back by the unit at least once, wherever it went then.
    """

    number: int
    rule: Rule
    cases: int
    overridden: int
    bounced: int

    @property
    def override_rate(self) -> float:
        return self.overridden / self.cases

    @property
    def bounce_rate(self) -> float:
        return self.bounced / self.cases

    @property
    def is_doubtful(self) -> bool:
        """Enough demands to judge, and one in five was not for the unit that the rule names."""
        return self.cases >= _FEW and max(self.override_rate, self.bounce_rate) >= 0.2


def rule_figures(session: Session, actor: Actor, since: datetime) -> list[RuleFigures]:
    """The most often put right first. Two statements; demands received since then alone."""
    require(actor, Permission.ROUTING_VIEW)
    query = (
        sa.select(
            _RULE_ID.label("rule_id"),
            _C.unit_id,
            sa.func.count().label("cases"),
            sa.func.count().filter(_C.bounce_count > 0).label("bounced"),
        )
        .where(_C.received_at >= since, _RULE_ID.is_not(None), _told(actor))
        .group_by(_RULE_ID, _C.unit_id)
    )
    rows = session.execute(query).all()
    rules = rules_by_id(session, (row.rule_id for row in rows))
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    latest: dict[int, Rule] = {}
    for row in rows:
        rule = rules.get(row.rule_id)
        if rule is None:
            continue
        elsewhere = rule.unit_id is not None and row.unit_id not in (None, rule.unit_id)
        told = sums[rule.number]
        told[0] += row.cases
        told[1] += row.cases - row.bounced if elsewhere else 0
        told[2] += row.bounced
        latest[rule.number] = max(rule, latest.get(rule.number, rule), key=lambda one: one.id)
    figures = (RuleFigures(number, latest[number], *told) for number, told in sums.items())
    return sorted(figures, key=lambda one: (-(one.overridden + one.bounced), -one.cases, one.number))


def _told(actor: Actor) -> sa.ColumnElement[bool]:
    """What few may read is told, and counted, to its readers alone."""
    return sa.or_(visible(actor, cast(type, _C)), _C.readers.is_(None))


def without_rule(session: Session, actor: Actor, since: datetime) -> list[tuple[str, int]]:
    """Category → demands for which the table said nobody, the most frequent first."""
    require(actor, Permission.ROUTING_VIEW)
    category = sa.func.coalesce(_C.category_code, "")
    query = (
        sa.select(category, sa.func.count())
        .where(_C.received_at >= since, _C.routing["kind"].astext == "qualify", _told(actor))
        .group_by(category)
        .order_by(sa.func.count().desc(), category)
    )
    return [(code, number) for code, number in session.execute(query)]


@dataclass(frozen=True, slots=True)
class PutRight:
    """What somebody did of a demand, and why.

    Args:
        kind: case.bounced or case.routed.
        unit_id: the one that sent it back, or that was then entrusted.
        reason: a code, of what was sent back.
    """

    kind: str
    at: datetime
    unit_id: int | None
    reason: str
    motive: str


@dataclass(frozen=True, slots=True)
class DemandOfRule:
    """A demand that a rule decided: nothing of what it says.

    Args:
        may_open: the actor reads demands like this one.
    """

    reference: str
    category_code: str | None
    received_at: datetime
    state: str
    unit_id: int | None
    bounce_count: int
    may_open: bool
    moves: tuple[PutRight, ...] = ()


def demands_of_rule(
    session: Session,
    actor: Actor,
    rules: Iterable[Rule],
    since: datetime,
    *,
    put_right: bool,
    limit: int = 50,
) -> list[DemandOfRule]:
    """Those that a rule decided, in any of its versions, the latest first; of what few may read, only their
    readers see it. Three statements.

    Args:
        put_right: only those that somebody then entrusted elsewhere or sent back.
    """
    require(actor, Permission.ROUTING_VIEW)
    listed = list(rules)
    opens = visible(actor, cast(type, _C))
    query = sa.select(
        _C.id, _C.reference, _C.category_code, _C.received_at, _C.state, _C.unit_id, _C.bounce_count, opens
    ).where(
        _C.received_at >= since,
        _RULE_ID.in_([rule.id for rule in listed]),
        _told(actor),
    )
    if put_right:
        ours = [rule.unit_id for rule in listed if rule.unit_id is not None]
        query = query.where(sa.or_(_C.bounce_count > 0, _C.unit_id.not_in(ours)))
    rows = session.execute(query.order_by(_C.received_at.desc()).limit(limit)).all()
    moves = _moves(session, [row.id for row in rows])
    return [_demand(row, moves[row.id]) for row in rows]


def _demand(row: Any, moves: list[PutRight]) -> DemandOfRule:
    told: tuple[Any, ...] = (*row[1:], tuple(moves))
    return DemandOfRule(*told)


def _moves(session: Session, case_ids: list[int]) -> dict[int, list[PutRight]]:
    facts = session.execute(
        sa.select(_E.subject_id, _E.kind, _E.at, _E.data)
        .where(_E.subject_kind == "case", _E.subject_id.in_(case_ids))
        .where(_E.kind.in_(("case.bounced", "case.routed")), _E.data["interaction_id"].as_integer() > 0)
        .order_by(_E.id)
    ).all()
    said = bodies_of(session, [fact.data["interaction_id"] for fact in facts])
    found: dict[int, list[PutRight]] = defaultdict(list)
    for fact in facts:
        told = fact.data
        unit_id = told.get("from_unit_id") if fact.kind == "case.bounced" else told.get("unit_id")
        motive = said.get(told["interaction_id"], "")
        found[fact.subject_id].append(PutRight(fact.kind, fact.at, unit_id, told.get("reason", ""), motive))
    return found
