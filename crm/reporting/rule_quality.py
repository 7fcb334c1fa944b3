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
from crm.routing.models import CompetenceRule

_C = cast(sa.Table, Case.__table__).c
_E = cast(sa.Table, EventRow.__table__).c
_R = cast(sa.Table, CompetenceRule.__table__).c
_RULE_ID = sa.cast(_C.routing["rule_id"].astext, sa.BigInteger)
_DECIDED = sa.join(Case, CompetenceRule, _R.id == _RULE_ID)
_BY_HAND = ("case.routed", "case.referred")
_BACK = ("case.bounced", "case.returned")
# The first fact by which somebody did otherwise than the rule, if any. A unit that is closed hands over its
# demands without one. Only what came back or is elsewhere now is looked at: the others are many.
_PUT_RIGHT = (
    sa.select(_E.kind)
    .where(
        sa.or_(_C.bounce_count > 0, _C.unit_id.is_distinct_from(_R.unit_id)),
        _E.subject_kind == "case",
        _E.subject_id == _C.id,
        sa.or_(
            sa.and_(
                _E.kind.in_(_BY_HAND),
                _E.data["interaction_id"].as_integer() > 0,  # the motive of an agent
                _E.data["unit_id"].as_integer().is_distinct_from(_R.unit_id),
            ),
            sa.and_(_E.kind == "case.bounced", _E.data["from_unit_id"].as_integer() == _R.unit_id),
            sa.and_(_E.kind == "case.returned", _R.decision == "refer"),
        ),
    )
    .order_by(_E.id)
    .limit(1)
    .lateral("put_right")
)
_FEW = 20  # under that many demands, a rate says nothing


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """A rule, by its number whatever the version, and the demands it decided in a period.

    Args:
        rule: as the latest version that decided one of them says it.
        overridden: somebody first entrusted it to another unit than the rule's, or transmitted it elsewhere.
        bounced: the rule's unit first sent it back, or the body refused it, wherever it went then.
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
            sa.func.count().label("cases"),
            sa.func.count().filter(_PUT_RIGHT.c.kind.in_(_BY_HAND)).label("overridden"),
            sa.func.count().filter(_PUT_RIGHT.c.kind.in_(_BACK)).label("bounced"),
        )
        .select_from(_DECIDED.outerjoin(_PUT_RIGHT, sa.true()))
        .where(_C.received_at >= since, _told(actor))
        .group_by(_RULE_ID)
    )
    rows = session.execute(query).all()
    rules = rules_by_id(session, (row.rule_id for row in rows))
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    latest: dict[int, Rule] = {}
    for row in rows:
        rule = rules[row.rule_id]
        sums[rule.number] = [sum(two) for two in zip(sums[rule.number], row[1:], strict=True)]
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
        kind: case.bounced, case.routed or case.referred.
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
        put_right: only those of which somebody did otherwise than the rule.
    """
    require(actor, Permission.ROUTING_VIEW)
    opens = visible(actor, cast(type, _C))
    query = (
        sa.select(
            _C.id,
            _C.reference,
            _C.category_code,
            _C.received_at,
            _C.state,
            _C.unit_id,
            _C.bounce_count,
            opens,
        )
        .select_from(_DECIDED.join(_PUT_RIGHT, sa.true(), isouter=not put_right))
        .where(_C.received_at >= since, _R.id.in_([rule.id for rule in rules]), _told(actor))
    )
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
        .where(_E.kind.in_(("case.bounced", *_BY_HAND)), _E.data["interaction_id"].as_integer() > 0)
        .order_by(_E.id)
    ).all()
    said = bodies_of(session, [fact.data["interaction_id"] for fact in facts])
    found: dict[int, list[PutRight]] = defaultdict(list)
    for fact in facts:
        told = fact.data
        unit_id = told.get("from_unit_id") if fact.kind == "case.bounced" else told.get("unit_id")
        # What was shown to the body are words of the demand, which not everybody here reads.
        motive = said.get(told["interaction_id"], "") if fact.kind != "case.referred" else ""
        found[fact.subject_id].append(PutRight(fact.kind, fact.at, unit_id, told.get("reason", ""), motive))
    return found
