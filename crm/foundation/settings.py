"""What an operator sets. One file shows everything; a secret comes from the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator

from crm.foundation.protection import SecondFactor
from crm.foundation.spans import Messages as Messages
from crm.foundation.spans import Promises as Promises
from crm.foundation.spans import Retention, Section, Sharing

ROOT = Path(__file__).resolve().parents[2]
_FROM_ENVIRONMENT = {
    "DATABASE_URL": "database_url",
    "REDIS_URL": "redis_url",
    "CRM_SECRET_KEY": "secret_key",
    "CRM_VAR": "var",
    "PORT": "port",
    "CRM_MAIL_HOST": "mail.host",
    "CRM_MAIL_PORT": "mail.port",
    "CRM_PHONE_SECRET": "phone.secret",
    "CRM_SOCIAL_SECRET": "social.secret",
}


class Centre(Section):
    """The user-relations centre as residents know it: printed on every message and page."""

    name: str = "Métropole de Rivebois"
    phone: str = "01 99 00 00 00"
    phone_cost: str = "appel gratuit"
    phone_cost_en: str = ""  # the same in English; without it, the French is said
    hours: str = "du lundi au samedi de 8 h à 19 h"
    hours_en: str = ""  # in English too
    email: str = "relation@rivebois.example"
    address: str = "1 place de la Métropole, 99000 Rivebois"
    site_url: str = ""  # as residents reach it; empty: this machine, on `port`


class Mail(Section):
    """Where mail leaves. Without `host`, an embedded sink keeps every mail as a file under var/outbox."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["none", "starttls", "tls"] = "none"
    sender: str = "Relation usagers <relation@rivebois.example>"
    reply_to: str = "relation@rivebois.example"
    plus_address: bool = True  # our server delivers relation+word@… to relation@…: answers find their demand
    delivery_receipts: bool = False  # asked of servers that know DSN (RFC 3461): one more mail for each sent
    auth_server: str = ""  # which server's Authentication-Results are believed; empty: none
    timeout_seconds: float = 20


class Mailbox(Section):
    """A box that is read by IMAP; what was taken in is moved to `done_folder`."""

    host: str
    port: int = 993
    user: str
    password: SecretStr = SecretStr("")
    security: Literal["none", "starttls", "tls"] = "tls"
    folder: str = "INBOX"
    done_folder: str = "Traité"
    poll_seconds: float = Field(default=60, ge=1, le=1500)  # and at once where the server can tell (IDLE)
    largest_mb: int = Field(default=25, ge=1, le=35)  # beyond, the head alone is kept and the sender told
    timeout_seconds: float = 30


class Sms(Section):
    """A provider's HTTP gateway, or one that Apprise knows. Without either, no SMS is offered.

    Args:
        apprise_url: as Apprise writes it, with `{to}` where the number goes; it holds the provider's keys.
        webhook_secret: with which the provider signs what it tells us: replies, receipts; empty: not heard.
        quiet_from, quiet_until: between these hours of Paris, what the programme sends by itself waits.
        confirms_stop: we answer STOP, once; false where the provider does it already.
    """

    url: str = ""
    apprise_url: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    sender: str = "METROPOLE"
    timeout_seconds: float = 10
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    quiet_sundays: bool = True
    quiet_holidays: bool = True
    confirms_stop: bool = True

    @model_validator(mode="after")
    def _leaves_a_day(self) -> Self:
        if self.quiet_until >= self.quiet_from:
            raise ValueError("quiet_until doit venir avant quiet_from : aucun SMS ne partirait")
        return self


class Social(Section):
    """What a programme tells us of social networks. Without `secret`, it is not heard.

    Args:
        accounts: our own there, by handle: what they publish is not a demand.
    """

    secret: SecretStr = SecretStr("")
    accounts: tuple[str, ...] = ()


class Phone(Section):
    """The telephone exchange. Without `secret`, it is not heard.

    Args:
        secret: with which it signs what it tells of calls.
        lines: called number, as the exchange writes it → its name for agents.
    """

    secret: SecretStr = SecretStr("")
    lines: dict[str, str] = {}


