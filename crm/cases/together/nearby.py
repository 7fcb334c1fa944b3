"""Demands nearby that may be the same problem: one statement, then pure scoring of the few it gives.

Whoever may not see a case is not told of it here either: a search that counts what it hides reveals that it
exists. A desk or a unit that goes without is no worse off, since only who sees a case may attach somebody to
it; the relation side sees them all and attaches later. Residents are shown what the public map may show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.assessment import Place
from crm.cases.lifecycle import CaseState
from crm.cases.models import MAY_BE_THE_SAME, Case
from crm.cases.together.grid import cells_around, metres
from crm.cases.together.likeness import EXACT_METRES, SAME_DOOR_METRES, STILL_FRESH, STREET_METRES, likeness
from crm.cases.together.models import Incident
from crm.catalogue import Catalogue, Category, map_display_from
from crm.foundation import Actor

MOST = 5
_READ = 80  # the nearest ones, however many there are
_WORDS = 300  # of an object: enough to compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a demand must share with another to be proposed.

    Args:
        codes: every category of its domain.
        same_door: private matters are only compared at the same address.
        but: the case itself, when it exists already.
    """

    category: Category
    codes: tuple[str, ...]
    said: str
    place: Place
    same_door: bool
    but: int = 0

    @property
    def within(self) -> float:
        return EXACT_METRES if self.place.precision == "exact" else STREET_METRES


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A demand that may be the same.

    Args:
        metres: None when one of the two is only known by its commune.
        score: 0 to 1.
        announcement: what agents are to say of it, when it is a declared incident.
    """

    id: int
    reference: str
    category_code: str
    object: str
    state: CaseState
    outcome: str | None
    received_at: datetime
    closed_at: datetime | None
    place_label: str
    street_id: int | None
    insee: str | None
    unit_id: int | None
    follower_count: int
    answers: dict[str, Any]
    announcement: str
    metres: float | None
    score: float


def sought(
    catalogue: Catalogue, category_code: str | None, said: str, place: Place, *, but: int = 0
) -> Sought | None:
    """None while there is nothing to compare: no category, no place, or one that has no place at all."""
    category = catalogue.category(category_code) if category_code else None
    if category is None or not cells_around(place.lon, place.lat, place.insee):
        return None
    private = category.place == "home" or category.map_display == "never"
    if category.place == "none" or (private and place.lon is None):
        return None
    codes = tuple(leaf.code for leaf in catalogue.categories.values() if _shares(leaf, category))
    return Sought(category=category, codes=codes, said=said, place=place, same_door=private, but=but)


def _shares(leaf: Category, category: Category) -> bool:
    return leaf.domain_code == category.domain_code


def nearby(session: Session, catalogue: Catalogue, actor: Actor, wanted: Sought, now: datetime) -> list[Near]:
    """The likeliest first, MOST at most, of those the actor may see. One statement."""
    return _likeliest(_found(session, _query(actor.shared), wanted, now), catalogue, wanted, now)


def nearby_in_public(session: Session, catalogue: Catalogue, wanted: Sought, now: datetime) -> list[Near]:
    """The same, of what the public map may show: a matter of the street, entrusted to a service."""
    if wanted.same_door:
        return []
    rows = _found(session, _query(None), wanted, now)
    shown = [row for row in rows if _is_public(catalogue, row)]
    return _likeliest(shown, catalogue, wanted, now)


def _is_public(catalogue: Catalogue, row: Any) -> bool:
    category = catalogue.category(row.category_code)
    if category is None or row.state == CaseState.REGISTERED:
        return False
    return map_display_from(category, row.answers) != "never"


def _found(
    session: Session, query: sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]],
    wanted: Sought, now: datetime,
) -> list[Any]:  # fmt: skip
    place = wanted.place
    with_commune = place.insee if wanted.category.place == "street" else None
    cells = cells_around(place.lon, place.lat, with_commune)
    told = {
        "cells": cells,
        "codes": list(wanted.codes),
        "fresh": now - STILL_FRESH,
        "now": now,
        "lon": place.lon or 0.0,
        "lat": place.lat or 0.0,
        "insee": place.insee or "",
        "code": wanted.category.code,
        "but": wanted.but,
    }
    return list(session.execute(query, told)) if cells else []


_C = cast(sa.Table, Case.__table__).c
_I = cast(sa.Table, Incident.__table__).c
_SHOWN = (
    _C.id, _C.reference, _C.category_code, sa.func.left(_C.object, _WORDS).label("object"), _C.state,
    _C.outcome, _C.received_at, _C.closed_at, _C.place_label, _C.place_precision, _C.street_id,
    _C.address_id, _C.insee, _C.unit_id, _C.follower_count, _C.answers, _C.lon, _C.lat,
)  # fmt: skip
_DECLARED = sa.and_(_I.ended_at.is_(None), _I.declared_at.is_not(None), _I.valid_until > sa.bindparam("now"))


@lru_cache(maxsize=256)
def _query(reach: Actor | None) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Cases of the cells around; and the declared incidents of the commune on the same subject.

    The nearest are picked from the index alone: where demands are dense, only those shown are read.
    """
    seen = _C.readers.is_(None) if reach is None else visible(reach, cast(Any, _C))
    away = sa.func.power(_C.lon - sa.bindparam("lon"), 2) + sa.func.power(_C.lat - sa.bindparam("lat"), 2)
    told = sa.select(_I.announcement).where(_I.case_id == _C.id, _DECLARED).scalar_subquery()
    nearest = (
        sa.select(_C.id)
        .where(
            sa.text(MAY_BE_THE_SAME),
            _C.cell == sa.any_(sa.bindparam("cells", type_=postgresql.ARRAY(sa.Integer))),
            _C.category_code == sa.any_(sa.bindparam("codes", type_=postgresql.ARRAY(sa.Text))),
            sa.text("COALESCE(closed_at, 'infinity'::timestamp with time zone) > :fresh").bindparams(
                sa.bindparam("fresh", type_=sa.DateTime(timezone=True))
            ),
            _C.id != sa.bindparam("but"),
            seen,
        )
        .order_by(away)
        .limit(_READ)
        .subquery()
    )
    around = sa.select(*_SHOWN, told.label("announcement")).join_from(
        nearest, Case.__table__, nearest.c.id == _C.id
    )
    in_commune = (
        sa.select(*_SHOWN, _I.announcement)
        .join_from(Incident.__table__, Case.__table__, _I.case_id == _C.id)
        .where(
            _DECLARED,
            _C.closed_at.is_(None),
            _C.insee == sa.bindparam("insee"),
            _C.category_code == sa.bindparam("code"),
            _C.id != sa.bindparam("but"),
            seen,
        )
    )
    return sa.union_all(around, in_commune)


