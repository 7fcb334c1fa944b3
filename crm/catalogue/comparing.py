"""What a draft would change for recent demands: which categories are proposed, which dangers heard. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.catalogue.dangers import dangers_in
from crm.catalogue.shapes import Catalogue
from crm.catalogue.suggestions import CategoryIndex


@dataclass(slots=True)
class Compared:
    """
    Args:
        otherwise: demands for which other categories, or in another order, would be proposed.
        sorted: those whose category an agent chose; `right_*`: it was among the proposals.
        rung_*: those whose words ring for the danger.
    """

    seen: int = 0
    otherwise: int = 0
    sorted: int = 0
    right_before: int = 0
    right_after: int = 0
    rung_before: int = 0
    rung_after: int = 0


Past = Iterable[tuple[str, str | None]]  # object, and the category that it was given


def compare_proposals(before: Catalogue, after: Catalogue, past: Past) -> Compared:
    old, new, found = CategoryIndex(before), CategoryIndex(after), Compared()
    for said, chosen in past:
        was, would = ([one.code for one in index.suggest(said)] for index in (old, new))
        heir = after.in_use(chosen)
        found.seen += 1
        found.otherwise += was != would
        found.sorted += chosen is not None
        found.right_before += chosen in was
        found.right_after += bool(heir and heir.code in would)
    return found


def compare_rings(before: Catalogue, after: Catalogue, code: str, past: Past) -> Compared:
    found = Compared()
    for said, _ in past:
        was, would = (any(d.code == code for d in dangers_in(one, said)) for one in (before, after))
        found.seen += 1
        found.otherwise += was != would
        found.rung_before += was
        found.rung_after += would
    return found
