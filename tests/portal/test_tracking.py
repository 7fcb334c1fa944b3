"""Following a demand: by the link of a message, or by its reference and something only its author gave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import (
    Case,
    Ending,
    Outcome,
    WorkReport,
    accept_case,
    ask_requester,
    close_case,
    make_reference,
    plan_case,
    resolve_case,
    secure_case,
    spoken,
)
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.foundation.settings import Centre
from crm.interactions import Interaction, Message, add_note
from crm.territory import forget
from tests.doors import make_app
from tests.given import kept_case
from tests.portal.resident import forms, reported, send
from tests.servers import Servers


@pytest.fixture
def token(client: FlaskClient) -> str:
    return reported(client, way="email", email="lea@exemple.fr", family_name="Martin")


def _ask(client: FlaskClient, reference: str, proof: str) -> object:
    return client.post("/suivi", data={"reference": reference, "proof": proof})


@pytest.mark.parametrize("proof", ["lea@exemple.fr", " LEA@exemple.fr ", "99810"])
def test_reference_and_proof_open_the_page(
    client: FlaskClient, sessions: Sessions, token: str, proof: str
) -> None:
    reference = kept_case(sessions, token=token).reference
    for typed in (reference, reference.replace("-", ""), spoken(reference)):
        answer = _ask(client, typed, proof)
        assert (answer.status_code, answer.location) == (303, f"/suivi/{token}")


def test_a_mistyped_reference_is_said_and_not_looked_up(
    client: FlaskClient, sessions: Sessions, token: str
) -> None:
    reference = kept_case(sessions, token=token).reference
    wrong = reference[:-2] + f"{(int(reference[-2:]) % 97) + 1:02d}"
    for _ in range(7):
        answer = _ask(client, wrong, "lea@exemple.fr")
        assert answer.status_code == 422 and "deux derniers chiffres" in answer.text
    assert "douze chiffres" in _ask(client, "bonjour", "99810").text


def test_a_wrong_pair_gets_the_same_words_then_is_slowed(
    client: FlaskClient, sessions: Sessions, token: str
) -> None:
    reference = kept_case(sessions, token=token).reference
    unknown = make_reference(2026, 990001)
    answers = [_ask(client, typed, "autre@exemple.fr") for typed in (reference, unknown, reference)]
    pages = {answer.text.replace(reference, "").replace(unknown, "") for answer in answers}
    assert len(pages) == 1 and {answer.status_code for answer in answers} == {422}
    for proof in ("99999", "\x00"):
        _ask(client, reference, proof)
    _ask(client, reference, "06 12 34 56 78")
    slowed = _ask(client, reference, "lea@exemple.fr")
    assert slowed.status_code == 429 and "appelez-nous" in slowed.text and "01 99 00 00 00" in slowed.text
    elsewhere = [
        client.post(
            "/suivi",
            data={"reference": reference, "proof": "99999"},
            environ_overrides={"REMOTE_ADDR": "127.0.0.9"},
        ).status_code
        for _ in range(2)
    ]
    assert elsewhere == [422, 429]  # the demand itself is guarded, wherever one asks from
    assert client.get(f"/suivi/{token}").status_code == 200


def test_right_answers_are_never_counted(client: FlaskClient, sessions: Sessions, token: str) -> None:
    reference = kept_case(sessions, token=token).reference
    assert {_ask(client, reference, "lea@exemple.fr").status_code for _ in range(8)} == {303}


def test_the_page_says_where_it_stands_and_nothing_internal(
    client: FlaskClient, sessions: Sessions, units: Units, clock: FrozenClock, token: str
) -> None:
    case = kept_case(sessions, token=token)
    with units.begin(SYSTEM) as uow:
        accept_case(uow, case.reference, seen_version=case.version)
        add_note(uow, case, case.id, "Usager déjà venu se plaindre")
        plan_case(uow, case.reference, planned_on=date(2026, 9, 18), seen_version=case.version + 1)
    page = client.get(f"/suivi/{token}")
    assert "L’intervention est prévue" in page.text and "vendredi 18 septembre" in page.text
    assert "au plus tard le mardi 22 septembre" in page.text
    assert "transmise au service «\u202fÉclairage public\u202f»" in page.text
    assert "4 quai des Forges" in page.text and spoken(case.reference) in page.text
    assert "plaindre" not in page.text and "Martin" not in page.text and "lea@" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"] and 'content="noindex' in page.text
    clock.at += timedelta(days=5)
    late = client.get(f"/suivi/{token}").text
    assert "Le service interviendra" not in late, "a day that is past is no promise"
    assert "Le service s’occupe de votre demande" in late


def test_a_danger_put_aside_stays_told_when_the_day_of_the_repair_is_past(
    client: FlaskClient, sessions: Sessions, units: Units, clock: FrozenClock, token: str
) -> None:
    case, told = kept_case(sessions, token=token), {"planned_on": date(2026, 9, 18), "report": "Balisé."}
    with units.begin(SYSTEM) as uow:
        accept_case(uow, case.reference, seen_version=case.version)
        secure_case(uow, case.reference, seen_version=case.version + 1, **told)
    assert "La réparation est prévue le vendredi 18 septembre" in client.get(f"/suivi/{token}").text
    clock.at += timedelta(days=5)
    late = client.get(f"/suivi/{token}").text
    assert "Une équipe a écarté le danger le" in late and "est prévue le" not in late.partition("<ol")[0]


def test_a_precision_is_added_by_a_post_alone(client: FlaskClient, sessions: Sessions, token: str) -> None:
    page = client.get(f"/suivi/{token}")
    for _ in range(2):  # clicked twice
        answer = send(client, page, "text", text="C’est <b>côté pair</b>")
        assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.text.count("Vous avez apporté une précision") == 1
    assert "Votre précision est enregistrée" in page.text and "&lt;b&gt;côté pair" in page.text
    assert client.get(f"/suivi/{token}/precision").status_code == 405
    empty = send(client, page, "text", text=" ")
    assert empty.status_code == 422 and "Écrivez votre précision" in empty.text


def test_our_question_is_answered_on_the_page(
    client: FlaskClient, sessions: Sessions, units: Units, token: str
) -> None:
    case = kept_case(sessions, token=token)
    question = Message(
        kind="question", channel="email", recipient="lea@exemple.fr", body="Quel est le numéro du mât ?"
    )
    with units.begin(SYSTEM) as uow:
        ask_requester(uow, case.reference, message=question, seen_version=case.version)
    page = client.get(f"/suivi/{token}")
    assert "Nous attendons votre réponse" in page.text and "Quel est le numéro du mât" in page.text
    send(client, page, "text", text="A 12")
    assert kept_case(sessions, token=token).state == "assigned"


def _closed(units: Units, case: Case, outcome: Outcome = Outcome.DONE) -> None:
    answer = Message(
        kind="answer",
        channel="email",
        recipient="lea@exemple.fr",
        subject="Réponse",
        body="La lampe est changée.",
    )
    with units.begin(SYSTEM) as uow:
        report = WorkReport(outcome=outcome, text="Lampe changée, usager pénible", no_photo="De nuit.")
        resolve_case(uow, case.reference, report=report, seen_version=case.version)
    with units.begin(SYSTEM) as uow:
        ending = Ending(outcome=outcome, answer=answer)
        close_case(uow, case.reference, ending=ending, seen_version=case.version + 1)


def test_not_done_reopens_in_one_click_and_only_by_a_post(
    client: FlaskClient, sessions: Sessions, units: Units, clock: FrozenClock, token: str
) -> None:
    case = kept_case(sessions, token=token)
    promised = case.announced_due_at
    _closed(units, case)
    clock.at += timedelta(days=30)
    for _ in range(3):
        page = client.get(f"/suivi/{token}")  # a mail scanner opens links as often as it likes
    assert "Le travail est fait" in page.text and "La lampe est changée" in page.text
    assert "pénible" not in page.text
    assert client.get(f"/suivi/{token}/pas-fait").status_code == 405
    assert kept_case(sessions, token=token).state == "closed"
    form = next(form for form in forms(page) if form.action.endswith("/pas-fait"))
    for _ in range(2):  # clicked twice
        assert client.post(form.action, data=form.fields).status_code == 303
    after = kept_case(sessions, token=token)
    assert (after.state, after.reopen_count, after.reference) == ("assigned", 1, case.reference)
    assert after.announced_due_at == promised
    again = client.get(f"/suivi/{token}?fait=rouverte").text
    assert "Votre demande est rouverte" in again
    assert "Ce délai n’est pas tenu" in again and "Nous vous répondrons au plus tard" in again


def test_the_words_of_the_one_who_contests_are_kept(
    client: FlaskClient, sessions: Sessions, units: Units, token: str
) -> None:
    _closed(units, kept_case(sessions, token=token))
    client.post(f"/suivi/{token}/pas-fait", data={"text": "Toujours éteint"})
    with sessions() as session:
        kept = session.scalars(sa.select(Interaction).where(Interaction.kind == "precision")).one()
    assert kept.body == "Toujours éteint"


def test_a_precision_that_comes_too_late_is_not_lost(
    client: FlaskClient, sessions: Sessions, units: Units, token: str
) -> None:
    page = client.get(f"/suivi/{token}")
    _closed(units, kept_case(sessions, token=token))
    answer = send(client, page, "text", text="Encore un mot")
    assert answer.status_code == 409 and "Encore un mot" in answer.text and "Ce n’est pas fait" in answer.text


@pytest.mark.parametrize("unknown", ["a" * 32, "x", "../etc", "%00" * 20, "’" * 30])
def test_an_unknown_link_is_a_page_like_any_that_does_not_exist(client: FlaskClient, unknown: str) -> None:
    answers = [client.get(f"/suivi/{unknown}"), client.get("/rien-ici")]
    assert {answer.status_code for answer in answers} == {404}
    assert client.post(f"/suivi/{unknown}/pas-fait").status_code == 404


def test_the_other_language_is_remembered(client: FlaskClient) -> None:
    assert 'lang="en"' in client.get("/?lang=en").text
    assert 'lang="en"' in client.get("/suivi").text
    assert '<html lang="fr"' in client.get("/suivi?lang=fr").text
    assert client.get("/suivi?lang=xx").status_code == 200


def test_robots_stay_away_from_tracking(client: FlaskClient) -> None:
    assert "Disallow: /suivi" in client.get("/robots.txt").text


def test_the_centre_says_its_hours_in_the_language_of_the_page(
    services: dict[str, int], sessions: Sessions, clock: FrozenClock, servers: Servers
) -> None:
    centre = Centre(phone_cost_en="free call", hours_en="Monday to Saturday, 8:00 to 19:00")
    visitor = make_app(sessions, clock, servers, told={"centre": centre}).test_client()
    assert "appel gratuit, du lundi au samedi" in visitor.get("/").text
    page = visitor.get("/?lang=en").text
    assert "free call, Monday to Saturday" in page and "appel gratuit" not in page
    forget()
