"""Passwords and roles by command; a database without its tables; a demonstration on real servers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import PARIS, EventRow, open_engine
from crm.intake.models import Draft
from crm.staff import Agent, Grant, first_names
from tests.cli.test_commands import crm
from tests.own_database import create_database
from tests.servers import Servers

NOW = datetime(2026, 9, 15, 10, tzinfo=PARIS)
WHO = "karim@rivebois.example"
SENT_TO = "INSERT INTO organizations (code, kind, name) VALUES ('centre', 'metropole', 'Centre')"


@pytest.fixture(scope="module")
def there(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A centre of its own, with one advisor."""
    url = create_database(servers.database_url, "accounts")
    with open_engine(url, forked=True).begin() as connection:
        connection.execute(sa.text(SENT_TO))
    named = {
        "DATABASE_URL": url,
        "REDIS_URL": servers.redis_url,
        "CRM_VAR": str(tmp_path_factory.mktemp("var")),
    }
    words = (
        "--first-name",
        "Karim",
        "--last-name",
        "Benali",
        "--organization",
        "centre",
        "--role",
        "advisor",
    )
    assert crm("account", "create", WHO, *words, **named).returncode == 0
    return named


def _agent(there: dict[str, str]) -> tuple[str, int, list[str]]:
    """The hash of the password, how many times sessions were ended, the roles."""
    with open_engine(there["DATABASE_URL"], forked=True).connect() as connection:
        row = connection.execute(sa.select(Agent.password_hash, Agent.session_epoch)).one()
        return row.password_hash, row.session_epoch, sorted(connection.scalars(sa.select(Grant.role)))


def test_a_lost_second_factor_is_taken_away(there: dict[str, str]) -> None:
    before = _agent(there)
    told = crm("account", "reset-second-factor", WHO, "--motive", "lost", **there)
    after = _agent(there)
    assert told.returncode == 0 and "Ses sessions sont fermées" in told.stdout
    assert after[0] == before[0] and after[1] == before[1] + 1
    nobody = crm("account", "reset-second-factor", "personne@rivebois.example", "--motive", "lost", **there)
    assert nobody.stderr.startswith("Introuvable")


def test_a_forgotten_password_is_replaced_and_sessions_end(there: dict[str, str]) -> None:
    before = _agent(there)
    told = crm("account", "password", WHO, **there)
    after = _agent(there)
    assert told.returncode == 0 and "montré une seule fois" in told.stdout
    assert after[0] != before[0] and after[1] == before[1] + 1
    assert crm("account", "password", "personne@rivebois.example", **there).stderr.startswith("Introuvable")


def test_roles_are_given_and_taken_back_with_a_reason(there: dict[str, str]) -> None:
    why = ("--note", "Remplace Mme Roux")
    told = crm("account", "grant", WHO, "--role", "supervisor", *why, **there)
    assert told.stdout.strip().endswith("advisor, supervisor")
    assert crm("account", "grant", WHO, "--role", "supervisor", *why, **there).returncode == 0
    assert _agent(there)[2] == ["advisor", "supervisor"], "given twice is given once"
    silent = crm("account", "revoke", WHO, "--role", "supervisor", "--note", " ", **there)
    assert silent.returncode == 2 and _agent(there)[2] == ["advisor", "supervisor"]
    taken = crm("account", "revoke", WHO, "--role", "supervisor", *why, **there)
    assert taken.stdout.strip().endswith("advisor")
    refused = crm("account", "grant", WHO, "--role", "team_lead", *why, **there)
    assert refused.returncode == 2 and "ce rôle demande un service" in refused.stderr
    alone = crm("account", "grant", WHO, "--role", "config_admin", "--alone", *why, **there)
    assert alone.returncode == 0 and _agent(there)[2] == ["config_admin"]


def test_a_link_to_choose_a_password_is_asked_for_and_a_lock_lifted(there: dict[str, str]) -> None:
    assert "une seule fois" in crm("account", "invite", WHO, **there).stdout
    assert crm("account", "unlock", WHO, **there).stdout.strip() == f"Compte débloqué : {WHO}"
    with open_engine(there["DATABASE_URL"], forked=True).connect() as connection:
        kinds = set(connection.scalars(sa.select(EventRow.kind)))
    assert {"agent.invited", "agent.unlocked"} <= kinds
    assert crm("account", "invite", "personne@rivebois.example", **there).stderr.startswith("Introuvable")


