"""Facts → the competent unit, and why. Pure: a decision can be replayed from its table's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from crm.foundation import PARIS
from crm.routing.rules import WEEKDAYS, Facts, Rule, Table, is_outside

Kind = Literal["route", "refer", "refuse", "qualify"]


class UnitState(Protocol):
    """What of a unit bears on a decision."""

    @property
    def id(self) -> int: ...
    @property
    def insee(self) -> str | None: ...
    @property
    def is_active(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code and the codes it bears on; `reason_sentence` puts it in words."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the table says. `unit_id` is None when nobody is in charge: `refuse` and `qualify`.

    The first reason is the one that decided. `qualify_reason` repeats its code when the kind is `qualify`.
    """

    kind: Kind
    table_version: int
    reasons: tuple[Reason, ...]
    unit_id: int | None = None
    rule_id: int | None = None
    priority: int | None = None
    advice: str = ""
    advice_en: str = ""
    qualify_reason: str | None = None


def decide(facts: Facts, table: Table, units: Mapping[int, UnitState]) -> Decision:
    """Who is competent, or what to tell the resident; « à qualifier » with a reason rather than a guess.

    Outside the métropole (a place that matters, in no commune of ours), only a rule that names the commune
    may say better than the table's general advice.
    """
    if facts.category_code is None:
        return _qualify(table, Reason("category_unknown"))
    if not facts.category_active:
        return _qualify(table, Reason("category_retired", {"category": facts.category_code}))
    rule = table.winner(facts)
    if rule is not None:
        return _follow(rule, facts, table, units)
    return _outside(facts, table) if is_outside(facts) else _qualify(table, _nobody(facts))


def _follow(rule: Rule, facts: Facts, table: Table, units: Mapping[int, UnitState]) -> Decision:
    if rule.decision != "refuse":
        unit = units.get(rule.unit_id) if rule.unit_id is not None else None
        if unit is None or not unit.is_active:
            code = "unit_unknown" if unit is None else "unit_disabled"
            return _qualify(table, Reason(code, {"unit": str(rule.unit_id)}), rule)
    return Decision(
        kind=rule.decision,  # type: ignore[arg-type]  # check() and the database admit no other
        table_version=table.version,
        reasons=_why(rule, facts),
        unit_id=None if rule.decision == "refuse" else rule.unit_id,
        rule_id=rule.id,
        priority=rule.priority,
        advice=rule.advice,
        advice_en=rule.advice_en,
    )


def _qualify(table: Table, reason: Reason, rule: Rule | None = None) -> Decision:
    return Decision(
        kind="qualify",
        table_version=table.version,
        reasons=(reason,),
        rule_id=rule.id if rule else None,
        priority=rule.priority if rule else None,
        qualify_reason=reason.code,
    )


def _outside(facts: Facts, table: Table) -> Decision:
    params = {"commune": facts.insee} if facts.insee else {}
    return Decision(
        kind="refuse",
        table_version=table.version,
        reasons=(Reason("outside_territory", params),),
        advice=table.outside_advice,
        advice_en=table.outside_advice_en,
    )


def _nobody(facts: Facts) -> Reason:
    if facts.insee is None and facts.place_kind != "none":
        return Reason("place_unknown")
    return Reason("no_rule", {"category": facts.category_code or ""})


def _why(rule: Rule, facts: Facts) -> tuple[Reason, ...]:
    """One reason per condition that held, in the order in which they weigh."""
    reasons = [
        Reason("answer", {"question": key, "answer": facts.answers[key]}) for key in sorted(rule.answers)
    ]
    weighed = {
        "road_owner": rule.road_owner,
        "sector": rule.sector_code,
        "commune": rule.insee,
        "category": rule.category_code,
        "domain": rule.domain_code,
    }
    reasons += [Reason(code, {code: value}) for code, value in weighed.items() if value is not None]
    reasons += _why_now(rule, facts)
    if not reasons:
        reasons.append(Reason("default"))
    return (*reasons, *([Reason("rule", {"text": rule.reason})] if rule.reason else []))


def _why_now(rule: Rule, facts: Facts) -> list[Reason]:
    local = facts.received_at.astimezone(PARIS)
    reasons: list[Reason] = []
    if rule.weekdays:
        reasons.append(Reason("weekday", {"weekday": WEEKDAYS[local.weekday()]}))
    if rule.starts_at and rule.ends_at:
        reasons.append(Reason("hours", {"from": f"{rule.starts_at:%H:%M}", "to": f"{rule.ends_at:%H:%M}"}))
    if rule.channel:
        reasons.append(Reason("channel", {"channel": rule.channel}))
    if rule.place_kind:
        reasons.append(Reason("place_kind", {"place_kind": rule.place_kind}))
    if rule.valid_from or rule.valid_to:
        days = {"from": rule.valid_from, "to": rule.valid_to}
        reasons.append(Reason("validity", {key: day.isoformat() for key, day in days.items() if day}))
    return reasons
