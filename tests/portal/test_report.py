"""Reporting without script: from the first word to the reference."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Case, spoken
from crm.catalogue.models import DangerRow
from crm.contacts import Contact
from crm.foundation import Sessions
from crm.interactions import Interaction
from tests.portal.resident import draft, form_with, reported, reviewed, send


def _cases(sessions: Sessions) -> list[Case]:
    with sessions() as session:
        return list(session.scalars(sa.select(Case).order_by(Case.id)))


def test_a_report_becomes_a_case_with_its_reference_date_and_service(
    client: FlaskClient, sessions: Sessions, services: dict[str, int]
) -> None:
    page = reviewed(client)
    assert "le mardi 22 septembre" in page.text and "Éclairage public" in page.text
    assert "<dd>10 rue des Lilas, Aubreval</dd>" in page.text
    assert "Rien de ce que vous envoyez n’est publié" in page.text
    sent = client.get(send(client, page, "key").location)
    (case,) = _cases(sessions)
    assert (case.state, case.unit_id, case.category_code) == ("assigned", services["eclairage"], "ECLA-01")
    assert (case.place_label, case.place_precision) == ("10 rue des Lilas, Aubreval", "exact")
    assert (case.channel, case.answer_channel, case.insee) == ("web", "email", "99801")
    assert spoken(case.reference) in sent.text and f"/suivi/{case.public_token}" in sent.text
    assert "le mardi 22 septembre" in sent.text and "4 quai des Forges" in sent.text


def test_danger_is_said_before_anything_else(client: FlaskClient) -> None:
    page = draft(client, "La trappe du lampadaire est ouverte, des fils électriques pendent")
    told = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])
    assert told.index("112") < told.index("De quoi s’agit-il")
    assert "Restez à plus de cinq mètres" in told


def test_a_danger_that_a_house_adds_is_told_in_its_own_sentence(
    client: FlaskClient, sessions: Sessions
) -> None:
    asbestos = DangerRow(
        code="AMI", label="Amiante", label_en="Asbestos", words=["amiante"], unless=[], raises_to=1,
        position=9, say="Ne touchez à rien et fermez la porte.", say_en="Touch nothing.", call="18",
    )  # fmt: skip
    with sessions.begin() as session:
        session.add(asbestos)
    page = draft(client, "Des plaques d’amiante sont cassées")
    assert "fermez la porte" in page.text and "n’attendez pas notre réponse" not in page.text


def test_categories_come_from_the_words_and_one_may_not_know(client: FlaskClient, sessions: Sessions) -> None:
    page = draft(client)
    assert page.text.index("ECLA-01") < page.text.index("Je ne sais pas") < page.text.index("Voir toutes")
    token = reported(client, category="unknown")
    (case,) = _cases(sessions)
    assert (case.category_code, case.state) == (None, "registered")
    assert "Un agent la lit" in client.get(f"/signaler/recue/{token}").text


def test_an_address_that_may_be_two_is_asked_and_nothing_typed_is_lost(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = send(client, draft(client), "category", category="ECLA-01")
    page = send(client, page, "place", place="12 rue des Lilas", hint="sous l’arbre", q_mast="A 12")
    assert page.status_code == 200 and "Laquelle de ces adresses" in page.text
    assert "Montclar-le-Vieux" in page.text and "gardez ce que j’ai écrit" in page.text
    form = form_with(page, "spot")
    assert (form.fields["place"], form.fields["hint"]) == ("12 rue des Lilas", "sous l’arbre")
    montclar = re.search(r'value="(a\d+)"[^<]*<span>12 rue des Lilas, Montclar', page.text)
    assert montclar
    page = send(client, page, "place", spot=montclar[1])
    page = send(client, page, "way", way="none")
    send(client, page, "key")
    (case,) = _cases(sessions)
    assert (case.insee, case.place_hint, case.answers) == ("99802", "sous l’arbre", {"mast": "A 12"})


def test_none_of_the_addresses_keeps_what_was_written(client: FlaskClient, sessions: Sessions) -> None:
    page = send(client, draft(client), "category", category="ECLA-01")
    page = send(client, page, "place", place="12 rue des Lilas")
    page = send(client, page, "place", spot="written")
    assert "un agent trouvera l’endroit" in page.text
    send(client, send(client, page, "way", way="none"), "key")
    (case,) = _cases(sessions)
    assert (case.place_label, case.address_id, case.place_precision) == ("12 rue des Lilas", None, "none")


def test_an_unknown_address_is_no_error(client: FlaskClient, sessions: Sessions) -> None:
    reported(client, place="derrière le grand chêne")
    (case,) = _cases(sessions)
    assert (case.place_label, case.state) == ("derrière le grand chêne", "registered") or case.unit_id


def test_a_private_street_is_said_at_once_and_may_still_be_sent(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = send(client, draft(client, "Un nid de poule"), "category", category="VOIR-01")
    page = send(client, page, "place", place="12 rue des Lilas, Montclar-le-Vieux")
    assert "ne dépend pas de nos services" in page.text and "Adressez-vous au syndic" in page.text
    page = send(client, page, "way", way="email", email="lea@exemple.fr")
    assert "Envoyer quand même" in page.text and "au plus tard" not in page.text
    sent = client.get(send(client, page, "key").location)
    (case,) = _cases(sessions)
    assert (case.state, case.outcome, case.announced_due_at) == ("closed", "I", None)
    assert "Adressez-vous au syndic" in sent.text


def test_anonymous_is_told_what_it_means_and_nothing_of_them_is_kept(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = reviewed(client, way="none", email="lea@exemple.fr", family_name="Martin")
    assert "vous n’aurez ni accusé de réception ni réponse" in page.text and "les délais légaux" in page.text
    send(client, page, "key")
    (case,) = _cases(sessions)
    assert (case.contact_id, case.answer_channel) == (None, "none")
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 0


def test_sent_twice_or_reloaded_it_is_one_case(client: FlaskClient, sessions: Sessions) -> None:
    page = reviewed(client)
    first, second = send(client, page, "key"), send(client, page, "key")
    assert first.location == second.location
    assert client.get(first.location).status_code == client.get(first.location).status_code == 200
    assert len(_cases(sessions)) == 1


def test_what_was_changed_after_sending_is_not_lost_in_silence(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = reviewed(client)
    send(client, page, "key")
    again = send(client, page, "key", object="Tout autre chose")
    assert "n’y figure pas" in client.get(again.location).text
    assert len(_cases(sessions)) == 1


@pytest.mark.parametrize(
    ("box", "typed", "told"),
    [
        ("way", {"way": ""}, "Choisissez comment"),
        ("way", {"way": "pigeon"}, "Choisissez comment"),
        ("way", {"way": "email", "email": "lea@"}, "Vérifiez l’adresse"),
        ("way", {"way": "email"}, "Vérifiez l’adresse"),
        ("way", {"way": "phone", "phone": "12"}, "Vérifiez le numéro"),
        ("way", {"way": "letter", "postal": "chez moi"}, "avec le code postal"),
        ("way", {"way": "email", "email": "lea@exemple.fr", "family_name": "x" * 300_000}, "trop long"),
    ],
)
def test_each_error_says_what_to_do_and_keeps_all(
    client: FlaskClient, box: str, typed: dict[str, str], told: str
) -> None:
    page = send(client, draft(client), "category", category="ECLA-01")
    page = send(client, page, "place", place="10 rue des Lilas, Aubreval")
    page = send(client, page, box, **typed)
    assert page.status_code == 422 and told in page.text and 'role="alert"' in page.text
    kept = form_with(page, box).fields
    assert kept["object"] == "Lampadaire éteint devant l’école" and kept["place"].startswith("10 rue")
    assert all(kept[name] == text for name, text in typed.items() if name != "way")


def test_foreign_numbers_are_kept_and_reached(client: FlaskClient, sessions: Sessions) -> None:
    reported(client, way="phone", phone="+32 470 12 34 56")
    assert _cases(sessions)[0].answer_channel == "phone"


def test_nothing_written_goes_no_further(client: FlaskClient) -> None:
    page = send(client, client.get("/signaler"), "object", object=" \x00 ")
    assert page.status_code == 422 and "en quelques mots" in page.text
    page = send(client, draft(client), "category")
    assert page.status_code == 422 and "Choisissez une ligne" in page.text
    page = send(client, send(client, draft(client), "category", category="ECLA-01"), "place")
    assert page.status_code == 422 and "au moins la commune" in page.text


def test_one_may_go_back_and_change(client: FlaskClient, sessions: Sessions) -> None:
    form = form_with(reviewed(client), "key")
    page = client.post("/signaler", data={**form.fields, "go": "what"})
    assert form_with(page, "object").fields["object"] == "Lampadaire éteint devant l’école"
    page = send(client, page, "object", object="Lampadaire cassé")
    assert form_with(page, "category").fields["category"] == "ECLA-01"
    assert form_with(page, "category").fields["email"] == "lea@exemple.fr"


def test_a_machine_that_fills_the_hidden_box_is_stopped_and_a_person_is_told(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = send(client, reviewed(client), "key", website="http://spam.example")
    assert page.status_code == 422 and "Videz cette case" in page.text
    assert _cases(sessions) == []
    assert send(client, page, "key", website="").status_code == 303


_NASTY = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "formula": '=HYPERLINK("http://evil.example";"clic")',
    "emoji": "Un trou 🕳️ énorme 👨‍👩‍👧‍👦",
    "template": "{{ 7*7 }}{% raw %}%(unit)s {reference}",
}


@pytest.mark.parametrize("text", _NASTY.values(), ids=_NASTY.keys())
def test_words_are_only_words(client: FlaskClient, sessions: Sessions, text: str) -> None:
    page = reviewed(client, text=text)
    assert "<script>" not in page.text and "<img src=x" not in page.text
    token = send(client, page, "key").location.rpartition("/")[2]
    assert _cases(sessions)[0].object == text
    shown = client.get(f"/suivi/{token}").text
    assert "<script>" not in shown and "<img src=x" not in shown


def test_marks_that_no_reader_sees_are_left_out(client: FlaskClient, sessions: Sessions) -> None:
    reported(client, text="Trou\x00 béant \u202erue\u202c \u2066ici\u2069")
    assert _cases(sessions)[0].object == "Trou béant rue ici"


@pytest.mark.parametrize("mark", ["a", "é", "👍"])
def test_three_hundred_thousand_characters_are_kept(
    client: FlaskClient, sessions: Sessions, mark: str
) -> None:
    token = reported(client, text=mark * 300_000)
    assert _cases(sessions)[0].object == mark * 300_000
    assert client.get(f"/suivi/{token}").status_code == 200


def test_line_breaks_survive_every_page(client: FlaskClient, sessions: Sessions) -> None:
    reported(client, text='Première ligne\r\n\r\nDeuxième « ligne » & "fin"')
    assert _cases(sessions)[0].object.splitlines() == ["Première ligne", "", 'Deuxième « ligne » & "fin"']


def test_the_exchange_is_kept_too(client: FlaskClient, sessions: Sessions) -> None:
    reported(client)
    with sessions() as session:
        rows = session.scalars(sa.select(Interaction)).all()
    assert [(row.direction, row.channel, row.kind) for row in rows] == [("in", "web", "opening")]


def test_pages_are_light_and_need_no_script(client: FlaskClient) -> None:
    for page in (client.get("/"), client.get("/signaler"), draft(client), reviewed(client)):
        assert "<script" not in page.text and " style=" not in page.text
        assert len(page.data) < 60_000


def test_another_s_key_opens_nothing(client: FlaskClient, sessions: Sessions) -> None:
    """Keys of imports and agents' forms are out of reach: the page's key is set apart from theirs."""
    reported(client)
    (case,) = _cases(sessions)
    page = reviewed(client)
    answer = send(client, page, "key", key=case.key)
    assert case.public_token not in answer.location
