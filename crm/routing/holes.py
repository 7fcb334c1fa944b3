"""Categories and communes for which no rule says who is competent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.catalogue import Category
from crm.routing.rules import Facts, Table

_ON_A_ROAD = frozenset({"exact", "street"})
_NOWHERE_NAMED = "-"  # a commune that no rule names


@dataclass(frozen=True, slots=True)
class Hole:
    """Args:
    communes: where; empty when it is so everywhere.
    """

    category: str
    communes: tuple[str, ...] = ()


def holes(table: Table, categories: Iterable[Category], communes: Sequence[str], at: datetime) -> list[Hole]:
    """What would fall to « À qualifier » for want of a rule: an ordinary demand, on a public road."""
    found = []
    for category in categories:
        if not category.is_active or _is_covered(table, category, _NOWHERE_NAMED, at):
            continue
        if category.place == "none":
            found.append(Hole(category.code))
            continue
        bare = tuple(insee for insee in communes if not _is_covered(table, category, insee, at))
        if bare:
            found.append(Hole(category.code, () if len(bare) == len(communes) else bare))
    return found


def usual_unit(table: Table, category: Category, insee: str | None, at: datetime) -> int | None:
    """Who is competent for an ordinary demand there; None when nobody is, or when it is refused."""
    rule = table.winner(_usual(category, insee, at))
    return rule.unit_id if rule else None


def _is_covered(table: Table, category: Category, insee: str, at: datetime) -> bool:
    return table.winner(_usual(category, insee, at)) is not None


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
