"""The `crm` command and its groups."""

from __future__ import annotations

import click

from crm.cli.account import account
from crm.cli.api_key import api_key
from crm.cli.db import db
from crm.cli.demo.command import demo
from crm.cli.doctor import doctor
from crm.cli.importing import import_group
from crm.cli.load import load
from crm.cli.replies import replies
from crm.cli.routing import routing
from crm.cli.run import run
from crm.cli.speech import answer


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def crm() -> None:
    """Sans Couture : le CRM commun de la relation usagers d’une métropole."""


for _command in (run, db, account, load, replies, routing, import_group, doctor, api_key, demo):
    crm.add_command(_command)


def main(words: list[str] | None = None) -> None:
    answer(crm, words)
