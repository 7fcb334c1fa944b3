"""The place by the map or by lists, the category by other words; and pages that stay light."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.cases import Case
from crm.foundation import Sessions
from crm.http.static_files import FOLDER
from tests.portal.resident import draft, form_with, reported, reviewed, send

HEAVIEST = 60_000  # bytes, compressed, of a public page with all that it loads by itself


def _where(client: FlaskClient, category: str = "ECLA-01") -> TestResponse:
    return send(client, draft(client), "category", category=category)


def _sent(client: FlaskClient, page: TestResponse) -> None:
    page = send(client, page, "way", way="none")
    assert send(client, page, "key").status_code == 303


def _case(sessions: Sessions) -> Case:
    with sessions() as session:
        return session.scalars(sa.select(Case)).one()


def test_a_point_of_the_map_is_enough(client: FlaskClient, sessions: Sessions) -> None:
    page = send(client, _where(client), "place", lon="3.900000", lat="43.600000")
    assert form_with(page, "key").fields["lon"] == "3.900000"
    _sent(client, page)
    case = _case(sessions)
    assert (case.insee, case.lon, case.lat) == ("99801", 3.9, 43.6)
    assert case.place_precision == "exact" and case.place_label


def test_a_point_beside_a_written_address_makes_it_precise(client: FlaskClient, sessions: Sessions) -> None:
    page = send(
        client, _where(client), "place", place="derrière le grand chêne", lon="3.900000", lat="43.600000"
    )
    _sent(client, page)
    case = _case(sessions)
    assert (case.place_label, case.lon) == ("derrière le grand chêne", 3.9)


@pytest.mark.parametrize(("lon", "lat"), [("x", "y"), ("nan", "inf"), ("181", "0"), ("", "43.6")])
def test_a_point_that_is_nowhere_is_none(client: FlaskClient, lon: str, lat: str) -> None:
    page = send(client, _where(client), "place", lon=lon, lat=lat)
    assert page.status_code == 422 and "Écrivez l’adresse la plus proche" in page.text


def test_the_point_may_be_forgotten(client: FlaskClient) -> None:
    page = send(client, _where(client), "place", lon="3.9", lat="43.6", place="12 rue des Lilas", go="where")
    assert "Oublier le point" in page.text
    page = send(client, page, "place", no_point="1")
    assert "Laquelle de ces adresses" in page.text and form_with(page, "spot").fields["lon"] == ""


def test_the_street_is_chosen_in_a_list_without_any_script(client: FlaskClient, sessions: Sessions) -> None:
    page = send(client, _where(client), "place", q_mast="A 12", go="rue")
    page = send(client, page, "insee", insee="99801")
    assert "Commune : Aubreval" in page.text.replace("\u00a0", " ")
    street = re.search(r'<option value="(\d+)">[Rr]ue des Lilas</option>', page.text)
    assert street
    refused = send(client, page, "street", pick="1")
    assert refused.status_code == 422 and "Choisissez la rue" in refused.text
    page = send(client, refused, "street", street=street[1], number="10", pick="1")
    kept = form_with(page, "place").fields
    assert kept["place"] == "10 Rue des Lilas, Aubreval" and kept["q_mast"] == "A 12"
    _sent(client, send(client, page, "place"))
    case = _case(sessions)
    assert (case.place_label, case.place_precision) == ("10 rue des Lilas, Aubreval", "exact")


def test_one_may_change_the_commune_and_go_back(client: FlaskClient) -> None:
    page = send(client, _where(client), "place", go="rue")
    page = send(client, page, "insee", insee="99801")
    page = send(client, page, "insee", other_commune="1")
    assert '<select name="insee"' in page.text and "Aubreval" in page.text
    assert "Où est-ce" in send(client, page, "insee", go="where").text


def test_other_words_find_other_categories_and_keep_the_text(client: FlaskClient) -> None:
    page = draft(client, "Bonjour")
    assert "ECLA-01" not in page.text.partition("Voir toutes")[0]
    found = send(client, page, "category", look="lampadaire")  # Enter in the box
    assert "ECLA-01" in found.text.partition("Voir toutes")[0]
    assert form_with(found, "category").fields["object"] == "Bonjour"
    assert "Où est-ce" in send(client, found, "category", category="ECLA-01").text


def test_the_outlines_come_from_our_own_ground(client: FlaskClient) -> None:
    answer = client.get("/signaler/communes.geojson")
    assert answer.mimetype == "application/geo+json" and "Aubreval" in answer.text


def _weight(page: TestResponse) -> int:
    """The page, its styles, its scripts and what these load at once."""
    loaded = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.text))
    for name in list(loaded):
        if name.endswith(".js"):
            loaded |= _imported(name, set())
    return len(gzip.compress(page.data)) + sum(_compressed(FOLDER / name) for name in loaded)


def _imported(name: str, seen: set[str]) -> set[str]:
    text = (FOLDER / name).read_text("utf-8")
    for found in re.findall(r'(?:from|import)\s*"\./([\w.-]+\.js)"', text):
        if found not in seen:
            seen.add(found)
            _imported(found, seen)
    return seen


def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def test_every_public_page_is_light(client: FlaskClient) -> None:
    """The map comes only to who opens it; without it a page and all it loads weigh 60 KB at most."""
    token = reported(client)
    fixed = ["/", "/signaler", "/suivi", "/nous-joindre", "/accessibilite", "/donnees-personnelles"]
    fixed += ["/mentions-legales", f"/suivi/{token}", f"/suivi/{token}/reponse", f"/suivi/{token}/photos"]
    fixed += [f"/signaler/recue/{token}", "/rien-ici"]
    pages = [client.get(path) for path in fixed]
    about = draft(client)
    where = send(client, about, "category", category="ECLA-01")
    pages += [about, where, send(client, where, "place", go="rue"), reviewed(client)]
    assert FOLDER.joinpath("manifest.json").is_file(), "npm run build"
    heavy = [(page.request.path, _weight(page)) for page in pages if _weight(page) > HEAVIEST]
    assert heavy == []
