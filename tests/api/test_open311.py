"""A partner's machine speaks GeoReport v2."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.staff import Organization, create_api_key

LIGHT = {
    "service_code": "ECLA-01",
    "lat": "43.6001",
    "long": "3.9001",
    "description": "Lampadaire éteint chez Mme Martin",
    "attribute[mast]": "A 12",
    "first_name": "Léa",
    "last_name": "Martin",
    "email": "lea@exemple.fr",
}


@pytest.fixture
def key(units: Units, services: dict[str, int]) -> str:
    with units.begin(SYSTEM) as uow:
        owner = uow.session.scalar(sa.select(Organization.id).where(Organization.code == "departement"))
        return create_api_key(uow, "Application mobile", owner)


@pytest.fixture
def other_key(units: Units, services: dict[str, int]) -> str:
    with units.begin(SYSTEM) as uow:
        owner = uow.session.scalar(sa.select(Organization.id).where(Organization.code == "metropole"))
        return create_api_key(uow, "Autre partenaire", owner)


def _post(client: FlaskClient, key: str, headers: dict[str, str] | None = None, **told: str) -> Any:
    return client.post("/open311/v2/requests.json", data={**LIGHT, "api_key": key, **told}, headers=headers)


def test_services_and_their_questions(client: FlaskClient) -> None:
    services = client.get("/open311/v2/services.json").json
    light = next(service for service in services if service["service_code"] == "ECLA-01")
    assert light["metadata"] is True and light["type"] == "realtime" and "lampadaire" in light["keywords"]
    attributes = client.get("/open311/v2/services/ECLA-01.json").json["attributes"]
    fault = next(attribute for attribute in attributes if attribute["code"] == "fault")
    assert (
        fault["datatype"] == "singlevaluelist" and {"key": "off", "name": "Il est éteint"} in fault["values"]
    )
    unknown = client.get("/open311/v2/services/XXXX.json")
    assert unknown.status_code == 404 and unknown.json[0]["code"] == 404


def test_a_request_becomes_a_case_and_is_read_without_its_words(
    client: FlaskClient, sessions: Sessions, services: dict[str, int], key: str
) -> None:
    answer = _post(client, key)
    assert answer.status_code == 201, answer.json
    reference = answer.json[0]["service_request_id"]
    assert "mardi 22 septembre 2026" in answer.json[0]["service_notice"]
    with sessions() as session:
        case = session.scalars(sa.select(Case)).one()
    assert (case.reference, case.channel, case.unit_id) == (reference, "partner_api", services["eclairage"])
    assert (case.answers, case.insee, case.answer_channel) == ({"mast": "A 12"}, "99801", "email")
    read = client.get(f"/open311/v2/requests/{reference}.json")
    (shown,) = read.json
    assert (shown["status"], shown["service_code"]) == ("open", "ECLA-01")
    assert (shown["lat"], shown["long"]) == (43.6, 3.9)
    assert shown["requested_datetime"] == "2026-09-15T10:00:00+02:00"
    assert "Martin" not in read.text and "lea@" not in read.text and shown["description"] is None


def test_the_same_idempotency_key_is_one_request(
    client: FlaskClient, sessions: Sessions, key: str, other_key: str
) -> None:
    header = {"Idempotency-Key": "42"}
    twice = [_post(client, key, header).json[0]["service_request_id"] for _ in range(2)]
    theirs = _post(client, other_key, header).json[0]["service_request_id"]
    assert twice[0] == twice[1] != theirs


def test_an_idempotency_key_never_swallows_another_request(client: FlaskClient, key: str) -> None:
    header = {"Idempotency-Key": "43"}
    assert _post(client, key, header).status_code == 201
    assert _post(client, key, header, description="Tout autre chose").status_code == 409


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "wrong"}, 403),
        ({"api_key": "x" * 100_000}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "XXXX"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"long": ""}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": "91"}, 400),
        ({"attribute[fault]": "explodes"}, 400),
        ({"attribute[nothing]": "x"}, 400),
        ({"email": "lea@"}, 400),
    ],
)
def test_what_is_wrong_is_said_the_open311_way(
    client: FlaskClient, sessions: Sessions, key: str, told: dict[str, str], status: int
) -> None:
    answer = _post(client, key, **told)
    assert answer.status_code == status
    assert answer.json[0]["code"] == status and answer.json[0]["description"]
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


@pytest.mark.parametrize("text", ["\x00\u202etrou", "🕳️" * 1000, "x" * 300_000, "<script>alert(1)</script>"])
def test_any_text_is_taken(client: FlaskClient, key: str, text: str) -> None:
    assert _post(client, key, description=text).status_code == 201


def test_coordinates_in_the_sea_are_refused_to_the_territory_not_to_the_partner(
    client: FlaskClient, sessions: Sessions, key: str
) -> None:
    answer = _post(client, key, lat="42.0", long="5.0")
    assert answer.status_code == 201 and "pas dans la métropole" in answer.json[0]["service_notice"]
    with sessions() as session:
        assert session.scalars(sa.select(Case.state)).one() == "closed"


def test_what_is_sensitive_shows_to_whoever_brought_it_alone(
    client: FlaskClient, key: str, other_key: str
) -> None:
    hidden = next(
        service["service_code"]
        for service in client.get("/open311/v2/services.json").json
        if service["service_code"].startswith("TRAN")
    )
    answer = _post(client, key, service_code=hidden, **{"attribute[mast]": ""})
    reference = answer.json[0]["service_request_id"]
    address = f"/open311/v2/requests/{reference}.json"
    assert client.get(address).status_code == 404
    assert client.get(address, query_string={"api_key": other_key}).status_code == 404
    assert client.get(address, query_string={"api_key": key}).json[0]["service_code"] == hidden
    assert client.get("/open311/v2/requests.json").json == []
    assert len(client.get("/open311/v2/requests.json", query_string={"api_key": key}).json) == 1


def test_requests_are_asked_for_by_status_service_reference_and_date(
    client: FlaskClient, clock: FrozenClock, key: str
) -> None:
    light = _post(client, key).json[0]["service_request_id"]
    sea = _post(client, key, lat="42.0", long="5.0").json[0]["service_request_id"]

    def found(**asked: str) -> set[str]:
        answer = client.get("/open311/v2/requests.json", query_string=asked)
        assert answer.status_code == 200, answer.json
        return {shown["service_request_id"] for shown in answer.json}

    assert found() == {light, sea}
    assert found(status="open") == {light} and found(status="closed") == {sea}
    assert found(status="open,closed") == {light, sea}
    assert found(service_code="ECLA-01") == {light, sea} and found(service_code="VOIR-01") == set()
    assert found(service_request_id=f"{light}, 2026-000000-00") == {light}
    assert found(start_date="2026-09-15T09:00:00+02:00") == {light, sea}
    assert found(end_date="2026-09-01T00:00:00Z") == set()
    for wrong in ({"start_date": "hier"}, {"status": "lost"}, {"start_date": "9999-99-99"}):
        answer = client.get("/open311/v2/requests.json", query_string=wrong)
        assert answer.status_code == 400 and answer.json[0]["code"] == 400


def test_an_address_that_is_none_of_ours_says_where_to_look(client: FlaskClient) -> None:
    for form in ("json", "xml"):
        missing = client.get(f"/open311/v2/nothing.{form}")
        assert missing.status_code == 404 and "discovery" in missing.text
    assert client.put("/open311/v2/services.json").status_code == 404


def test_wrong_keys_are_slowed(client: FlaskClient, key: str) -> None:
    answers = [_post(client, "wrong").status_code for _ in range(31)]
    assert answers[0] == 403 and answers[-1] == 429
