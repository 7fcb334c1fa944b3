"""What would have changed a decision: one fact told otherwise, and what the same table then says. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crm.foundation import PARIS
from crm.routing.deciding import Decision, UnitState, decide
from crm.routing.rules import WEEKDAYS, Facts, Rule, Table
from crm.routing.simulating import fate

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """
    Args:
        fact: `answer`, `road_owner`, `sector`, `commune`, `weekday`, `hours`, `day` or `channel`.
        values: those that lead there alike; `18:00-08:00` for hours, ISO days.
        question: whose answer it is.
    """

    fact: str
    values: tuple[str, ...]
    decision: Decision
    question: str = ""


def turns(
    facts: Facts, table: Table, units: Mapping[int, UnitState], sectors: Collection[str] = ()
) -> list[Turn]:
    """From the heaviest fact to the lightest: each is decided again, nothing is guessed from the rules.

    Args:
        sectors: those of the demand's commune; it could not lie in another.
    """
    said = fate(decide(facts, table, units))
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    decisions: dict[str, Decision] = {}
    for (fact, question, value), told in _told_otherwise(facts, table, sectors).items():
        decision = decide(told, table, units)
        if fate(decision) != said:
            decisions[fate(decision)] = decision
            found[fact, question, fate(decision)].append(value)
    return [
        Turn(fact, tuple(values), decisions[end], question)
        for (fact, question, end), values in sorted(found.items(), key=lambda one: _ORDER.index(one[0][0]))
    ]


_ORDER = ("answer", "road_owner", "sector", "commune", "weekday", "hours", "day", "channel")
_Told = tuple[str, str, str]  # fact, question, value


def _told_otherwise(facts: Facts, table: Table, sectors: Collection[str]) -> dict[_Told, Facts]:
    """Each fact that a rule of this category asks about, told as that rule wants it."""
    told: dict[_Told, Facts] = {}
    for rule in table.rules:
        if rule.category_code in (None, facts.category_code) and rule.domain_code in (
            None,
            facts.domain_code,
        ):
            told.update(_as_it_wants(rule, facts, sectors))
            told.update(_when_it_wants(rule, facts))
    return told


def _as_it_wants(rule: Rule, facts: Facts, sectors: Collection[str]) -> Iterator[tuple[_Told, Facts]]:
    for key, accepted in rule.answers.items():
        for answer in accepted:
            if facts.answers.get(key) != answer:
                yield ("answer", key, answer), replace(facts, answers={**facts.answers, key: answer})
    if rule.road_owner not in (None, facts.road_owner):
        yield ("road_owner", "", rule.road_owner or ""), replace(facts, road_owner=rule.road_owner)
    if rule.sector_code != facts.sector_code and rule.sector_code in sectors:
        yield ("sector", "", rule.sector_code or ""), replace(facts, sector_code=rule.sector_code)
    if rule.insee not in (None, facts.insee):
        there = replace(facts, insee=rule.insee, sector_code=None, inside=True)
        yield ("commune", "", rule.insee or ""), there
    if rule.channel not in (None, facts.channel):
        yield ("channel", "", rule.channel or ""), replace(facts, channel=rule.channel or "")


def _when_it_wants(rule: Rule, facts: Facts) -> Iterator[tuple[_Told, Facts]]:
    local = facts.received_at.astimezone(PARIS)
    for days in range(1, 7) if rule.weekdays else ():
        weekday = WEEKDAYS[(local + days * _DAY).weekday()]
        if weekday in rule.weekdays:
            yield ("weekday", "", weekday), replace(facts, received_at=local + days * _DAY)
    if rule.starts_at and rule.ends_at:
        span = f"{rule.starts_at:%H:%M}-{rule.ends_at:%H:%M}"
        yield ("hours", "", span), replace(facts, received_at=datetime.combine(local, rule.starts_at, PARIS))
    for day in (rule.valid_from, rule.valid_to + _DAY if rule.valid_to else None):
        if day is not None and day != local.date():
            then = datetime.combine(day, local.timetz())
            yield ("day", "", day.isoformat()), replace(facts, received_at=then)
