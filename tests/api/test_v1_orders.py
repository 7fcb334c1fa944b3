"""A contractor's programme does the work orders of its unit: read, accepted, planned, proved; each once."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from crm.attachments.models import Attachment
from crm.cases.orders import NewOrder, ask_order
from crm.foundation import SYSTEM, EventRow, Units
from crm.staff import Unit, create_api_key
from tests import given
from tests.api.machines import EVERY_SCOPE, Machine, demand, etag, machine, unit_machine


@pytest.fixture
def asked(units: Units, services: dict[str, int]) -> str:
    """A demand led by the roads, with one order for the lighting."""
    reference = demand(units)
    with units.begin(SYSTEM) as uow:
        work = NewOrder(key="k" * 24, unit_id=services["eclairage"], work="Remettre le mât droit.")
        ask_order(uow, given.rulebook(uow), reference, work)
    return reference


@pytest.fixture
def lighting(app: Flask, units: Units, services: dict[str, int]) -> Machine:
    return unit_machine(app, units, services["eclairage"])


def _photo(there: Machine, path: str, content: bytes, kind: str = "application/octet-stream") -> TestResponse:
    told = {"Authorization": f"Bearer {there.token}", "Content-Type": kind}
    return there.client.post(f"/api/v1{path}", data=content, headers=told)


def _jpeg() -> bytes:
    held = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(held, "JPEG")
    return held.getvalue()


def test_its_order_is_listed_and_read_by_its_unit_alone(
    app: Flask, units: Units, services: dict[str, int], lighting: Machine, asked: str
) -> None:
    (line,) = lighting.get("/orders").json["items"]
    assert (line["reference"], line["number"], line["unit_code"]) == (asked, 1, "eclairage")
    assert line["work"] == "Remettre le mât droit." and "Diallo" not in str(line)
    assert line["verbs"] == ["accept", "plan", "secure", "finish", "send_back"]
    assert lighting.get("/orders", view="planned").json == {"items": [], "next": None}
    roads = unit_machine(app, units, services["voirie"])
    assert roads.get("/orders").json["items"] == []
    assert roads.get(f"/cases/{asked}/orders/1").json["verbs"] == [], "it leads the demand, not the order"
    assert machine(app, units).get("/orders").status_code == 403
    assert lighting.get(f"/cases/{asked}/orders/2").status_code == 404


def test_accepted_planned_proved_each_once(units: Units, lighting: Machine, asked: str) -> None:
    path = f"/cases/{asked}/orders/1"
    taken = lighting.post(f"{path}/accept", if_match=etag(lighting.get(path)), idempotency_key="a1")
    again = lighting.post(f"{path}/accept", if_match='"1"', idempotency_key="a1")
    assert taken.status_code == again.status_code == 200 and taken.json == again.json
    day = {"planned_on": "2026-09-22", "slot": "morning", "crew": "Camion 3"}
    planned = lighting.post(f"{path}/plan", day, if_match=etag(taken))
    assert (planned.json["state"], planned.json["crew"]) == ("planned", "Camion 3")
    assert lighting.post(f"{path}/plan", day, if_match=etag(taken)).status_code == 412
    # when: done, without its photo
    report = {"outcome": "F", "text": "Mât redressé."}
    refused = lighting.post(f"{path}/finish", report, if_match=etag(planned))
    assert (refused.status_code, refused.json["fields"]) == (422, {"no_photo": "photo_or_reason"})
    # then: with it
    sent = _photo(lighting, f"{path}/photos", _jpeg())
    assert sent.status_code == 201
    done = lighting.post(f"{path}/finish", {**report, "photos": [sent.json["token"]]}, if_match=etag(planned))
    assert (done.status_code, done.json["state"], done.json["outcome"]) == (200, "done", "F")
    assert done.json["ended_with"] == "Mât redressé." and done.json["verbs"] == []
    with units.reading() as session:
        assert session.scalars(sa.select(Attachment.evidence)).all() == ["after"]
        facts = session.scalars(sa.select(EventRow.kind).where(EventRow.kind.like("order.%")))
        assert sorted(facts) == ["order.accepted", "order.asked", "order.done", "order.planned"]


def test_what_is_no_photo_is_refused_by_its_name(lighting: Machine, asked: str) -> None:
    path = f"/cases/{asked}/orders/1/photos"
    assert _photo(lighting, path, b"bonjour").json["fields"] == {"photo": "unknown"}
    assert _photo(lighting, path, _jpeg(), "text/plain").status_code == 415
    assert _photo(lighting, f"/cases/{asked}/orders/9/photos", _jpeg()).status_code == 404


def test_sent_back_with_its_reason(lighting: Machine, asked: str) -> None:
    path = f"/cases/{asked}/orders/1"
    seen = etag(lighting.get(path))
    assert lighting.post(f"{path}/send-back", {"reason": "autre"}, if_match=seen).status_code == 422
    told = {"reason": "wrong_unit", "motive": "Hors de notre marché."}
    assert lighting.post(f"{path}/send-back", told, if_match=seen).json["state"] == "sent_back"
    assert lighting.get("/orders").json["items"] == []


def test_a_key_of_the_organisation_does_the_orders_of_its_units(
    app: Flask, units: Units, services: dict[str, int], asked: str
) -> None:
    with units.begin(SYSTEM) as uow:
        theirs = sa.select(Unit.organization_id).where(Unit.id == services["eclairage"])
        token = create_api_key(uow, "Le prestataire", uow.session.scalar(theirs), scopes=EVERY_SCOPE)
    there, path = Machine(app.test_client(), token), f"/cases/{asked}/orders/1"
    made_safe = {"planned_on": "2026-09-30", "text": "Mât étayé."}
    done = there.post(f"{path}/secure", made_safe, if_match=etag(there.get(path)))
    assert (done.json["state"], done.json["planned_on"]) == ("planned", "2026-09-30")
    assert done.json["made_safe_at"] is not None
