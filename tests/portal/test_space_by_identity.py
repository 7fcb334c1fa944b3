"""A resident and an agent come in by an identity provider: a real one, on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.foundation.settings import Identity
from crm.staff import Agent, Organization
from tests import given
from tests.doors import make_app
from tests.identity_provider import Provider, identity_provider
from tests.portal.resident import reported
from tests.servers import Servers

LEA, SIRET = "lea@exemple.fr", "13002526500013"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider() as running:
        yield running


@pytest.fixture
def app(
    services: dict[str, int], sessions: Sessions, clock: FrozenClock, servers: Servers, provider: Provider
) -> Flask:
    set_up = {"issuer": provider.issuer, "client_id": "crm", "client_secret": SecretStr("s")}
    told = {
        "identity_residents": Identity(**set_up, label="FranceConnect"),
        "identity_agents": Identity(**set_up, label="ProConnect"),
    }
    return make_app(sessions, clock, servers, told=told)


def _through(client: FlaskClient, provider: Provider, door: str, sub: str) -> str:
    """There, and back at our own door."""
    there = client.get(door).location
    assert there.startswith(provider.issuer) and "code_challenge_method=S256" in there and "nonce=" in there
    return provider.consents(there, sub).partition("127.0.0.1:8000")[2]


def test_a_verified_address_opens_its_space(client: FlaskClient, provider: Provider) -> None:
    token = reported(client)
    provider.knows("lea", email=LEA, email_verified=True)
    assert "FranceConnect" in client.get("/mon-espace").text
    back = client.get(_through(client, provider, "/mon-espace/identite", "lea"))
    assert (back.status_code, back.location) == (303, "/mon-espace")
    assert f"/suivi/{token}" in client.get("/mon-espace").text


def test_an_address_that_nobody_verified_opens_nothing(client: FlaskClient, provider: Provider) -> None:
    reported(client)
    provider.knows("mallory", email=LEA, email_verified=False)
    back = client.get(_through(client, provider, "/mon-espace/identite", "mallory"))
    assert back.status_code == 401 and "n’a pas abouti" in back.text
    assert "Recevoir un lien" in client.get("/mon-espace").text


def test_an_answer_that_we_did_not_ask_for_opens_nothing(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    provider.knows("lea", email=LEA, email_verified=True)
    stolen = _through(client, provider, "/mon-espace/identite", "lea")
    assert app.test_client().get(stolen).status_code == 401
    assert client.get("/mon-espace/identite/retour?error=access_denied&state=x").status_code == 401


def test_a_provider_that_is_away_shuts_nobody_out(
    services: dict[str, int], sessions: Sessions, clock: FrozenClock, servers: Servers
) -> None:
    away = Identity(issuer="http://127.0.0.1:1", client_id="crm", label="ProConnect")
    client = make_app(
        sessions, clock, servers, told={"identity_agents": away, "identity_residents": away}
    ).test_client()
    for door in ("/login/identite", "/mon-espace/identite"):
        assert client.get(door).status_code == 503
    assert 'name="password"' in client.get("/login/identite").text


def test_an_agent_comes_in_with_an_account_that_exists(
    client: FlaskClient, provider: Provider, units: Units, sessions: Sessions
) -> None:
    # given: an account, and the SIRET of its organisation
    with units.begin(SYSTEM) as uow:
        email = given.agent(uow)
        uow.session.execute(sa.update(Organization).values(siret=SIRET))
    provider.knows("nadia", uid="42", siret=SIRET, email=email)
    provider.knows("homonym", uid="43", siret="00000000000000", email=email)
    # when, then: another organisation's is nobody here
    refused = client.get(_through(client, provider, "/login/identite", "homonym"))
    assert refused.status_code == 401 and "Aucun compte" in refused.text
    let_in = client.get(_through(client, provider, "/login/identite", "nadia"))
    assert (let_in.status_code, let_in.location) == (303, "/console/")
    with sessions() as session:
        uid = session.scalars(sa.select(Agent.provider_uid).where(Agent.email == email)).one()
    assert uid == f"{provider.issuer}|42"


def test_an_address_that_changed_hands_does_not_open_the_account(
    client: FlaskClient, provider: Provider, units: Units
) -> None:
    with units.begin(SYSTEM) as uow:
        email = given.agent(uow)
        uow.session.execute(sa.update(Organization).values(siret=SIRET))
    provider.knows("first", uid="1", siret=SIRET, email=email)
    provider.knows("second", uid="2", siret=SIRET, email=email)
    assert client.get(_through(client, provider, "/login/identite", "first")).status_code == 303
    assert client.get(_through(client, provider, "/login/identite", "second")).status_code == 401