def test_an_agent_s_name_is_hidden_from_usagers_with_a_motive(there: dict[str, str]) -> None:
    refused = crm("account", "anonymity", WHO, "on", **there)
    assert refused.returncode == 2 and "motive" in refused.stderr.lower() + refused.stdout.lower()

    def told() -> tuple[bool, str, dict[int, str], list[bool]]:
        with Session(open_engine(there["DATABASE_URL"], forked=True)) as session:
            agent = session.scalars(sa.select(Agent)).one()
            facts = session.scalars(sa.select(EventRow).where(EventRow.kind == "agent.anonymity_changed"))
            named = first_names(session, {agent.id})
            return agent.is_anonymous, agent.anonymity_motive, named, [fact.data["on"] for fact in facts]

    assert crm("account", "anonymity", WHO, "on", "--motive", "Menaces", **there).returncode == 0
    assert told() == (True, "Menaces", {}, [True])
    assert "lisent son nom" in crm("account", "anonymity", WHO, "off", **there).stdout
    hidden, motive, named, facts = told()
    assert (hidden, motive, facts) == (False, "", [True, False]) and [*named.values()] == ["Karim"]


def test_loading_into_a_database_without_tables_says_to_make_them(servers: Servers, tmp_path: Path) -> None:
    url = sa.make_url(servers.database_url).set(database="nothing_yet")
    with open_engine(servers.database_url, forked=True).connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.execute(sa.text("DROP DATABASE IF EXISTS nothing_yet"))
        free.execute(sa.text("CREATE DATABASE nothing_yet"))
    named = {"DATABASE_URL": url.render_as_string(hide_password=False), "CRM_VAR": str(tmp_path)}
    told = crm("load", "catalogue", "config/catalogue", **named)
    assert told.returncode == 2
    assert "crm db upgrade" in told.stderr and "Traceback" not in told.stderr


def test_the_doctor_warns_of_a_demonstration_on_real_servers(there: dict[str, str], tmp_path: Path) -> None:
    warned = crm("doctor", **there).stdout
    assert "! Mode démonstration, mais de vrais serveurs sont nommés : DATABASE_URL, REDIS_URL" in warned
    (tmp_path / "centre.toml").write_text("demo = false\n", encoding="utf-8")
    told = crm("doctor", **there, CRM_CONFIG=str(tmp_path / "centre.toml"), CRM_SECRET_KEY="x" * 40).stdout
    assert "Mode démonstration" not in told


def test_an_account_closes_and_hands_over(there: dict[str, str]) -> None:
    leaving, heir = "lea@rivebois.example", "sami@rivebois.example"
    words = ("--first-name", "Léa", "--last-name", "Roux", "--organization", "centre", "--role", "advisor")
    for who in (leaving, heir):
        assert crm("account", "create", who, *words, **there).returncode == 0
    with Session(open_engine(there["DATABASE_URL"], forked=True)) as session:
        agent_id = session.scalars(sa.select(Agent.id).where(Agent.email == leaving)).one()
        began = {"created_at": NOW, "saved_at": NOW, "version": 1}
        session.add(Draft(agent_id=agent_id, kind="demand", key="2026-000001-05", fields={}, **began))
        session.commit()
    alone = crm("account", "disable", leaving, **there)
    assert alone.returncode == 2 and "--heir" in alone.stderr
    told = crm("account", "disable", leaving, "--heir", heir, **there)
    assert told.returncode == 0 and "brouillons 1" in told.stdout
    with open_engine(there["DATABASE_URL"], forked=True).connect() as connection:
        held = sa.select(Agent.email).join(Draft, Draft.agent_id == Agent.id)
        assert connection.scalars(held).all() == [heir]
        assert not connection.scalar(sa.select(Agent.is_active).where(Agent.email == leaving))
