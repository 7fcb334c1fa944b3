"""Rules proposed from the units that past demands were entrusted to: category × territory → unit. Pure.

For each category, the unit that had most of them; then the territories where another one did. A proposal
rests on at least `least` demands of which that unit had at least the share `sure`: the rest is for a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

LEAST, SURE = 3, 0.6


@dataclass(frozen=True, slots=True)
class Assignment:
    """So many past demands of this category, in this territory, went to this unit."""

    category: str
    territory: str | None
    unit: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    Args:
        territory: None: wherever no other proposal says better.
        support: the past demands it rests on, whoever had them.
        confidence: the share of them that this unit had.
    """

    category: str
    territory: str | None
    unit: str
    support: int
    confidence: float


def learn(seen: Iterable[Assignment], *, least: int = LEAST, sure: float = SURE) -> list[Proposal]:
    """By category, the general proposal before its exceptions."""
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    by_place: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in seen:
        by_category[one.category][one.unit] += one.times
        if one.territory is not None:
            by_place[one.category, one.territory][one.unit] += one.times
    general = {
        category: found
        for category, had in by_category.items()
        if (found := _most(category, None, had)) and found.support >= least and found.confidence >= sure
    }
    proposals = list(general.values())
    for (category, territory), had in by_place.items():
        found = _most(category, territory, had)
        usual = general.get(category)
        if found.support < least or found.confidence < sure or (usual and usual.unit == found.unit):
            continue
        proposals.append(found)
    return sorted(proposals, key=lambda one: (one.category, one.territory or ""))


def _most(category: str, territory: str | None, had: Counter[str]) -> Proposal:
    """Equal shares: the first in the order of codes, so that the same past gives the same table."""
    unit, times = min(had.items(), key=lambda one: (-one[1], one[0]))
    return Proposal(category, territory, unit, had.total(), times / had.total())


@dataclass(frozen=True, slots=True)
class Compared:
    """A proposal, and how often the table in force names the unit that had the same demands in the end."""

    proposal: Proposal
    present: float

    @property
    def is_better(self) -> bool:
        return self.proposal.confidence > self.present


def compare(
    proposals: Sequence[Proposal], seen: Iterable[Assignment], says: Callable[[str, str | None], str | None]
) -> list[Compared]:
    """Each proposal beside what is in force, the one that would put most demands right first.

    Args:
        says: (category, territory) → the unit that the table in force names.
    """
    own = {(one.category, one.territory) for one in proposals}
    had: dict[tuple[str, str | None], Counter[bool]] = defaultdict(Counter)
    for one in seen:
        place = (one.category, one.territory)
        said = says(*place) == one.unit
        had[place if place in own else (one.category, None)][said] += one.times
    compared = [Compared(one, _share(had[one.category, one.territory])) for one in proposals]
    return sorted(compared, key=lambda one: (one.present - one.proposal.confidence) * one.proposal.support)


def _share(had: Counter[bool]) -> float:
    return had[True] / had.total() if had else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Of `total` demands kept apart, how many the proposals answer, how many rightly; and two baselines:
    the unit that has most of everything, and the one that has most of each category."""

    total: int
    answered: int
    right: int
    majority_right: int
    category_right: int

    def share(self, number: int) -> float:
        return number / self.total if self.total else 0.0


def score(proposals: Sequence[Proposal], learnt: Sequence[Assignment], held: Sequence[Assignment]) -> Score:
    """How well proposals learnt from `learnt` tell who had the demands of `held`."""
    said = {(one.category, one.territory): one.unit for one in proposals}
    overall: Counter[str] = Counter()
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    for one in learnt:
        overall[one.unit] += one.times
        by_category[one.category][one.unit] += one.times
    most = _most("", None, overall).unit if overall else ""
    usual = {category: _most(category, None, had).unit for category, had in by_category.items()}
    total = answered = right = majority_right = category_right = 0
    for one in held:
        unit = said.get((one.category, one.territory)) or said.get((one.category, None))
        total += one.times
        answered += one.times * (unit is not None)
        right += one.times * (unit == one.unit)
        majority_right += one.times * (most == one.unit)
        category_right += one.times * (usual.get(one.category, most) == one.unit)
    return Score(total, answered, right, majority_right, category_right)
