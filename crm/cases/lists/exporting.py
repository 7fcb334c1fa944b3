"""A list taken away: all its lines, a part at a time, with what its reader may know of the usagers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, allows, require
from crm.cases.lifecycle import CaseState
from crm.cases.lists.pages import ListFilters, whole_list
from crm.cases.models import Case
from crm.cases.people.restricting import note_reading
from crm.cases.queries import moments
from crm.cases.together.models import Incident
from crm.contacts import ContactCard, contact_cards, masked
from crm.foundation import Actor, Event, UnitOfWork

_PART = 500  # lines held in memory at once
_C = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExported(Event):
    """Somebody took a list away. `subject_id` is 0: a list is no thing of its own."""

    kind: ClassVar[str] = "list.exported"
    subject_kind: ClassVar[str] = "list"
    view: str
    form: str


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """A case in a file."""

    reference: str
    state: CaseState
    priority: int
    category_code: str | None
    object: str
    place_label: str
    place_hint: str
    insee: str | None
    sector_code: str | None
    unit_id: int | None
    channel: str
    received_at: datetime
    due_at: datetime
    planned_on: date | None
    closed_at: datetime | None
    outcome: str | None
    contact_id: int | None
    origin_insee: str | None
    responsible_insee: str | None
    readers: list[str] | None
    follower_count: int
    duplicate_of_id: int | None
    had_incident: bool

    @property
    def contacts(self) -> int:
        """People: who asked and who follow. Those of a demand merged into another are counted there."""
        return 0 if self.duplicate_of_id else 1 + self.follower_count


_DECLARED = sa.exists().where(Incident.case_id == _C.id, Incident.declared_at.is_not(None))
_COLUMNS: list[Any] = [
    _DECLARED.label(field.name) if field.name == "had_incident" else _C[field.name]
    for field in fields(ExportedLine)
]


def export_list(uow: UnitOfWork, view: str, form: str, filters: ListFilters) -> None:
    """A list is about to leave: note who takes which; and that they read those of it that few may read."""
    require(uow.actor, Permission.CASE_VIEW)
    kept = whole_list([_C.id], uow.actor, view, filters).where(_C.readers.is_not(None))
    note_reading(uow, uow.session.scalars(kept, moments(uow.now)).all())
    uow.record(ListExported(subject_id=0, view=view, form=form))


def exported_lines(
    session: Session, actor: Actor, view: str, filters: ListFilters, now: datetime
) -> Iterator[tuple[ExportedLine, ContactCard | None]]:
    """Each line with its usager, masked for whoever sees them masked on the case. Constant memory."""
    query = whole_list(_COLUMNS, actor, view, filters).execution_options(yield_per=_PART)
    for part in session.execute(query, moments(now)).partitions():
        lines = [ExportedLine(*row) for row in part]
        asked = sorted({line.contact_id for line in lines if line.contact_id is not None})
        cards = contact_cards(session, asked) if asked else {}
        for line in lines:
            yield line, _known(actor, line, cards.get(line.contact_id or 0))


def _known(actor: Actor, line: Any, card: ContactCard | None) -> ContactCard | None:
    return card if card is None or allows(actor, Permission.CONTACT_VIEW, line) else masked(card)