def _likeliest(rows: Iterable[Any], catalogue: Catalogue, wanted: Sought, now: datetime) -> list[Near]:
    """Declared incidents first, whatever their distance; then by score."""
    said = f"{wanted.category.label} {wanted.said}"
    found: dict[int, Near] = {}
    for row in rows:
        away = _away(wanted.place, row)
        if row.id in found or not (row.announcement or _is_near(wanted, row, away)):
            continue
        category = catalogue.category(row.category_code)
        other = f"{category.label if category else ''} {row.object}"
        within = STREET_METRES if row.place_precision == "street" else wanted.within
        score = likeness(away, within, said, other, row.received_at, now)
        found[row.id] = _near(row._mapping, away, score)
    ordered = sorted(found.values(), key=lambda near: (not near.announcement, -near.score, -near.id))
    return ordered[:MOST]


def _near(row: Mapping[str, Any], away: float | None, score: float) -> Near:
    held = {name: row[name] for name in Near.__dataclass_fields__ if name in row}
    told = {"announcement": row["announcement"] or "", "state": CaseState(row["state"])}
    return Near(**{**held, **told, "metres": away, "score": score})


def _away(place: Place, row: Any) -> float | None:
    if place.lon is None or place.lat is None or row.lon is None or row.lat is None:
        return None
    return metres(place.lon, place.lat, row.lon, row.lat)


def _is_near(wanted: Sought, row: Any, away: float | None) -> bool:
    """Within the radius of the less precise of the two; at the same door for what is private."""
    if wanted.same_door:
        if wanted.place.address_id is not None and row.address_id is not None:
            return bool(row.address_id == wanted.place.address_id)
        return wanted.category.place != "home" and away is not None and away <= SAME_DOOR_METRES
    if away is None:  # the whole commune: only the same subject
        return bool(wanted.category.place == "street" and row.category_code == wanted.category.code)
    by_street = row.place_precision == "street"
    return away <= (STREET_METRES if by_street else wanted.within)
