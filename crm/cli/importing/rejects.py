"""The rows refused, with line and reason, in a file that can be corrected and given again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from crm.cli.importing.reading import Header, Record
from crm.cli.speech import Refusal

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """A spreadsheet shall show it, not run it."""
    is_number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell


class Rejects:
    """Written anew by each run, which reads every line again. Absent when nothing was refused."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.count = 0
        try:
            self._file = path.open("w", encoding="utf-8-sig", newline="")
        except OSError as wrong:
            raise Refusal(
                f"Impossible d’écrire les lignes refusées dans {path} ({wrong.strerror}) :"
                " nommez un autre fichier avec --rejects."
            ) from None
        self._writer = csv.writer(self._file, delimiter=header.delimiter)
        self._writer.writerow(["ligne", "motif", *header.names])

    def add(self, record: Record, reason: str) -> None:
        self.count += 1
        cells: Sequence[str] = record.cells
        self._writer.writerow([record.line, reason, *map(neutral, cells)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        if not self.count:
            self.path.unlink(missing_ok=True)
