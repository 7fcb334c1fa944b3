"""Categories and communes for which no rule says who is competent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from crm.catalogue import Category
from crm.foundation import PARIS
from crm.routing.rules import Facts, Rule, Table

_ON_A_ROAD = frozenset({"exact", "street"})
_NOWHERE_NAMED = "-"  # a commune that no rule names


@dataclass(frozen=True, slots=True)
class Hole:
    """Args:
    communes: where; empty when it is so everywhere.
    is_partial: on some days, at some hours or in some sectors alone.
    """

    category: str
    communes: tuple[str, ...] = ()
    is_partial: bool = False


def holes(
    table: Table,
    categories: Iterable[Category],
    communes: Sequence[str],
    at: datetime,
    sectors: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Hole]:
    """What would fall to « À qualifier » for want of a rule: an ordinary demand, on a public road, in the
    week that begins then.

    Args:
        sectors: of each commune; they are tried where a rule names one of them.
    """
    asked = _Asked(table, at, sectors)
    found = []
    for category in categories:
        if not category.is_active or asked.answers(category, _NOWHERE_NAMED) == _COVERED:
            continue
        if category.place == "none":
            found.append(Hole(category.code, is_partial=True in asked.answers(category, None)))
            continue
        said = {insee: asked.answers(category, insee) for insee in communes}
        for is_partial, answers in ((False, _BARE), (True, _BARE | _COVERED)):
            bare = tuple(insee for insee in communes if said[insee] == answers)
            if bare:
                found.append(Hole(category.code, () if len(bare) == len(communes) else bare, is_partial))
    return found


_COVERED, _BARE = frozenset({True}), frozenset({False})


class _Asked:
    """A table, and when and where it is asked: nothing is tried that makes no difference to its rules."""

    def __init__(self, table: Table, at: datetime, sectors: Mapping[str, Sequence[str]]) -> None:
        named = {rule.sector_code for rule in table.rules}
        self._told_apart = {rule.category_code or rule.domain_code for rule in table.rules}
        self._known: dict[tuple[str | None, ...], frozenset[bool]] = {}
        self._table, self._at = table, at
        self._always = Table(table.version, tuple(rule for rule in table.rules if not rule.at_times))
        self._moments = _moments(table.rules, at)
        self._sectors = {insee: codes for insee, codes in sectors.items() if named.intersection(codes)}

    def answers(self, category: Category, insee: str | None) -> frozenset[bool]:
        """Is it covered? Both when it is at some moments or in some sectors alone.

        Categories that no rule tells apart are answered once.
        """
        names = (name if name in self._told_apart else None for name in (category.code, category.domain_code))
        key = (*names, category.place, insee)
        if key not in self._known:
            around = self._sectors.get(insee or "") or (None,)
            self._known[key] = frozenset(
                one for sector in around for one in self._in(category, insee, sector)
            )
        return self._known[key]

    def _in(self, category: Category, insee: str | None, sector: str | None) -> Iterator[bool]:
        usual = replace(_usual(category, insee, self._at), sector_code=sector)
        if self._always.winner(usual) is not None:
            yield True
            return
        for moment in self._moments:
            yield self._table.winner(replace(usual, received_at=moment)) is not None


def _moments(rules: Iterable[Rule], at: datetime) -> list[datetime]:
    """One in each span of a day that the rules cut, on each day of the week where they name some."""
    timed = [rule for rule in rules if rule.at_times]
    hours = {hour for rule in timed for hour in (rule.starts_at, rule.ends_at) if hour is not None}
    days = range(7 if any(rule.weekdays for rule in timed) else 1)
    first = at.astimezone(PARIS)
    return [
        datetime.combine(first.date() + timedelta(days=day), hour, PARIS)
        for day in days
        for hour in sorted(hours) or [first.time()]
    ]


def usual_unit(table: Table, category: Category, insee: str | None, at: datetime) -> int | None:
    """Who is competent for an ordinary demand there; None when nobody is, or when it is refused."""
    rule = table.winner(_usual(category, insee, at))
    return rule.unit_id if rule else None


def _usual(category: Category, insee: str | None, at: datetime) -> Facts:
    """Nothing particular was answered; where a road matters, it is a public one."""
    return Facts(
        category_code=category.code,
        domain_code=category.domain_code,
        insee=None if category.place == "none" else insee,
        sector_code=None,
        road_owner="public" if category.place in _ON_A_ROAD else None,
        place_kind=category.place,
        inside=True,
        channel="web",
        answers={},
        received_at=at,
    )
