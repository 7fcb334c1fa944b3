"""`crm import cases`: resumed by running it again, since a row that is there comes in no second time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
import sqlalchemy as sa
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from crm.catalogue import catalogue
from crm.cli.acting import units_of_work
from crm.cli.files import existing_file
from crm.cli.importing.converting import Converter, Known, RowRefused
from crm.cli.importing.mapping import Mapping, read_mapping
from crm.cli.importing.reading import Header, Record, read_header, records
from crm.cli.importing.rejects import Rejects
from crm.cli.speech import Refusal
from crm.foundation import SYSTEM, Invalid, Units
from crm.intake import PastCase, import_cases
from crm.promises import calendar_in_force
from crm.staff import PastOrganization
from crm.territory import communes

_CHUNK = 1000  # rows of one transaction: all of a chunk is there, or nothing of it


@dataclass(slots=True)
class Tally:
    """`known`: rows that an earlier run had taken."""

    read: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0


@click.group(name="import")
def import_group() -> None:
    """Reprend ce qu’un autre outil connaît."""


@import_group.command()
@existing_file
@click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="Fichier de correspondance (TOML)."
)
@click.option(
    "--rejects", type=click.Path(path_type=Path), default=None, help="Où écrire les lignes refusées."
)
def cases(file: Path, mapping: Path, rejects: Path | None) -> None:
    """Des demandes passées (CSV). Interrompu, il reprend : relancez la même commande."""
    if not mapping.is_file():
        raise Refusal(f"Le fichier {mapping} n’existe pas : vérifiez son nom et son dossier.")
    chosen = read_mapping(mapping)
    header = read_header(file, chosen.needed())
    started = time.monotonic()
    with (
        units_of_work() as units,
        _Alone(units, chosen),
        Rejects(rejects or _beside(file), header) as refused,
    ):
        tally = take(units, chosen, file, header, refused)
    seconds = time.monotonic() - started
    _say(tally, refused, seconds)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.rejets.csv")


def _say(tally: Tally, refused: Rejects, seconds: float) -> None:
    rate = tally.read / max(seconds, 0.001)
    click.echo(
        f"{tally.read} lignes lues en {seconds:.1f} s ({rate:.0f}/s) : {tally.new} demandes importées,"
        f" {tally.known} déjà là, {tally.refused} refusées."
    )
    if tally.refused:
        click.echo(f"Lignes refusées, avec le motif : {refused.path}")


class _Alone:
    """Two runs of the same source would fight over the same rows: the second is refused at once.

    Raises:
        Refusal: it is being imported already.
    """

    def __init__(self, units: Units, mapping: Mapping) -> None:
        self._connection = units.sessions.kw["bind"].connect()
        self._source = mapping.source

    def __enter__(self) -> None:
        locked = self._connection.scalar(
            sa.text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": f"import:{self._source}"}
        )
        self._connection.commit()
        if not locked:
            self._connection.close()
            raise Refusal(f"« {self._source} » est déjà en cours d’importation : attendez qu’elle finisse.")

    def __exit__(self, *_error: object) -> None:
        self._connection.invalidate()  # the lock goes with the connection
        self._connection.close()


def take(units: Units, mapping: Mapping, file: Path, header: Header, refused: Rejects) -> Tally:
    """Everything the file holds, a chunk a transaction.

    Raises:
        Invalid: the mapping names categories of ours that we do not have.
    """
    converter = Converter(mapping, _known(units, mapping), units.clock.now())
    organization = PastOrganization(
        mapping.unit.organization, mapping.unit.organization_name, mapping.unit.kind
    )
    tally = Tally()
    with _bar() as bar:
        task = bar.add_task("Demandes", total=file.stat().st_size, rows=0)
        for chunk in _chunks(records(file, header)):
            good = [*_converted(chunk, header, converter, refused)]
            if good:
                with units.begin(SYSTEM) as uow:
                    new = import_cases(uow, organization, good)
                tally.new, tally.known = tally.new + new, tally.known + len(good) - new
            tally.read += len(chunk)
            tally.refused = refused.count
            bar.update(task, completed=chunk[-1].ends_at, rows=tally.read)
    return tally


def _bar() -> Progress:
    rows = TextColumn("{task.fields[rows]} lignes")
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn()
    )


def _known(units: Units, mapping: Mapping) -> Known:
    with units.reading() as session:
        ours = catalogue(session).categories
        known = frozenset(line.insee for line in communes(session))
        calendar = calendar_in_force(session).calendar
    if missing := sorted(set(mapping.category.same_as.values()) - ours.keys()):
        problems = [f"category.same_as : nous n’avons pas de catégorie « {code} »" for code in missing]
        raise Invalid({"mapping": "unknown"}, problems=problems)
    return Known(known, calendar)


def _chunks(rows: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _converted(
    chunk: list[Record], header: Header, converter: Converter, refused: Rejects
) -> Iterator[PastCase]:
    for record in chunk:
        if record.reason:
            refused.add(record, record.reason)
            continue
        try:
            yield converter.convert(record.line, dict(zip(header.names, record.cells, strict=True)))
        except RowRefused as refusal:
            refused.add(record, " ; ".join(refusal.args))
