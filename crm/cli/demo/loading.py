"""The demonstration métropole, from the ground to its accounts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from crm.catalogue import load_catalogue
from crm.cli.demo.accounts import create_accounts
from crm.cli.demo.geography import write_geography
from crm.cli.demo.history import load_history
from crm.cli.demo.ready_words import publish_ready_words
from crm.cli.demo.together import load_together
from crm.cli.speech import Refusal
from crm.foundation import ROOT, SYSTEM, UnitOfWork, Units
from crm.knowledge import load_replies
from crm.routing import load_routing
from crm.staff import Organization, load_organizations
from crm.territory import communes, load_addresses, load_streets, load_territory

CONFIG = ROOT / "config"
_IN_FORCE_FOR = timedelta(days=4 * 365)


def load_demo(units: Units, folder: Path, say: Callable[[str], None], *, with_history: bool = True) -> None:
    """Load everything in one transaction: a first start that is cut short leaves nothing behind.

    Args:
        folder: where `demo-accounts.json` appears, once all is kept.

    Raises:
        Refusal: the database holds something already.
    """
    told, waiting = folder / "demo-accounts.json", folder / "demo-accounts.waiting"
    with units.begin(SYSTEM) as uow:
        known = _holds_something(uow)
        if known and not waiting.exists():
            raise Refusal(
                "La base n’est pas vide : la démonstration ne se charge que dans une base vide."
                " Pour un vrai service, réglez « demo = false »."
            )
        if not known:
            _load(uow, waiting, say)
            if with_history:
                say("Trois ans de demandes…")
                load_history(uow)
                load_together(uow)
    waiting.replace(told)  # only now: accounts are told when, and only if, they exist


def _holds_something(uow: UnitOfWork) -> bool:
    return bool(uow.session.scalar(sa.select(sa.exists().where(Organization.id.is_not(None)))))


def _load(uow: UnitOfWork, told_in: Path, say: Callable[[str], None]) -> None:
    say("Territoire…")
    _ground(uow)
    say("Services, catalogue, règles et réponses types…")
    _rules(uow)
    create_accounts(uow, told_in)


def _ground(uow: UnitOfWork) -> None:
    with tempfile.TemporaryDirectory() as made:
        files = write_geography(Path(made))
        load_territory(uow, files.communes)
        load_territory(uow, files.sectors)
        load_streets(uow, files.streets)
        load_addresses(uow, files.addresses)


def _rules(uow: UnitOfWork) -> None:
    names = {line.insee: line.name for line in communes(uow.session)}
    load_organizations(uow, CONFIG / "demo" / "organizations.toml", names)
    load_catalogue(uow, CONFIG / "catalogue")
    load_replies(uow, CONFIG / "replies")
    publish_ready_words(uow, CONFIG / "demo" / "ready_words.toml")
    then = UnitOfWork(uow.session, uow.actor, uow.now - _IN_FORCE_FOR, {})  # before all that it decided
    load_routing(then, CONFIG / "routing" / "demo.toml")
    then.write_events()
