"""The `crm` command and its groups."""

from __future__ import annotations

import sys

import click

from crm.cli.account import account
from crm.cli.api_key import api_key
from crm.cli.db import db
from crm.cli.demo.command import demo
from crm.cli.doctor import doctor
from crm.cli.load import load
from crm.cli.run import run
from crm.cli.speech import EXPECTED, sentence

_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def crm() -> None:
    """Sans Couture : le CRM commun de la relation usagers d’une métropole."""


for _command in (run, db, account, load, doctor, api_key, demo):
    crm.add_command(_command)


def main(words: list[str] | None = None) -> None:
    """Exit codes: 0 done, 1 the doctor found something, 2 refused with a sentence."""
    try:
        sys.exit(crm(words, prog_name="crm", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        sys.exit(0)
    except click.Abort:
        click.echo("Interrompu.", err=True)
        sys.exit(_INTERRUPTED)
    except EXPECTED as error:
        click.echo(sentence(error), err=True)
        sys.exit(2)
