"""Which commune a point is in, on borders and beyond."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.territory import (
    address_place,
    commune_for_postcode,
    communes,
    locate,
    outlines,
    search_addresses,
    street_place,
)

METRE = 1 / 80_600  # degrees of longitude around here


def test_a_point_knows_its_commune_and_its_street(session: Session) -> None:
    place = locate(session, 3.90021, 43.60021)
    assert (place.insee, place.commune, place.inside, place.distance_m) == ("99801", "Aubreval", True, 0)
    assert (place.street, place.ownership) == ("Rue des Lilas", "public")
    assert place.street_m is not None
    assert place.street_m < 5


def test_a_point_far_from_any_address_has_no_street(session: Session) -> None:
    assert locate(session, 3.885, 43.595).street_id is None


def test_near_a_border_both_communes_are_named(session: Session) -> None:
    place = locate(session, 3.92 - 20 * METRE, 43.595)
    assert (place.insee, place.near) == ("99801", ("99802",))
    assert locate(session, 3.92 - 60 * METRE, 43.595).near == ()


def test_thirty_metres_outside_is_still_inside_and_further_is_said(session: Session) -> None:
    just_out = locate(session, 3.96 + 20 * METRE, 43.60)
    assert (just_out.insee, just_out.inside) == ("99802", True)
    out = locate(session, 3.96 + 500 * METRE, 43.60)
    assert (out.insee, out.inside) == ("99802", False)
    assert 490 <= out.distance_m <= 510


def test_an_address_keeps_its_commune_and_its_street_its_owner(session: Session) -> None:
    hit = next(h for h in search_addresses(session, "12 rue des lilas") if h.insee == "99802")
    assert hit.address_id is not None
    place = address_place(session, hit.address_id)
    assert place is not None
    assert (place.insee, place.ownership, place.inside) == ("99802", "private", True)
    assert hit.street_id is not None
    street = street_place(session, hit.street_id)
    assert street is not None
    assert (street.street, street.ownership) == ("Rue des Lilas", "private")


def test_what_does_not_exist_has_no_place(session: Session) -> None:
    assert address_place(session, 999_999_999) is None
    assert street_place(session, 999_999_999) is None


def test_communes_are_listed_and_found_by_postcode(session: Session) -> None:
    assert [line.name for line in communes(session)] == ["Aubreval", "Montclar-le-Vieux"]
    assert [line.insee for line in commune_for_postcode(session, "99820")] == ["99802"]
    assert commune_for_postcode(session, "75001") == []


def test_outlines_are_drawn_for_every_commune(session: Session) -> None:
    drawn = outlines(session)
    assert [feature["properties"]["insee"] for feature in drawn["features"]] == ["99801", "99802"]
