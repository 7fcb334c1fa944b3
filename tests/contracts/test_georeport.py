"""A client of Open311 that others wrote, against the application as it is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from georeport import GeoReport
from werkzeug.serving import WSGIRequestHandler, make_server

from crm.attachments.models import Attachment
from crm.foundation import FrozenClock, Sessions, Units
from crm.territory import forget
from tests.api.partners import LIGHT, key_of
from tests.attachments.pictures import photo
from tests.doors import make_app, small_world
from tests.servers import Servers


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def served(
    units: Units,
    tmp_path: Path,
    sessions: Sessions,
    clock: FrozenClock,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    small_world(units, tmp_path)
    app: Flask = make_app(sessions, clock, servers)
    server = make_server("127.0.0.1", 0, app, request_handler=_Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/open311/v2"
    server.shutdown()
    serving.join()
    server.server_close()
    forget()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_everything_it_knows_to_ask(served: str, units: Units, form: str) -> None:
    key = key_of(units, "departement")
    brought = [
        requests.post(f"{served}/requests.json", data={**LIGHT, "api_key": key}, timeout=10).json()[0]
        for _ in range(2)
    ]
    first, second = (str(one["service_request_id"]) for one in brought)
    client = GeoReport(served, output_format=form)
    assert "ECLA-01" in {service["service_code"] for service in client.get_service_list()}
    assert client.get_service_definition("ECLA-01")["service_code"] == "ECLA-01"
    listed = client.get_service_requests(service_code="ECLA-01", status="open")
    assert {one["service_request_id"] for one in listed} == {first, second}
    asked = client.get_service_requests(service_request_id=f"{first},{second}")
    assert {one["service_request_id"] for one in asked} == {first, second}
    period = client.get_service_requests(start_date="2026-09-15T00:00:00Z", end_date="2026-09-16T00:00:00Z")
    assert len(period) == 2
    assert client.get_service_request(first)["status"] == "open"


def test_photos_heavier_than_any_form_come_through(served: str, units: Units, sessions: Sessions) -> None:
    told = {**LIGHT, "api_key": key_of(units, "departement")}
    files = [
        ("media", (name, photo(300, size) + b"\0" * 1_500_000))
        for name, size in (("a.jpg", 200), ("b.jpg", 210))
    ]
    answer = requests.post(f"{served}/requests.xml", data=told, files=files, timeout=30)
    assert answer.status_code == 201, answer.text
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 2


def test_it_hears_of_an_error_as_an_error(served: str) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        GeoReport(served).get_service_request("2026-000000-00")
