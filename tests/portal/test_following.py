"""Whoever follows a demand has a page of their own: public facts, their own messages, and their say in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import (
    Case,
    Ending,
    Following,
    Merging,
    Outcome,
    WorkReport,
    accept_case,
    close_case,
    follow_case,
    merge_case,
    resolve_case,
)
from crm.cases.models import Watcher
from crm.foundation import SYSTEM, Sessions, Units
from crm.interactions import Message
from tests import given
from tests.given import kept_case
from tests.portal.resident import reported

SECRET = "mon code est le 1234, chez Mme Martin"


@pytest.fixture
def token(client: FlaskClient) -> str:
    return reported(client, object=f"Un trou, {SECRET}", way="email", email="lea@exemple.fr")


@pytest.fixture
def link(units: Units, sessions: Sessions, token: str) -> str:
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="rose@exemple.fr")
        new = Following(key="k1", channel="phone", contact_id=who, answer_channel="email", said="Pareil ici")
        return follow_case(uow, kept_case(sessions, token=token).reference, new).token


def _close(units: Units, sessions: Sessions, token: str) -> None:
    reference = kept_case(sessions, token=token).reference
    with units.begin(SYSTEM) as uow:
        accept_case(uow, reference, seen_version=kept_case(sessions, token=token).version)
    with units.begin(SYSTEM) as uow:
        report = WorkReport(outcome=Outcome.DONE, text="Trou rebouché", no_photo="Il pleuvait")
        resolve_case(uow, reference, report=report, seen_version=kept_case(sessions, token=token).version)
    answer = Message(
        kind="answer", channel="email", recipient="lea@exemple.fr", body="Chère Léa, c’est fait."
    )
    with units.begin(SYSTEM) as uow:
        ending = Ending(outcome=Outcome.DONE, answer=answer, to_followers="Le trou est rebouché.")
        close_case(uow, reference, ending=ending, seen_version=kept_case(sessions, token=token).version)


def test_the_page_shows_what_anybody_may_know_and_ones_own_words(
    client: FlaskClient, sessions: Sessions, token: str, link: str
) -> None:
    answer = client.get(f"/suivi/{link}", follow_redirects=True)
    assert answer.status_code == 200 and answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    page = answer.text
    assert kept_case(sessions, token=token).reference.replace("-", " ")[:4] in page and "Pareil ici" in page
    for private in (SECRET, "lea@exemple.fr", "Léa", token):
        assert private not in page


def test_the_author_reads_nothing_of_who_follows(client: FlaskClient, token: str, link: str) -> None:
    page = client.get(f"/suivi/{token}").text
    assert "Pareil ici" not in page and link not in page and "rose@exemple.fr" not in page


def test_the_answer_to_the_author_is_not_shown_to_who_follows(
    client: FlaskClient, units: Units, sessions: Sessions, token: str, link: str
) -> None:
    _close(units, sessions, token)
    page = client.get(f"/suivi/{link}/suiveur").text
    assert "Chère Léa" not in page and "Le travail est fait." in page and "Ce n’est pas fait" in page


def test_who_follows_opens_it_again_once(
    client: FlaskClient, units: Units, sessions: Sessions, token: str, link: str
) -> None:
    _close(units, sessions, token)
    promised = kept_case(sessions, token=token).announced_due_at
    for _ in range(2):
        answer = client.post(f"/suivi/{link}/suiveur/pas-fait", data={"text": "Le trou est toujours là"})
        assert answer.status_code == 303
    case = kept_case(sessions, token=token)
    assert (case.state, case.reopen_count, case.announced_due_at) == ("assigned", 1, promised)
    assert "Le trou est toujours là" not in client.get(f"/suivi/{token}").text
    assert "Le trou est toujours là" in client.get(f"/suivi/{link}/suiveur").text


def test_a_precision_is_kept_for_agents_and_an_empty_one_is_refused(
    client: FlaskClient, token: str, link: str
) -> None:
    refused = client.post(f"/suivi/{link}/suiveur/precision", data={"text": " "})
    assert refused.status_code == 422 and "Écrivez votre précision" in refused.text
    client.post(f"/suivi/{link}/suiveur/precision", data={"text": "Devant le 14"})
    assert "Devant le 14" in client.get(f"/suivi/{link}/suiveur").text
    assert "Devant le 14" not in client.get(f"/suivi/{token}").text


def test_a_precision_after_the_end_is_given_back(
    client: FlaskClient, units: Units, sessions: Sessions, token: str, link: str
) -> None:
    _close(units, sessions, token)
    answer = client.post(f"/suivi/{link}/suiveur/precision", data={"text": "Devant le 14"})
    assert answer.status_code == 409 and "Devant le 14" in answer.text


def test_one_stops_following_in_one_click(client: FlaskClient, sessions: Sessions, link: str) -> None:
    answer = client.post(f"/suivi/{link}/suiveur/arret", follow_redirects=True)
    assert "vous ne recevrez plus de nouvelles" in answer.text
    client.post(f"/suivi/{link}/suiveur/arret")
    with sessions() as session:
        assert session.scalars(sa.select(Watcher.left_at)).one() is not None
        assert session.scalars(sa.select(Case.follower_count)).one() == 0


def test_an_unknown_link_leads_nowhere(client: FlaskClient) -> None:
    for path in ("", "/suiveur"):
        assert client.get(f"/suivi/{'x' * 32}{path}").status_code == 404


def test_the_author_of_a_merged_demand_is_led_to_the_common_one(
    client: FlaskClient, units: Units, sessions: Sessions, token: str
) -> None:
    other = reported(client, way="email", email="rose@exemple.fr")
    original, duplicate = kept_case(sessions, token=token), kept_case(sessions, token=other)
    with units.begin(SYSTEM) as uow:
        merging = Merging(original=original.reference, checked=True)
        merge_case(uow, duplicate.reference, merging=merging, seen_version=duplicate.version)
    page = client.get(f"/suivi/{other}").text
    with sessions() as session:
        link = session.scalars(sa.select(Watcher.token)).one()
    assert f"/suivi/{link}/suiveur" in page and "signale la même chose" in page


def test_who_follows_finds_their_page_again_by_the_reference_and_their_own_reach(
    client: FlaskClient, sessions: Sessions, token: str, link: str
) -> None:
    reference = kept_case(sessions, token=token).reference

    def asked(proof: str) -> str:
        answer = client.post("/suivi", data={"reference": reference, "proof": proof})
        return answer.headers.get("Location", "")

    assert asked("rose@exemple.fr") == f"/suivi/{link}"
    assert client.get(f"/suivi/{link}").headers["Location"] == f"/suivi/{link}/suiveur"
    assert asked("lea@exemple.fr") == f"/suivi/{token}"
    assert asked("paul@exemple.fr") == ""


def test_a_neighbour_s_postcode_does_not_open_the_page_of_who_follows(
    client: FlaskClient, units: Units, sessions: Sessions, token: str
) -> None:
    reference = kept_case(sessions, token=token).reference
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="", phone="", postal=("1 rue des Lilas", "99700 Rivebois"))
        new = Following(key="k2", channel="desk", contact_id=who, answer_channel="letter")
        follow_case(uow, reference, new)
    assert client.post("/suivi", data={"reference": reference, "proof": "99700"}).status_code == 422
