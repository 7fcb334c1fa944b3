"""What differs between two sets of rules, by their numbers; one's changes done again on another. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time
from typing import Any

from crm.routing.rules import Rule

_NAMES = ("id", "position", "number")  # where it stands and how it is called, not what it says
_WORDS = frozenset({"advice", "advice_en", "reason"})  # said to have changed: a fact holds codes alone

Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is new (`before` is None), gone (`after` is None), or says something else."""

    number: int
    before: Rule | None
    after: Rule | None

    @property
    def changes(self) -> Changes:
        return changed_fields(self.before, self.after)


def differences(before: Sequence[Rule], after: Sequence[Rule]) -> list[Difference]:
    """In the order of the rules' numbers."""
    old, new = _by_number(before), _by_number(after)
    return [
        Difference(number, old.get(number), new.get(number))
        for number in sorted(old.keys() | new.keys())
        if not _say_the_same(old.get(number), new.get(number))
    ]


def changed_fields(before: Rule | None, after: Rule | None) -> Changes:
    """Field → [old, new] in codes, ready for JSON; [] for words, that facts do not hold."""
    told = [field.name for field in fields(Rule) if field.name not in _NAMES]
    found: Changes = {}
    for name in told:
        old, new = (_plain(getattr(rule, name)) if rule else None for rule in (before, after))
        if (old or None) != (new or None):
            found[name] = [] if name in _WORDS else [old or None, new or None]
    return found


@dataclass(frozen=True, slots=True)
class Rebased:
    """Args:
    clashes: numbers of the rules that both had changed, each its own way: ours were kept.
    """

    rules: tuple[Rule, ...]
    clashes: tuple[int, ...]


def rebased(base: Sequence[Rule], ours: Sequence[Rule], theirs: Sequence[Rule]) -> Rebased:
    """Their rules, with what we had changed since `base` done again, renumbered in their order."""
    kept = {rule.number: rule for rule in sorted(theirs, key=lambda rule: rule.position)}
    moved = {one.number: one for one in differences(base, theirs)}
    clashes = []
    for one in differences(base, ours):
        other = moved.get(one.number)
        if other is not None and not _say_the_same(one.after, other.after):
            clashes.append(one.number)
        if one.after is None:
            kept.pop(one.number, None)
        else:
            kept[one.number] = one.after
    placed = (replace(rule, position=place) for place, rule in enumerate(kept.values(), start=1))
    return Rebased(tuple(placed), tuple(clashes))


def _by_number(rules: Sequence[Rule]) -> Mapping[int, Rule]:
    return {rule.number: rule for rule in rules}


def _say_the_same(one: Rule | None, other: Rule | None) -> bool:
    if one is None or other is None:
        return one is other
    return replace(one, id=other.id, position=other.position, number=other.number) == other


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: list(accepted) for key, accepted in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date | time) else value
