"""The real files of Montpellier: everything loads, real addresses are found as people type them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import SYSTEM, Sessions, SystemClock, Units
from crm.territory import (
    Address,
    Commune,
    Sector,
    Street,
    address_place,
    load_addresses,
    locate,
    outlines,
    search_addresses,
)

pytestmark = pytest.mark.open_data


@pytest.fixture
def city(montpellier: Sessions) -> Iterator[Session]:
    with montpellier() as session:
        yield session


def test_everything_is_there(city: Session) -> None:
    count = sa.func.count
    assert city.scalar(sa.select(count(Commune.insee))) == 31
    assert city.scalar(sa.select(count(Sector.code))) == 31
    assert city.scalar(sa.select(count(Address.id))) == 36_395
    assert city.scalar(sa.select(count(Street.id)).where(Street.ownership == "private")) == 899


def test_loading_again_changes_nothing(montpellier: Sessions, open_data: Path) -> None:
    geo = open_data / "geo"
    with Units(montpellier, SystemClock(), {}).begin(SYSTEM) as uow:
        again = load_addresses(uow, geo / "adresses_montpellier.csv", streets=geo / "voies_montpellier.csv")
    assert (again.rows, again.changed, again.refused) == (36_395, 0, ())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("118 rue bernard blier", "118 rue Bernard Blier, Montpellier"),
        ("118, r. Bernard Blier", "118 rue Bernard Blier, Montpellier"),
        ("bernard blié", "Rue Bernard Blier, Montpellier"),
        ("av de lodeve", "Avenue de Lodève, Montpellier"),
        ("53 qua av de lodève", "53 quater avenue de Lodève, Montpellier"),
        ("53 quater av. de Lodève 34070 Montpellier", "53 quater avenue de Lodève, Montpellier"),
        ("lodeve avenue 53", "53 avenue de Lodève, Montpellier"),
        ("rue du fbg boutonnet", "Rue du Faubourg Boutonnet, Montpellier"),
        ("rue du fauboug figuerol", "Rue du Faubourg Figuerolles, Montpellier"),
        ("8 mai 1945", "Place du Huit Mai 1945, Montpellier"),
        ("comedie", "Place de la Comédie, Montpellier"),
        ("pl comedie", "Place de la Comédie, Montpellier"),
        ("12 place de la comedie, Montpellier", "12 place de la Comédie, Montpellier"),
        ("25 av mal leclerc", "25 avenue du Maréchal Leclerc, Montpellier"),
        ("av gal leclerc", "Avenue du Maréchal Leclerc, Montpellier"),
        ("rue leclerk", "Avenue du Maréchal Leclerc, Montpellier"),
        ("aiguelonge", "Rue de l'Aiguelongue, Montpellier"),
        ("rue de l’aiguelongue", "Rue de l'Aiguelongue, Montpellier"),
        ("rue jean jauress", "Place Jean Jaurès, Montpellier"),
        ("rd point paul louis bret", "Rond-Point Paul-Louis Bret, Montpellier"),
        ("rue pasteur 12", "12 rue Pasteur, Montpellier"),
        ("ave st maur", "Avenue de Saint Maur, Montpellier"),
        ("dr roux", "Rue Docteur Roux, Montpellier"),
        ("imp des oliviers", "Impasse des Oliviers, Montpellier"),
        ("rue bir hakeim", "Square Bir-Hakeim, Montpellier"),
        ("boulvard jeu de paume", "Boulevard du Jeu de Paume, Montpellier"),
        ("rue de l universite", "Rue de l'Université, Montpellier"),
        ("grand rue jean moulin", "Grand-Rue Jean Moulin, Montpellier"),
        ("711 rue 1ere ecluse", "711 rue de la Première Ecluse, Montpellier"),
        ("Père Soulas", "Avenue du Père Soulas, Montpellier"),
        ("ALLEE DU CHARDONNAY", "Allée du Chardonnay, Montpellier"),
        ("sq murillo", "Square Murillo, Montpellier"),
        ("12 rue lunaret saint jean", "Saint-Jean-de-Védas"),
        ("lattes", "Lattes"),
        ("juvign", "Juvignac"),
        ("le cres", "Crès"),
    ],
)
def test_real_addresses_are_found_as_people_type_them(city: Session, text: str, first: str) -> None:
    found = [hit.label for hit in search_addresses(city, text)]
    assert found[:1] == [first]


@pytest.mark.parametrize(
    ("text", "polygon_says"),
    [
        ("155 avenue du puech de massane", "34116"),
        ("711 rue de la première ecluse", "34129"),
        ("900 rue du mas de verchant", "34057"),
        ("3150 route de lavérune", "34270"),
    ],
)
def test_the_insee_code_of_a_border_address_wins_over_the_polygon(
    city: Session, text: str, polygon_says: str
) -> None:
    hit = search_addresses(city, text)[0]
    assert hit.address_id is not None
    place = address_place(city, hit.address_id)
    assert place is not None
    assert (hit.insee, place.insee, place.commune) == ("34172", "34172", "Montpellier")
    clicked = locate(city, hit.lon, hit.lat)
    assert clicked.insee == polygon_says
    assert clicked.street_id == hit.street_id


def test_a_private_street_is_known_as_such(city: Session) -> None:
    hit = search_addresses(city, "place paul dirac")[0]
    assert hit.ownership == "private"


def test_the_sea_is_outside(city: Session) -> None:
    place = locate(city, 4.02, 43.50)
    assert (place.inside, place.commune) == (False, "Pérols")
    assert place.distance_m > 3_000


def test_one_code_for_two_sectors_puts_each_address_in_its_own(city: Session) -> None:
    counted = dict(
        city.execute(sa.select(Address.sector_code, sa.func.count()).group_by(Address.sector_code)).all()
    )
    assert counted["MIP"] + counted["MIP-2"] > 1_500
    assert min(counted["MIP"], counted["MIP-2"]) > 200


def test_outlines_are_light_enough_for_a_page(city: Session) -> None:
    drawn = outlines(city)
    assert len(drawn["features"]) == 31
    assert len(json.dumps(drawn, ensure_ascii=False)) <= 60_000
