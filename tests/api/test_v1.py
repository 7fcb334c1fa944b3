"""The REST door: one case's public side, described truthfully."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from crm.cases import make_reference
from crm.foundation import SYSTEM, Units
from crm.staff import ApiKey, create_api_key, revoke_api_key


@pytest.fixture
def token(units: Units, services: dict[str, int]) -> str:
    with units.begin(SYSTEM) as uow:
        return create_api_key(uow, "Tableau de bord", None)


def _read(client: FlaskClient, reference: str, token: str) -> object:
    return client.get(f"/api/v1/cases/{reference}", headers={"Authorization": f"Bearer {token}"})


def test_a_case_is_read_as_its_description_says(client: FlaskClient, token: str) -> None:
    told = {"service_code": "ECLA-01", "address_string": "10 rue des Lilas", "api_key": token}
    reference = client.post("/open311/v2/requests.json", data=told).json[0]["service_request_id"]
    case = _read(client, reference, token).json
    assert (case["reference"], case["status"], case["step"]) == (reference, "open", "transmitted")
    schema = client.get("/api/v1/openapi.json").json["components"]["schemas"]["Case"]
    assert set(schema["required"]) == set(case) == set(schema["properties"])


def test_without_a_valid_token_nothing_is_said(client: FlaskClient, units: Units, token: str) -> None:
    reference = make_reference(2026, 1)
    assert client.get(f"/api/v1/cases/{reference}").status_code == 401
    wrong = _read(client, reference, "wrong")
    assert wrong.status_code == 401 and wrong.headers["WWW-Authenticate"] == "Bearer"
    assert wrong.content_type == "application/problem+json"
    with units.begin(SYSTEM) as uow:
        revoke_api_key(uow, uow.session.query(ApiKey.id).scalar())
    assert _read(client, reference, token).status_code == 401


def test_unknown_and_mistyped_references(client: FlaskClient, token: str) -> None:
    assert _read(client, make_reference(2026, 999), token).status_code == 404
    assert _read(client, "2026-000999-00", token).status_code == 422


def test_every_path_described_exists(client: FlaskClient, token: str) -> None:
    for path in client.get("/api/v1/openapi.json").json["paths"]:
        assert client.get(path.replace("{reference}", "x")).status_code != 404
