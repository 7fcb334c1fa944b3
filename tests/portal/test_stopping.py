"""An answer may call for something else than a report: it is said, and reporting stays possible."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Case
from crm.foundation import Sessions
from tests.portal.resident import draft, send


def test_what_to_do_instead_is_said_and_one_may_report_all_the_same(
    client: FlaskClient, sessions: Sessions
) -> None:
    # given: the whole street is dark, and the homes too
    page = send(client, draft(client, "Toute la rue est dans le noir"), "category", category="ECLA-02")
    told = {"place": "10 rue des Lilas, Aubreval", "q_homes_cut": "yes", "q_since": "hier <soir>"}
    # when
    page = send(client, page, "place", **told)
    # then
    assert "Enedis" in page.text and "09 72 67 50" in page.text
    assert "Signaler quand même" in page.text
    page = send(client, page, "despite", despite="1")
    assert "Enedis. Appelez" not in page.text
    send(client, send(client, page, "way", way="none"), "key")
    with sessions() as session:
        (case,) = session.scalars(sa.select(Case))
    assert case.answers == {"homes_cut": "yes", "since": "hier <soir>"}


def test_another_answer_goes_straight_on(client: FlaskClient) -> None:
    page = send(client, draft(client, "Toute la rue est dans le noir"), "category", category="ECLA-02")
    page = send(client, page, "place", place="10 rue des Lilas, Aubreval", q_homes_cut="no")
    assert "Signaler quand même" not in page.text
