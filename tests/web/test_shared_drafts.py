"""« Reprise assistée »: a resident and an agent hold one draft; either finishes it, and it is one demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.cases import Case, spoken
from crm.foundation import FrozenClock, Sessions
from crm.intake.sharing import SharedDraft
from crm.interactions import Interaction
from tests.portal.resident import form_with, forms, reviewed, send
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
_HELP = "/signaler/aide"
_NEW = "/console/demandes/nouvelle"


@pytest.fixture
def lea(app: Flask) -> FlaskClient:
    return app.test_client()


def _asked(client: FlaskClient, page: TestResponse) -> tuple[TestResponse, str]:
    """The page with the code, and the code."""
    answer = client.post(_HELP, data=form_with(page, "key").fields)
    found = re.search(r'id="code">(\d{3}) (\d{3})<', answer.text)
    assert found, answer.text
    return answer, found[1] + found[2]


def _taken_over(browser: Browser, code: str) -> TestResponse:
    opened = browser.post("/console/brouillons/reprise", code=f"{code[:3]} {code[3:]}")
    assert opened.status_code == 303, opened.text
    return browser.get(opened.location)


def _fields(page: TestResponse) -> dict[str, str]:
    return next(form.fields for form in forms(page) if {"draft", "object"} <= form.names)


def _cases(sessions: Sessions) -> list[Case]:
    with sessions() as session:
        return list(session.scalars(sa.select(Case).order_by(Case.id)))


def test_an_agent_finishes_what_a_resident_wrote_and_the_resident_is_told(
    lea: FlaskClient, log_in: LogIn, sessions: Sessions
) -> None:
    # given
    page, code = _asked(lea, reviewed(lea))
    karim = log_in("advisor")
    typed = _fields(_taken_over(karim, code))
    assert typed["object"] == "Lampadaire éteint devant l’école" and typed["email"] == "lea@exemple.fr"
    assert typed["place"].startswith("a") and typed["category"] == "ECLA-01"
    seen = lea.post(f"{_HELP}/suite", data=form_with(page, "key").fields)
    assert "Un conseiller a ouvert votre demande" in seen.text
    # when
    assert karim.post(_NEW, **typed).status_code == 303
    # then: one demand, and both sides know its number
    (case,) = _cases(sessions)
    assert (case.channel, case.agent_id is not None) == ("phone", True)
    told = lea.get(lea.post(f"{_HELP}/suite", data=form_with(page, "key").fields).location)
    assert "Un conseiller a enregistré" in told.text and case.public_token in told.text
    again = lea.post("/signaler/envoi", data=form_with(page, "key").fields)
    assert case.public_token in again.location and len(_cases(sessions)) == 1


def test_the_resident_is_quicker_and_the_agent_is_told(
    lea: FlaskClient, log_in: LogIn, sessions: Sessions
) -> None:
    review = reviewed(lea)
    _page, code = _asked(lea, review)
    karim = log_in("advisor")
    typed = _fields(_taken_over(karim, code))
    assert send(lea, review, "key").status_code == 303
    answer = karim.post(_NEW, **{**typed, "object": "Autre chose"})
    (case,) = _cases(sessions)
    assert case.channel == "web" and case.object == "Lampadaire éteint devant l’école"
    assert answer.status_code == 409 and "Autre chose" in answer.text  # nothing typed is lost
    assert (
        "L’usager a terminé cette demande en ligne" in answer.text and spoken(case.reference) in answer.text
    )


def test_a_code_serves_once_for_a_short_while_and_nothing_typed_stays(
    lea: FlaskClient, log_in: LogIn, sessions: Sessions, clock: FrozenClock
) -> None:
    review, karim = reviewed(lea), log_in("advisor")
    _page, first = _asked(lea, review)
    _page, second = _asked(lea, review)
    assert karim.post("/console/brouillons/reprise", code=first).status_code == 422  # the later one is good
    _taken_over(karim, second)
    assert karim.post("/console/brouillons/reprise", code=second).status_code == 422
    with sessions() as session:
        row = session.scalars(sa.select(SharedDraft)).one()
        assert row.boxes == {} and row.code_hash is None and second not in str(vars(row))
    _page, late = _asked(lea, review)
    clock.at += timedelta(minutes=31)
    assert karim.post("/console/brouillons/reprise", code=late).status_code == 422


def test_nobody_tries_codes_in_bulk(log_in: LogIn) -> None:
    """Eleven wrong ones: the agent waits, whatever the next would be."""
    lamine = log_in("lighting")
    answers = [lamine.post("/console/brouillons/reprise", code=f"00000{n % 10}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [*[422] * 10, 429]


def test_a_resident_asks_help_only_once_something_is_written(lea: FlaskClient) -> None:
    page = lea.post(_HELP, data=form_with(lea.get("/signaler"), "key").fields)
    assert page.status_code == 422 and "Écrivez d’abord" in page.text


def test_a_link_brings_the_resident_what_an_agent_began_once(
    lea: FlaskClient, log_in: LogIn, sessions: Sessions, world: World
) -> None:
    # given
    karim = log_in("advisor")
    typed = {**_fields(karim.get(_NEW)), "object": "Trottoir défoncé", "category": "VOIR-01"}
    sent = karim.post("/console/brouillons/lien", **{**typed, "email": "lea@exemple.fr", "link_way": "email"})
    assert sent.status_code == 303, sent.text
    with sessions() as session:
        message = session.scalars(sa.select(Interaction).where(Interaction.kind == "continuation")).one()
    assert "Trottoir" not in message.body and message.recipient == "lea@exemple.fr"
    address = re.search(r"http\S+(/signaler/reprise/\S+)", message.body)
    assert address
    # when: a mail reader looks twice, then she opens it
    for _ in range(2):
        shown = lea.get(address[1])
        assert shown.status_code == 200 and "Trottoir" not in shown.text
    review = lea.post(address[1])
    assert "Trottoir défoncé" in review.text
    # then
    assert lea.get(address[1]).status_code == 410
    assert lea.post(address[1], follow_redirects=True).status_code == 410
    held = _fields(karim.get(sent.location))
    page = send(lea, review, "key")  # the place is missing: she is asked for it
    page = send(lea, page, "place", place="10 rue des Lilas, Aubreval")
    while "Relisez, puis envoyez" not in page.text:
        box = "apart" if "Est-ce déjà signalé" in page.text else "way" if "way" in _names(page) else "files"
        page = send(lea, page, box, **({"way": "email"} if box == "way" else {}))
    assert send(lea, page, "key").status_code == 303
    assert "L’usager a terminé" in karim.post(_NEW, **held).text
    assert [case.channel for case in _cases(sessions)] == ["web"]


def _names(page: TestResponse) -> set[str]:
    return {name for form in forms(page) for name in form.names}


def test_a_forged_link_opens_nothing(lea: FlaskClient) -> None:
    assert lea.get("/signaler/reprise/MQ.forged").status_code == 404
