"""Where it is: from what was chosen, pointed at or merely written, to what the decision needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm import territory
from crm.cases import Place
from crm.foundation import clean, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGiven:
    """A place as a door receives it. An address chosen in the list says more than a point, a point more
    than a commune. `text` is kept as written."""

    text: str = ""
    hint: str = ""
    address_id: int | None = None
    street_id: int | None = None
    insee: str | None = None
    postcode: str | None = None
    lon: float | None = None
    lat: float | None = None


def resolve_place(session: Session, given: PlaceGiven, desks: Collection[str] = ()) -> Place:
    """Never refuses: what cannot be found stays as written, to be placed by hand.

    Args:
        desks: the communes whose desk the agent keeps: inside for them while they still prepare themselves.
    """
    label, hint = clean(given.text)[:300], clean(given.hint)[:500]
    found, precision = _found(session, given)
    if found is None or found.insee is None:
        return Place(label=label, hint=hint, postcode=given.postcode)
    inside = found.inside or (found.preparing and found.insee in desks)
    return Place(
        label=label or _named(found),
        hint=hint,
        precision=precision,
        insee=found.insee if inside else None,
        sector_code=found.sector_code,
        street_id=found.street_id,
        address_id=found.address_id,
        road_owner=found.ownership if found.ownership != "unknown" else None,
        postcode=given.postcode,
        lon=given.lon if given.lon is not None else found.lon,
        lat=given.lat if given.lat is not None else found.lat,
        inside=inside,
    )


def _found(session: Session, given: PlaceGiven) -> tuple[territory.Place | None, str]:
    if given.address_id is not None:
        return territory.address_place(session, given.address_id), "exact"
    if given.street_id is not None and given.lon is None:
        return territory.street_place(session, given.street_id), "street"
    if given.lon is not None and given.lat is not None:
        return territory.locate(session, given.lon, given.lat), "exact"
    if given.street_id is not None:
        return territory.street_place(session, given.street_id), "street"
    return _written(session, given)


def _written(session: Session, given: PlaceGiven) -> tuple[territory.Place | None, str]:
    """Typed without choosing from the list (no script, or in haste): taken when one address alone fits."""
    hits = territory.search_addresses(session, given.text, insee=given.insee, limit=2) if given.text else []
    first = hits[0] if hits else None
    if first and (len(hits) == 1 or fold(first.label) == fold(given.text)) and not first.number_unknown:
        if first.address_id is not None:
            return territory.address_place(session, first.address_id), "exact"
        if first.street_id is not None:
            return territory.street_place(session, first.street_id), "street"
    if given.insee:
        known = next((c for c in territory.communes(session) if c.insee == given.insee), None)
        if known:
            return territory.commune_place(known), "commune"
    return None, "none"


def _named(place: territory.Place) -> str:
    return ", ".join(part for part in (place.street, place.commune) if part)
