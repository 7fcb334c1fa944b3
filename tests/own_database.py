"""A database where commits are real: what several processes or connections share cannot be rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from crm.channels import mail_domain
from crm.foundation import ROOT, SYSTEM, Clock, Reactions, Settings, Units, open_engine, session_factory
from crm.foundation.settings import Mail, Sms
from crm.interactions import Message, queue_message
from crm.reactions import REACTIONS
from crm.wiring import Wiring, wire

DOMAIN = mail_domain(Mail().sender)


def create_database(server_url: str, name: str, revision: str = "head") -> str:
    """A migrated database of its own on the run's server; returns its address.

    Those at head are copies of one: migrations are gone through once for each server.
    """
    shown = _address(server_url, name)
    if revision == "head":
        _make(server_url, name, _migrated(server_url))
    else:
        _make(server_url, name)
        _migrate(shown, revision)
    return shown


@cache
def _migrated(server_url: str) -> str:
    _make(server_url, "migrated")
    _migrate(_address(server_url, "migrated"), "head")
    return "migrated"


def _make(server_url: str, name: str, like: str = "template1") -> None:
    engine = open_engine(server_url, forked=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))


def _migrate(database_url: str, revision: str) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    with open_engine(database_url, forked=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _address(server_url: str, name: str) -> str:
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def own_units(
    server_url: str, name: str, clock: Clock, reactions: Reactions = REACTIONS, *, pool_size: int = 8
) -> Iterator[Units]:
    """Units of work whose commits are real, on a database of that name."""
    engine = open_engine(create_database(server_url, name), pool_size=pool_size)
    yield Units(session_factory(engine), clock, reactions)
    engine.dispose()


def wired_to(database_url: str, redis_url: str, smtp_port: int, sms: Sms | None = None) -> Wiring:
    mail = Mail(host="127.0.0.1", port=smtp_port, timeout_seconds=3)
    return wire(Settings(database_url=database_url, redis_url=redis_url, mail=mail, sms=sms or Sms()))


def queue_mails(
    units: Units, recipients: list[str], channel: str = "email", kind: str = "registration"
) -> list[int]:
    """Messages of the programme ready to leave; returns the interactions' ids."""
    with units.begin(SYSTEM) as uow:
        return [
            queue_message(
                uow,
                None,
                0,
                Message(
                    kind=kind,
                    channel=channel,
                    recipient=recipient,
                    subject="Votre demande est enregistrée",
                    body="Bonjour,\n\nVotre demande est enregistrée.",
                ),
            )
            for recipient in recipients
        ]


def mails_to(outbox: Path, recipient: str) -> list[Path]:
    wanted = f"X-Envelope-To: {recipient}\r\n".encode()
    return [path for path in sorted(outbox.glob("*.eml")) if path.read_bytes().startswith(wanted)]
