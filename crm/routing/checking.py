"""What is wrong with a set of rules, said before it is published. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Protocol

from crm.routing.deciding import UnitState
from crm.routing.rules import DECISIONS, Rule, hour_within, specificity

OUTSIDE = "external"  # how a body works that is none of ours


class Checked(UnitState, Protocol):
    """What of a unit bears on a rule that leads to it."""

    @property
    def operation(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    Args:
        code: `tie`, `unit_missing`, `unit_unknown`, `unit_disabled`, `unit_outside`, `decision_unknown`,
            `advice_missing`, `hours_incomplete`, `dates_reversed`, `priority_unknown`; of a warning,
            `no_email`.
        positions: the rules concerned; both of them for a tie.
    """

    code: str
    positions: tuple[int, ...]


def check(rules: Sequence[Rule], units: Mapping[int, Checked]) -> list[Problem]:
    """Every problem at once; an empty list may be published.

    Two rules tie when they are equally specific and some demand could meet the conditions of both.
    """
    alone = [problem for rule in rules for problem in _alone(rule, units)]
    return [*alone, *_ties(rules)]


def warnings(rules: Iterable[Rule], units: Mapping[int, Checked]) -> list[Problem]:
    """What may be published, and is better known: a body that no e-mail reaches is told by nobody but us."""
    return [Problem("no_email", (rule.position,)) for rule in rules if _tells_nobody(rule, units)]


def _tells_nobody(rule: Rule, units: Mapping[int, Checked]) -> bool:
    unit = units.get(rule.unit_id or 0)
    return rule.decision == "refer" and unit is not None and not unit.email


def _alone(rule: Rule, units: Mapping[int, Checked]) -> Iterator[Problem]:
    unit = units.get(rule.unit_id) if rule.unit_id is not None else None
    acts = rule.decision != "refuse"
    wrong = {
        "decision_unknown": rule.decision not in DECISIONS,
        "unit_missing": acts and rule.unit_id is None,
        "unit_unknown": rule.unit_id is not None and unit is None,
        "unit_disabled": unit is not None and not unit.is_active,
        # Entrusted to whoever is none of ours, nobody would transmit it nor tell the usager (CRPA L114-2).
        "unit_outside": rule.decision == "route" and unit is not None and unit.operation == OUTSIDE,
        "advice_missing": not acts and not rule.advice,
        "hours_incomplete": (rule.starts_at is None) != (rule.ends_at is None),
        "dates_reversed": (rule.valid_from or date.min) > (rule.valid_to or date.max),
        "priority_unknown": rule.priority not in (None, 1, 2, 3, 4),
    }
    return (Problem(code, (rule.position,)) for code, is_so in wrong.items() if is_so)


def _ties(rules: Sequence[Rule]) -> Iterator[Problem]:
    alike: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        alike[(specificity(rule), *_fixed(rule))].append(rule)
    for group in alike.values():
        for one, other in combinations(group, 2):
            if _can_meet(one, other):
                yield Problem("tie", (one.position, other.position))


def _fixed(rule: Rule) -> tuple[str | None, ...]:
    """Conditions of one value. Equally specific rules set the same ones; different values never meet."""
    return (
        rule.category_code,
        rule.domain_code,
        rule.insee,
        rule.sector_code,
        rule.road_owner,
        rule.place_kind,
        rule.channel,
    )


def _can_meet(one: Rule, other: Rule) -> bool:
    shared = one.answers.keys() & other.answers.keys()
    return (
        all(set(one.answers[key]) & set(other.answers[key]) for key in shared)
        and (not one.weekdays or not other.weekdays or bool(one.weekdays & other.weekdays))
        and _hours_meet(one, other)
        and (one.valid_from or date.min) <= (other.valid_to or date.max)
        and (other.valid_from or date.min) <= (one.valid_to or date.max)
    )


def _hours_meet(one: Rule, other: Rule) -> bool:
    """Two spans of a clock's face meet when one of them holds the start of the other."""
    if one.starts_at is None or other.starts_at is None:
        return True
    return hour_within(one.starts_at, one.ends_at, other.starts_at) or hour_within(
        other.starts_at, other.ends_at, one.starts_at
    )
