"""The demonstration métropole at work: real servers, the whole application, work done as workers do it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import SecretStr
from werkzeug.serving import WSGIRequestHandler, make_server

from crm.app import create_app
from crm.cases import Case
from crm.catalogue import load_catalogue
from crm.cli.demo.accounts import create_accounts
from crm.cli.demo.geography import write_geography
from crm.cli.embedded import free_port
from crm.foundation import PARIS, ROOT, SYSTEM, FrozenClock, Settings, Units
from crm.foundation.settings import Centre, Mail, Map, Messages, Phone, Sms
from crm.knowledge import load_replies
from crm.routing import load_routing
from crm.staff import load_organizations
from crm.territory import (
    Address,
    Commune,
    Street,
    communes,
    forget,
    load_addresses,
    load_streets,
    load_territory,
)
from crm.wiring import Wiring, wire
from tests.at_work import work
from tests.own_database import create_database, mails_to
from tests.servers import Servers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CONFIG = ROOT / "config"
SMS_SECRET = "shared with the provider"
TUESDAY_BEFORE_CHRISTMAS = datetime(2026, 12, 22, 10, 0, tzinfo=PARIS)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: the browser tells what went wrong."""


def _whole(app: WSGIApplication) -> WSGIApplication:
    """All but streams is read, and closed, before it is sent: when a browser leaves half-way, the server of
    werkzeug may forget to close the file it was sending, or did not have to send (304).
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        streams: list[bool] = []

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            has_length = any(name.lower() == "content-length" for name, _value in headers)
            streams.append(status.startswith("200") and not has_length)
            return start_response(status, headers, exc_info)

        answer = app(environ, begin)
        if any(streams):
            return answer
        try:
            return [b"".join(answer)]
        finally:
            answer.close()  # type: ignore[attr-defined]

    return serve


@dataclass
class House:
    wired: Wiring
    clock: FrozenClock
    address: str
    accounts: dict[str, dict[str, str]]
    outbox: Path

    def work(self) -> None:
        work(self.wired)

    def mail(self, recipient: str, saying: str) -> str:
        """The one mail with these words that reached a mailbox."""
        came = self.mails(recipient)
        found = [mail for mail in came if saying in mail]
        assert len(found) == 1, f"{len(found)} with these words among {came}"
        return found[0]

    def mails(self, recipient: str) -> list[str]:
        """Subject and text of what reached a mailbox."""
        told = []
        for file in mails_to(self.outbox, recipient):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            told.append(f"{mail['Subject']}\n{body.get_content() if body else ''}")
        return told

    def case(self, reference: str) -> Case:
        with self.wired.sessions() as session:
            return session.scalars(sa.select(Case).where(Case.reference == reference)).one()

    def case_at(self, address: str) -> Case:
        """The case of a tracking address."""
        token = address.partition("/suivi/")[2].partition("?")[0].partition("#")[0]
        with self.wired.sessions() as session:
            return session.scalars(sa.select(Case).where(Case.public_token == token)).one()

    def place(self, ownership: str, insee: str = "99001", sector: str | None = "99001-EST") -> str:
        """`12 rue des Lilas, Rivebois`: an address on such a street."""
        named = sa.select(Address.number, Address.suffix, Street.name, Commune.name.label("commune"))
        found = (
            named.join(Street, Street.id == Address.street_id)
            .join(Commune, Commune.insee == Address.insee)
            .where(Address.insee == insee, Street.ownership == ownership, Address.suffix == "")
            .where(Address.sector_code == sector if sector else sa.true())
            .order_by(Address.id)
            .limit(1)
        )
        with self.wired.sessions() as session:
            row = session.execute(found).one()
        return f"{row.number} {row.name}, {row.commune}"


def _furnish(units: Units, folder: Path) -> Path:
    """The demonstration as it is delivered, but for its past: each journey brings its own demands."""
    told = folder / "demo-accounts.json"
    ground = write_geography(folder)
    with units.begin(SYSTEM) as uow:
        load_territory(uow, ground.communes)
        load_territory(uow, ground.sectors)
        load_streets(uow, ground.streets)
        load_addresses(uow, ground.addresses)
        names = {line.insee: line.name for line in communes(uow.session)}
        load_organizations(uow, _CONFIG / "demo" / "organizations.toml", names)
        load_catalogue(uow, _CONFIG / "catalogue")
        load_replies(uow, _CONFIG / "replies")
        load_routing(uow, _CONFIG / "routing" / "demo.toml")
        create_accounts(uow, told)
    return told


def open_house(servers: Servers, folder: Path) -> tuple[House, threading.Thread, object]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(
        database_url=create_database(servers.database_url, "journeys"),
        redis_url=servers.redis_url,
        secret_key="not a secret: a test",
        var=folder,
        port=port,
        demo=True,
        centre=Centre(site_url=address),
        mail=Mail(host="127.0.0.1", port=servers.smtp_port),
        map=Map(),
        messages=Messages(undo_seconds=0),
        phone=Phone(secret=SecretStr("shared with the exchange")),
        sms=Sms(webhook_secret=SecretStr(SMS_SECRET)),
    )
    clock = FrozenClock(TUESDAY_BEFORE_CHRISTMAS)
    wired = wire(settings, clock=clock)
    forget()
    told = json.loads(_furnish(wired.units, folder).read_text("utf-8"))["accounts"]
    accounts = {account["email"].split(".")[0]: account for account in told}
    app = _whole(create_app(wired=wired))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    return House(wired, clock, address, accounts, servers.outbox_folder), serving, server
