"""A resident's own space: opened by a link that the mailbox received, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from crm.foundation import FrozenClock, Sessions
from crm.space import signed_link
from crm.space.models import SpaceLink, SpaceVisit
from tests.portal.resident import form_with, reported

LEA = "lea@exemple.fr"


@pytest.fixture
def token(client: FlaskClient) -> str:
    return reported(client)


def _ask(client: FlaskClient, email: str) -> None:
    answer = client.post("/mon-espace/lien", data={"email": email})
    assert (answer.status_code, answer.location) == (303, "/mon-espace/lien-envoye")


def _link(app: Flask, sessions: Sessions) -> str:
    """What the last message says."""
    with sessions() as session:
        link_id = session.scalars(sa.select(sa.func.max(SpaceLink.id))).one()
    return f"/mon-espace/entrer/{signed_link(app.config['SECRET_KEY'], link_id)}"


def _entered(app: Flask, client: FlaskClient, sessions: Sessions, email: str = LEA) -> None:
    _ask(client, email)
    assert client.post(_link(app, sessions)).location == "/mon-espace"


def test_all_demands_are_there_behind_a_link_that_opens_once(
    app: Flask, client: FlaskClient, sessions: Sessions, token: str
) -> None:
    _ask(client, " Lea@Exemple.fr ")
    link = _link(app, sessions)
    assert client.get(link).status_code == 200, "a mail scanner may look"
    assert "Recevoir un lien" in client.get("/mon-espace").text
    # when
    entered = client.post(link)
    # then
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "Path=/mon-espace" in cookie and "SameSite=Lax" in cookie
    home = client.get("/mon-espace")
    assert f"/suivi/{token}" in home.text and LEA in home.text
    assert home.headers["X-Robots-Tag"] == "noindex, nofollow"
    again = app.test_client().post(link)
    assert again.status_code == 410 and "ne sert plus" in again.text


def test_known_or_not_the_answer_is_the_same(
    app: Flask, client: FlaskClient, sessions: Sessions, token: str
) -> None:
    for email in (LEA, "personne@exemple.fr"):
        _ask(client, email)
    with sessions() as session:
        kept = session.execute(sa.select(SpaceLink.email, SpaceLink.is_known).order_by(SpaceLink.id)).all()
    assert kept == [(LEA, True), ("personne@exemple.fr", False)]
    assert "personne@exemple.fr" not in client.get("/mon-espace/lien-envoye").text


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Ce champ est obligatoire"), ("lea@", "adresse de courriel")]
)
def test_what_is_no_address_says_what_to_do(client: FlaskClient, typed: str, said: str) -> None:
    answer = client.post("/mon-espace/lien", data={"email": typed})
    assert answer.status_code == 422 and form_with(answer, "email").fields["email"] == typed
    assert 'aria-invalid="true"' in answer.text


def test_a_mailbox_is_not_flooded_from_our_form(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    for _ in range(5):
        _ask(client, LEA)
    with sessions() as session:
        assert session.scalars(sa.select(sa.func.count(SpaceLink.id))).one() == 3
    assert client.post("/mon-espace/lien", data={"email": LEA}).status_code == 429


def test_a_link_and_a_visit_end(
    app: Flask, client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    _ask(client, LEA)
    late = _link(app, sessions)
    clock.at += timedelta(minutes=31)
    assert client.post(late).status_code == 410
    _entered(app, client, sessions)
    clock.at += timedelta(hours=9)
    assert "Recevoir un lien" in client.get("/mon-espace").text
    assert client.get("/mon-espace/mes-donnees.json").status_code == 404


def test_a_forged_link_opens_nothing(client: FlaskClient) -> None:
    for forged in ("1", "MQ.faux", signed_link("another secret", 1)):
        assert client.get(f"/mon-espace/entrer/{forged}").status_code == 404
        assert client.post(f"/mon-espace/entrer/{forged}").status_code == 404


def test_leaving_needs_our_own_form(app: Flask, client: FlaskClient, sessions: Sessions, token: str) -> None:
    _entered(app, client, sessions)
    assert client.post("/mon-espace/sortir").status_code == 404
    seal = form_with(client.get("/mon-espace"), "seal").fields["seal"]
    assert client.post("/mon-espace/sortir", data={"seal": seal}).location == "/"
    assert "Recevoir un lien" in client.get("/mon-espace").text
    with sessions() as session:
        assert session.scalars(sa.select(SpaceVisit.ended_at)).one() is not None


def test_ones_data_and_nobody_elses(app: Flask, client: FlaskClient, sessions: Sessions, token: str) -> None:
    _entered(app, client, sessions)
    told = client.get("/mon-espace/mes-donnees.json").get_json()
    assert told["email"] == LEA and len(told["demands"]) == 1
    assert {"kind": "email", "value": LEA, "verified": True, "refuses_sms": False} in told["contacts"][0][
        "points"
    ]
    other = app.test_client()
    _entered(app, other, sessions, "personne@exemple.fr")
    assert other.get("/mon-espace/mes-donnees.json").get_json()["demands"] == []
