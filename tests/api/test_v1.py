"""The REST door: who may come in, what they may see, and how a refusal is said."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.cases import make_reference
from crm.foundation import SYSTEM, Units
from crm.staff import ActsAs, ApiKey, create_api_key, revoke_api_key
from tests.api.machines import demand, machine, supervisor, unit_machine
from tests.given import TOWN


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
    assert case["inside"] is None, "this key has no reach: it reads what anybody may know"
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


def test_an_unknown_and_a_mistyped_reference_are_two_kinds_of_nothing(
    client: FlaskClient, token: str
) -> None:
    unknown = _read(client, make_reference(2026, 999), token)
    mistyped = _read(client, "2026-000999-00", token)
    assert (unknown.status_code, unknown.json["type"]) == (404, "/errors/not_found")
    assert (mistyped.status_code, mistyped.json["type"]) == (404, "/errors/reference_mistyped")


def test_every_path_described_exists(client: FlaskClient, token: str) -> None:
    for path, operations in client.get("/api/v1/openapi.json").json["paths"].items():
        for method in operations:
            there = path.replace("{reference}", "x").replace("{contact_id}", "1").replace("{number}", "1")
            assert client.open(there, method=method.upper()).status_code != 404


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/api/v1/rien", "GET", 404), ("/api/v1/cases", "DELETE", 405), ("/api/v1/cases", "GET", 401)],
)
def test_every_refusal_is_a_problem(
    client: FlaskClient, services: dict[str, int], path: str, method: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status and answer.content_type == "application/problem+json"
    assert answer.json["status"] == status and answer.json["title"]
    if status == 405:
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_bodies_are_checked_before_anything_is_looked_at(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    there = supervisor(app, units)
    plain = there.client.post(
        "/api/v1/cases", data="object=x", headers={"Authorization": f"Bearer {there.token}"}
    )
    assert plain.status_code == 415
    assert there.post("/cases", {"object": "x" * 300_000}).status_code == 413
    unknown = there.post("/cases", {"object": "Un trou", "couleur": "bleu"})
    assert (unknown.status_code, unknown.json["fields"]) == (422, {"couleur": "unknown_field"})
    assert there.get("/cases", couleur="bleu").json["fields"] == {"couleur": "unknown_field"}
    assert there.get("/cases", limit="500").status_code == 422


def test_a_scope_that_is_missing_is_named(app: Flask, units: Units, services: dict[str, int]) -> None:
    reader = machine(app, units, ActsAs(role="supervisor"), scopes=("read",))
    answer = reader.post("/cases", {"object": "Un trou"})
    assert (answer.status_code, answer.json["fields"]) == (403, {"scope": "create"})


def test_a_machine_sees_what_an_agent_of_its_perimeter_sees(
    app: Flask, units: Units, services: dict[str, int]
) -> None:
    roads, lights = demand(units), demand(units, category_code="ECLA-01")
    unit = unit_machine(app, units, services["voirie"])
    desk = machine(app, units, ActsAs(role="desk_agent", insee=TOWN))
    elsewhere = machine(app, units, ActsAs(role="desk_agent", insee="99802"))
    without = machine(app, units)

    def listed(who: object) -> set[str]:
        return {line["reference"] for line in who.get("/cases").json["items"]}  # type: ignore[attr-defined]

    assert listed(unit) == {roads}
    assert listed(desk) == listed(supervisor(app, units)) == {roads, lights}
    assert listed(elsewhere) == set()
    assert without.get("/cases").status_code == 403
    assert unit.get(f"/cases/{roads}").json["inside"]["object"] == "Un trou dans la chaussée"
    assert unit.get(f"/cases/{roads}").json["inside"]["contact_id"] is None
    assert elsewhere.get(f"/cases/{roads}").json["inside"] is None
    assert elsewhere.get(f"/cases/{roads}/interactions").status_code == 404


def test_the_page_to_try_it_asks_the_door_itself(client: FlaskClient, token: str) -> None:
    page = client.get("/api/v1/?operation=readCase").text
    assert "openapi.json" in page and "<script" not in page
    form = {"operation": "readCase", "token": token, "path.reference": make_reference(2026, 999)}
    answered = client.post("/api/v1/essayer", data=form).text
    assert "404 NOT FOUND" in answered and "/errors/not_found" in answered
    assert client.get("/api/v1/?operation=rien").status_code == 404
