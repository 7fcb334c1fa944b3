"""The files of config/catalogue/*.toml, read whole: every mistake is named at once, with what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from crm.catalogue.checking import (
    Mistake,
    danger_disagreements,
    disagreements,
    outcome_disagreements,
    repeated,
)
from crm.catalogue.entries import (
    DangerEntry,
    DangersEntry,
    DomainEntry,
    Entry,
    OutcomeEntry,
    OutcomesEntry,
)
from crm.catalogue.mistakes import sentence, told, way_to
from crm.foundation import Invalid, fold

_DANGERS_FILE, _OUTCOMES_FILE = "dangers.toml", "outcomes.toml"


@dataclass(slots=True)
class CatalogueFiles:
    domains: list[DomainEntry] = field(default_factory=list)
    dangers: list[DangerEntry] = field(default_factory=list)
    outcomes: list[OutcomeEntry] = field(default_factory=list)


def read_folder(folder: Path) -> CatalogueFiles:
    """Read every file of the folder.

    Raises:
        Invalid: names all mistakes at once, "file code key" to what must be done (French, for operators).
    """
    files, problems = CatalogueFiles(), dict[str, str]()
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise Invalid({str(folder): "aucun fichier .toml : indiquez le dossier du catalogue"})
    for path in paths:
        if path.name == _DANGERS_FILE:
            read = _parse(path, DangersEntry, problems)
            files.dangers = read.danger if read else []
            problems.update(_of_dangers(path.name, files.dangers))
        elif path.name == _OUTCOMES_FILE:
            ends = _parse(path, OutcomesEntry, problems)
            files.outcomes = ends.outcome if ends else []
            problems.update(_of_outcomes(path.name, files.outcomes))
        elif domain := _parse(path, DomainEntry, problems):
            files.domains.append(domain)
            problems.update(_disagreements(path.name, domain))
    problems.update(_across(files))
    if problems:
        raise Invalid(problems)
    files.domains.sort(key=lambda domain: domain.position)
    return files


Model = TypeVar("Model", bound=Entry)


def _parse(path: Path, shape: type[Model], problems: dict[str, str]) -> Model | None:
    raw: dict[str, Any] = {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return shape.model_validate(raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        problems[path.name] = f"n’est pas un fichier TOML en UTF-8 : {wrong}"
    except ValidationError as wrong:
        problems.update(told(path.name, raw, wrong))
    return None


def _disagreements(name: str, domain: DomainEntry) -> Iterator[tuple[str, str]]:
    """What each value allows and their meeting forbids."""
    for category in domain.category:
        for mistake in disagreements(category, domain.code):
            yield _said(f"{name} {category.code}", category.model_dump(), mistake)


def _of_dangers(name: str, dangers: list[DangerEntry]) -> Iterator[tuple[str, str]]:
    for danger in dangers:
        for mistake in danger_disagreements(danger):
            yield _said(f"{name} {danger.code}", danger.model_dump(), mistake)


def _of_outcomes(name: str, outcomes: list[OutcomeEntry]) -> Iterator[tuple[str, str]]:
    for outcome in outcomes:
        for mistake in outcome_disagreements(outcome):
            yield _said(f"{name} {outcome.code}", outcome.model_dump(), mistake)
    for code in repeated(outcome.code for outcome in outcomes):
        yield f"{name} {code}", "cette issue est écrite deux fois : gardez-en une"
    for label in repeated(fold(outcome.label) for outcome in outcomes):
        yield f"{name} {label}", "deux issues portent ce nom : changez-en un"


def _said(name: str, raw: dict[str, Any], mistake: Mistake) -> tuple[str, str]:
    return f"{name} {way_to(raw, mistake.at)}", sentence(mistake)


def _across(files: CatalogueFiles) -> Iterator[tuple[str, str]]:
    known = {danger.code for danger in files.dangers}
    for code in repeated(domain.code for domain in files.domains):
        yield f"{code} code", "deux fichiers portent ce domaine : gardez-en un"
    for code in repeated(c.code for domain in files.domains for c in domain.category):
        yield f"{code} code", "cette catégorie est écrite deux fois : gardez-en une"
    for code in repeated(danger.code for danger in files.dangers):
        yield f"{_DANGERS_FILE} {code}", "ce danger est écrit deux fois : gardez-en un"
    for domain in files.domains:
        for category in domain.category:
            for unknown in sorted(set(category.dangers) - known):
                yield f"{category.code} dangers", f"{unknown} manque dans {_DANGERS_FILE} : ajoutez-le"
