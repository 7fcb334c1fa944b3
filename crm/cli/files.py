"""Files and folders named on the command line: there, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import click

from crm.cli.speech import Refusal


def _file(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.is_file():
        raise Refusal(f"Le fichier {path} n’existe pas : vérifiez son nom et son dossier.")
    return path


def _folder(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        raise Refusal(f"Le dossier {path} n’existe pas : vérifiez son nom.")
    return path


_PATH = click.Path(path_type=Path)
existing_file = click.argument("file", type=_PATH, metavar="FICHIER", callback=_file)
existing_folder = click.argument("folder", type=_PATH, metavar="DOSSIER", callback=_folder)

streets_option = click.option(
    "--streets", default=None, type=_PATH, callback=_file, help="Fichier des voies, qui dit à qui elles sont."
)
