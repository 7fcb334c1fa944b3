"""Reads the files of a territory: any usual encoding, bad rows refused with their line and why. Pure."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from crm.foundation import Invalid, clean
from crm.territory.spelling import street_key
from crm.territory.typed import suffix_of

Row = TypeVar("Row")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("numero", "number"),
    "suffix": ("suffixe", "rep", "suffix"),
    "street": ("voie", "nom_voie", "street"),
    "street_code": ("code_voie", "street_code"),
    "insee": ("insee", "code_insee"),
    "postcode": ("code_postal", "postcode"),
    "sector": ("sous_quartier", "secteur", "sector"),
    "lon": ("lon", "long", "longitude"),
    "lat": ("lat", "latitude"),
    "ownership": ("domanialite", "ownership"),
    "hierarchy": ("hierarchie", "hierarchy"),
    "length_m": ("longueur_m", "length_m"),
}
_OWNERS = {
    "Publique": "public",
    "Publique communautaire": "public",
    "Domaine Privé Ville": "public",  # the commune owns it and keeps it
    "Publique départementale": "departmental",
    "Publique nationale": "state",
    "Privée": "private",
}
_LONGEST_NAME = 200
_SUFFIX = re.compile(r"[A-Za-z]?|bis|ter|quater|quinquies|[a-z]{1,6}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row left out: its line in the file and the reason, in French, for whoever keeps the file."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class AddressRow:
    line: int
    number: int
    suffix: str
    street: str
    street_code: str
    insee: str
    postcode: str
    sector: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class StreetRow:
    line: int
    code: str
    name: str
    ownership: str
    hierarchy: str
    length_m: int | None
    insee: str


class Refused(Exception):
    """Why one row cannot be taken."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of a file by our own column names."""

    line: int
    values: Mapping[str, str]

    def need(self, name: str) -> str:
        value = self.values.get(name, "")
        if not value:
            raise Refused(f"{_COLUMNS[name][0]} : valeur manquante")
        return value

    def get(self, name: str) -> str:
        return self.values.get(name, "")


def decode(content: bytes) -> str:
    """UTF-8 with or without mark, else Windows' Western code page, else Latin-1, which accepts all."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def read_addresses(path: Path) -> tuple[list[AddressRow], list[Refusal]]:
    """Raises Invalid when a compulsory column is missing altogether."""
    return _sorted_out(_cells(path, "number", "street", "insee", "lon", "lat"), _address)


def read_streets(path: Path) -> tuple[list[StreetRow], list[Refusal]]:
    """Raises Invalid when a compulsory column is missing altogether."""
    return _sorted_out(_cells(path, "street", "street_code"), _street)


def owner(text: str) -> str:
    """Who owns a street, from the words of the open data; several owners or none said → `unknown`."""
    kinds = {_OWNERS.get(part.strip(), part.strip()) for part in text.split("|")}
    only = kinds.pop() if len(kinds) == 1 else ""
    return only if only in {"public", "private", "departmental", "state"} else "unknown"


def _sorted_out(
    cells: Iterator[Cells], understand: Callable[[Cells], Row]
) -> tuple[list[Row], list[Refusal]]:
    rows: list[Row] = []
    refused: list[Refusal] = []
    for line in cells:
        try:
            rows.append(understand(line))
        except Refused as why:
            refused.append(Refusal(line.line, str(why)))
    return rows, refused


def _cells(path: Path, *compulsory: str) -> Iterator[Cells]:
    text = decode(path.read_bytes())
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    places = _places(next(reader, []))
    if missing := [name for name in compulsory if name not in places]:
        raise Invalid({_COLUMNS[name][0]: "missing_column" for name in missing}, file=path.name)
    for values in reader:
        if any(values):
            named = {name: values[at].strip() for name, at in places.items() if at < len(values)}
            yield Cells(reader.line_num, named)


def _places(header: list[str]) -> dict[str, int]:
    titles = [title.strip().lower() for title in header]
    return {
        name: titles.index(known) for name, others in _COLUMNS.items() for known in others if known in titles
    }


def _address(cells: Cells) -> AddressRow:
    name = _name(cells.need("street"))
    suffix = suffix_of(cells.get("suffix")) if cells.get("suffix") else ""
    if not _SUFFIX.fullmatch(suffix):
        raise Refused("suffixe : illisible")
    return AddressRow(
        line=cells.line,
        number=_whole(cells.need("number"), "numero", 99_999),
        suffix=suffix,
        street=name,
        street_code=_code(cells.get("street_code")) or street_key(name),
        insee=cells.need("insee"),
        postcode=_postcode(cells.get("postcode")),
        sector=cells.get("sector"),
        lon=_degrees(cells.need("lon"), "lon", 180),
        lat=_degrees(cells.need("lat"), "lat", 90),
    )


def _street(cells: Cells) -> StreetRow:
    length = cells.get("length_m")
    return StreetRow(
        line=cells.line,
        code=_code(cells.need("street_code")),
        name=_name(cells.need("street")),
        ownership=owner(cells.get("ownership")),
        hierarchy=clean(cells.get("hierarchy"))[:40],
        length_m=_whole(length, "longueur_m", 1_000_000) if length else None,
        insee=cells.get("insee"),
    )


@lru_cache(maxsize=4096)  # a street comes back on each of its addresses
def _name(text: str) -> str:
    name = " ".join(clean(text).split())
    if len(name) > _LONGEST_NAME or not street_key(name):
        raise Refused("voie : nom illisible ou trop long")
    return name


def _code(text: str) -> str:
    code = clean(text)
    if len(code) > _LONGEST_NAME:
        raise Refused("code_voie : trop long")
    return code


def _whole(text: str, column: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most):
        raise Refused(f"{column} : nombre entier attendu, de 0 à {most}")
    return int(text)


def _postcode(text: str) -> str:
    if text and not re.fullmatch(r"\d{5}", text, re.ASCII):
        raise Refused("code_postal : cinq chiffres attendus")
    return text


def _degrees(text: str, column: str, most: int) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not abs(value) <= most:  # also refuses NaN
        raise Refused(f"{column} : degrés attendus, entre −{most} et {most}")
    return value
