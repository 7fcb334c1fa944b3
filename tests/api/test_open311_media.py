"""Photos that come with a request, or by their address: kept like any usager's, fetched through the guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from crm.attachments import CaseFile, files_of_case
from crm.attachments.models import RemoteFile
from crm.cases import Case
from crm.foundation import Delivery, Sessions, Units
from crm.foundation.settings import Outside
from crm.wiring import Wiring
from tests.api.partners import bring, key_of, reference
from tests.attachments import pictures
from workers.jobs.run import do_deliveries

_PHOTO = pictures.photo(300, 200)


class _Photos(BaseHTTPRequestHandler):
    """A partner's server. `asked` remembers what was fetched from it."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body = {"/lampe.jpg": (200, _PHOTO), "/page": (200, b"<html>")}.get(self.path, (404, b""))
        if self.path == "/moved":
            status = 302
        if self.path == "/away":
            status = 503
        self.send_response(status)
        if self.path == "/moved":
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def photos() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Photos)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def wired(app: Flask) -> Wiring:
    """As workers have it; this machine is trusted by name."""
    held: Wiring = app.extensions["crm"]
    settings = held.settings.model_copy(update={"outside": Outside(trusted_hosts=("127.0.0.1",))})
    return replace(held, settings=settings)


@pytest.fixture
def key(units: Units, services: dict[str, int]) -> str:
    return key_of(units, "departement")


def _files(sessions: Sessions) -> list[CaseFile]:
    with sessions() as session:
        return files_of_case(session, session.scalars(sa.select(Case.id)).one(), public_only=True)


def _fetch(wired: Wiring) -> list[Any]:
    columns = sa.select(Delivery.id, Delivery.done_at, Delivery.last_error)
    fetching = columns.where(Delivery.job == "fetch_media").order_by(Delivery.id)
    with wired.units.reading() as session:
        waiting = [one.id for one in session.execute(fetching)]
    do_deliveries(wired, waiting)
    with wired.units.reading() as session:
        return list(session.execute(fetching))


def test_photos_come_with_the_request_and_what_is_none_is_named(
    client: FlaskClient, sessions: Sessions, key: str
) -> None:
    answer = bring(
        client,
        key,
        media=[
            (BytesIO(_PHOTO), "lampe.jpg"),
            (BytesIO(pictures.photo(200, 200)), "rue.jpg"),
            (BytesIO(b"#!/bin/sh"), "virus.sh"),
        ],
    )
    assert answer.status_code == 201 and "virus.sh" in answer.json[0]["service_notice"]
    assert [(file.name, file.is_picture) for file in _files(sessions)] == [
        ("lampe.jpg", True),
        ("rue.jpg", True),
    ]


def test_photos_of_work_done_prove_it_to_agents_and_are_not_shown(
    client: FlaskClient, sessions: Sessions, units: Units, wired: Wiring, photos: str, key: str
) -> None:
    light = reference(client, key)
    told = {"update_id": "1", "status": "fixed", "description": "Changée", "service_request_id": light}
    sent = {
        **told,
        "api_key": key_of(units, "metropole", ["update"]),
        "media": [(BytesIO(pictures.photo(200, 200)), "apres.jpg")],
        "media_url": f"{photos}/lampe.jpg",
    }
    assert client.post("/open311/v2/servicerequestupdates.json", data=sent).status_code == 201
    _fetch(wired)
    with sessions() as session:
        kept = files_of_case(session, session.scalars(sa.select(Case.id)).one())
    assert [(one.name, one.evidence) for one in kept] == [("apres.jpg", "after"), ("lampe.jpg", "after")]
    assert _files(sessions) == []


def test_a_photo_given_by_its_address_is_fetched_afterwards_once(
    client: FlaskClient, sessions: Sessions, wired: Wiring, photos: str, key: str
) -> None:
    _Photos.asked.clear()
    assert bring(client, key, media_url=f"{photos}/lampe.jpg").status_code == 201
    assert _Photos.asked == [] and _files(sessions) == [], "nothing is called while the partner waits"
    (delivery,) = _fetch(wired)
    assert delivery.done_at is not None and _Photos.asked == ["/lampe.jpg"]
    assert [file.name for file in _files(sessions)] == ["lampe.jpg"]
    _fetch(wired)
    assert _Photos.asked == ["/lampe.jpg"]


@pytest.mark.parametrize(
    ("path", "reason"), [("/page", "not_a_photo"), ("/nothing", "not_there"), ("/moved", "private_address")]
)
def test_what_is_no_photo_is_given_up_with_the_reason(
    client: FlaskClient, sessions: Sessions, wired: Wiring, photos: str, key: str, path: str, reason: str
) -> None:
    bring(client, key, media_url=photos + path)
    (delivery,) = _fetch(wired)
    assert delivery.done_at is not None and _files(sessions) == []
    with sessions() as session:
        assert session.scalars(sa.select(RemoteFile.last_error)).one() == reason


def test_a_server_that_is_away_is_asked_again(
    client: FlaskClient, wired: Wiring, photos: str, key: str
) -> None:
    bring(client, key, media_url=f"{photos}/away")
    (delivery,) = _fetch(wired)
    assert (delivery.done_at, delivery.last_error) == (None, "no_answer")


def test_nothing_inside_is_called_for_a_partner(
    app: Flask, client: FlaskClient, sessions: Sessions, photos: str, key: str
) -> None:
    _Photos.asked.clear()
    bring(client, key, media_url=f"{photos}/lampe.jpg")
    (delivery,) = _fetch(app.extensions["crm"])  # trusts no name
    assert delivery.done_at is not None and _Photos.asked == []
    with sessions() as session:
        assert session.scalars(sa.select(RemoteFile.last_error)).one() == "private_address"


@pytest.mark.parametrize("url", ["ftp://exemple.fr/a.jpg", "javascript:alert(1)", "http://", "http://a b/"])
def test_what_is_no_address_is_refused_at_once(
    client: FlaskClient, sessions: Sessions, key: str, url: str
) -> None:
    assert bring(client, key, media_url=url).status_code == 400
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0
