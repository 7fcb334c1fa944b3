"""What the command says when it cannot do what was asked: one clear French sentence, never a traceback."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
import redis
import sqlalchemy as sa

from crm.cli.embedded import CannotStart
from crm.foundation import CrmError, Invalid, SettingsError

REFUSED = 2  # exit code of everything expected that goes wrong
_WORDS = {
    "not_found": "Introuvable : vérifiez ce que vous avez tapé.",
    "not_allowed": "Cette opération n’est pas permise.",
    "conflict": "Quelqu’un a modifié la même chose entre-temps : recommencez.",
    "unavailable": "Un serveur ne répond pas : lancez « crm doctor » pour savoir lequel.",
}
_REASONS = {
    "required": "à renseigner",
    "malformed": "mal écrit",
    "taken": "déjà pris",
    "unknown": "inconnu",
    "unit_required": "ce rôle demande un service (--unit)",
    "commune_required": "ce rôle demande une commune (--insee)",
    "too_short": "trop court",
    "too_long": "trop long",
    "too_simple": "trop simple",
    "too_common": "trop courant",
}
EXPECTED = (
    click.ClickException,
    CannotStart,
    CrmError,
    SettingsError,
    sa.exc.OperationalError,
    sa.exc.ProgrammingError,
    redis.RedisError,
)


_INTERRUPTED = 130
_NOT_THERE = {"42P01", "42703", "3F000", "42883"}  # undefined table, column, schema, function


def answer(command: click.Command, words: list[str] | None = None) -> NoReturn:
    """Run the `crm` command. Exit codes: 0 done, 1 the doctor found something, 2 refused with a sentence."""
    try:
        sys.exit(command.main(words, prog_name="crm", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        sys.exit(0)
    except click.Abort:
        click.echo("Interrompu.", err=True)
        sys.exit(_INTERRUPTED)
    except EXPECTED as error:
        click.echo(sentence(error), err=True)
        sys.exit(REFUSED)


class Refusal(click.ClickException):
    """Say this sentence and leave."""

    exit_code = REFUSED


def sentence(error: BaseException) -> str:
    """In French, what went wrong and what to do."""
    match error:
        case click.UsageError():
            return _usage(error)
        case click.ClickException():
            return error.message
        case Invalid():
            return _invalid(error)
        case CrmError():
            return _WORDS.get(error.code, f"Refusé ({error.code}).")
        case sa.exc.ProgrammingError():
            return _schema(error)
        case sa.exc.OperationalError():
            return f"PostgreSQL ne répond pas ou a refusé ({_first_line(error.orig)}). Lancez « crm doctor »."
        case redis.RedisError():
            return f"Redis ne répond pas ({_first_line(error)}). Lancez « crm doctor »."
    return str(error)


def _schema(error: sa.exc.ProgrammingError) -> str:
    """Without the table or the column, the schema is older than the programme; else it is a fault of ours."""
    missing = getattr(error.orig, "sqlstate", "") in _NOT_THERE
    told = "La base n’a pas le schéma attendu" if missing else "La base a refusé une opération"
    remedy = "Lancez « crm db upgrade », puis recommencez." if missing else "Lancez « crm doctor »."
    return f"{told} ({_first_line(error.orig)}). {remedy}"


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "crm"
    match error:
        case click.NoSuchOption():
            said = f"l’option {error.option_name} n’existe pas"
        case click.MissingParameter():
            said = f"il manque {error.param.make_metavar(error.ctx) if error.param and error.ctx else '?'}"
        case click.BadParameter():
            said = f"valeur refusée ({error.format_message()})"
        case _:
            said = f"commande inconnue ou mal écrite ({error.format_message()})"
    return f"{said[0].upper()}{said[1:]}. Voir « {path} --help »."


def _invalid(error: Invalid) -> str:
    told = [f"{name} : {_REASONS.get(reason, reason)}" for name, reason in error.fields.items()]
    problems = error.details.get("problems")
    if isinstance(problems, list | tuple):
        told = [str(problem) for problem in problems]
    return "À corriger :\n" + "\n".join(f"  - {one}" for one in told)


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
