"""What of a case anybody may know: never its words, its author, or its exact place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from crm.access import Permission, Reach, allows
from crm.cases import CaseState, public_step
from crm.catalogue import Catalogue, map_display_from
from crm.deadlines import URGENT
from crm.foundation import PARIS, Actor
from crm.http import wiring, wording
from crm.staff import UnitCard

_DECIMALS = 3  # of a degree: about a hundred metres, a stretch of street and not a door


class Showable(Reach, Protocol):
    """A case as it is read: whole, or the columns of a list."""

    @property
    def reference(self) -> str: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def category_code(self) -> str | None: ...
    @property
    def answers(self) -> dict[str, Any]: ...
    @property
    def channel(self) -> str: ...
    @property
    def organization_id(self) -> int | None: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def announced_due_at(self) -> datetime | None: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def priority(self) -> int: ...
    @property
    def made_safe_at(self) -> datetime | None: ...


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


def is_own(case: Showable, actor: Actor | None) -> bool:
    """Did this partner's machine bring it?"""
    if actor is None or case.channel != "partner_api" or actor.organization_id is None:
        return False
    return case.organization_id == actor.organization_id


def may_show(case: Showable, catalogue: Catalogue, actor: Actor | None) -> bool:
    """Sensitive matters stay between the resident and us; whoever brought one, or does it, may follow it.

    A case whose readers are named is shown to no machine.
    A danger is on nobody's map while it lasts: a map would bring people to it.
    """
    if case.readers is not None:
        return False
    if is_own(case, actor) or (actor is not None and allows(actor, Permission.CASE_VIEW, case)):
        return True
    category = catalogue.category(case.category_code) if case.category_code else None
    return category is not None and map_display_from(category, case.answers) != "never" and not _lasts(case)


def _lasts(case: Showable) -> bool:
    return case.priority == URGENT and case.made_safe_at is None and case.closed_at is None


def public_case(
    case: Showable,
    catalogue: Catalogue,
    *,
    english: bool,
    units: Mapping[int, UnitCard] | None = None,
) -> PublicCase:
    """
    Args:
        units: already read, when many cases are told at once.
    """
    category = catalogue.category(case.category_code) if case.category_code else None
    known = wiring().rulebooks.units() if units is None else units
    unit = known.get(case.unit_id) if case.unit_id is not None else None
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
