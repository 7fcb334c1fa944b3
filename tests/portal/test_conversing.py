"""What a resident does besides reading: write and be answered, ask where it stands, be answered elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.cases import Case, answer_message
from crm.cases.models import AnswerReach
from crm.foundation import ROOT, SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Interaction, last_messages
from crm.knowledge import load_replies
from tests.given import kept_case
from tests.portal.resident import form_with, forms, reported, send


@pytest.fixture(autouse=True)
def _texts(units: Units, services: dict[str, int]) -> None:
    with units.begin(SYSTEM) as uow:
        load_replies(uow, ROOT / "config" / "replies")


@pytest.fixture
def token(client: FlaskClient) -> str:
    return reported(client, way="email", email="lea@exemple.fr", family_name="Martin")


def _messages(sessions: Sessions, kind: str) -> list[Interaction]:
    with sessions() as session:
        query = sa.select(Interaction).where(Interaction.kind == kind).order_by(Interaction.id)
        return list(session.scalars(query))


def _read(page: TestResponse) -> str:
    """The words of the page, as they are read."""
    words = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])
    return re.sub(r"\s+", " ", unescape(words))


def test_what_is_written_waits_for_a_word_and_is_kept_once(
    client: FlaskClient, sessions: Sessions, token: str
) -> None:
    page = client.get(f"/suivi/{token}")
    for _ in range(2):  # clicked twice
        answer = send(client, page, "message", message="Faut-il que je sois là ?\r\nJe travaille.")
        assert answer.status_code == 303
    (kept,) = _messages(sessions, "message")
    assert (kept.direction, kept.channel, kept.is_public) == ("in", "web", True)
    case = kept_case(sessions, token=token)
    assert case.message_waiting_since is not None and case.state == "assigned"
    read = _read(client.get(answer.location))
    assert "Votre message est envoyé" in read and "Faut-il que je sois là ?" in read
    assert "attend notre réponse" in read
    with sessions() as session:
        assert last_messages(session, [case.id]) == {case.id: kept.body}


def test_our_answer_stands_on_the_page(
    client: FlaskClient, sessions: Sessions, units: Units, token: str
) -> None:
    send(client, client.get(f"/suivi/{token}"), "message", message="Faut-il que je sois là ?")
    case = kept_case(sessions, token=token)
    (asked,) = _messages(sessions, "message")
    with units.begin(SYSTEM) as uow:
        answer_message(
            uow, case.reference, "Non : personne ne sonne.", key="k", seen_message=asked.id, notice=None
        )
    read = _read(client.get(f"/suivi/{token}"))
    assert "Non : personne ne sonne." in read.replace("\u00a0", " ")
    assert (
        kept_case(sessions, token=token).message_waiting_since is None and "attend notre réponse" not in read
    )


@pytest.mark.parametrize(
    ("typed", "told"), [("  ", "Écrivez votre message"), ("x" * 10_001, "trop long")], ids=["none", "long"]
)
def test_what_cannot_be_taken_is_given_back(
    client: FlaskClient, sessions: Sessions, token: str, typed: str, told: str
) -> None:
    refused = send(client, client.get(f"/suivi/{token}"), "message", message=typed)
    assert refused.status_code == 422 and told in refused.text and 'role="alert"' in refused.text
    assert form_with(refused, "message").fields["message"] == typed.strip()
    assert _messages(sessions, "message") == []


def test_after_ten_messages_a_day_the_text_stays_and_says_how_else(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    for n in range(10):
        answer = send(client, client.get(f"/suivi/{token}"), "message", message=f"Mot {n}")
        assert answer.status_code == 303
    refused = send(client, client.get(f"/suivi/{token}"), "message", message="Encore")
    assert refused.status_code == 422 and "dix fois" in refused.text
    assert form_with(refused, "message").fields["message"] == "Encore"
    clock.at += timedelta(days=1, minutes=1)
    assert send(client, client.get(f"/suivi/{token}"), "message", message="Encore").status_code == 303


def test_reminding_comes_once_per_five_working_days_and_says_what_was_done(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    # given: Tuesday 15 September; five working days end on Tuesday 22
    early = client.get(f"/suivi/{token}")
    assert "à partir du mardi 22 septembre" in _read(early)
    assert not [form for form in forms(early) if form.action.endswith("/relance")]
    assert client.post(f"/suivi/{token}/relance").status_code == 303
    assert kept_case(sessions, token=token).reminder_count == 0
    # when
    clock.at += timedelta(days=7)
    ripe = client.get(f"/suivi/{token}")
    assert "transmise au service" in _read(ripe).partition("fait depuis le mardi 15 septembre")[2]
    (form,) = [form for form in forms(ripe) if form.action.endswith("/relance")]
    for _ in range(2):  # clicked twice
        answer = client.post(form.action)
    # then
    case = kept_case(sessions, token=token)
    assert (case.reminder_count, case.priority) == (1, 3)
    assert [one.direction for one in _messages(sessions, "follow_up")] == ["in"]
    read = _read(client.get(answer.location))
    assert "le service voit que vous attendez" in _read(client.get(f"/suivi/{token}?fait=relance"))
    assert "Vous avez relancé le mardi 22 septembre" in read and "mardi 29 septembre" in read


def test_an_ended_demand_is_not_reminded_of(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    with sessions.begin() as session:
        session.execute(sa.update(Case).values(state="cancelled", closed_at=clock.at))
    clock.at += timedelta(days=30)
    assert "Relancer" not in client.get(f"/suivi/{token}").text
    client.post(f"/suivi/{token}/relance")
    assert kept_case(sessions, token=token).reminder_count == 0


def test_a_new_mailbox_counts_once_its_link_was_followed_and_the_old_one_is_told(
    client: FlaskClient, sessions: Sessions, token: str
) -> None:
    page = client.get(f"/suivi/{token}/reponse")
    assert "l•••@e•••.fr" in page.text and "lea@" not in page.text
    answer = send(client, page, "way", way="email", email="Nouvelle@Exemple.fr")
    assert "Ouvrez le message" in client.get(answer.location).text
    (link,) = _messages(sessions, "reach_confirmation")
    assert link.recipient == "nouvelle@exemple.fr" and token not in link.body
    assert "Lampadaire" not in link.body and kept_case(sessions, token=token).answer_to == ""
    found = re.search(r"/suivi/confirmer/\S+", link.body)
    assert found
    for _ in range(2):  # a mail scanner opens links
        shown = client.get(found.group())
    assert "Recevoir nos réponses ici" in shown.text and kept_case(sessions, token=token).answer_to == ""
    for _ in range(2):
        done = client.post(found.group())
    assert "C’est confirmé" in client.get(done.location).text
    assert kept_case(sessions, token=token).answer_to == "nouvelle@exemple.fr"
    (notice,) = _messages(sessions, "reach_changed")
    assert notice.recipient == "lea@exemple.fr" and "nouvelle@" not in notice.body
    assert "n•••@e•••.fr" in client.get(f"/suivi/{token}").text


def test_a_link_serves_two_days(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, token: str
) -> None:
    send(client, client.get(f"/suivi/{token}/reponse"), "way", way="email", email="nouvelle@exemple.fr")
    clock.at += timedelta(days=2, minutes=1)
    with sessions() as session:
        secret = session.scalars(sa.select(AnswerReach.token)).one()
    assert client.post(f"/suivi/confirmer/{secret}").status_code == 404
    assert kept_case(sessions, token=token).answer_to == ""


def test_links_to_one_mailbox_are_counted(client: FlaskClient, sessions: Sessions, token: str) -> None:
    for _ in range(3):
        page = client.get(f"/suivi/{token}/reponse")
        assert send(client, page, "way", way="email", email="victime@exemple.fr").status_code == 303
    refused = send(client, page, "way", way="email", email="victime@exemple.fr")
    assert refused.status_code == 422 and "plusieurs liens" in refused.text
    assert form_with(refused, "way").fields["email"] == "victime@exemple.fr"
    assert len(_messages(sessions, "reach_confirmation")) == 3


@pytest.mark.parametrize(
    ("way", "box", "typed", "kept"),
    [
        ("phone", "phone", "06 39 98 00 12", "+33639980012"),
        ("letter", "postal", "3 rue des Lilas\r\n99810 Aubreval", "Martin\n3 rue des Lilas\n99810 Aubreval"),
    ],
)
def test_a_number_or_an_address_serves_at_once_and_the_old_mailbox_is_told(
    client: FlaskClient, sessions: Sessions, token: str, way: str, box: str, typed: str, kept: str
) -> None:
    answer = send(client, client.get(f"/suivi/{token}/reponse"), "way", way=way, **{box: typed})
    assert "C’est changé" in client.get(answer.location).text
    case = kept_case(sessions, token=token)
    assert case.answer_channel == way and case.answer_to.splitlines() == kept.splitlines()
    assert [one.recipient for one in _messages(sessions, "reach_changed")] == ["lea@exemple.fr"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"way": ""}, "Choisissez comment"),
        ({"way": "email", "email": "lea@"}, "Vérifiez l’adresse"),
        ({"way": "phone", "phone": "12"}, "Vérifiez le numéro"),
        ({"way": "phone"}, "Remplissez cette case"),
        ({"way": "letter", "postal": "chez moi"}, "avec le code postal"),
    ],
)
def test_each_error_says_what_to_do(
    client: FlaskClient, sessions: Sessions, token: str, typed: dict[str, str], told: str
) -> None:
    refused = send(client, client.get(f"/suivi/{token}/reponse"), "way", **typed)
    assert refused.status_code == 422 and told in refused.text
    kept = form_with(refused, "way").fields
    assert all(kept[name] == text for name, text in typed.items() if name != "way")
    assert kept_case(sessions, token=token).answer_channel == "email"


def test_who_was_anonymous_may_ask_to_be_answered(
    client: FlaskClient, sessions: Sessions, units: Units
) -> None:
    token = reported(client, way="none")
    assert "Vous êtes anonyme" in client.get(f"/suivi/{token}").text
    send(client, client.get(f"/suivi/{token}/reponse"), "way", way="phone", phone="06 39 98 00 12")
    case = kept_case(sessions, token=token)
    assert case.contact_id is not None and (case.answer_channel, case.answer_to) == ("phone", "")


def test_the_page_prints_whole(client: FlaskClient, token: str) -> None:
    page = client.get(f"/suivi/{token}").text
    assert "data-print" in page and "Imprimé le" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    told = main.partition("Ce que vous nous avez dit")[2].partition("</section>")[0]
    assert "Lampadaire éteint" in told and "<details" not in told
