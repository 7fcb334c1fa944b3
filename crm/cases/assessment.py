"""What the centre can say at once of a demand: who is competent and why, how urgent, by when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crm.catalogue import Catalogue, Category, dangers_in, priority_from
from crm.deadlines import Calendar, DelayUnit
from crm.routing import Decision, Facts, Table, decide
from crm.staff import UnitCard

_DEFAULT_DELAY_DAYS = 5  # nobody knows yet what it is about: someone will have said so by then
_DEFAULT_PRIORITY = 3
_NOT_FOUND = frozenset({"none", "commune"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is, as far as is known. `inside` is False only when a place is known to be elsewhere."""

    label: str = ""
    hint: str = ""
    precision: str = "none"
    insee: str | None = None
    sector_code: str | None = None
    street_id: int | None = None
    address_id: int | None = None
    road_owner: str | None = None
    postcode: str | None = None
    lon: float | None = None
    lat: float | None = None
    inside: bool = True


NOWHERE = Place()


def to_locate(label: str, precision: str) -> bool:
    """Told in words that no map knows: somebody will find where it is (« à géolocaliser »)."""
    return bool(label) and precision in _NOT_FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What bears on the decision, of all that the usager said."""

    category_code: str | None
    object: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    place: Place = NOWHERE
    channel: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the centre goes by at this moment: one frozen snapshot of what is edited on screens."""

    catalogue: Catalogue
    table: Table
    units: Mapping[int, UnitCard]
    calendar: Calendar

    def knowing_closed(self, unit_id: int) -> Rulebook:
        """The same, once a unit that it shows in use is found closed."""
        closed = replace(self.units[unit_id], is_active=False)
        return replace(self, units={**self.units, unit_id: closed})


@dataclass(frozen=True, slots=True)
class Assessment:
    category: Category | None
    decision: Decision
    priority: int
    priority_reasons: tuple[str, ...]
    due_at: datetime


def assess(book: Rulebook, said: Said) -> Assessment:
    """The one place where competence, urgency and the promised date are decided.

    What is said of a category that was replaced is decided as its heir's.
    """
    category = book.catalogue.in_use(said.category_code)
    decision = decide(_facts(category, said), book.table, book.units)
    priority, reasons = priority_from(category, said.answers, dangers_in(book.catalogue, said.object))
    if decision.priority:
        priority = min(priority, decision.priority)
    return Assessment(
        category, decision, priority, reasons, due_at(book, category, said.received_at, priority)
    )


def due_at(book: Rulebook, category: Category | None, received_at: datetime, priority: int) -> datetime:
    if category is None:
        return book.calendar.due_at(received_at, _DEFAULT_DELAY_DAYS, "working_day", priority)
    unit: DelayUnit = "month" if category.delay_unit == "month" else "working_day"
    return book.calendar.due_at(received_at, category.delay_days, unit, priority)


def _facts(category: Category | None, said: Said) -> Facts:
    place = said.place
    return Facts(
        category_code=category.code if category else None,
        domain_code=category.domain_code if category else None,
        category_active=category.is_active if category else True,
        insee=place.insee,
        sector_code=place.sector_code,
        road_owner=place.road_owner,
        place_kind=category.place if category else None,
        inside=place.inside,
        channel=said.channel,
        answers=said.answers,
        received_at=said.received_at,
    )
