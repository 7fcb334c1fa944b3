"""`crm demo`: the demonstration métropole."""

from __future__ import annotations

import click

from crm.cli.acting import units_of_work
from crm.cli.demo.loading import load_demo
from crm.cli.ground import var_folder
from crm.foundation import Settings


@click.group()
def demo() -> None:
    """La métropole de démonstration, entièrement inventée."""


@demo.command()
def load() -> None:
    """La charge dans une base vide."""
    folder = var_folder(Settings.load())
    with units_of_work() as units:
        load_demo(units, folder, click.echo)
