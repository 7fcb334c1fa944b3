"""« Rien constaté » asks where it is; the resident says it, and the same unit goes again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Ending, Outcome, WorkReport, close_case, resolve_case
from crm.foundation import SYSTEM, EventRow, Sessions, Units
from crm.interactions import Message
from tests.given import kept_case
from tests.portal.resident import reported, send

WHERE = "Derrière l’abribus, côté école"


@pytest.fixture
def token(client: FlaskClient, sessions: Sessions, units: Units) -> str:
    """A demand for which a team went and found nothing; the centre has said so."""
    made = reported(client, way="email", email="lea@exemple.fr", family_name="Martin")
    case = kept_case(sessions, token=made)
    report = WorkReport(outcome=Outcome.NOTHING_FOUND, text="Passage le 15 septembre : rien constaté.")
    with units.begin(SYSTEM) as uow:
        resolve_case(uow, case.reference, report=report, seen_version=case.version)
    answer = Message(kind="answer", channel="email", recipient="lea@exemple.fr", body="Où est-ce ?")
    with units.begin(SYSTEM) as uow:
        ending = Ending(outcome=Outcome.NOTHING_FOUND, answer=answer)
        close_case(uow, case.reference, ending=ending, seen_version=case.version + 1)
    return made


def test_the_page_asks_where_it_is_and_the_words_send_the_unit_again(
    client: FlaskClient, sessions: Sessions, token: str
) -> None:
    before, page = kept_case(sessions, token=token), client.get(f"/suivi/{token}")
    assert "Où est-ce exactement" in page.text and "Ce n’est pas fait" not in page.text
    for _ in range(2):  # sent twice by a bad network
        assert send(client, page, "place_again", place_again=WHERE).status_code == 303
    after = kept_case(sessions, token=token)
    assert (after.state, after.unit_id, after.reopen_count) == ("assigned", before.unit_id, 1)
    assert after.place_hint.startswith(WHERE) and after.announced_due_at == before.announced_due_at
    assert after.contested_at is None, "they help; they do not complain"
    with sessions() as session:
        facts = session.scalars(sa.select(EventRow).where(EventRow.kind == "case.reopened")).all()
    assert [fact.data["reason"] for fact in facts] == ["place_given"]
    assert WHERE in client.get(f"/suivi/{token}").text


def test_an_empty_box_is_said(client: FlaskClient, sessions: Sessions, token: str) -> None:
    answer = send(client, client.get(f"/suivi/{token}"), "place_again", place_again="  ")
    assert answer.status_code == 422 and "Écrivez où c’est" in answer.text
    assert kept_case(sessions, token=token).state == "closed"
