"""The demonstration métropole, from the ground to its accounts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from crm.catalogue import load_catalogue
from crm.cli.demo.accounts import create_accounts
from crm.cli.demo.geography import write_geography
from crm.foundation import ROOT, SYSTEM, UnitOfWork, Units
from crm.knowledge import load_replies
from crm.routing import load_routing
from crm.staff import load_organizations
from crm.territory import communes, load_addresses, load_streets, load_territory

CONFIG = ROOT / "config"


def load_demo(units: Units, folder: Path, say: Callable[[str], None]) -> None:
    """Load everything in one transaction: a first start that is cut short leaves nothing behind.

    Args:
        folder: where `demo-accounts.json` is written, last.
    """
    with units.begin(SYSTEM) as uow:
        say("Territoire…")
        _ground(uow)
        say("Services, catalogue, règles et réponses types…")
        _rules(uow)
        create_accounts(uow, folder)


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
    load_routing(uow, CONFIG / "routing" / "demo.toml")
