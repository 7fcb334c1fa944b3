"""Finds addresses while they are being typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from crm.territory.atlas import Atlas, CommuneLine, atlas
from crm.territory.lexicon import lexicon
from crm.territory.models import Address, Street
from crm.territory.places import commune_for_postcode
from crm.territory.searches import Places, Search, as_typed, commune_at_end, communes_called, forgiving
from crm.territory.spelling import spoken
from crm.territory.typed import Typed, read

Precision = Literal["exact", "street", "commune"]
_CANDIDATES = 40  # streets compared before the best are kept
_COMMUNE_LETTERS = 3  # typed before a commune is offered


@dataclass(frozen=True, slots=True)
class AddressHit:
    """A line of the address list.

    Args:
        label: « 12 bis rue des Lilas, Rivebois ».
        address_id: only when the door itself was found.
        precision: what the point shows: the door, somewhere on the street, somewhere in the commune.
        number_unknown: the street has no such number; the point is the nearest number's.
        is_member: False in a commune outside the métropole.
    """

    label: str
    street_id: int | None
    address_id: int | None
    insee: str
    commune: str
    postcode: str
    lon: float
    lat: float
    precision: Precision
    ownership: str = "unknown"
    sector_code: str | None = None
    number_unknown: bool = False
    is_member: bool = True


def search_addresses(
    session: Session, text: str, *, insee: str | None = None, limit: int = 8
) -> list[AddressHit]:
    """Addresses, streets and communes that the text may mean, likeliest first.

    Abbreviations, accents, word order and missing articles do not matter; typing mistakes are forgiven when
    nothing matches as typed. A commune or a postcode at the end narrows.

    Args:
        insee: only in this commune.
    """
    ground = atlas.get(session)
    asked = [(typed, _narrowed(session, typed.postcode, insee)) for typed in read(text) if typed.words]
    streets = _streets(session, ground, asked, limit)
    places = list(_communes(ground, asked, streets_found=bool(streets)))
    return [*places, *streets][:limit]


Asked = list[tuple[Typed, Places]]


def _streets(session: Session, ground: Atlas, asked: Asked, limit: int) -> list[AddressHit]:
    for typed, within in asked:
        found = [_found(session, ground, search, limit) for search in as_typed(ground, typed, within)]
        if any(found):
            return _distinct([hit for hits in found for hit in hits])
    known = lexicon.get(session)
    for typed, within in asked:
        for search in forgiving(known, ground, typed, within):
            if hits := _found(session, ground, search, limit):
                return hits
    return []


def _distinct(hits: list[AddressHit]) -> list[AddressHit]:
    first: dict[int | None, AddressHit] = {}
    for hit in hits:
        first.setdefault(hit.street_id, hit)
    return list(first.values())


def _narrowed(session: Session, postcode: str, insee: str | None) -> Places:
    within = frozenset({insee}) if insee else None
    places = frozenset(line.insee for line in commune_for_postcode(session, postcode)) if postcode else None
    if not places:  # the files may give no postcode: it then helps nothing, and must hide nothing
        return within
    return places & within if within else places


def _communes(ground: Atlas, asked: Asked, *, streets_found: bool) -> Iterator[AddressHit]:
    """The commune whose name is typed alone; or the one named after a street that is not in it."""
    typed, within = asked[0] if asked else (None, None)
    if typed is None:
        return
    lines = []
    if sum(map(len, typed.words)) >= _COMMUNE_LETTERS and typed.number is None:
        lines = communes_called(ground, typed.words, ended=typed.ended)
    if not lines and not streets_found and (cut := commune_at_end(ground, typed)):
        lines = [line for line in ground.communes if line.insee in cut[1]]
    for line in lines:
        if within is None or line.insee in within:
            yield _commune_hit(ground, line)


def _commune_hit(ground: Atlas, line: CommuneLine) -> AddressHit:
    lon, lat = ground.centre(line.insee)
    return AddressHit(
        label=line.name,
        street_id=None,
        address_id=None,
        insee=line.insee,
        commune=line.name,
        postcode=line.postcode,
        lon=lon,
        lat=lat,
        precision="commune",
        is_member=line.is_member,
    )


def _found(session: Session, ground: Atlas, search: Search, limit: int) -> list[AddressHit]:
    """Streets of one search, best first, each at the number asked for or the nearest."""
    if search.places is not None and not search.places:
        return []
    rows = session.execute(_statement(search, limit)).all()
    hits = [(row.rank, _hit(ground, search.typed, row)) for row in rows]
    hits.sort(key=lambda ranked: (ranked[0], ranked[1].number_unknown))  # stable: keeps the rows' own order
    return [hit for _, hit in hits[:limit]]


def _statement(search: Search, limit: int) -> sa.Select[Any]:
    name = Street.name_folded
    near = sa.or_(name.startswith(search.key), name.endswith(f" {search.key}"))
    rank = sa.case((name == search.key, 0), (near, 1), else_=2)
    streets = (
        sa.select(Street, rank.label("rank"))
        .order_by(rank, sa.func.length(name), Street.name, Street.insee)
        .limit(max(_CANDIDATES, limit))
    )
    if search.names:
        streets = streets.where(name.in_(search.names))
    else:
        streets = streets.where(Street.search.bool_op("@@")(sa.cast(search.lexemes(), TSQUERY)))
    if search.places is not None:
        streets = streets.where(Street.insee.in_(sorted(search.places)))
    return _with_door(streets.subquery("s"), search.typed)


def _with_door(streets: sa.Subquery, typed: Typed) -> sa.Select[Any]:
    """Each street with its nearest number, or with the door at its middle when no number was typed."""
    s = streets.c
    order: list[Any] = [sa.func.power(Address.lon - s.lon, 2) + sa.func.power(Address.lat - s.lat, 2)]
    if typed.number is not None:
        wanted = typed.suffixes or ("",)
        preferred = sa.case(
            {suffix: at for at, suffix in enumerate(wanted)}, value=Address.suffix, else_=len(wanted)
        )
        order = [sa.func.abs(Address.number - typed.number), preferred, Address.suffix, Address.entrance]
    door = sa.select(Address).where(Address.street_id == s.id).order_by(*order, Address.id).limit(1).lateral()
    d = door.c
    return (
        sa.select(
            *(s.id, s.name, s.name_folded, s.insee, s.ownership, s.rank),
            *(d.id.label("address_id"), d.number, d.suffix, d.sector_code, d.postcode, d.lon, d.lat),
        )
        .select_from(streets.outerjoin(door, sa.true()))
        .order_by(s.rank, sa.func.length(s.name_folded), s.name, s.insee)
    )


def _hit(ground: Atlas, typed: Typed, row: Any) -> AddressHit:
    line = ground.commune(row.insee) or CommuneLine(row.insee, row.insee, "", True, "")
    number = _number_wanted(typed, row.name_folded)
    exact = number is not None and row.number == number and row.suffix in (typed.suffixes or ("",))
    on_street = row.lon is not None
    lon, lat = (row.lon, row.lat) if on_street else ground.centre(row.insee)
    return AddressHit(
        label=f"{_said(typed, number, row, exact)}, {line.name}",
        street_id=row.id,
        address_id=row.address_id if exact else None,
        insee=row.insee,
        commune=line.name,
        postcode=row.postcode or line.postcode,
        lon=lon,
        lat=lat,
        precision="exact" if exact else "street" if on_street else "commune",
        ownership=row.ownership,
        sector_code=row.sector_code,
        number_unknown=number is not None and not exact,
        is_member=line.is_member,
    )


def _number_wanted(typed: Typed, name: str) -> int | None:
    """None when the number typed is part of the street's name: « 8 mai 1945 »."""
    own = set(name.split()) - set(typed.words)
    return None if typed.number is None or str(typed.number) in own else typed.number


def _said(typed: Typed, number: int | None, row: Any, exact: bool) -> str:
    """The number as it was given stays in the label even when the street has no such number."""
    if number is None:
        return spoken(0, "", row.name)
    given = typed.suffixes[-1] if typed.suffixes else ""
    return spoken(number, row.suffix if exact else given, row.name)
