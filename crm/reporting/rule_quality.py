"""How good each rule is: what people then did with the demands it had decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases import Case, CaseLine
from crm.cases.queries import LINE, line_of
from crm.foundation import Actor
from crm.routing import Rule, rules_by_id

_C = cast(sa.Table, Case.__table__).c
_RULE_ID = sa.cast(_C.routing["rule_id"].astext, sa.BigInteger)
_FEW = 20  # under that many demands, a rate says nothing


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """A rule, by its number whatever the version, and the demands it decided in a period.

    Args:
        rule: as the latest version that decided one of them says it.
        overridden: entrusted by hand to another unit than the rule's.
        bounced: sent back by the unit at least once.
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
        .where(_C.received_at >= since, _RULE_ID.is_not(None))
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
        told[1] += row.cases if elsewhere else 0
        told[2] += row.bounced
        latest[rule.number] = max(rule, latest.get(rule.number, rule), key=lambda one: one.id)
    figures = (RuleFigures(number, latest[number], *told) for number, told in sums.items())
    return sorted(figures, key=lambda one: (-(one.overridden + one.bounced), -one.cases, one.number))


def without_rule(session: Session, actor: Actor, since: datetime) -> list[tuple[str, int]]:
    """Category → demands for which the table said nobody, the most frequent first."""
    require(actor, Permission.ROUTING_VIEW)
    category = sa.func.coalesce(_C.category_code, "")
    query = (
        sa.select(category, sa.func.count())
        .where(_C.received_at >= since, _C.routing["kind"].astext == "qualify")
        .group_by(category)
        .order_by(sa.func.count().desc(), category)
    )
    return [(code, number) for code, number in session.execute(query)]


def cases_of_rule(
    session: Session,
    actor: Actor,
    rules: Iterable[Rule],
    since: datetime,
    *,
    put_right: bool,
    limit: int = 50,
) -> list[CaseLine]:
    """Demands within the actor's reach that a rule decided, in any of its versions, the latest first.

    Args:
        put_right: only those that somebody then entrusted elsewhere or sent back.
    """
    require(actor, Permission.ROUTING_VIEW)
    listed = list(rules)
    query = LINE.where(
        _C.received_at >= since, _RULE_ID.in_([rule.id for rule in listed]), visible(actor, _SEEN)
    )
    if put_right:
        ours = [rule.unit_id for rule in listed if rule.unit_id is not None]
        query = query.where(sa.or_(_C.bounce_count > 0, _C.unit_id.not_in(ours)))
    return [line_of(row) for row in session.execute(query.order_by(_C.received_at.desc()).limit(limit))]


_SEEN = cast(type, _C)
