"""Whom to call at once, before anything is filled in."""

from __future__ import annotations

from dataclasses import dataclass

from crm.catalogue import Catalogue, Category, dangers_in
from crm.portal.words import danger_words, named


@dataclass(frozen=True, slots=True)
class Alert:
    """`call` is the number as dialled."""

    label: str
    call: str
    text: str


def alerts(catalogue: Catalogue, text: str, category: Category | None = None) -> list[Alert]:
    """The dangers heard in what was written, then those of the category, when somebody is to be called."""
    heard = dangers_in(catalogue, text)
    carried = [catalogue.danger(code) for code in category.dangers] if category else []
    found = {danger.code: danger for danger in [*heard, *carried] if danger and danger.is_active}
    return [Alert(named(one), one.call, danger_words(one)) for one in found.values() if one.call]
