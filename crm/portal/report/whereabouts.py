"""Which address was meant: found by ourselves when it is plain, else proposed to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.foundation import fold
from crm.intake import PlaceGiven
from crm.portal.report.draft import AS_WRITTEN, Draft
from crm.territory import AddressHit, communes, search_addresses

_PROPOSED = 6


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """
    Args:
        proposed: addresses to choose from; empty when there is nothing to ask.
        chosen: the address meant, once it is known.
        lost: something was written that we know no address for; it is kept as written.
    """

    proposed: list[AddressHit]
    chosen: AddressHit | None
    lost: bool


def whereabouts(session: Session, draft: Draft) -> Whereabouts:
    if not draft.place:
        return Whereabouts([], None, False)
    hits = search_addresses(session, draft.place, insee=draft.insee or None, limit=_PROPOSED)
    chosen = next((hit for hit in hits if code_of(hit) == draft.spot), None) or _plain(draft, hits)
    if draft.point:  # shown on the map: there is nothing left to ask
        return Whereabouts([], chosen, lost=False)
    if chosen or draft.spot == AS_WRITTEN or not hits:
        return Whereabouts([], chosen, lost=chosen is None)
    return Whereabouts(hits, None, False)


def code_of(hit: AddressHit) -> str:
    if hit.address_id is not None:
        return f"a{hit.address_id}"
    return f"s{hit.street_id}" if hit.street_id is not None else f"c{hit.insee}"


def _plain(draft: Draft, hits: list[AddressHit]) -> AddressHit | None:
    """The one address that the words leave no doubt about."""
    if draft.spot == AS_WRITTEN or not hits or hits[0].number_unknown:
        return None
    first, written = hits[0], fold(draft.place)
    same = [hit for hit in hits if fold(hit.label) == written or _without_commune(hit) == written]
    if len(hits) == 1 or (same == [first] and fold(first.label) == written):
        return first
    return first if same == [first] and draft.insee else None


def _without_commune(hit: AddressHit) -> str:
    return fold(hit.label.rpartition(", ")[0])


def place_given(session: Session, draft: Draft, found: Whereabouts) -> PlaceGiven:
    """The place as the intake takes it: what was written, and the point shown on the map."""
    lon, lat = draft.point or (None, None)
    if (hit := found.chosen) is not None:
        return PlaceGiven(
            text=hit.label,
            hint=draft.hint,
            address_id=hit.address_id,
            street_id=hit.street_id,
            insee=hit.insee,
            postcode=hit.postcode or None,
            lon=lon,
            lat=lat,
        )
    known = next((line for line in communes(session) if line.insee == draft.insee), None)
    return PlaceGiven(
        text=draft.place,
        hint=draft.hint,
        insee=known.insee if known else None,
        postcode=(known.postcode or None) if known else None,
        lon=lon,
        lat=lat,
    )
