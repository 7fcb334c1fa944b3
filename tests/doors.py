"""The whole application on a test's own session, and a small world for it to work in."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Config, Flask
from pydantic import SecretStr
from redis import Redis

from crm.app import create_app
from crm.catalogue import load_catalogue
from crm.foundation import (
    ROOT,
    SYSTEM,
    Clock,
    Sessions,
    Settings,
    UnitOfWork,
    Units,
    open_engine,
    session_factory,
)
from crm.foundation.protection import SecondFactor
from crm.foundation.settings import Mail, Messages, Web
from crm.http import limiter
from crm.reactions import REACTIONS
from crm.routing import load_routing
from crm.staff import Organization, Unit
from crm.territory import forget, load_addresses, load_territory
from crm.wiring import Wiring, wire
from crm.wiring.rulebooks import Rulebooks
from tests.servers import Servers
from tests.territory.given import ADDRESSES, STREETS, two_communes

_RULES = """
note = "Deux communes"
outside_advice = "Ce lieu n’est pas dans la métropole. Adressez-vous à la mairie de la commune."
outside_advice_en = "This place is outside the metropolitan area. Contact its town hall."

[[rule]]
domain = "ECLA"
unit = "eclairage"
reason = "Contrat d’éclairage"

[[rule]]
domain = "VOIR"
unit = "voirie"

[[rule]]
domain = "VOIR"
road_owner = "private"
decision = "refuse"
advice = "Cette voie est privée. Adressez-vous au syndic ou au propriétaire."
advice_en = "This street is private. Contact its owner."

[[rule]]
domain = "VOIR"
road_owner = "departmental"
decision = "refer"
unit = "departement"
"""


def settings_for(servers: Servers) -> Settings:
    return Settings(
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        secret_key=SecretStr("not a secret: a test"),
        mail=Mail(host="127.0.0.1", port=servers.smtp_port),
        messages=Messages(undo_seconds=0),
        second_factor=SecondFactor(roles=()),  # its own story: nobody else must have one
    )


def make_app(
    sessions: Sessions,
    clock: Clock,
    servers: Servers,
    *,
    redis_url: str = "",
    web: Web | None = None,
    told: Mapping[str, object] | None = None,
) -> Flask:
    """The application; counters of tries start from nothing.

    Args:
        redis_url: another Redis than the run's own, such as one that does not answer.
        web: how it is served, when that is the story.
        told: other sections of the settings, by name.
    """
    forget()
    settings = settings_for(servers)
    update = {"redis_url": redis_url or settings.redis_url, "web": web or settings.web, **(told or {})}
    wired = wire(settings.model_copy(update=update), clock=clock)
    with Redis.from_url(servers.redis_url) as redis:
        for key in redis.scan_iter("LIMITS:*"):
            redis.delete(key)
    limiter._storage_dead = False  # one limiter serves every app of a run: what an earlier one lost is back
    held = replace(
        wired,
        sessions=sessions,
        units=Units(sessions, clock, REACTIONS),
        rulebooks=Rulebooks(sessions, clock),
    )
    return create_app(wired=held) if redis_url or web or told else _as_new(held)


@dataclass(frozen=True, slots=True)
class _Kept:
    app: Flask
    config: Config
    extensions: dict[str, object]
    counters: object


_kept: dict[str, _Kept] = {}


def _as_new(wired: Wiring) -> Flask:
    """The application as it is delivered, built once in a process: five hundred routes take half a second.

    And once more after another application, with which the one limiter went to count elsewhere.
    """
    kept = _kept.get(wired.settings.database_url)
    if kept is None or kept.counters is not limiter._storage:
        app = create_app(wired=wired)
        kept = _Kept(app, copy(app.config), dict(app.extensions), limiter._storage)
        _kept[wired.settings.database_url] = kept
    kept.app.config.clear()
    kept.app.config.update(kept.config)
    kept.app.extensions.clear()
    kept.app.extensions.update({**kept.extensions, "crm": wired})
    return kept.app


def lose_database(app: Flask) -> None:
    """From now on the application knocks at a PostgreSQL that is not there."""
    held = app.extensions["crm"]
    nobody = session_factory(open_engine("postgresql://nobody@127.0.0.1:1/none"))
    app.extensions["crm"] = replace(
        held,
        sessions=nobody,
        units=Units(nobody, held.clock, {}),
        rulebooks=Rulebooks(nobody, held.clock),
    )


def small_world(units: Units, folder: Path) -> dict[str, int]:
    """Two communes, the delivered catalogue, three services and four rules. Service's code → id."""
    streets, addresses, rules = folder / "voies.csv", folder / "adresses.csv", folder / "regles.toml"
    streets.write_text(STREETS, encoding="utf-8")
    addresses.write_text(ADDRESSES, encoding="utf-8")
    rules.write_text(_RULES, encoding="utf-8")
    forget()
    with units.begin(SYSTEM) as uow:
        load_territory(uow, two_communes(folder))
        load_addresses(uow, addresses, streets=streets)
        load_catalogue(uow, ROOT / "config" / "catalogue")
        services = _services(uow)
        load_routing(uow, rules)
    return services


def _services(uow: UnitOfWork) -> dict[str, int]:
    metropole = Organization(code="metropole", kind="metropole", name="Métropole de Rivebois")
    other = Organization(code="departement", kind="other", name="Département")
    uow.session.add_all([metropole, other])
    uow.session.flush()
    rows = [
        Unit(
            code=code,
            name=name,
            operation="in_house" if owner is metropole else "external",
            organization_id=owner.id,
            address="4 quai des Forges",
            phone="01 99 00 00 02",
            email=f"{code}@rivebois.example",
        )
        for code, name, owner in (
            ("eclairage", "Éclairage public", metropole),
            ("voirie", "Voirie", metropole),
            ("departement", "Routes départementales", other),
        )
    ]
    uow.session.add_all(rows)
    uow.session.flush()
    return {row.code: row.id for row in rows}
