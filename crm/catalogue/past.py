"""Categories that another tool had: kept so that its cases stay named, never proposed for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.catalogue.events import CatalogueLoaded
from crm.catalogue.models import CategoryRow, DomainRow
from crm.foundation import UnitOfWork

_LAST = 1000  # after every domain of our own


@dataclass(frozen=True, slots=True)
class PastCategory:
    """
    Args:
        delay_days: the working days that its cases were given.
    """

    code: str
    label: str
    domain_code: str
    domain_label: str
    delay_days: int


def keep_past_categories(uow: UnitOfWork, categories: Sequence[PastCategory]) -> int:
    """Add the missing ones, retired from the start; what is there already is left as it is. Returns how many.

    Raises:
        NotAllowed.
    """
    require(uow.actor, Permission.CASE_IMPORT)
    known = set(uow.session.scalars(sa.select(CategoryRow.code)))
    new = {category.code: category for category in categories if category.code not in known}
    if not new:
        return 0
    domains = {c.domain_code: _domain(c) for c in new.values()}
    uow.session.execute(insert(DomainRow).on_conflict_do_nothing(), list(domains.values()))
    uow.session.execute(insert(CategoryRow).on_conflict_do_nothing(), [_row(c) for c in new.values()])
    uow.record(
        CatalogueLoaded(
            subject_id=0, domains=len(domains), categories=len(new), questions=0, dangers=0, retired=len(new)
        )
    )
    return len(new)


def _domain(category: PastCategory) -> dict[str, object]:
    label = category.domain_label
    return {"code": category.domain_code, "label": label, "label_en": label, "position": _LAST}


def _row(category: PastCategory) -> dict[str, object]:
    return {
        "code": category.code,
        "domain_code": category.domain_code,
        "label": category.label,
        "label_en": category.label,
        "synonyms": [],
        "place": "none",
        "priority": 3,
        "delay_days": category.delay_days,
        "delay_unit": "working_day",
        "dangers": [],
        "outcomes": [],
        "decision_regime": "none",
        "map_display": "never",
        "identity_level": 0,
        "evidence": False,
        "is_active": False,
        "position": _LAST,
        "handling": "",
        "handling_en": "",
    }