class Identity(Section):
    """An OpenID Connect provider. Without `issuer`, its button is not shown.

    Args:
        verifies_emails: it gives no address that it did not verify, and does not say so in each answer.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    scope: str = "openid email"
    acr_values: str = ""
    label: str = ""
    verifies_emails: bool = False
    timeout_seconds: float = 5


class Web(Section):
    host: str = "127.0.0.1"
    processes: int = 2
    threads: int = 8
    secure_cookies: bool = False
    session_hours: int = 10
    proxies: int = 0  # how many reverse proxies of ours stand in front


class Map(Section):
    tiles_url: str = ""  # path of a tile proxy on this site, /tuiles/{z}/{x}/{y}.png; empty: outlines only


class Files(Section):
    """Where photos and files are kept, and what may be sent. With `s3_url`, an S3-compatible store."""

    folder: str = ""  # empty: files/ under `var`; several machines need one that all of them mount
    s3_url: str = ""  # https://s3.example.org, without the bucket
    bucket: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: SecretStr = SecretStr("")
    timeout_seconds: float = 10
    file_mb: int = Field(default=20, ge=1, le=100)
    pdf_mb: int = Field(default=10, ge=1, le=50)
    at_once: int = Field(default=6, ge=1, le=20)  # files in one sending
    megapixels: int = Field(default=60, ge=1, le=200)
    scanner: str = Field(default="", pattern=r"^(|unix:/.+|[^:\s]+:\d{1,5})$")  # a clamd; empty: none
    without_scanner: Literal["refuse", "accept"] = "refuse"  # what becomes of a file while it is away


class Outside(Section):
    """Addresses that partners give us (photos, webhooks): only public ones are called, and these."""

    trusted_hosts: tuple[str, ...] = ()  # names inside our own network that may be called all the same


class Settings(Section):
    """Everything the programme needs to know, typed and frozen."""

    database_url: str = Field(default="", repr=False)
    redis_url: str = Field(default="", repr=False)
    secret_key: SecretStr = SecretStr("")
    var: Path = Path("var")
    port: int = 8000
    demo: bool = False
    alsace_moselle: bool = False
    languages: tuple[str, ...] = ("fr", "en")
    centre: Centre = Centre()
    mail: Mail = Mail()
    mailboxes: tuple[Mailbox, ...] = ()
    sms: Sms = Sms()
    social: Social = Social()
    phone: Phone = Phone()
    messages: Messages = Messages()
    sharing: Sharing = Sharing()
    retention: Retention = Retention()
    promises: Promises = Promises()
    identity_residents: Identity = Identity(label="FranceConnect")
    identity_agents: Identity = Identity(
        label="ProConnect", scope="openid given_name usual_name email uid siret"
    )
    second_factor: SecondFactor = SecondFactor()
    web: Web = Web()
    map: Map = Map()
    files: Files = Files()
    outside: Outside = Outside()

    @classmethod
    def load(cls, path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read config/default.toml, then the file named by CRM_CONFIG (or `path`), then the environment.

        A value "env:NAME" is a secret taken from the environment.

        Raises:
            SettingsError: names every wrong and every missing setting at once.
        """
        named = path or (Path(environ["CRM_CONFIG"]) if environ.get("CRM_CONFIG") else None)
        values = _read(ROOT / "config" / "default.toml")
        if named:
            values = _merge(values, _read(named))
        missing: list[str] = []
        values = _reveal(values, environ, missing)
        for name, key in _FROM_ENVIRONMENT.items():
            if environ.get(name):
                values = _merge(values, _nested(key, environ[name]))
        try:
            settings = cls.model_validate(values)
        except ValidationError as wrong:
            told = [f"{'.'.join(map(str, e['loc']))} : {e['msg']}" for e in wrong.errors()]
            raise SettingsError(told + missing) from None
        if missing:
            raise SettingsError(missing)
        return settings

    @model_validator(mode="before")
    @classmethod
    def _reachable(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Links of messages lead somewhere: to this very machine when no public address is set."""
        given = values.get("centre") or {}
        centre = given.model_dump() if isinstance(given, Centre) else dict(given)
        centre["site_url"] = centre.get("site_url") or f"http://127.0.0.1:{values.get('port', 8000)}"
        return {**values, "centre": centre}


class SettingsError(SystemExit):
    """Every problem of the settings, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Réglages à corriger :\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError([f"le fichier {path} n’existe pas (CRM_CONFIG le nomme)"]) from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsError([f"{path} n’est pas un fichier TOML valide : {wrong}"]) from None


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _nested(key: str, value: str) -> dict[str, Any]:
    section, _, name = key.rpartition(".")
    return {section: {name: value}} if section else {key: value}


def _reveal(values: dict[str, Any], environ: Mapping[str, str], missing: list[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            shown[key] = _reveal(value, environ, missing)
        elif isinstance(value, list):  # tables of tables: [[mailboxes]]
            shown[key] = [_reveal(one, environ, missing) if isinstance(one, dict) else one for one in value]
        elif isinstance(value, str) and value.startswith("env:"):
            name = value.removeprefix("env:")
            if name not in environ:
                missing.append(f"{key} : la variable d’environnement {name} n’est pas définie")
            shown[key] = environ.get(name, "")
        else:
            shown[key] = value
    return shown
