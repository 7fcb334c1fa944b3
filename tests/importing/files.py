"""Small invented files of another tool, and what the database holds once they are taken in."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crm.foundation import ROOT, open_engine

HEADER = "numero,type,soustype,adresse,date,canal,statut,service,lon,lat"
GOOD = "{0},Voirie,Nid-de-poule,3 rue des Lilas,2024-03-0{1},Téléphone,Close,Voirie Nord,3.9,43.6"
MAPPING = """
source = "ville-voisine"
[columns]
id = "numero"
object = "soustype"
address = "adresse"
lon = "lon"
lat = "lat"
[received]
date = "date"
earliest = 2015-01-01
[box]
west = 3.6
south = 43.4
east = 4.2
north = 43.8
[category]
prefix = "VV"
domain = "type"
label = "soustype"
[unit]
organization = "ville-voisine"
organization_name = "Ville voisine (reprise)"
column = "service"
default = "Service non précisé"
[channel]
column = "canal"
separator = "|"
words = { "Téléphone" = "phone", "Courriel" = "email" }
[state]
column = "statut"
[state.words]
Close = { state = "closed", outcome = "F", no_answer_reason = "anonymous" }
Ouverte = { state = "assigned" }
"""


def write_mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_rows(folder: Path, *rows: str | bytes, header: str = HEADER) -> Path:
    path = folder / "demandes.csv"
    lines = [row if isinstance(row, bytes) else row.encode() for row in (header, *rows)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def good_rows(how_many: int) -> list[str]:
    return [GOOD.format(f"N{at}", at % 9 + 1) for at in range(how_many)]


@dataclass(frozen=True, slots=True)
class Told:
    returncode: int
    said: str


def command(file: Path, mapping: Path, *options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "crm.cli",
        "import",
        "cases",
        str(file),
        "--mapping",
        str(mapping),
        *options,
    ]


def run_import(database_url: str, file: Path, mapping: Path, *options: str) -> Told:
    """As a person runs it, in a process of its own."""
    done = subprocess.run(
        command(file, mapping, *options),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    return Told(done.returncode, done.stdout + done.stderr)


def rejected(file: Path) -> list[dict[str, str]]:
    """The file of refused rows, by column; empty when there is none."""
    path = file.with_name(f"{file.name}.rejets.csv")
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def count(database_url: str, query: str) -> int:
    engine = open_engine(database_url, forked=True)
    with engine.connect() as connection:
        return int(connection.scalar(sa.text(query)) or 0)
