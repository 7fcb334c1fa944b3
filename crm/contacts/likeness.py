"""Are two contacts one person? A score and its reasons, for somebody to judge; nothing is decided here.

A name alone says nothing: there are two hundred « M. Martin ». A shared number alone says nothing either: a
family has one. Two first names that differ are two people, whatever else they have in common.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from crm.contacts import names
from crm.contacts.queries import ContactCard, PointLine

LEAST = 60  # of 100: below, nobody's time is taken
_ALIKE = 85.0  # of 100, two words with a slip between them
_POINTS = {"email": 40, "phone": 30, "postal": 20}
_PROVEN = 10  # more for an e-mail that one of them showed to be theirs
_NAMES = {"same_name": 45, "near_name": 35, "part_name": 20, "unnamed": 15, "first_name": 10}
_MOST = 100


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    Args:
        signs: codes of the reasons, the weightiest first: same_name, email_verified, phone…
    """

    score: int
    signs: tuple[str, ...]


def likeness(one: ContactCard, other: ContactCard, crowded: Collection[int] = ()) -> Likeness:
    """
    Args:
        crowded: ids of points that too many have for them to say anything.
    """
    name = _name_sign(one, other)
    points = _common(one, other, crowded)
    if name is None or not points:
        return Likeness(0, ())
    weights = {name: _NAMES[name]}
    for mine, theirs in points:
        proven = mine.kind == "email" and (mine.is_verified or theirs.is_verified)
        code = f"{mine.kind}_verified" if proven else mine.kind
        weights[code] = _POINTS[mine.kind] + (_PROVEN if proven else 0)
    score = min(sum(weights.values()), _MOST)
    return Likeness(score, tuple(sorted(weights, key=lambda code: -weights[code])))


def _common(
    one: ContactCard, other: ContactCard, crowded: Collection[int]
) -> list[tuple[PointLine, PointLine]]:
    theirs = {point.id: point for point in other.points}
    telling = (p for p in one.points if p.id in theirs and not p.shared_as and p.id not in crowded)
    return [(point, theirs[point.id]) for point in telling]


def _name_sign(one: ContactCard, other: ContactCard) -> str | None:
    """None when the names say that they are two."""
    if one.kind != other.kind:
        return None
    if one.kind == "organization":
        return _organizations(one, other)
    mine, theirs = _words(one), _words(other)
    if not any(mine) or not any(theirs):
        return "unnamed"
    if sorted(mine[0] + mine[1]) == sorted(theirs[0] + theirs[1]):
        return "same_name"
    return _nearly(mine, theirs)


def _nearly(mine: tuple[list[str], list[str]], theirs: tuple[list[str], list[str]]) -> str | None:
    (first, family), (other_first, other_family) = mine, theirs
    families = _alike(family, other_family, by_ear=True)
    if not first or not other_first or _is_initial(first, other_first):
        return "part_name" if families else None
    if not _alike(first, other_first):
        return None
    return "near_name" if families else "first_name"


def _organizations(one: ContactCard, other: ContactCard) -> str | None:
    mine, theirs = (names.folded((card.organization_name,)) for card in (one, other))
    if not mine or not theirs:
        return None
    if mine == theirs:
        return "same_name"
    return "near_name" if fuzz.token_sort_ratio(mine, theirs) >= _ALIKE else None


def _words(card: ContactCard) -> tuple[list[str], list[str]]:
    return names.words(card.first_name), names.words(card.family_name)


def _is_initial(first: list[str], other: list[str]) -> bool:
    short, long = sorted((" ".join(first), " ".join(other)), key=len)
    return len(short) == 1 and long.startswith(short)


def _alike(mine: list[str], theirs: list[str], *, by_ear: bool = False) -> bool:
    """By ear only for family names: « Marie » and « Maria » sound the same and are two sisters."""
    one, other = "".join(mine), "".join(theirs)
    if not one or not other:
        return False
    if fuzz.ratio(one, other) >= _ALIKE:
        return True
    return by_ear and len(key := names.sound(one)) > 2 and key == names.sound(other)
