"""A commune added on screen is nobody's business but its own desk's until the day decided for it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.intake import PlaceGiven, resolve_place
from crm.territory import Commune, forget, locate, offered, search_addresses
from tests.territory.given import commune
from tests.web.agents import Browser
from tests.web.world import World

AT = "/console/administration/communes"
INSEE, NAME = "99806", "Les Aulnes"
INSIDE = PlaceGiven(lon=3.98, lat=43.60)
ADDRESSES = """numero,voie,code_voie,insee,code_postal,lon,lat
1,Rue des Tanneurs,7,99806,99860,3.9801,43.6001
"""


def _outline(insee: str, name: str, west: float, east: float) -> tuple[io.BytesIO, str]:
    features = [commune(insee, name, west, east)]
    told = json.dumps({"type": "FeatureCollection", "features": features})
    return io.BytesIO(told.encode()), "contour.geojson"


@pytest.fixture
def admin(log_in: Callable[[str], Browser]) -> Browser:
    return log_in("config_admin")


@pytest.fixture
def added(admin: Browser) -> str:
    """Its kit."""
    made = admin.post(f"{AT}/nouvelle", file=_outline(INSEE, NAME, 3.96, 4.0))
    assert made.location == f"{AT}/{INSEE}", made.text
    file = (io.BytesIO(ADDRESSES.encode()), "adresses.csv")
    assert admin.post(f"{made.location}/territoire", part="addresses", file=file).status_code == 303
    return str(made.location)


def test_it_is_offered_to_its_own_desk_alone(
    added: str, admin: Browser, log_in: Callable[[str], Browser], sessions: Sessions
) -> None:
    assert "Se prépare" in admin.get(added).text and "ni les usagers ni le centre" in admin.get(added).text
    assert NAME not in log_in("advisor").get("/console/demandes/nouvelle").text
    with sessions() as session:
        assert INSEE not in {line.insee for line in offered(session)}
        assert INSEE in {line.insee for line in offered(session, {INSEE})}
        assert not locate(session, 3.98, 43.60).inside
        for given in (INSIDE, PlaceGiven(insee=INSEE), PlaceGiven(text="1 rue des Tanneurs")):
            assert resolve_place(session, given).inside is False
            at_desk = resolve_place(session, given, {INSEE})
            assert (at_desk.inside, at_desk.insee) == (True, INSEE)
        assert not resolve_place(session, PlaceGiven(lon=3.9999, lat=43.7), {INSEE}).inside


@pytest.mark.parametrize(("days", "offers"), [(-1, True), (0, True), (1, False), (None, False)])
def test_its_day_opens_it(added: str, sessions: Sessions, days: int | None, offers: bool) -> None:
    today = sa.text("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
    with sessions.begin() as session:
        day = session.scalar(today)
        assert day is not None
        told = None if days is None else day + timedelta(days=days)
        session.execute(sa.text("UPDATE commune_joinings SET live_on = :day"), {"day": told})
    forget()
    with sessions() as session:
        assert (INSEE in {line.insee for line in offered(session)}) is offers
        assert resolve_place(session, INSIDE).inside is offers
        assert search_addresses(session, "rue des Tanneurs")[0].is_open is offers


def test_a_day_to_come_does_not_close_one_that_is_open(
    added: str, admin: Browser, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        session.execute(sa.text("UPDATE commune_joinings SET live_on = '2020-01-01'"))
    forget()
    kit = admin.get(added).text
    assert "Refermer la commune" in kit and "Annuler la décision" not in kit
    later = admin.post(f"{added}/ouverture", live_on="2099-01-01", note="Plus tard")
    assert later.status_code == 422 and "la leur fermerait" in later.text
    with sessions() as session:
        assert INSEE in {line.insee for line in offered(session)}
    assert admin.post(f"{added}/ouverture", undo="1", note="Erreur").status_code == 303
    assert "ouverte sans date" not in admin.get(added).text
    with sessions() as session:
        assert INSEE not in {line.insee for line in offered(session)}


def test_an_outline_over_another_commune_is_refused(admin: Browser, sessions: Sessions) -> None:
    twin = admin.post(f"{AT}/nouvelle", file=_outline("99805", "Ailleurs", 3.88, 3.92))
    assert twin.status_code == 422
    assert "se couvrent à 100" in twin.text and "Aubreval" in twin.text
    half = admin.post(f"{AT}/nouvelle", file=_outline("99805", "Ailleurs", 3.86, 3.90))
    assert half.status_code == 422 and "se couvrent à 50" in half.text
    with sessions() as session:
        assert session.get(Commune, "99805") is None
    beside = admin.post(f"{AT}/nouvelle", file=_outline("99805", "Ailleurs", 3.8401, 3.8801))
    assert beside.status_code == 303, "borders that overlap by a few metres are only drawn by two hands"


def test_one_added_by_mistake_goes_with_a_note(added: str, admin: Browser, sessions: Sessions) -> None:
    assert admin.post(f"{added}/retrait", taking_back=" ").status_code == 422
    gone = admin.post(f"{added}/retrait", taking_back="Mauvais fichier")
    assert gone.location == AT
    assert admin.get(added).status_code == 404
    with sessions() as session:
        assert session.get(Commune, INSEE) is None
        fact = session.scalars(sa.select(EventRow).where(EventRow.kind == "commune.taken_back")).one()
        assert fact.data["note"] == "Mauvais fichier"


def test_one_where_something_happened_stays(added: str, admin: Browser, sessions: Sessions) -> None:
    reach = {"address": "1 place", "phone": "01 99 00 00 40"}
    owner = {"kind": "commune", "name": "Commune des Aulnes", "insee": INSEE}
    made = admin.post("/console/administration/organismes/nouveau", **owner, **reach)
    assert made.status_code == 303, made.text
    refused = admin.post(f"{added}/retrait", taking_back="Erreur")
    assert refused.status_code == 422 and "elle a un organisme" in refused.text
    assert admin.post(f"{AT}/99801/retrait", taking_back="Erreur").status_code == 422
    with sessions() as session:
        assert session.get(Commune, INSEE) is not None and session.get(Commune, "99801") is not None


def test_one_whose_street_a_demand_names_stays(
    added: str, admin: Browser, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    """The centre took it as outside: the demand says the street, and no commune."""
    with sessions() as session:
        place = resolve_place(session, PlaceGiven(text="1 rue des Tanneurs"))
    assert place.address_id is not None and place.insee is None
    world.case(sessions, clock, CaseState.REGISTERED, place=place)
    refused = admin.post(f"{added}/retrait", taking_back="Erreur")
    assert refused.status_code == 422 and "elle a des demandes" in refused.text
