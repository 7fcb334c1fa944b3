"""Finds addresses while they are being typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from crm.territory.atlas import Atlas, CommuneLine, atlas
from crm.territory.finding import find
from crm.territory.lexicon import lexicon
from crm.territory.places import commune_for_postcode
from crm.territory.searches import Places, Search, as_typed, commune_at_end, communes_called, forgiving
from crm.territory.spelling import readings, spoken
from crm.territory.typed import Typed, read

Precision = Literal["exact", "street", "commune"]
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
        is_open: False also in a member that prepares itself.
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
    is_open: bool = True


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
    streets = _as_typed(session, ground, asked, limit)
    if streets:
        return [*_communes_typed(ground, asked), *streets][:limit]
    return [
        *(_communes_typed(ground, asked) or _communes_after(ground, asked)),
        *_forgiving(session, ground, asked, limit),
    ][:limit]


Asked = list[tuple[Typed, Places]]


def _as_typed(session: Session, ground: Atlas, asked: Asked, limit: int) -> list[AddressHit]:
    for typed, within in asked:
        found = [_found(session, ground, search, limit) for search in as_typed(ground, typed, within)]
        if any(found):
            return _distinct([hit for hits in found for hit in hits])
    return []


def _forgiving(session: Session, ground: Atlas, asked: Asked, limit: int) -> list[AddressHit]:
    for typed, within in asked:
        for search in forgiving(lexicon.get(session), ground, typed, within):
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


def _communes_typed(ground: Atlas, asked: Asked) -> list[AddressHit]:
    """The communes whose name, or its beginning, is all that was typed."""
    for typed, within in asked[:1]:
        if typed.number is None and sum(map(len, typed.words)) >= _COMMUNE_LETTERS:
            lines = communes_called(ground, typed.words, ended=typed.ended)
            return [_commune_hit(ground, line) for line in lines if within is None or line.insee in within]
    return []


def _communes_after(ground: Atlas, asked: Asked) -> list[AddressHit]:
    """The communes named after a street that is not there: the place is at least known that far."""
    for typed, within in asked[:1]:
        if cut := commune_at_end(ground, typed):
            places = cut[1] if within is None else cut[1] & within
            return [_commune_hit(ground, line) for line in ground.communes if line.insee in places]
    return []


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
        is_open=line.is_open,
    )


def _found(session: Session, ground: Atlas, search: Search, limit: int) -> list[AddressHit]:
    """Streets of one search, best first, each at the number asked for or the nearest."""
    hits = [(row.rank, _hit(ground, search.typed, row)) for row in find(session, search)]
    hits.sort(key=lambda ranked: (ranked[0], ranked[1].number_unknown))  # stable: keeps the rows' own order
    return [hit for _, hit in hits[:limit]]


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
        is_open=line.is_open,
    )


def _number_wanted(typed: Typed, name: str) -> int | None:
    """None when the number typed is part of the street's name: « 8 mai 1945 »."""
    own = set(name.split()) - set(typed.words)
    named_so = own.intersection(readings(str(typed.number)))
    return None if named_so else typed.number


def _said(typed: Typed, number: int | None, row: Any, exact: bool) -> str:
    """The number as it was given stays in the label even when the street has no such number."""
    if number is None:
        return spoken(0, "", row.name)
    given = typed.suffixes[-1] if typed.suffixes else ""
    return spoken(number, row.suffix if exact else given, row.name)
