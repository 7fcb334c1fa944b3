"""Read the file of organisations and units; the same for the demonstration and for a real métropole."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crm.foundation import Invalid

Kind = Literal["metropole", "commune", "contractor", "concession", "state", "landlord", "other"]
Operation = Literal["in_house", "contractor", "concession", "external"]
_ITS_PLACE = ("code", "name", "address", "phone", "email", "insee")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitEntry(_Section):
    code: str
    name: str
    operation: Operation = "in_house"
    insee: str | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    opening_hours: str = ""
    weekly_minutes: int | None = Field(default=None, gt=0)
    is_active: bool = True


class OrganizationEntry(_Section):
    code: str
    kind: Kind
    name: str
    insee: str | None = None
    siret: str | None = Field(default=None, pattern=r"^\d{14}$")
    address: str = ""
    phone: str = ""
    email: str = ""
    unit: tuple[UnitEntry, ...] = ()


E = TypeVar("E", OrganizationEntry, UnitEntry)


class _EachCommune(_Section):
    """One organisation per commune: `{insee}`, `{name}` and `{rank}` (01, 02…) are replaced in every text."""

    insee: tuple[str, ...]
    organization: OrganizationEntry


class _File(_Section):
    organization: tuple[OrganizationEntry, ...] = ()
    each_commune: _EachCommune | None = None


def read_organizations(path: Path, commune_names: Mapping[str, str]) -> list[OrganizationEntry]:
    """All organisations of the file, those of the communes spelled out.

    Args:
        commune_names: INSEE code → name. A commune of the file without a name here is called by its code.

    Raises:
        Invalid: `problems` names every mistake of the file at once.
    """
    try:
        read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise Invalid({"file": "unreadable"}, problems=[f"{path} : {wrong}"]) from None
    except ValidationError as wrong:
        told = [f"{'.'.join(map(str, e['loc']))} : {e['msg']}" for e in wrong.errors()]
        raise Invalid({"file": "unusable"}, problems=told) from None
    entries = [*read.organization, *_communes(read.each_commune, commune_names)]
    if problems := list(_problems(entries)):
        raise Invalid({"file": "unusable"}, problems=problems)
    return entries


def _communes(template: _EachCommune | None, names: Mapping[str, str]) -> Iterator[OrganizationEntry]:
    if template is None:
        return
    for rank, insee in enumerate(template.insee, start=1):
        words = {"{insee}": insee, "{name}": names.get(insee, insee), "{rank}": f"{rank:02d}"}
        units = tuple(_filled(unit, words) for unit in template.organization.unit)
        yield _filled(template.organization, words).model_copy(update={"unit": units})


def _filled(entry: E, words: Mapping[str, str]) -> E:
    texts = {field: getattr(entry, field) for field in _ITS_PLACE if getattr(entry, field)}
    for mark, word in words.items():
        texts = {field: text.replace(mark, word) for field, text in texts.items()}
    return entry.model_copy(update=texts)


def _problems(entries: list[OrganizationEntry]) -> Iterator[str]:
    units = [unit for entry in entries for unit in entry.unit]
    for code, times in Counter(entry.code for entry in entries).items():
        if times > 1:
            yield f"l’organisme « {code} » figure {times} fois"
    for code, times in Counter(unit.code for unit in units).items():
        if times > 1:
            yield f"l’unité « {code} » figure {times} fois"
    for unit in units:
        if unit.is_active and not (unit.address and unit.phone):
            yield f"l’unité « {unit.code} » est active sans adresse ou sans téléphone (CRPA, art. R112-11-1)"
