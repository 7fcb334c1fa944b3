"""Real ground: the open data of Montpellier, through the console, as an advisor works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.catalogue import load_catalogue
from crm.foundation import (
    ROOT,
    SYSTEM,
    FrozenClock,
    Sessions,
    UnitOfWork,
    Units,
    open_engine,
    session_factory,
)
from crm.routing import load_routing
from crm.staff import Organization, RoleGrant, Unit, create_account
from crm.territory import forget, load_addresses, load_territory
from tests.doors import make_app
from tests.own_database import create_database
from tests.servers import Servers
from tests.web.agents import Browser

pytestmark = pytest.mark.open_data

_RULES = """
note = "Montpellier Méditerranée Métropole"
outside_advice = "Ce lieu n’est pas dans la métropole. Adressez-vous à la mairie de la commune."
outside_advice_en = "This place is outside the metropolitan area. Contact its town hall."

[[rule]]
category = "ECLA-01"
insee = "34172"
unit = "eclairage"

[[rule]]
domain = "VOIR"
unit = "voirie"

[[rule]]
domain = "PROP"
insee = "34129"
unit = "mairie-lattes"

[[rule]]
domain = "VOIR"
road_owner = "private"
decision = "refuse"
advice = "Cette voie est privée. Adressez-vous au syndic ou au propriétaire."
advice_en = "This street is private. Contact its owner."
"""
_UNITS = (("eclairage", None), ("voirie", None), ("mairie-lattes", "34129"))


_MORNING = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class City:
    sessions: Sessions
    advisor_id: int


@pytest.fixture(scope="module")
def city(servers: Servers, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The real territory in a database of its own, with three services and an advisor."""
    engine = open_engine(create_database(servers.database_url, "montpellier"))
    sessions = session_factory(engine)
    rules = tmp_path_factory.mktemp("rules") / "rules.toml"
    rules.write_text(_RULES, encoding="utf-8")
    geo = open_data / "geo"
    forget()
    with Units(sessions, FrozenClock(_MORNING), {}).begin(SYSTEM) as uow:
        load_territory(uow, geo / "communes_montpellier_3m.geojson")
        load_territory(uow, geo / "sousquartiers_montpellier.geojson")
        load_addresses(uow, geo / "adresses_montpellier.csv", streets=geo / "voies_montpellier.csv")
        load_catalogue(uow, ROOT / "config" / "catalogue")
        advisor_id = _services_and_advisor(uow)
        load_routing(uow, rules)
    yield City(sessions, advisor_id)
    forget()
    engine.dispose()


def _services_and_advisor(uow: UnitOfWork) -> int:
    metropole = Organization(code="m3m", kind="metropole", name="Métropole")
    uow.session.add(metropole)
    uow.session.flush()
    reached_at = {
        "address": "1 place Georges-Frêche",
        "phone": "01 99 00 00 00",
        "email": "a@metropole.example",
    }
    for code, insee in _UNITS:
        unit = Unit(code=code, name=code, operation="in_house", insee=insee, **reached_at)
        unit.organization_id = metropole.id
        uow.session.add(unit)
    uow.session.flush()
    return create_account(
        uow,
        email="conseil@metropole.example",
        password="lampe-ruche-vélo-42",
        first_name="Inès",
        last_name="Moreau",
        organization_code="m3m",
        grants=[RoleGrant("advisor")],
    )


@pytest.fixture
def advisor(city: City, servers: Servers) -> Browser:
    browser = Browser(make_app(city.sessions, FrozenClock(_MORNING), servers))
    browser.enter(city.advisor_id)
    return browser


def _chosen(browser: Browser, typed: str) -> dict[str, Any]:
    """What the form holds once the first address proposed for these words was chosen."""
    first = browser.post("/console/aides/adresses", q=typed).json["items"][0]
    return {"place": first["value"], "place_text": first["label"], **first["data"]}


def _registered(browser: Browser, **told: Any) -> str:
    """Fill the form, send it, and give the page of the case that it made."""
    form = browser.form("/console/demandes/nouvelle")
    answer = browser.post("/console/demandes/nouvelle", **{**form, "answer_channel": "none", **told})
    assert answer.status_code == 303, answer.text
    reference = re.search(r"demandes/([\d-]+)/", answer.headers["Location"])
    assert reference
    return browser.get(f"/console/demandes/{reference.group(1)}").text


def test_a_dead_street_light_at_a_real_address_reaches_the_lighting_unit(advisor: Browser) -> None:
    # given: typed as on the phone, abbreviated and without accents
    place = _chosen(advisor, "2975 av de la liberte")
    # when
    page = _registered(advisor, object="Lampadaire éteint", category="ECLA-01", **place)
    # then
    assert place["place"].startswith("a")
    assert "eclairage" in page and "2975 avenue de la Liberté" in page
    assert "mardi 22 septembre" in page  # five working days after Tuesday 15 September


def test_a_pothole_on_a_private_street_is_told_whom_to_ask_and_promises_nothing(advisor: Browser) -> None:
    place = _chosen(advisor, "347 rue du vercors")

    panel = advisor.post("/console/aides/competence", category="VOIR-01", **place).text
    page = _registered(advisor, object="Nid-de-poule", category="VOIR-01", **place)

    assert "Cette voie est privée" in panel and "Réponse annoncée" not in panel
    assert "Cette voie est privée" in page and "aucune" in page


def test_the_next_commune_is_another_town_hall(advisor: Browser) -> None:
    page = _registered(
        advisor, object="Dépôt de gravats", category="PROP-01", place_text="Chemin du Mas", commune="34129"
    )

    assert "mairie-lattes" in page


def test_beyond_the_last_commune_it_is_said_at_once(advisor: Browser) -> None:
    palavas = {"place": "", "place_text": "Plage", "lon": "3.932", "lat": "43.526"}

    panel = advisor.post("/console/aides/competence", category="VOIR-01", **palavas).text

    assert "pas dans la métropole" in panel
