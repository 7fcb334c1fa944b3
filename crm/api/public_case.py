"""What of a case anybody may know: never its words, its author, or its exact place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import CaseSheet, public_step
from crm.catalogue import Catalogue, map_display_from
from crm.foundation import PARIS, Actor
from crm.http import wiring, wording

_DECIMALS = 3  # of a degree: about a hundred metres, a stretch of street and not a door


@dataclass(frozen=True, slots=True)
class PublicCase:
    """Moments are in Paris time, with their offset."""

    reference: str
    status: str
    step: str
    step_words: str
    outcome_words: str | None
    category_code: str
    category: str
    unit: str | None
    received_at: str
    updated_at: str
    promised_at: str | None
    lon: float | None
    lat: float | None


def is_own(case: CaseSheet, actor: Actor | None) -> bool:
    """Did this partner's machine bring it?"""
    if actor is None or case.channel != "partner_api" or actor.organization_id is None:
        return False
    return case.organization_id == actor.organization_id


def may_show(case: CaseSheet, catalogue: Catalogue, actor: Actor | None) -> bool:
    """Sensitive matters stay between the resident and us; whoever brought one may follow it."""
    if is_own(case, actor):
        return True
    category = catalogue.category(case.category_code) if case.category_code else None
    return category is not None and map_display_from(category, case.answers) != "never"


def public_case(case: CaseSheet, catalogue: Catalogue, *, english: bool) -> PublicCase:
    category = catalogue.category(case.category_code) if case.category_code else None
    unit = wiring().rulebooks.units().get(case.unit_id) if case.unit_id is not None else None
    step = public_step(case.state, case.outcome)
    label = (category.label_en or category.label if english else category.label) if category else ""
    return PublicCase(
        reference=case.reference,
        status="open" if case.closed_at is None else "closed",
        step=step,
        step_words=wording(step, "step"),
        outcome_words=wording(case.outcome, "outcome") if case.outcome and case.closed_at else None,
        category_code=category.code if category else "",
        category=label,
        unit=unit.name if unit else None,
        received_at=said(case.received_at),
        updated_at=said(case.updated_at),
        promised_at=said(case.announced_due_at) if case.announced_due_at else None,
        lon=_coarse(case.lon),
        lat=_coarse(case.lat),
    )


def said(moment: datetime) -> str:
    return moment.astimezone(PARIS).replace(microsecond=0).isoformat()


def _coarse(degrees: float | None) -> float | None:
    return round(degrees, _DECIMALS) if degrees is not None else None
