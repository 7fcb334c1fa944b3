"""Facts, rules and the table that finds the most precise rule. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import product

from crm.foundation import PARIS

DECISIONS = ("route", "refer", "refuse")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a demand. None: not known, or without meaning for this category.

    Args:
        inside: False when the place is known to be outside the métropole.
        answers: question's key → answer, as the form sends them (`yes`, `no`, a choice's value).
        received_at: aware; rules with dates, weekdays or hours are read at this moment, in Paris.
    """

    category_code: str | None
    domain_code: str | None
    insee: str | None
    sector_code: str | None
    road_owner: str | None
    place_kind: str | None
    inside: bool
    channel: str
    answers: Mapping[str, str]
    received_at: datetime
    category_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table. A condition left out (None, empty) accepts everything.

    Args:
        number: how people call it; the same from version to version, whatever else of it changes.
        answers: question's key → the answers accepted; all questions named must be so answered.
        weekdays: English names; days of reception.
        starts_at, ends_at: hours of reception, the second excluded; may run over midnight (18:00–08:00).
        valid_from, valid_to: days of reception, both included.
        reason: why, in the centre's own words ("Contrat d'éclairage Ouest").
    """

    id: int
    position: int
    decision: str
    number: int = 0
    category_code: str | None = None
    domain_code: str | None = None
    insee: str | None = None
    sector_code: str | None = None
    road_owner: str | None = None
    place_kind: str | None = None
    channel: str | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weekdays: frozenset[str] = frozenset()
    starts_at: time | None = None
    ends_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    unit_id: int | None = None
    priority: int | None = None
    advice: str = ""
    advice_en: str = ""
    reason: str = ""

    @property
    def at_times(self) -> bool:
        """Does it hold on some days or at some hours alone?"""
        return bool(self.weekdays) or self.starts_at is not None


def specificity(rule: Rule) -> tuple[int, ...]:
    """How precise a rule is. The greatest wins, compared from left to right.

    Answers (how many) → road owner → sector → commune → category → domain → weekday and hours (how many)
    → channel → kind of place → dated. A rule without any condition is the default of the whole table.
    So what a danger or an asset's owner commands outweighs the commune, the commune outweighs the trade, and
    a night, week-end or dated variant outweighs the rule that it varies, and only that one.
    """
    return (
        len(rule.answers),
        rule.road_owner is not None,
        rule.sector_code is not None,
        rule.insee is not None,
        rule.category_code is not None,
        rule.domain_code is not None,
        bool(rule.weekdays) + (rule.starts_at is not None),
        rule.channel is not None,
        rule.place_kind is not None,
        rule.valid_from is not None or rule.valid_to is not None,
    )


def matches(rule: Rule, facts: Facts) -> bool:
    """Does every condition of the rule hold?"""
    return (
        rule.category_code in (None, facts.category_code)
        and rule.domain_code in (None, facts.domain_code)
        and rule.insee in (None, facts.insee)
        and rule.sector_code in (None, facts.sector_code)
        and rule.road_owner in (None, facts.road_owner)
        and rule.place_kind in (None, facts.place_kind)
        and rule.channel in (None, facts.channel)
        and _was_answered(rule, facts)
        and _is_the_time(rule, facts.received_at)
    )


def _was_answered(rule: Rule, facts: Facts) -> bool:
    return all(facts.answers.get(key) in accepted for key, accepted in rule.answers.items())


def _is_the_time(rule: Rule, received_at: datetime) -> bool:
    local = received_at.astimezone(PARIS)
    return (
        (not rule.weekdays or WEEKDAYS[local.weekday()] in rule.weekdays)
        and (rule.valid_from or date.min) <= local.date() <= (rule.valid_to or date.max)
        and hour_within(rule.starts_at, rule.ends_at, local.time())
    )


def hour_within(starts_at: time | None, ends_at: time | None, hour: time) -> bool:
    """Is the hour in [starts_at, ends_at), which may run over midnight?"""
    if starts_at is None or ends_at is None:
        return True
    if starts_at < ends_at:
        return starts_at <= hour < ends_at
    return hour >= starts_at or hour < ends_at


def is_outside(facts: Facts) -> bool:
    """A place that matters, in no commune of ours."""
    return not facts.inside and facts.place_kind != "none"


_Around = tuple[str | None, str | None, str | None, str | None]  # category, domain, commune, sector


class Table:
    """One published version of the rules, the most specific first. Frozen once made; threads share it."""

    __slots__ = ("_by_ground", "_candidates", "outside_advice", "outside_advice_en", "rules", "version")

    def __init__(
        self, version: int, rules: tuple[Rule, ...], outside_advice: str = "", outside_advice_en: str = ""
    ) -> None:
        self.version = version
        self.outside_advice = outside_advice
        self.outside_advice_en = outside_advice_en
        by_position = sorted(rules, key=lambda rule: rule.position)
        self.rules = tuple(sorted(by_position, key=specificity, reverse=True))
        self._by_ground: dict[_Around, list[int]] = defaultdict(list)
        for rank, rule in enumerate(self.rules):
            ground = (rule.category_code, rule.domain_code, rule.insee, rule.sector_code)
            self._by_ground[ground].append(rank)
        self._candidates: dict[_Around, tuple[Rule, ...]] = {}

    def winner(self, facts: Facts) -> Rule | None:
        """The most specific rule whose conditions all hold; outside, only one that names the commune."""
        held = (rule for rule in self._around(facts) if matches(rule, facts))
        return next((rule for rule in held if rule.insee is not None or not is_outside(facts)), None)

    def _around(self, facts: Facts) -> tuple[Rule, ...]:
        """The few rules of this category in this place, kept: an import asks thousands of times.

        A rule names each of the four or leaves it out: sixteen places to look, whatever the table's length.
        """
        key = (facts.category_code, facts.domain_code, facts.insee, facts.sector_code)
        found = self._candidates.get(key)
        if found is None:
            categories, domains, communes, sectors = ({None, value} for value in key)
            grounds = product(categories, domains, communes, sectors)
            ranks = sorted(rank for ground in grounds for rank in self._by_ground.get(ground, ()))
            found = tuple(self.rules[rank] for rank in ranks)
            self._candidates[key] = found
        return found
