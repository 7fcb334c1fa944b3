"""Past demands decided again by two tables: what would change, and for whom. Pure, one demand at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from crm.foundation import PARIS
from crm.routing.deciding import Decision, UnitState, decide
from crm.routing.rules import Facts, Table

_SAMPLES = 5
_WRITTEN = 60  # moves written down; beyond, their number alone


@dataclass(frozen=True, slots=True)
class PastCase:
    """A demand as it was told, and the unit that has it today."""

    reference: str
    facts: Facts
    unit_id: int | None


@dataclass(slots=True)
class Replay:
    """What the draft would change. Memory does not grow with the number of demands.

    Args:
        later: how much later than they were the demands are taken to come, so that rules which begin on a
            day to come are tried; whole weeks keep weekdays and hours.
    """

    before: Table
    after: Table
    units: Mapping[int, UnitState]
    later: timedelta = timedelta()
    seen: int = 0
    changed: int = 0
    followed: int = 0  # agents had entrusted the draft's unit by hand already
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    communes: Counter[str] = field(default_factory=Counter)
    samples: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, case: PastCase) -> None:
        facts = self._moved(case.facts)
        old, new = (decide(facts, table, self.units) for table in (self.before, self.after))
        self.seen += 1
        move = (fate(old), fate(new))
        if move[0] == move[1]:
            return
        self.changed += 1
        self.followed += new.unit_id is not None and new.unit_id == case.unit_id
        self.moves[move] += 1
        self.categories[facts.category_code or ""] += 1
        self.communes[facts.insee or ""] += 1
        if len(self.samples[move]) < _SAMPLES:
            self.samples[move].append(case.reference)

    def _moved(self, facts: Facts) -> Facts:
        """The same hour of the same weekday, in Paris."""
        if not self.later:
            return facts
        return replace(facts, received_at=facts.received_at.astimezone(PARIS) + self.later)

    def as_kept(self) -> dict[str, Any]:
        """Ready for JSON, the most frequent first."""
        return {
            "seen": self.seen,
            "changed": self.changed,
            "followed": self.followed,
            "moves": [
                {"from": old, "to": new, "cases": number, "samples": self.samples[old, new]}
                for (old, new), number in self.moves.most_common(_WRITTEN)
            ],
            "move_count": len(self.moves),
            "categories": self.categories.most_common(_WRITTEN),
            "communes": self.communes.most_common(_WRITTEN),
        }


def fate(decision: Decision) -> str:
    """`route:12`, `refer:3`, `refuse`, `qualify:no_rule`: what becomes of a demand, in one word."""
    if decision.unit_id is not None:
        return f"{decision.kind}:{decision.unit_id}"
    return f"qualify:{decision.qualify_reason}" if decision.kind == "qualify" else decision.kind
