"""What the command line says: one French sentence, what to do, exit code 2; never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
import sqlalchemy as sa
from redis import Redis

from crm.cli.doctor.servers import HEARTBEAT_KEY
from crm.cli.root import main
from crm.foundation import open_engine
from tests.own_database import create_database
from tests.servers import Servers
from workers import queues

_NOWHERE = {
    "DATABASE_URL": "postgresql://crm@127.0.0.1:1/crm",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CRM_MAIL_HOST": "127.0.0.1",
    "CRM_MAIL_PORT": "1",
}


@dataclass(frozen=True, slots=True)
class Told:
    returncode: object
    stdout: str
    stderr: str


def crm(*words: str, **environment: str) -> Told:
    """What the command answers to somebody who has this environment."""
    out, err = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if name not in _NOWHERE}
    with (
        mock.patch.dict(os.environ, kept | environment, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main(list(words))
    return Told(left.value.code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def database_url(servers: Servers) -> str:
    """Migrated, and ours alone: what the commands write is really written."""
    return create_database(servers.database_url, "command_line")


@pytest.fixture
def named(servers: Servers, database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has real servers."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "CRM_MAIL_HOST": "127.0.0.1",
        "CRM_MAIL_PORT": str(servers.smtp_port),
        "CRM_VAR": str(tmp_path),
    }


def test_the_doctor_is_content_with_a_migrated_house(named: dict[str, str]) -> None:
    told = crm("doctor", **named)
    assert "✓ PostgreSQL 18" in told.stdout
    assert "✓ Redis répond" in told.stdout
    assert "accepte notre courrier" in told.stdout
    assert "✓ Schéma de la base à jour" in told.stdout


def test_the_doctor_says_what_to_do_about_each_server_that_does_not_answer(tmp_path: Path) -> None:
    told = crm("doctor", CRM_VAR=str(tmp_path), **_NOWHERE)
    assert told.returncode == 1
    for words in ("✗ PostgreSQL ne répond pas", "DATABASE_URL", "✗ Redis ne répond pas", "REDIS_URL",
                  "✗ La messagerie 127.0.0.1:1 ne répond pas", "[mail]"):  # fmt: skip
        assert words in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


def test_the_doctor_sees_that_no_worker_lives(named: dict[str, str]) -> None:
    with Redis.from_url(named["REDIS_URL"]) as redis:
        redis.delete(
            HEARTBEAT_KEY
        )  # a job done by another test within the last minute counts as a sign of life
    told = crm("doctor", **named)
    assert told.returncode == 1
    assert "✗ Aucun travailleur ne donne signe de vie" in told.stdout
    assert queues.HEARTBEAT_KEY == HEARTBEAT_KEY


def test_the_doctor_names_every_wrong_setting(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('couleur = "bleu"\n[mail]\nport = "vingt-cinq"\n')
    told = crm("doctor", CRM_CONFIG=str(file))
    assert told.returncode == 1
    assert "couleur" in told.stdout and "mail.port" in told.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["db", "upgrad"], "Commande inconnue"),
        (["load", "territory", "/nowhere.geojson"], "Le fichier /nowhere.geojson n’existe pas"),
        (["load", "routing", "--quick"], "L’option --quick n’existe pas"),
        (["account", "disable"], "Il manque COURRIEL"),
        (["account", "disable", "nobody@rivebois.example"], "Introuvable"),
        (["api-key", "create", "Partenaire", "--organization", "none"], "Aucune organisation n’a le code"),
    ],
)
def test_a_refusal_is_one_sentence(named: dict[str, str], words: list[str], said: str) -> None:
    told = crm(*words, **named)
    assert told.returncode == 2
    assert told.stderr.startswith(said)
    assert "Traceback" not in told.stderr


def test_a_database_that_does_not_answer_is_said_without_a_traceback(tmp_path: Path) -> None:
    told = crm("db", "check", CRM_VAR=str(tmp_path), **_NOWHERE)
    assert told.returncode == 2
    assert told.stderr.startswith("PostgreSQL ne répond pas")
    assert "crm doctor" in told.stderr


def test_one_part_alone_asks_for_named_servers(tmp_path: Path) -> None:
    told = crm("run", "web", CRM_VAR=str(tmp_path))
    assert told.returncode == 2
    assert "crm run all" in told.stderr


def test_nothing_is_served_on_a_schema_that_was_never_made(
    named: dict[str, str], servers: Servers, tmp_path: Path
) -> None:
    url = sa.make_url(servers.database_url).set(database="no_schema")
    with open_engine(servers.database_url, forked=True).connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.execute(sa.text("DROP DATABASE IF EXISTS no_schema"))
        free.execute(sa.text("CREATE DATABASE no_schema"))
    there = {**named, "DATABASE_URL": url.render_as_string(hide_password=False), "CRM_VAR": str(tmp_path)}
    for part in ("web", "relay", "worker", "timetable"):
        told = crm("run", part, **there)
        assert told.returncode == 2
        assert "lancez « crm db upgrade »" in told.stderr


def test_real_people_are_not_served_without_a_secret_key(named: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "centre.toml").write_text("demo = false\n", encoding="utf-8")
    told = crm("run", "web", **named, CRM_CONFIG=str(tmp_path / "centre.toml"))
    assert told.returncode != 0
    assert "CRM_SECRET_KEY" in f"{told.returncode}{told.stderr}"
    assert not (tmp_path / "secret-key").exists()


def test_a_busy_port_is_said_before_anything_starts(tmp_path: Path, servers: Servers) -> None:
    told = crm("run", "all", CRM_VAR=str(tmp_path), PORT=str(servers.smtp_port))
    assert told.returncode == 2
    assert told.stderr.startswith(f"Le port {servers.smtp_port} est déjà pris")
    assert not (tmp_path / "postgres").exists()


def test_a_passing_command_leaves_no_server_behind(tmp_path: Path) -> None:
    assert crm("db", "upgrade", CRM_VAR=str(tmp_path)).returncode == 0
    assert crm("db", "check", CRM_VAR=str(tmp_path)).returncode == 0
    assert not (tmp_path / "run" / "postgres.json").exists()
    assert not (tmp_path / "postgres" / "cluster" / "postmaster.pid").exists()


def test_a_made_password_and_a_key_are_shown_once(named: dict[str, str]) -> None:
    told = crm("api-key", "create", "Partenaire", **named)
    assert re.search(r"montrée une seule fois\) : \S{20,}$", told.stdout.strip())
