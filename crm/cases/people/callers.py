"""What is known of whoever calls: their last demands, where, and what they answered then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.foundation import Actor, fold

_LOOKED_AT = 20  # demands: beyond, what was answered is too old to be proposed
_TITLE = 140
_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C
_COLUMNS = (
    _C.reference,
    sa.func.left(_C.object, _TITLE).label("title"),
    _C.state,
    _C.received_at,
    _C.category_code,
    _C.answers,
    _C.insee,
    _C.street_id,
    _C.address_id,
    _C.place_label,
    _C.place_hint,
    _C.place_precision,
    _C.lon,
    _C.lat,
    _C.answer_channel,
)
_PLACED = frozenset({"exact", "street"})


@dataclass(frozen=True, slots=True)
class KnownDemand:
    """One earlier demand of a caller."""

    reference: str
    title: str
    state: CaseState
    received_at: datetime
    category_code: str | None
    answers: Mapping[str, str]
    insee: str | None
    street_id: int | None
    address_id: int | None
    place_label: str
    place_hint: str
    place_precision: str
    lon: float | None
    lat: float | None
    answer_channel: str

    @property
    def is_placed(self) -> bool:
        return self.place_precision in _PLACED and bool(self.place_label)

    def is_at(self, *, address_id: int | None, street_id: int | None, label: str) -> bool:
        """Whether it was there: by address, else by street, else by the very same words."""
        if address_id is not None or self.address_id is not None:
            return self.address_id == address_id
        if street_id is not None or self.street_id is not None:
            return self.street_id == street_id
        return bool(label) and fold(self.place_label) == fold(label)


def demands_of_caller(session: Session, actor: Actor, contact_id: int) -> list[KnownDemand]:
    """The last demands of a usager within reach, the latest first. One statement."""
    query = (
        sa.select(*_COLUMNS)
        .where(_C.contact_id == contact_id, visible(actor, _SEEN))
        .order_by(_C.id.desc())
        .limit(_LOOKED_AT)
    )
    rows = (row._asdict() for row in session.execute(query))
    return [KnownDemand(**{**row, "state": CaseState(row["state"])}) for row in rows]


def usual_place(demands: Iterable[KnownDemand]) -> KnownDemand | None:
    """Where the last demand that has a place was."""
    return next((demand for demand in demands if demand.is_placed), None)


def answered_before(
    demands: Iterable[KnownDemand],
    category_code: str,
    *,
    address_id: int | None,
    street_id: int | None,
    label: str,
) -> KnownDemand | None:
    """The last demand about the same thing at the same place, if questions were answered then."""
    for demand in demands:
        same_place = demand.is_at(address_id=address_id, street_id=street_id, label=label)
        if demand.category_code == category_code and demand.answers and same_place:
            return demand
    return None
