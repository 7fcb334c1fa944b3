"""« C’est déjà signalé »: said before anything is asked, with nothing private, and joined in two pages."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Case
from crm.cases.models import Watcher
from crm.foundation import Sessions
from tests.portal.resident import reported

SECRET = "un trou, sonnez chez Martin au 3e"
WHERE = {"step": "where", "object": "un trou dans la chaussée", "category": "VOIR-01"}


@pytest.fixture
def known(client: FlaskClient, sessions: Sessions) -> Case:
    token = reported(client, object=SECRET, way="email", email="lea@exemple.fr", family_name="Martin")
    with sessions() as session:
        return session.scalars(sa.select(Case).where(Case.public_token == token)).one()


@pytest.fixture
def draft(client: FlaskClient, known: Case) -> dict[str, str]:
    """The same place, for who reports it next."""
    return {**WHERE, "category": known.category_code or "", "place": known.place_label, "key": "k" * 32}


def _page(client: FlaskClient, draft: dict[str, str], path: str = "/signaler", **more: str) -> str:
    return client.post(path, data={**draft, **more}, follow_redirects=True).text


def test_what_is_known_nearby_is_shown_with_nothing_private(
    client: FlaskClient, known: Case, draft: dict[str, str]
) -> None:
    page = _page(client, draft)
    assert "Est-ce déjà signalé" in page and "Transmise au service" in page and "aujourd’hui" in page
    assert draft["object"] in page  # nothing typed is lost
    for private in (SECRET, "Martin", "lea@exemple.fr", known.public_token):
        assert private not in page


def test_it_is_something_else(client: FlaskClient, draft: dict[str, str]) -> None:
    page = _page(client, draft, apart="1", despite="1")
    assert "Est-ce déjà signalé" not in page and 'name="step" value="where"' not in page


def test_joining_asks_how_to_be_told_and_makes_no_report(
    client: FlaskClient, sessions: Sessions, known: Case, draft: dict[str, str]
) -> None:
    asked = _page(client, draft, "/signaler/suivre", follow=known.reference)
    assert "Comment vous prévenir" in asked
    told = {"follow": known.reference, "way": "email", "email": "rose@exemple.fr"}
    page = _page(client, draft, "/signaler/suivre/envoi", **told)
    assert "vous suivez cette demande" in page and SECRET not in page
    _page(client, draft, "/signaler/suivre/envoi", **told)
    with sessions() as session:
        (follower,) = session.scalars(sa.select(Watcher))
        assert (follower.channel, follower.answer_channel) == ("web", "email")
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1


def test_a_wrong_address_is_said_and_nothing_is_lost(
    client: FlaskClient, known: Case, draft: dict[str, str]
) -> None:
    told = {"follow": known.reference, "way": "email", "email": "rose"}
    page = _page(client, draft, "/signaler/suivre/envoi", **told)
    assert "Comment vous prévenir" in page and 'value="rose"' in page


def test_nobody_joins_what_they_were_not_shown(
    client: FlaskClient, sessions: Sessions, known: Case, draft: dict[str, str]
) -> None:
    elsewhere = {**draft, "place": "", "insee": ""}
    told = {"follow": known.reference, "way": "email", "email": "rose@exemple.fr"}
    _page(client, elsewhere, "/signaler/suivre/envoi", **told)
    with sessions() as session:
        assert session.scalars(sa.select(Watcher)).all() == []


def test_of_a_private_matter_nothing_is_shown(
    client: FlaskClient, known: Case, draft: dict[str, str]
) -> None:
    assert "Est-ce déjà signalé" not in _page(client, {**draft, "category": "DECH-01"})
